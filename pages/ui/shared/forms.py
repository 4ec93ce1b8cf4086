"""A form from the fields of a pydantic model: for each its exact name, its sentence, and the widget that fits it.

Knows no layer and no optimizer. The values belong to the caller: a widget shows what it is given and tells the
caller of a change, so that an undo is seen in the form too.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_args, get_origin

import streamlit as st
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from dlviz.errors import SpecError
from dlviz.translation import _, translated
from pages.ui.shared import shell, state
from pages.ui.shared.texts import texts

LINES, LONG = 96, 1_000  # px of a long text: three lines; characters from which on a text is long
SHOWN = 4  # fields in sight; further ones are folded away
T = TypeVar("T")
OnChange = Callable[[str, Any], None]


def form(model: type[BaseModel], values: Mapping[str, Any], key: str, on_change: OnChange,
         shown: int = SHOWN) -> None:
    """A row for each field of `model`; `on_change(field, value)` is called in a callback when the user changes one.

    Args:
        values: what the fields are now; a missing one has its default.
        key: a prefix of the widgets' keys, another one for each thing that is edited.
        shown: how many are in sight; the others are folded away, unless they are no longer what they were.
    """
    fields = model.model_fields
    for name in list(fields)[:shown]:
        field(name, fields[name], values.get(name, fields[name].default), f"{key}.{name}", on_change)
    more = list(fields)[shown:]
    if more:
        changed = any(values.get(name, fields[name].default) != fields[name].default for name in more)
        with st.expander(texts.MORE_FIELDS, expanded=changed, key=f"{key}.more"):
            for name in more:
                field(name, fields[name], values.get(name, fields[name].default), f"{key}.{name}", on_change)


def field(name: str, info: FieldInfo, value: Any, key: str, on_change: OnChange) -> None:
    """One row: name and sentence, and the widget. A value that cannot be is named, and the default stands ready."""
    with row(name, translated(info.description or "")):
        fits = _fits(info, value)
        _widget(name, info, _as(info, value if fits else info.default), key, on_change)
        if not fits:
            st.caption(texts.CURRENT_VALUE_NOT_VALID.format(value=shell.plain(repr(value)[:40])))


@contextmanager
def row(name: str, sentence: str) -> Iterator[None]:
    """A row of a form: what it is about at the left, a place for its widget at the right."""
    words, place = st.columns([3, 2], gap="small", vertical_alignment="center", wrap=False)
    words.markdown(f"**{shell.plain(name)}**  \n:small[{shell.plain(sentence)}]" if sentence else f"**{name}**")
    with place:
        yield


def bounds(info: FieldInfo) -> tuple[Any, Any]:
    """The smallest and the largest value that a field may have; None where there is no limit."""
    low = next((getattr(rule, "ge", None) for rule in info.metadata if hasattr(rule, "ge")), None)
    high = next((getattr(rule, "le", None) for rule in info.metadata if hasattr(rule, "le")), None)
    return low, high


def longest(info: FieldInfo) -> int | None:
    """How many characters a field may have; None where there is no limit."""
    return next((rule.max_length for rule in info.metadata if hasattr(rule, "max_length")), None)


def choose(name: str, options: list[Any], value: Any, key: str, on_change: OnChange,
           words: Callable[[Any], str] = str) -> None:
    """A selectbox that shows `value`, which must be one of the options."""
    st.selectbox(name, options, format_func=words, **_bare(name, value, key, on_change, index=options.index(value)))


def choose_some(name: str, options: list[str], value: list[str], key: str, on_change: OnChange,
                words: Callable[[str], str]) -> None:
    """A multiselect that shows `value`, some of the options, in the order in which they were chosen."""
    st.multiselect(name, options, format_func=words, **_bare(name, value, key, on_change, default=value))


def option(key: str, options: Sequence[T], first: T) -> T:
    """What the session holds for a widget of this key, which must be one of its options; else `first`, from now on.

    The widget begins with it (`index`, `value`, `default`), for the reason that `shows` gives.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = first
    return st.session_state[key]


