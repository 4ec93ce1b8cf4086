"""English for texts with names and numbers in them: the article before a word, the noun after a number."""
from __future__ import annotations

import re
from collections.abc import Sequence

from dlviz.translation import FilledText, _, numeral

SPELT_VOWELS = "AEFHILMNORSX"  # letters whose names begin with a vowel: an LSTM, an RNN, an SGD
SPOKEN_AS_WORDS = {"SELU"}
YOU = re.compile(r"(uni(?!n)|us[eu]|one\b|eu)", re.IGNORECASE)  # a unit, a user, a one: they begin with a consonant


def an(word: str) -> FilledText:
    """The word with its article, as it is spoken: 'a Linear', 'an LSTM', 'a GRU', 'an 8', 'a unit'."""
    return _("an {word}", word=word) if _begins_with_a_vowel(word) else _("a {word}", word=word)


def _begins_with_a_vowel(word: str) -> bool:
    number = re.match(r"[\d,]+", word)
    if number:
        digits = number[0].replace(",", "")
        return digits.startswith("8") or (digits[:2] in ("11", "18") and len(digits) % 3 == 2)
    first = re.split(r"\W", word, maxsplit=1)[0]
    if re.match(r"[A-Z]{2}", first) and first not in SPOKEN_AS_WORDS:
        return first[0] in SPELT_VOWELS
    return word[:1].lower() in "aeiou" and not YOU.match(word)


def count(number: int, noun: str, many: str | None = None) -> str:
    """'1 neuron', '2,048 neurons', '0 neurons'; `many` where an s is not enough."""
    return f"{numeral(f'{number:,}')} {plural(number, noun, many)}"


def plural(number: int, noun: str, many: str | None = None) -> str:
    """The noun for this number of things: 'head', 'heads'; `many` where an s is not enough ('was', 'were')."""
    return noun if number == 1 else many or f"{noun}s"


def percent(fraction: float, digits: int = 1) -> str:
    """'97.8 %': a fraction as texts show it, in the current language's signs."""
    return f"{numeral(f'{100 * fraction:.{digits}f}')} %"


def listing(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return " and ".join([*filter(None, [", ".join(words[:-1])]), *words[-1:]])


def sentence_case(words: str) -> str:
    """The same with a large first letter."""
    return words[:1].upper() + words[1:]
