"""A page with names that hold addresses, in every element of ours that reads Markdown."""
import streamlit as st

from pages.ui.shared import shell

NAME = ("Look at https://evil.example or HTTP://evil.example, www.evil.example, mailto:me@evil.example "
        "<b>me@evil.example</b>")

name = shell.plain(NAME)
st.markdown(f"**{name}**")
st.caption(name)
st.subheader(name, anchor=False)
st.error(name)
st.button(name, help=name)
st.checkbox(name)
st.segmented_control(name, [name])
st.toast(name, duration="infinite")
st.markdown("This is the end")
