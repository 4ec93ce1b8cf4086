"""The parts of the learn page."""
