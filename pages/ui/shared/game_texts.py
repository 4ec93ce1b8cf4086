"""The texts that pages share about games; `texts` has them among its own."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class GameTexts:
    # game_scores.py
    SCORE = _("Score: {metric}")
    LATE_GAMES = _("last 100 games, exploring")
    WITHOUT_EXPLORING = _("by itself, without exploring")
    RULE = _("simple rule")
    GAME_SCORES = table({"train": _("exploring {accuracy}"), "val": _("by itself {accuracy}"),
                         "test": _("in test games {accuracy}")})
    TD_ERROR = _("Temporal-difference error")
    MEAN_OF = _("mean {formula}")
    RETURN_OF_GAMES = _("Return of each game")
    A_GAME = _("single games")
    MEAN_OF_GAMES = _n("mean of the last {count} game", "mean of the last {count} games")
    EXPLORATION = _("Exploration")
    A_RULE_REACHES = _("A simple rule ({rule}) reaches {score}.")

    # run_words.py
    TEST_OF_GAMES = _("Score in test games, played without exploring: {accuracy}.")
