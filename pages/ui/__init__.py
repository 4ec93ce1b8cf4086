"""Every Streamlit helper that is not itself a page."""
