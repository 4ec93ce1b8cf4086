"""What a user takes home: an Experiment as plain PyTorch source, and its trained weights."""
