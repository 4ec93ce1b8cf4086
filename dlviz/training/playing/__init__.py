"""Learning from games: the same loop and events as for samples, with moves that are made as it goes."""
