"""The frame: page config, the visitor, the navigation, the run in focus. Every page draws itself inside it.

Streamlit imports this file once for the `app` that it serves, then runs it as `__main__` for every session.
"""
from __future__ import annotations

import streamlit as st

if __name__ != "__main__":
    from pages.ui.shared import language, registry, server, warming

    app = st.App(__file__, routes=server.ROUTES, middleware=server.MIDDLEWARE, on_script_error=server.say)
    language.follow_sessions()
    warming.ahead()
    registry.announce()
else:
    st.set_page_config(page_title="dlviz", page_icon="static/icon.png", layout="wide")

    from pages.ui.lesson import panel  # set_page_config must be the first command of a session
    from pages.ui.shared import language_choice, places, poll, seat, shell, state, strip

    PAGES = places.pages()
    page = st.navigation(list(PAGES.values()), position="top")
    state.open_session()
    state.go_on(PAGES)
    shell.dress("shared")
    with shell.show_errors():
        seat.draw()
        language_choice.draw()
        poll.draw()
    shell.warn(state.trouble())
    run_strip, lesson = strip.Strip(page.url_path), panel.LessonPanel(page.url_path)
    top = st.container()
    with shell.show_errors():
        if state.has_service():
            run_strip.draw()
            lesson.draw()
    with shell.show_errors():
        page.run()
    with top, shell.show_errors():
        if state.begin_service():  # after the first visit's page is drawn, which may have started the first run
            run_strip.draw()
            lesson.draw()
