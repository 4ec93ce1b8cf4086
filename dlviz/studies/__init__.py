"""Several runs that differ in one hyperparameter or two: planned, trained side by side, compared, searched."""
