"""Texts and pairs of one's own of which nothing can be learned: refused where they are given, with what to do."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz import settings, tasks
from dlviz.errors import TaskError
from dlviz.tasks import corpora


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    corpora.own.cache_clear()


@pytest.mark.parametrize(("task", "content", "sentence"), [
    ("pairs", b"the dog;der Hund\n" * 60, "needs first sentences that differ, in 50 pairs or more of 10 words at "
                                          "most, but there is 1. Take a larger file, or raise longest or vocabulary."),
    ("pairs", "".join(f"word;wort{number}\n" for number in range(80)).encode(), "but there is 1. Take a larger file"),
    ("pairs", "".join(f"{'!' * (number % 5 + 1)};?\n" for number in range(80)).encode(), "but there are 5. Take"),
    ("text", b"ab" * 3_000, "too short or repeats itself. Take a longer text, or a smaller length."),
    ("text", b"a" * 3_000, "too short or repeats itself. Take a longer text, or a smaller length."),
])
def test_what_is_all_alike_is_refused_in_a_sentence(task: str, content: bytes, sentence: str):
    with pytest.raises(TaskError) as caught:
        tasks.get(task).store_material(content)
    assert sentence in caught.value.sentence
    assert not list((settings.home() / "texts").glob("*"))


def test_more_is_learned_from_than_held_out():
    text = "".join(np.random.default_rng(0).choice(list("abcdef"), 2_100).tolist())
    with pytest.raises(TaskError, match="too short or repeats itself. Take a longer text, or a smaller length"):
        tasks.get("text", {"length": 256}).store_material(text.encode())
    assert tasks.get("text", {"length": 64}).store_material(text.encode())


def test_pairs_that_are_all_alike_with_other_fields_are_refused_when_they_are_learned_from():
    """A vocabulary of 20 words makes one sentence of 200: there is none to hold out."""
    fields = tasks.get("pairs").store_material("".join(f"w{n} u{n};v{n}\n" for n in range(1_000, 1_200)).encode())
    with pytest.raises(TaskError, match="10 samples that differ, since some of them are held out, but there are"):
        tasks.get("pairs", {**fields, "longest": 3, "vocabulary": 20}).model_copy(update={"vocabulary": 2}).data()
