"""Articles and plurals, and what every sentence for a user keeps to: no fact that the second half then denies."""
from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from dlviz import errors
from dlviz.english import an, count, plural
from dlviz.layers import CATALOGUE
from dlviz.presets import PRESETS

ROOT = Path(__file__).parents[2]
KINDS = {name for name, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, errors.DlvizError)}
FACTS = {"is", "are", "has", "have", "holds", "lies", "stays", "fits", "carries", "belongs", "gives", "passes",
         "starts",
         "ends", "brings", "names", "says", "can", "closes"}  # "X has a name, but it has none" contradicts itself


@pytest.mark.parametrize("word",
                         ["an LSTM", "a GRU", "an RNN", "a Linear", "an Embedding", "a ReLU", "an ELU", "a SELU",
                                  "a SiLU", "an AvgPool2d", "an Add", "a unit", "an update", "an uninitialised field",
                                  "a one", "an 8", "an 11", "an 18", "an 80 pixel", "a 110", "a 7", "an MLP", "a CNN",
                                  "a TransformerEncoderLayer", "a uniform draw", "a user",
                                  "an hourglass"[:2] + " image"])
def test_an_article_is_as_the_word_is_spoken(word):
    assert str(an(word.split(" ", 1)[1])) == word


@pytest.mark.parametrize("key", PRESETS)
def test_the_sentence_of_a_preset_has_the_right_articles(key):
    for article, word in re.findall(r"\b(an?) ([\w-]+)", PRESETS[key].sentence, re.IGNORECASE):
        assert f"{article.lower()} {word}" == str(an(word))


def test_a_noun_follows_its_number():
    assert count(1, "neuron") == "1 neuron" and count(0, "neuron") == "0 neurons"
    assert count(2048, "neuron") == "2,048 neurons" and plural(1, "was", "were") == "was"


@pytest.mark.parametrize("kind", CATALOGUE)
def test_no_card_counts_one_thing_as_many(kind):
    layer = CATALOGUE[kind]
    ones = {name: 1 for name, field in layer.model_fields.items() if field.annotation is int}
    assert not re.search(r"\b1 \w+s\b", layer.model_construct(**(layer().model_dump() | ones)).summary())


def sentences() -> list[tuple[str, list[str]]]:
    """Where each error for a user is made, and its parts as written: what, expected, came, fix."""
    return [(f"{path.relative_to(ROOT)}:{call.lineno}", parts)
            for path in sorted((ROOT / "dlviz").rglob("*.py")) for call in ast.walk(ast.parse(path.read_text()))
            if isinstance(call, ast.Call) and (parts := _parts(call))]


def _parts(call: ast.Call) -> list[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    words = [_written(argument) for argument in call.args]
    if name in KINDS and len(words) >= 4:
        return words[:4]
    if name == "refuse":  # of a layer (layer, name, expected, came, fix) or of a task (expected, came)
        return ["A layer", *words[2:5]] if len(words) == 5 else ["The task", *words[:2], "{example}."]
    return []


def _written(node: ast.AST) -> str:
    """A text with `{...}` for what is worked out; of a choice between two, the first."""
    if isinstance(node, ast.IfExp):
        return _written(node.body)
    if isinstance(node, ast.BinOp):
        return _written(node.left) + _written(node.right)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "_n"):
        return _written(node.args[0])
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{...}" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "{...}"


SENTENCES = sentences()
OLD = "is one that this "  # of runs and studies: "is one that this dlviz keeps, but there is none of this name"


def test_the_engine_makes_many_errors_for_users():
    assert len(SENTENCES) > 100 and sum("{...}" not in "".join(parts) for _, parts in SENTENCES) > 80


@pytest.mark.parametrize(("where", "parts"), SENTENCES, ids=[where for where, _ in SENTENCES])
def test_a_sentence_asks_for_something_and_says_what_came(where, parts):
    what, expected, came, fix = parts
    first = expected.split()[0].rstrip(":,")
    assert first not in FACTS or expected.startswith(("can only ", OLD)), f"{expected!r} is a fact that {came!r} denies"
    assert re.match(r"[A-Z{]", what) and re.match(r"[A-Z{]", fix), "what and fix begin with a capital"
    assert not re.match(r"[A-Z]\w", expected), "the sentence goes on in small letters"
    assert not re.search(r"[.!?]$", expected + came), "one stop, which the sentence itself puts"
    assert fix.endswith((".", "?", "}")), "the advice ends with a stop, or asks"
    assert len(f"{what} {expected}, but {came}. {fix}") < errors.MAX_SENTENCE
    assert not re.search(r"  | ,|\b(a|an) \{|\b1 \w+s\b", " ".join(parts)), "articles and plurals come from english.py"