def switch(name: str, value: bool, key: str, on_change: OnChange) -> None:
    """A switch that shows `value`."""
    st.toggle(name, **_bare(name, value, key, on_change))


def text(name: str, value: str, key: str, on_change: OnChange, most: int) -> None:
    """A line of text; `on_change` is called when it was changed."""
    st.text_input(name, max_chars=most, **_bare(name, value, key, on_change))


def _widget(name: str, info: FieldInfo, value: Any, key: str, on_change: OnChange) -> None:
    if get_origin(info.annotation) is Literal:
        choose(name, list(get_args(info.annotation)), value, key, on_change)
        return
    low, high = bounds(info)
    change = _bare(name, value, key, on_change)
    if info.annotation is bool:
        st.toggle(name, **change)
    elif info.annotation is str and (longest(info) or LONG) >= LONG:
        st.text_area(name, max_chars=longest(info), height=LINES, **change)
    elif info.annotation is str:
        st.text_input(name, max_chars=longest(info), **change)
    elif info.annotation is int:
        st.number_input(name, low, high, step=1, **change)
    else:
        low, high = (None if end is None else float(end) for end in (low, high))  # Streamlit mixes no types
        st.number_input(name, low, high, step=_step(info, low, high), format="%.6g", **change)


def _step(info: FieldInfo, low: float | None, high: float | None) -> float:
    """What one press of + or - changes: a twentieth of a short range, else the default itself."""
    if low is not None and high is not None and high - low <= 1 and info.default >= 0.01:
        return 0.05
    return abs(info.default) or 0.1


def _as(info: FieldInfo, value: Any) -> Any:
    """JSON writes 0.0 as 0 at times; the widget of a float wants a float."""
    return float(value) if info.annotation is float else value


def _fits(info: FieldInfo, value: Any) -> bool:
    try:
        TypeAdapter(info.rebuild_annotation()).validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


@dataclass
class _Shown:
    """What a widget shows, as far as this side and the browser both know."""

    key: str
    value: Any


def shows(name: str, value: Any, key: str, on_change: OnChange, **start: Any) -> dict[str, Any]:
    """Key and callback of a widget that shows `value`; one that shows it already stays: someone may be typing in it.

    A value that did not come out of the widget gets a widget of its own: the browser goes on sending what the old one
    shows until it has drawn the new one, and that must not be taken for a change. The new one begins with the value
    itself: set in the session's state, it would be sent once only, and is lost where that run of the page is broken
    off; the browser would then show, and report as a change, what a widget begins with that nobody gave a value.

    Args:
        start: how this kind of widget is told what it begins with, where that is not `value=value`.
    """
    held = state.session_value("forms.shown", dict[str, tuple[int, _Shown]])
    number, shown = held.get(key, (0, _Shown(key, value)))
    if shown.value != value:
        number, shown = number + 1, _Shown(f"{key}.{number + 1}", value)
    held[key] = number, shown
    return {"key": shown.key, "on_change": _report, "args": (on_change, name, shown), **(start or {"value": value})}


def _bare(name: str, value: Any, key: str, on_change: OnChange, **start: Any) -> dict[str, Any]:
    """The same without a label: the row says what it is."""
    return {**shows(name, value, key, on_change, **start), "label_visibility": "collapsed"}


def _report(on_change: OnChange, name: str, shown: _Shown) -> None:
    value = st.session_state[shown.key]
    if value is not None and value != shown.value:
        shown.value = value
        on_change(name, value)


def changed(model: Any, name: str, value: Any) -> Any:
    """The model with one field changed. SpecError for a value that the field does not take."""
    try:
        return type(model)(**(dict(model) | {name: value}))
    except ValidationError as error:
        reason = error.errors(include_url=False)[0]["msg"]
        raise SpecError(_("The setting {replace}", replace=name.replace("_", " ")), _("stays within its bounds"),
                        _("{value} was given ({rule})", value=value, rule=reason[:1].lower() + reason[1:]),
                        _("Choose another value.")) from error
