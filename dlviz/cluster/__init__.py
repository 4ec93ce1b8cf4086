"""A cluster behind `dlviz.runs`: a bridge on one of its nodes, a process a run on any of them (docs/cluster.md)."""
