"""Ready language models on texts. Plain data only; what each reaches was measured by `benchmarks.applications`."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlviz.optimizers import Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec, Scalar

WORDS: dict[str, Scalar] = {"units": "words", "vocabulary": 2_000, "length": 32}
PIECES: dict[str, Scalar] = {"units": "byte pairs", "vocabulary": 512, "length": 64}
DICTIONARY: dict[str, Scalar] = {"corpus": "English words", "length": 64}


def _gpt(vocabulary: int, width: int, blocks: int, dropout: float = 0.0) -> NetworkSpec:
    """A decoder-only transformer as GPT-2 has it: learned positions, normalization first and once more at the end."""
    fields = {"nhead": 4, "dim_feedforward": 4 * width, "causal": True, "norm_first": True, "activation": "gelu",
              "dropout": dropout}
    return layers(("embed", "Embedding", {"embedding_dim": width, "init": "normal", "init_std": 0.1}),
                  ("position", "PositionalEncoding", {"encoding": "learned"}),
                  *((f"block{number}", "TransformerEncoderLayer", fields) for number in range(1, blocks + 1)),
                  ("norm", "LayerNorm"), linear("output", vocabulary))


def _gru(vocabulary: int, units: int, width: int, dropout: float = 0.0) -> NetworkSpec:
    rows: list[tuple[Any, ...]] = [("embed", "Embedding", {"embedding_dim": width}),
                                   ("memory", "GRU", {"hidden_size": units})]
    if dropout:
        rows.append(("dropout", "Dropout", {"p": dropout}))
    return layers(*rows, linear("output", vocabulary))


def _masked_model(symbols: int, width: int) -> NetworkSpec:
    """An encoder as BERT has it, each step looking in both directions, with rotary positions."""
    fields = {"nhead": 4, "dim_feedforward": 2 * width, "norm_first": True, "activation": "gelu", "position": "rotary"}
    return layers(("embed", "Embedding", {"embedding_dim": width}),
                  *((f"block{number}", "TransformerEncoderLayer", fields) for number in (1, 2)),
                  ("norm", "LayerNorm"), linear("output", symbols))


def _text(key: str, title: str, sentence: str, network: NetworkSpec, fields: Mapping[str, Scalar], epochs: int,
          rate: float) -> Preset:
    return preset("Language", key, title, sentence, network, "text", fields, batch_size=16, epochs=epochs,
                  optimizer=Adam(learning_rate=rate))


def _looking_back(symbols: int, width: int, heads: int) -> NetworkSpec:
    """Two causal blocks: the fewest in which a head can find what stood behind an earlier place."""
    fields = {"nhead": heads, "dim_feedforward": 2 * width, "causal": True, "norm_first": True}
    return layers(("embed", "Embedding", {"embedding_dim": width}), ("position", "PositionalEncoding"),
                  ("block1", "TransformerEncoderLayer", fields), ("block2", "TransformerEncoderLayer", fields),
                  linear("output", symbols))


def _recall(position: str, title: str, sentence: str) -> Preset:
    """Two causal blocks that look up letters; they tell places by a table in front, or within attention."""
    within = position in ("rotary", "alibi")
    fields = {"nhead": 4, "dim_feedforward": 64, "causal": True, "norm_first": True,
              **({"position": position} if within else {})}
    rows: list[tuple[Any, ...]] = [("embed", "Embedding", {"embedding_dim": 32})]
    if not within:
        rows.append(("position", "PositionalEncoding", {"encoding": position}))
    network = layers(*rows, *((f"block{number}", "TransformerEncoderLayer", fields) for number in (1, 2)),
                     ("norm", "LayerNorm"), linear("output", 20))
    return preset("Attention", f"recall_{position}", title, sentence, network, "recall", batch_size=64, epochs=4,
                  optimizer=Adam(learning_rate=3e-3))


LANGUAGE: tuple[Preset, ...] = (
    preset("Attention", "induction", "Induction heads",
           "A pattern of letters begins again, and the network goes on with it, though it has never met these letters "
           "in this order. Watch two heads form: one in the first block looks at the letter before, one in the second "
           "at the letter that stood behind the same letter earlier.",
           _looking_back(20, 64, 2), "repeats", batch_size=64, epochs=2, optimizer=Adam(learning_rate=3e-3)),
    _text("book_words", "A novel, word by word",
          "A small GPT reads Pride and Prejudice and guesses the next of 2,000 words. It soon beats the n-gram, which "
          "only counts. Paint the loss on the text: names and new sentences cost most.",
          _gpt(2_000, 96, 2, 0.2), WORDS, 8, 1.5e-3),
    _text("book_words_gru", "A novel, word by word: GRU",
          "The same words with a GRU of 128 units. At this size a recurrent network learns as well as a transformer; "
          "compare the two under Runs.",
          _gru(2_000, 128, 96, 0.3), WORDS, 6, 3e-3),
    _text("book_pieces", "A novel in byte pairs",
          "The novel is cut into 512 pieces that were learned from it: open the view Merges and watch words grow "
          "together. Attention looks back over 64 of them.",
          _gpt(512, 128, 1), PIECES, 6, 3e-3),
    _text("new_words", "Words that do not exist",
          "A GRU learns the spelling of English from a dictionary, letter by letter. Let it write: words that nobody "
          "has used, and that everybody could pronounce.",
          _gru(27, 128, 32), DICTIONARY, 2, 4e-3),
    preset("Language", "masked", "Masked characters",
           "Characters of a novel are hidden, and the network says from both sides what they were, as BERT learns. "
           "After some hundred updates it beats a count of what stood between the same two neighbours. Open Look: "
           "its guesses stand in the text.",
           _masked_model(75, 64), "masked", batch_size=32, epochs=3, optimizer=Adam(learning_rate=3e-3)),
    _recall("learned", "Longer than trained: learned positions",
            "Letters stand in a row, then each is asked for again: which one stood behind it? Training rows have up "
            "to 8 letters, and there the network finds all. In rows of 16 it finds about half: their last places "
            "have never been in training. Open the view Accuracy by length."),
    _recall("sinusoidal", "Longer than trained: sinusoidal",
            "The same with waves for positions, which have no end. All letters are found in rows as long as in "
            "training; with each letter more it gets worse, down to about half in rows of 16."),
    _recall("rotary", "Longer than trained: rotary (RoPE)",
            "The same with queries and keys that are turned by their places, so that only distances count. All "
            "letters are found in rows as long as in training, and more than 8 of 10 in rows of 16: of the four it "
            "goes on best here."),
    _recall("alibi", "Longer than trained: ALiBi",
            "The same with a score that falls with distance. It is learned more slowly, and still misses a letter "
            "now and then in rows as long as in training; but it goes on better than a table or waves: more than 7 "
            "letters of 10 are found in rows of 16."),
)
