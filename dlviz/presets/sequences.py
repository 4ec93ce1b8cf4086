"""Ready networks for sequences. Plain data only; what each learns was measured by `benchmarks.sequences`."""
from __future__ import annotations

from typing import Any

from dlviz.english import an
from dlviz.optimizers import Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec


def _embed(width: int, name: str = "embed", source: str | None = None) -> tuple[Any, ...]:
    return name, "Embedding", {"embedding_dim": width}, (source,) if source else None


def _encoder(vocabulary: int, width: int, heads: int, blocks: int = 1, position: str = "sinusoidal",
             **fields: Any) -> NetworkSpec:
    """Transformer blocks over one row of tokens, and a Linear that names a symbol at each step."""
    fields = {"nhead": heads, "dim_feedforward": 2 * width, **fields}
    return layers(_embed(width), ("position", "PositionalEncoding", {"encoding": position}),
                  *((f"block{n}", "TransformerEncoderLayer", fields) for n in range(1, blocks + 1)),
                  linear("output", vocabulary))


def _recurrent(kind: str, units: int, embedding: int, out: int, output: str = "every step") -> NetworkSpec:
    """Tokens into a recurrent layer, and a Linear that reads its state."""
    return layers(_embed(embedding), ("memory", kind, {"hidden_size": units, "output": output}),
                  linear("output", out))


def _last_state(kind: str, units: int, out: int) -> NetworkSpec:
    """A recurrent layer over numbers; a Linear reads its last state."""
    return layers(("memory", kind, {"hidden_size": units, "output": "last step"}), linear("output", out))


def _guesses(kind: str, units: int) -> NetworkSpec:
    """A recurrent layer that keeps every state, so that each step's guess can be seen; the last counts."""
    return layers(("memory", kind, {"hidden_size": units}), ("last", "TimePool", {"mode": "last"}),
                  linear("output", 10))


def _lookup(width: int) -> NetworkSpec:
    """The question looks at all facts at once; what it found names the thing."""
    return layers(_embed(width, "embed_facts", "facts"), _embed(width, "embed_question", "question"),
                  ("look", "MultiheadAttention", {"num_heads": 1}, ("embed_question", "embed_facts")),
                  ("found", "TimePool", {"mode": "last"}), linear("output", 8))


