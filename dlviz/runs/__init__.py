"""A run's life: the store, the worker processes, and the one service that pages talk to."""
