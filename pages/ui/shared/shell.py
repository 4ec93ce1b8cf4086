"""What all pages share around their content: messages in sentences, headings, small words. No state of its own."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import streamlit as st

from dlviz.errors import DlvizError
from dlviz.translation import numeral
from pages.ui.shared.texts import texts

ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\S)", re.IGNORECASE)  # where https://, www. and a@b begin


def dress(sheet: str) -> None:
    """A style sheet of this folder for the page: `frame` for all of them (by app.py), or a page's own."""
    st.html(Path(__file__).parents[1] / sheet / "style.css")


@contextmanager
def show_errors() -> Iterator[None]:
    """Within the block, an error meant for users is shown as its sentence instead of a traceback."""
    try:
        yield
    except DlvizError as error:
        st.error(plain(error.sentence), icon=":material/error:")


def warn(sentence: str) -> None:
    """What goes wrong behind all pages just now, where there is something."""
    if sentence:
        st.warning(plain(sentence), icon=":material/warning:")


def dialog(title: Callable[[], str], **options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`st.dialog` with a title that is read when it opens, in the language of who opens it."""
    def give(draw: Callable[..., None]) -> Callable[..., None]:
        @wraps(draw)
        def opened(*values: Any) -> None:
            st.dialog(title(), **options)(draw)(*values)

        return opened

    return give


def show_error(error: Exception) -> bool:
    """For errors that no page has caught, in callbacks and ticks: those meant for users are said; True if it is one."""
    if isinstance(error, DlvizError):
        st.error(plain(error.sentence), icon=":material/error:")
    return isinstance(error, DlvizError)


def plain(text: str) -> str:
    """Text that a user may have typed, safe inside Markdown: shown as it is, never read as markup, HTML or a link.

    Addresses are found after backslashes are gone, so a sign without width parts them.
    """
    parted = ADDRESS.sub("\N{WORD JOINER}", text)
    return "".join("\\" + sign if sign in "\\`*_{}[]()<>#+-.!|~$:&" else sign for sign in parted)


def spoken(text: str) -> str:
    """Text that a user may have typed, for a label that is only read aloud: it is no Markdown, but is read as such."""
    return ADDRESS.sub("\N{WORD JOINER}", " ".join(re.sub(r"[\\`*_{}\[\]<>#|~$:&]", " ", text).split()))


def short(number: float) -> str:
    """109386 -> '109k', for cards."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return numeral(f"{number / size:.3g}{unit}")
    return numeral(f"{number:,.0f}")


def duration(seconds: float) -> str:
    """'8 s', '2 min 5 s', '1 h 3 min'."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return texts.MINUTES.format(large=seconds // 60, small=seconds % 60)
    return texts.HOURS.format(large=seconds // 3600, small=seconds % 3600 // 60)


def empty(title: str, what_to_do: str, page: str | None = None, label: str = "") -> None:
    """An empty place that says what to do, with a link to where it is done."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"#### {title}", text_alignment="center")
        st.caption(what_to_do, text_alignment="center")
        if page:
            st.page_link(page, label=label, icon=":material/arrow_forward:")


def notice(error: DlvizError) -> None:
    """The sentence of something that was refused, in a note that outlives the page's next run."""
    st.toast(plain(error.sentence), icon=":material/error:", duration=15)


def opened(name: str, undo: bool = True) -> None:
    """A note that another design was opened, and, where there is an `undo`, how to go back."""
    text = texts.IS_OPEN_UNDO if undo else texts.IS_OPEN
    st.toast(text.format(name=plain(name)), icon=":material/check:")
