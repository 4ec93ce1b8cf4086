"""A run's life: where it is kept, who trains it, and the one service that pages talk to."""
