"""Pairs of sentences: German that is right, files of two columns, and what is no such file refused in a sentence."""
from __future__ import annotations

import pytest

from dlviz import settings, tasks
from dlviz.errors import TaskError
from dlviz.tasks import corpora, pairs_file


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    corpora.own.cache_clear()


def translated(text: str) -> str:
    task = tasks.get("pairs")
    inputs = task.parse(text)
    target = task.solve(inputs)
    return "" if target is None else task.to_text(inputs, target[target >= 0])


@pytest.mark.parametrize(("english", "german"), [
    ("today they love the red dog", "heute lieben sie den roten hund"),
    ("often he does not find the red book", "oft findet er das rote buch nicht"),
    ("now we buy the lamp", "jetzt kaufen wir die lampe"),
    ("i do not see the old book", "ich sehe das alte buch nicht")])
def test_german_inverts_declines_and_negates(english: str, german: str):
    assert dict(pairs_file.from_grammar())[english] == german == translated(english)


def test_a_sentence_that_nobody_translated_has_no_known_answer():
    assert translated("the the dog") == ""


def test_every_english_sentence_has_one_translation():
    pairs = pairs_file.from_grammar()
    assert len({first for first, _ in pairs}) == len(pairs) == pairs_file.DRAWN


LINES = [(f"the number {number} is here", f"die Zahl {number} ist hier") for number in range(60)]


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_a_file_of_two_columns_is_learned_from(mark: str):
    content = "\ufeff" + "\r\n".join(mark.join((first, second, "a source")) for first, second in LINES)
    task = tasks.get("pairs", tasks.get("pairs").store_material(content.encode()))
    assert task.material.stored == "60 own pairs." and "zahl" in task.classes and "59" in task.symbols
    sizes = [task.size(split) for split in ("train", "val", "test")]
    assert sum(sizes) == 60 and min(sizes) >= 10
    task.delete_material()
    assert not task.ready() and len(task.classes) == 2
    with pytest.raises(TaskError, match="does not"):
        task.data()


@pytest.mark.parametrize(("content", "sentence"), [
    (b"one;two\n" * 10, "needs 50 to 20,000 lines, but it has 10"),
    (b"one;two\n" * 60 + b"three\n", "line 61 has 1 column"), (b";two\n" * 60, "line 1 has 1 column"),
    (b"", "but it has 0"), (b"\xff\xfe\x00", "must be text in UTF-8"), (b"a;b\n" * 500_001, "2 MB at most"),
    (b"a b c d e f g h i j k l;b\n" * 60, "50 pairs or more of 10 words at most, but there are 0"),
    (b"a;b\n" * 20_001, "but it has 20,001"),
    (b"a;b\n" * 60 + b"x" * 140_000 + b";b\n", "cannot be read (field larger than field limit")])
def test_what_is_no_file_of_pairs_is_refused_in_a_sentence(content: bytes, sentence: str):
    with pytest.raises(TaskError) as caught:
        tasks.get("pairs").store_material(content)
    assert sentence in caught.value.sentence
    assert not list((settings.home() / "texts").glob("*"))
