"""How many symbols there are after some merges."""
from __future__ import annotations

from dlviz.tasks import byte_pairs, tokenizers
from dlviz.views import merges


def test_two_ways_to_one_piece_are_one_symbol():
    found = byte_pairs.BytePairs(tuple(byte_pairs.Merge(left, right, 2) for left, right in (
        ("a", "b"), ("ab", "c"), ("b", "c"), ("a", "bc"))))
    tokenizer = tokenizers.Tokenizer("byte pairs", ("a", "b", "c", "ab", "abc", "bc"), found)
    assert [merges.payload(tokenizer, "abc", count)["symbols"] for count in range(5)] == [3, 4, 5, 6, 6]
