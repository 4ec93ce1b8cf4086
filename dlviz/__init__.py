"""dlviz, the engine: describe a network, train it, look inside it. Knows nothing of Streamlit or of pages."""
