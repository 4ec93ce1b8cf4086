"""Pure functions from histories and arrays to figures and pictures. Nothing here trains or draws on a page."""