def _reader_and_writer(width: int, answers: int) -> NetworkSpec:
    """A GRU reads the source both ways, another writes; what it writes next, it looks up in what was read."""
    return layers(_embed(16, "embed_source", "source"),
                  ("reader", "GRU", {"hidden_size": width // 2, "bidirectional": True}),
                  _embed(16, "embed_target", "target so far"), ("writer", "GRU", {"hidden_size": width}),
                  ("look", "MultiheadAttention", {"num_heads": 1}, ("writer", "reader")),
                  ("both", "Concat", {}, ("writer", "look")), linear("output", answers))


def _encoder_decoder(width: int, heads: int, answers: int) -> NetworkSpec:
    """The transformer of 2017, one block on each side."""
    fields = {"nhead": heads, "dim_feedforward": 2 * width}
    return layers(_embed(width, "embed_source", "source"), ("position_source", "PositionalEncoding"),
                  ("encoder", "TransformerEncoderLayer", fields),
                  _embed(width, "embed_target", "target so far"), ("position_target", "PositionalEncoding"),
                  ("decoder", "TransformerDecoderLayer", fields, ("position_target", "encoder")),
                  linear("output", answers))


PAIRS = 57  # words of German in the task `pairs`, and the end

SEQUENCES: tuple[Preset, ...] = (
    preset("Attention", "reverse", "Reverse: attention points",
           "One attention head learns to turn ten digits round within seconds. Watch its map: from an even "
           "grey a line from corner to corner appears, each place of the answer looking at its mirror place.",
           _encoder(10, 32, 1), "reverse", batch_size=128, epochs=3, optimizer=Adam(learning_rate=3e-3)),
    preset("Attention", "reverse_lost", "Reverse, without positions",
           "The same network without positional encoding never learns it: attention alone sees a bag of "
           "digits, not a row. Watch the accuracy stay near zero, then set the encoding to sinusoidal and "
           "train again.",
           _encoder(10, 32, 1, position="none"), "reverse", batch_size=128, epochs=3,
           optimizer=Adam(learning_rate=3e-3)),
    preset("Attention", "facts", "Facts: attention looks up",
           "Five facts, one question, one attention head. Watch its map: the question learns to look at the "
           "one fact that answers it, and at no other.",
           _lookup(32), "facts", batch_size=128, epochs=4, optimizer=Adam(learning_rate=5e-3)),
    preset("Attention", "sort", "Sort, letter by letter",
           "A small causal transformer, built like a language model, sorts six letters. Watch its heads: for "
           "each next letter it looks back and counts what it has seen and said.",
           _encoder(3, 48, 3, 2, causal=True), "sort", batch_size=64, epochs=40,
           optimizer=Adam(learning_rate=2e-3)),
    preset("Attention", "addition", "Add two numbers",
           "A causal transformer learns to add two-digit numbers, the last digit first. Watch which digits "
           "each digit of the sum looks at: its own column, and the one that carries.",
           _encoder(12, 64, 4, 2, causal=True), "addition", batch_size=128, epochs=15,
           optimizer=Adam(learning_rate=3e-3)),
    *(preset("Memory", f"brackets_{kind.lower()}", f"Bracket depth: {kind}",
             f"Here {an(kind)} of 16 units says after every bracket how many are open. Watch its hidden state: some "
             "units rise and fall with the depth, so the network has found out how to count.",
             _recurrent(kind, 16, 4, 5), "brackets", seed=3, batch_size=128, epochs=3,
             optimizer=Adam(learning_rate=rate))
      for kind, rate in (("RNN", 1e-2), ("GRU", 1e-2), ("LSTM", 5e-3))),
    *(preset("Memory", f"order_{kind.lower()}", f"X..Y order: {kind}", sentence,
             _recurrent(kind, 16, 6, 4, "last step"), "order", batch_size=128, epochs=epochs,
             optimizer=Adam(learning_rate=1e-2))
      for kind, epochs, sentence in (
          ("LSTM", 8, "Thirty letters, and only two early ones count. Watch the LSTM's memory: a unit steps "
                      "up at the first X or Y and stays there until the end, guarded by its gates."),
          ("GRU", 5, "The same task with a GRU: two gates instead of three, and it remembers as well. Watch "
                     "its gates between the X or Y and the end: the state is kept, not renewed."),
          ("RNN", 5, "The same task with a plain RNN, which has no gates: the noise washes its memory out. "
                     "Watch how long it stays at guessing, one in four right."))),
    *(preset("Memory", f"adding_{kind.lower()}", f"Adding problem: {kind}", sentence,
             _last_state(kind, 16, 1), "adding", batch_size=64, epochs=8, optimizer=Adam(learning_rate=rate))
      for kind, rate, sentence in (
          ("GRU", 1e-2, "Thirty numbers, two of them marked: say their sum. Watch the unit of the hidden state that is "
                        "chosen: it jumps at each mark and stands nearly still in between."),
          ("LSTM", 2e-2, "The same with an LSTM, which adds as well. But it spreads the sum over several units of its "
                         "cell, so no single one shows two clear jumps; compare it with the GRU."),
          ("RNN", 3e-3, "The same with a plain RNN: it stays for long at guessing 1.0 each time. Watch its "
                        "gradient vanish on the way back to the first mark."))),
    preset("Memory", "rows", "MNIST row by row",
           "An LSTM reads a handwritten digit one row of pixels after the other. Watch its guess after each "
           "row: at first it may be anything, and it settles while the lower half comes in.",
           _guesses("LSTM", 64), "rows", batch_size=128, epochs=3, optimizer=Adam(learning_rate=5e-3)),
    preset("Language", "dates", "Dates, with GRUs",
           "One GRU reads a date both ways, a second writes it as YYYY-MM-DD and looks back at what was "
           "read. Watch the map of `look`: the year looks at the year, two digits look at the name of a "
           "month.",
           _reader_and_writer(48, 11), "dates", batch_size=128, epochs=5, optimizer=Adam(learning_rate=5e-3)),
    preset("Language", "dates_transformer", "Dates, with a transformer",
           "The same translation by an encoder and a decoder without any memory, only attention. Watch how "
           "each head of the decoder finds a part of the date.",
           _encoder_decoder(48, 4, 11), "dates", batch_size=128, epochs=10,
           optimizer=Adam(learning_rate=3e-3)),
    preset("Language", "pairs", "English to German",
           "One GRU reads a short English sentence both ways, a second writes it in German. Watch the map of `look`: "
           "the verb jumps before the subject behind “today”, and “not” goes to the end. Or give it pairs of your own.",
           _reader_and_writer(48, PAIRS), "pairs", batch_size=64, epochs=6, optimizer=Adam(learning_rate=5e-3)),
    preset("Language", "keep", "Keep the content words",
           "Twelve words in, the four that say something out. Watch the map of `look`: a staircase that goes "
           "down one step for each word that is kept, and skips the fillers.",
           _reader_and_writer(32, 16), "keep", batch_size=128, epochs=4, optimizer=Adam(learning_rate=5e-3)),
    preset("Language", "names", "Names, letter by letter",
           "A GRU of 64 units reads thousands of first names and learns which letter comes next. Let it "
           "write while it learns: first letters at random, then names that nobody has.",
           layers(_embed(24), ("memory", "GRU", {"hidden_size": 64}), ("dropout", "Dropout", {"p": 0.2}),
                  linear("output", 27)),
           "names", batch_size=64, epochs=15, optimizer=Adam(learning_rate=5e-3)),
    preset("Language", "names_transformer", "Names, with a transformer",
           "Two causal blocks of 48 numbers, built like a large language model. Watch which earlier letters "
           "it looks at, and how the bars for the next letter get steeper.",
           _encoder(27, 48, 4, 2, causal=True, dropout=0.2, norm_first=True),
           "names", batch_size=64, epochs=18, optimizer=Adam(learning_rate=3e-3)),
    preset("Time series", "sine", "Noisy sine",
           "An LSTM of 16 units forecasts a wave through noise, one step ahead. Watch it forecast many steps "
           "from its own answers: the wave goes on, without the noise.",
           _last_state("LSTM", 16, 1), "sine", batch_size=32, epochs=10, optimizer=Adam(learning_rate=5e-3)),
    preset("Time series", "airline", "Airline passengers",
           "Twelve years of months, growth and summers: an LSTM of 16 units learns from 1949 to 1956. It adds next to "
           "nothing to the naive forecast, the same month last year times growth: on the test months, 1959 and 1960, "
           "its loss is about 3 % lower, and on those before them several times higher.",
           _last_state("LSTM", 16, 1), "airline", batch_size=16, epochs=100,
           optimizer=Adam(learning_rate=5e-3)),
    preset("Time series", "airline_linear", "Airline passengers, one Linear",
           "The same months without any memory: 24 weights and one sum. With only 72 examples to learn from the simple "
           "network wins: its test loss is about half of the LSTM's and of the naive forecast's.",
           layers(("flatten", "Flatten"), linear("output", 1)), "airline", batch_size=16, epochs=100,
           optimizer=Adam(learning_rate=1e-2)),
    preset("Speech", "speech_gru", "Spoken digits, with a GRU",
           "A GRU of 48 units hears a word 16 milliseconds at a time. Watch its guess over the spectrogram: "
           "it changes with each new sound and settles at the end of the word.",
           _guesses("GRU", 48), "speech", batch_size=64, epochs=12, optimizer=Adam(learning_rate=7e-3)),
    preset("Speech", "speech_conv", "Spoken digits, with convolutions",
           "Filters slide along time and find sounds; the strongest find of each decides. Watch which "
           "filters answer to a hiss and which to a vowel.",
           layers(("conv1", "Conv1d", {"out_channels": 32, "kernel_size": 5, "padding": 2}),
                  ("relu1", "ReLU"), ("pool1", "MaxPool1d"),
                  ("conv2", "Conv1d", {"out_channels": 48, "kernel_size": 5, "padding": 2}),
                  ("relu2", "ReLU"), ("strongest", "TimePool", {"mode": "max"}), linear("output", 10)),
           "speech", batch_size=64, epochs=6, optimizer=Adam(learning_rate=3e-3)),
)
