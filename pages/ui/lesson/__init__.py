"""The parts of the lesson panel, which app.py draws beside every page."""
