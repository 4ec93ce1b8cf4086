"""Texts to learn from: byte pairs as their paper has them, tokenizers that lose nothing, own texts, the fast n-gram."""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest

from dlviz import settings, tasks
from dlviz.errors import TaskError
from dlviz.tasks import byte_pairs, corpora, ngram, ngram_table, tokenizers

END = "</w>"
PAPER = {"low": 5, "lower": 2, "newest": 6, "widest": 3}  # Sennrich et al. 2016, algorithm 1


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    corpora.own.cache_clear()


def pieces(words: dict[str, int]) -> dict[tuple[str, ...], int]:
    return {(*word, END): count for word, count in words.items()}


def slow_merges(words: dict[str, int], count: int) -> list[tuple[str, str]]:
    """The algorithm as the paper prints it: words as text, pairs counted anew each time, merged by a pattern."""
    vocabulary, found = {" ".join((*word, END)): often for word, often in words.items()}, []
    for _ in range(count):
        pairs: dict[tuple[str, str], int] = defaultdict(int)
        for word, often in vocabulary.items():
            symbols = word.split()
            for pair in pairwise(symbols):
                pairs[pair] += often
        best = max(pairs, key=lambda pair: pairs[pair])
        joined = re.compile(r"(?<!\S)" + re.escape(" ".join(best)) + r"(?!\S)")
        vocabulary = {joined.sub("".join(best), word): often for word, often in vocabulary.items()}
        found.append(best)
    return found


def test_byte_pairs_are_those_of_their_paper():
    learned = byte_pairs.learn(pieces(PAPER), 10)
    expected = [("e", "s"), ("es", "t"), ("est", END), ("l", "o"), ("lo", "w"), ("n", "e"), ("ne", "w"),
                ("new", "est" + END), ("low", END), ("w", "i")]
    assert [(merge.left, merge.right) for merge in learned.merges] == expected == slow_merges(PAPER, 10)
    assert [merge.count for merge in learned.merges[:4]] == [9, 9, 9, 7]


def test_a_word_that_was_never_met_is_made_of_learned_pieces():
    learned = byte_pairs.learn(pieces(dict.fromkeys(("low", "lowest", "newer", "wider"), 1)), 4)
    assert {merge.joined for merge in learned.merges} >= {"lo", "low"}
    assert learned.split((*"lower", END)) == ("low", "er" + END)  # figure 2 of the paper
    assert learned.split((*"lower", END), 0) == (*"lower", END)


def test_merges_are_those_of_the_slow_algorithm_on_a_real_text():
    words = Counter(re.findall("[a-z]+", corpora.shipped(corpora.BOOK)[:60_000].lower()))
    learned = byte_pairs.learn(pieces(words), 60)
    assert [merge.count for merge in learned.merges] == sorted((merge.count for merge in learned.merges), reverse=True)
    slow = slow_merges(words, 60)
    assert {(merge.left, merge.right) for merge in learned.merges[:40]} == set(slow[:40])


def recounted(words: dict[tuple[str, ...], int], count: int) -> list[tuple[str, str]]:
    """All pairs counted anew for each merge; of equally many, that which stands first."""
    words, found = dict(words), []
    for _ in range(count):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, often in words.items():
            for pair in pairwise(word):
                pairs[pair] += often  # in the order of the words, which `max` keeps
        best = max(pairs, key=lambda pair: pairs[pair], default=None)
        if best is None or pairs[best] < 2:
            break
        found.append(best)
        merged: dict[tuple[str, ...], int] = {}
        for word, often in words.items():
            merged[byte_pairs._merged(word, best)] = often
        words = merged
    return found


@pytest.mark.parametrize("letters", ["ab", "abcdef", "abcdefghijklmnopqrstuvwxyz"])
def test_merges_are_those_of_who_counts_anew_each_time(letters: str):
    random = np.random.default_rng(0)
    words = {tuple(random.choice(list(letters), random.integers(1, 12)).tolist()): int(random.integers(1, 4))
             for _ in range(80)}
    learned = byte_pairs.learn(words, 1_000)
    assert [(merge.left, merge.right) for merge in learned.merges] == recounted(words, 1_000) and learned.merges


def test_a_text_without_a_space_is_cut_all_the_same():
    text = "abcdefgh" * 5_000
    for unit in ("byte pairs", "words"):
        tokenizer = tokenizers.learn(text, unit, 200)
        assert max(map(len, tokenizer.symbols)) <= 40
        assert tokenizer.decode(tokenizer.encode(text)).replace(" ", "") == text


def test_byte_pairs_are_learned_from_so_many_letters_at_most(monkeypatch):
    monkeypatch.setattr(tokenizers, "MOST_LETTERS", 8)
    learned = tokenizers.learn("aba aba aba cdc cdc efe efe ghg", "byte pairs", 50)
    assert {merge.joined for merge in learned.pairs.merges} == {"ab", "aba", "aba ", "cd", "cdc", "cdc "}


def test_nothing_is_merged_that_comes_once():
    assert byte_pairs.learn(pieces({"ab": 1}), 5).merges == ()
    assert [merge.joined for merge in byte_pairs.learn({("a",) * 5: 1}, 9).merges] == ["aa", "aaaa"][:1]


@pytest.mark.parametrize(("unit", "vocabulary"), [("characters", 50), ("byte pairs", 300)])
@pytest.mark.parametrize("name", [corpora.BOOK, corpora.WORDS])
def test_a_text_comes_back_as_it_was(name: str, unit, vocabulary: int):
    text = corpora.shipped(name)[:50_000]
    tokenizer = tokenizers.learn(text, unit, vocabulary)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(set(tokenizer.symbols)) == len(tokenizer.symbols) <= max(vocabulary, tokenizers.MOST_CHARACTERS)


