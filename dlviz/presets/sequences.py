"""Ready networks for sequences. Plain data only; what each learns was measured by `benchmarks.sequences`."""
from __future__ import annotations

from typing import Any

from dlviz.optimizers import Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec


def _embed(width: int, name: str = "embed", source: str | None = None) -> tuple[Any, ...]:
    return name, "Embedding", {"embedding_dim": width}, (source,) if source else None


def _encoder(vocabulary: int, width: int, heads: int, blocks: int = 1, position: str = "sinusoidal",
             causal: bool = False) -> NetworkSpec:
    """Transformer blocks over one row of tokens, and a Linear that names a symbol at each step."""
    fields = {"nhead": heads, "dim_feedforward": 2 * width, "causal": causal}
    return layers(_embed(width), ("position", "PositionalEncoding", {"encoding": position}),
                  *((f"block{n}", "TransformerEncoderLayer", fields) for n in range(1, blocks + 1)),
                  linear("output", vocabulary))


SEQUENCES: tuple[Preset, ...] = (
    preset("Attention", "reverse", "Reverse: attention points", "One attention head learns to turn ten digits round "
           "within seconds. Watch its map: from an even grey a line from corner to corner appears, each place of the "
           "answer looking at its mirror place.", _encoder(10, 32, 1), "reverse",
           batch_size=128, epochs=3, optimizer=Adam(learning_rate=3e-3)),
    preset("Attention", "reverse_lost", "Reverse, without positions", "The same network without positional encoding "
           "never learns it: attention alone sees a bag of digits, not a row. Watch the accuracy stay near zero, then "
           "set the encoding to sinusoidal and train again.", _encoder(10, 32, 1, position="none"), "reverse",
           batch_size=128, epochs=3, optimizer=Adam(learning_rate=3e-3)),
)
