"""Several runs that differ in one knob or two: planned, trained side by side, compared, searched."""
