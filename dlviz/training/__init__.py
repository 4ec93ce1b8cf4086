"""The one training loop, its events, its control and its history."""
