"""The frame: page config, the visitor, the navigation. Every page draws itself inside it.

Streamlit imports this file once for the `app` that it serves, then runs it as `__main__` for every session.
"""
from __future__ import annotations

import streamlit as st

if __name__ != "__main__":
    from pages.ui.shared import server, warming

    app = st.App(__file__, routes=server.ROUTES, middleware=server.MIDDLEWARE, on_script_error=server.say)
    warming.ahead()
else:
    st.set_page_config(page_title="dlviz", page_icon="static/icon.png", layout="wide")

    from pages.ui.shared import shell, state  # set_page_config must be the first command of a session

    PAGES = {
        "pages/build.py": st.Page("pages/build.py", title="Build", icon=":material/account_tree:", default=True),
        "pages/train.py": st.Page("pages/train.py", title="Train", icon=":material/show_chart:"),
        "pages/draw.py": st.Page("pages/draw.py", title="Draw", icon=":material/draw:"),
        "pages/look.py": st.Page("pages/look.py", title="Look", icon=":material/visibility:"),
        "pages/motion.py": st.Page("pages/motion.py", title="Slow motion", icon=":material/slow_motion_video:"),
        "pages/explain.py": st.Page("pages/explain.py", title="Explain", icon=":material/lightbulb:"),
        "pages/landscape.py": st.Page("pages/landscape.py", title="Landscape", icon=":material/landscape:"),
        "pages/lab.py": st.Page("pages/lab.py", title="Lab", icon=":material/science:"),
        "pages/runs.py": st.Page("pages/runs.py", title="Runs", icon=":material/history:"),
    }

    page = st.navigation(list(PAGES.values()), position="top")
    state.open_session()
    state.go_on(PAGES)
    shell.dress("shared")
    shell.warn(state.trouble())
    top = st.container()
    with shell.show_errors():
        page.run()
    with top, shell.show_errors():
        state.begin_service()  # after the first visit's page is drawn
