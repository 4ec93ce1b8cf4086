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
)
