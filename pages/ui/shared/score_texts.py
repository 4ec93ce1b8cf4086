"""The texts of how well a run does; `texts` has them among its own."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class ScoreTexts:
    # scores.py
    FORCED = _("teacher forcing")
    FREE = _("free running")
    TRAINING_3 = _("training, {forcing}")
    VALIDATION_2 = _("validation, {forcing}")
    VALIDATION_3 = _("validation, {decoding}")
    SCORES = table({"train": _("training {accuracy}"), "val": _("validation {accuracy}"), "test": _("test {accuracy}")})
    BASELINE_VALIDATION = _("{name}, validation")
    VALIDATION_AT_STEP = _("Validation at step {step:,}: {accuracy}.")
    OF = _("{number:.2f} % of {metric}")
    OF_WITH = _("{number:.2f} % of {metric}, with {forcing}")
    AGAINST_SAMPLES = _("With {decoding}: {number:.0f} %, against {other:.0f} % with {forcing}, on {samples} samples.")
    AGAINST_SAMPLES_GIVEN = _n("With {decoding} after {count} given symbol: {number:.0f} %, against {other:.0f} % "
                               "with {forcing}, on {samples} samples.",
                               "With {decoding} after {count} given symbols: {number:.0f} %, against {other:.0f} % "
                               "with {forcing}, on {samples} samples.")
    NETWORK_SEES_TARGETS_HAS = _("With {forcing} this network sees the targets that it has to predict (through "
                                 "{layers}), so that accuracy means nothing: only free running counts.")
    LOSS_IS_THE_SAME = _("Its loss is {loss:.3f}; the {name} ({sentence}) reaches {simple:.3f}, which is the same.")
    LOSS_IS_LOWER = _("Its loss is {loss:.3f}; the {name} ({sentence}) reaches {simple:.3f}, which is {percent:.0f} % "
                      "more: the network is better.")
    LOSS_IS_HIGHER = _("Its loss is {loss:.3f}; the {name} ({sentence}) reaches {simple:.3f}, which is {percent:.0f} % "
                       "less: the network does not beat it.")
    PERPLEXITY_BITS = _("Perplexity {perplexity:.1f} ({bits} bits per {symbol}); a {name}, {sentence}, reaches "
                        "{simple_perplexity:.1f} ({simple_bits} bits).")
    PERPLEXITY_BITS_CHARACTER = _("Perplexity {perplexity:.1f} ({bits} bits per {symbol}, {by_character} per "
                                  "character); a {name}, {sentence}, reaches {simple_perplexity:.1f} ({simple_bits} "
                                  "bits, {simple_by_character} per character).")