def test_words_are_the_commonest_and_one_for_all_others():
    tokenizer = tokenizers.learn('She said: "no, no, no." And no one said (much) more.\n', "words", 6)
    assert tokenizer.symbols == ('"', ",", ".", "no", "said", tokenizers.UNKNOWN)
    assert tokenizer.decode(tokenizer.encode("no, no said she.")) == f"no, no said {tokenizers.UNKNOWN}."


def test_rare_characters_are_one_symbol():
    text = "".join(chr(0x4E00 + place) * (300 - place) for place in range(300))
    tokenizer = tokenizers.learn(text, "characters", 50)
    assert len(tokenizer.symbols) == tokenizers.MOST_CHARACTERS and tokenizer.symbols[-1] == tokenizers.UNKNOWN
    assert tokenizer.symbols[0] == chr(0x4E00) and chr(0x4E00 + 250) not in tokenizer.symbols


@pytest.mark.parametrize("order", [1, 2, 4])
def test_the_fast_n_gram_is_the_slow_one(order: int):
    random = np.random.default_rng(0)
    stream, rows = random.integers(0, 5, 400), random.integers(0, 5, (7, 9))
    slow, fast = ngram.fit([stream.tolist()], 5, order), ngram_table.fit(stream, 5, 4)
    assert fast.evaluate(rows, order) == pytest.approx(slow.evaluate(rows.tolist()))
    chances = fast.probabilities(rows, order).reshape(7, 8, 5)
    np.testing.assert_allclose(chances[3, 5], slow.probabilities(rows[3, :6].tolist()))


def test_the_words_stand_in_no_order_and_the_splits_follow_each_other():
    task = tasks.get("text", {"corpus": corpora.WORDS})
    words = task.text().split()
    assert len(words) == 63_737 and words != sorted(words) and sorted(words) == sorted(set(words))
    train, val, test = (getattr(task.data(), split) for split in ("train", "val", "test"))
    assert len(train) > 8 * len(val) and abs(len(val) - len(test)) <= 1
    assert train.inputs[0][1, 0] == train.targets[0, -1]  # each row begins with the last symbol of the one before it


def test_the_n_gram_is_held_to_the_same_rows_as_a_network():
    found = tasks.get("text", {"units": "byte pairs"}).baseline()
    assert found.name == "3-gram" and 3.0 < found.val_loss < 3.2 and 0.3 < found.val_accuracy < 0.4
    assert 2.4 < tasks.get("text", {"units": "byte pairs"}).characters_per_symbol() < 2.7


def own(text: str) -> dict[str, str]:
    return tasks.get("text").store_material(text.encode())


def lines(count: int) -> str:
    return "".join(f"Line {number} says {number * 7919 % 1000} and goes on.\n" for number in range(count))


def test_an_own_text_is_learned_from_and_deleted():
    fields = own("\ufeff" + lines(200).replace("\n", "\r\n") + "\x00")
    task = tasks.get("text", fields)
    assert task.ready() and task.text() == lines(200) and len(task.data().val) >= 2
    assert f"{len(lines(200)):,} characters" in task.material.stored
    assert fields == own(lines(200))  # the same text is the same task
    task.delete_material()
    assert not task.ready() and task.baseline() is None and task.signature().out_shape.axes == (64, 1)
    with pytest.raises(TaskError, match="Paste or upload it again"):
        task.data()


@pytest.mark.parametrize(("content", "sentence"), [
    (b"too short", "needs 2,000 characters or more to learn from, but it has 9"),
    (b"x" * 2_000_001, "may have 2 MB at most, but it has 2.0 MB"),
    (b"\xff\xfe" + b"a\x00" * 3_000, "must be text in UTF-8, but it is not. Save it as a .txt file, UTF-8."),
    (b"ab" * 3_000, "too short or repeats itself"),
    (("a" + "\u0301\u0316" * 300_000).encode(), "30 accents on a letter at most, but it has 600,000 on one"),
    (("a" + "\u0f73" * 300_000).encode(), "30 accents on a letter at most, but it has 300,000 on one"),
])
def test_what_is_no_text_to_learn_from_is_refused_in_a_sentence(content: bytes, sentence: str):
    with pytest.raises(TaskError) as caught:
        tasks.get("text").store_material(content)
    assert sentence in caught.value.sentence
    assert not list((settings.home() / "texts").glob("*"))  # what is refused takes nobody's room


def test_a_text_that_is_too_short_for_longer_rows_stays_for_who_uses_it():
    fields = own(lines(100))
    with pytest.raises(TaskError, match="too short or repeats itself"):
        tasks.get("text", {"length": 256, "units": "words"}).store_material(lines(100).encode())
    assert tasks.get("text", fields).ready()


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "0" * 15, "Z" * 16])
def test_only_a_key_is_one(key: str):
    assert not corpora.stored(key)
    with pytest.raises(TaskError, match="own text is chosen, and none"):
        tasks.get("text", {"corpus": corpora.OWN, "own": key[:16]})


def test_the_server_has_no_room_for_ever(monkeypatch):
    monkeypatch.setattr(corpora, "MOST_STORED", 5_000)
    own(lines(100))
    with pytest.raises(TaskError, match="they are full"):
        own(lines(101))
