"""What somebody types into a task: read as the network takes it, or refused in a sentence."""
from __future__ import annotations

import numpy as np
import pytest

from dlviz import tasks
from dlviz.errors import TaskError

READ = {  # what somebody types -> the words of the inputs that come of it, the answer still blank
    "reverse": [("31415 92653", [list("3141592653")])],
    "sort": [("CAB bca", [[*"cabbca", *"aaaaa"]])],
    "addition": [("7+35", [list("07+35=00")]), (" 99 + 1 = ", [list("99+01=00")])],
    "dates": [("12  March 1998", [[*"12_march_1998·····"], ["start", *"·" * 9]]),
              ("31.12.2049", [[*"31.12.2049········"], ["start", *"·" * 9]])],
    "keep": [("The storm and THE mayor of the school was there then fire",
              [["the", "storm", "and", "the", "mayor", "of", "the", "school", "was", "there", "then", "fire"],
               ["start", *"·" * 3]])],
    "names": [("Ma", [[*".ma", *"." * 9]]), ("", [["."] * 12])],
    "pairs": [("We see the DOG", [["we", "see", "the", "dog", *"·" * 6], ["start", *"·" * 10]])],
    "repeats": [("ABCDE abcde ab", [list("abcdeabcdeab" + "a" * 11)])],
    "text": [("It is", [["⏎", *"It␣is", *"·" * 58]]), ("", [["⏎", *"·" * 63]]),
             ("a" * 70, [["a"] * 63 + ["·"]])],
    "facts": [("ada hat, ben cat, cleo hat, finn egg. hugo book; Hugo?",
               [["ada: hat", "ben: cat", "cleo: hat", "finn: egg", "hugo: book"], ["hugo?"]])],
    "adding": [("1* 0.25* " + "0 " * 28, [["1.00*", "0.25*"] + ["0.00"] * 28])],
    "rows": [(" 7 ", [[f"row {number}" for number in range(1, 29)]])],
    "speech": [("Seven high", [[f"{16 * step} ms" for step in range(49)]]),
               ("3", [[f"{16 * step} ms" for step in range(49)]])],
    "sine": [("0, 1 " * 12, [[f"-{ago}" for ago in range(23, 0, -1)] + ["now"]])],
    "pulse": [("0, 1 " * 12, [[f"-{ago}" for ago in range(23, 0, -1)] + ["now"]])],
    "airline": [("112 1e2 " * 12, [[f"-{ago}" for ago in range(23, 0, -1)] + ["now"]])],
    "brackets": [("(())" * 6, [list("(())" * 6)])],
    "order": [("abcX" + "d" * 13 + "Y" + "c" * 12, [list("abcX" + "d" * 13 + "Y" + "c" * 12)])],
}

REFUSED = {  # what somebody types -> what the sentence says
    "reverse": [("31415926x3", "'x' is none of them. Type for instance '3141592653'."),
                ("12", "but 2 were typed"),
                ("", "but 0 were typed"), ("1", "but 1 was typed")],
    "sort": [("abcabz", "knows the symbols a b c, but 'z' is none"), ("abc",
                                                                      "takes 6 symbols, but 3 were typed")],
    "addition": [("12", "two whole numbers with a plus between, but '12' was typed"),
                 ("", "but '' was typed"),
                 ("1+234", "numbers of 2 digits at most, but one of 3"), ("-1+2", "whole numbers"),
                 ("²+1", "'²+1'")],
    "dates": [("12 márc 1998", "'á' is none of them"), ("on the 30 of september 1998",
                                                        "6 to 18 characters, but 27"),
              ("1 2", "but 3 were typed")],
    "keep": [("the storm", "takes 12 symbols, but 2 were typed"), ("the " * 12, "but this one has 0"),
             ("the dog " * 6, "'dog' is none of them")],
    "names": [("zoë", "'ë' is none of them"), ("a.b", "'.' is none"), ("maximilianus",
                                                                       "11 letters at most, but 12")],
    "pairs": [("we see the cat", "'cat' is none of them"), ("", "a sentence of 10 words at most, but 0 were typed"),
              ("the " * 11, "but 11 were typed")],
    "repeats": [("abcdefghijkl", "the first of them again, but these do not begin again"), ("abc", "but 3 were typed"),
                ("abababababab", "these do not begin again"), ("abcdz" * 2 + "ab", "'z' is none of them")],
    "text": [("zoë", "knows the symbols of its text, but 'ë' is none of them. Type for instance 'It is a truth'.")],
    "facts": [("ada hat", "a question, but there are 0"), ("", "there are 0 before the last"),
              ("ada hat, ben, ada?", "two words, a person and a thing, but 'ben' came"),
              ("ada hat, ada cat, ben hat, dan hat, eva hat. ada?", "somebody is named twice"),
              ("ada hat, hugo cat, ben hat, dan hat, eva hat. finn?", "the question is 'finn'"),
              ("ada hat, hugo cat, ben hat, dan hat, eva hat. tom?", "'tom' is none of them")],
    "adding": [("0.5* 0.5*", "takes 30 numbers with spaces between, but 2 came"),
               ("0.5* " * 30, "but 30 are marked"),
               ("0.5 " * 29 + "a*", "'a' is none"), ("0.5 " * 29 + "nan", "nan is not between"),
               ("0.5 " * 29 + "-1*", "-1 is")],
    "rows": [("eight", "takes one digit and shows a test picture of it, but 'eight' was typed"),
             ("", "but '' was typed")],
    "speech": [("ten", "'ten' is none of them"), ("", "'' is none of them"),
               ("two quickly", "low, high, slow, fast, but 'quickly'")],
    "sine": [("0.5", "takes 24 numbers, but 1 was typed"), ("inf " * 24, "from -3 to 3, but inf"),
             ("", "but 0 were typed"),
             ("half " * 24, "takes numbers, but 'half' is none")],
    "pulse": [("0.5", "takes 24 numbers, but 1 was typed"), ("4 " * 24, "from -3 to 3, but 4 is not")],
    "airline": [("0 " * 24, "from 1 to 100000, but 0 is not"), ("112 " * 25, "but 25 were"),
                ("nan " * 24, "but nan is not between")],
    "brackets": [("()" * 11 + "))", "the one at place 23 closes none"),
                 ("(((((" + ")" * 19, "at most, but place 5 is one deeper")],
    "order": [("X" * 30, "but this one has 30"), ("a" * 31, "but 31 were typed")],
}


@pytest.mark.parametrize(("name", "text", "expected"),
                         [(n, *case) for n, cases in READ.items() for case in cases])
def test_what_is_typed_is_read(name: str, text: str, expected):
    task = tasks.get(name)
    inputs = task.parse(text)
    for x, (_, shape) in zip(inputs, task.signature().inputs, strict=True):
        assert x.shape == shape.axes and x.dtype == (np.int64 if shape.kind == "tokens" else np.float32)
    assert [list(part) for part in task.input_words(inputs)] == expected


@pytest.mark.parametrize(("name", "text", "sentence"),
                         [(n, *case) for n, cases in REFUSED.items() for case in cases])
def test_what_cannot_be_read_is_refused_in_a_sentence(name: str, text: str, sentence: str):
    with pytest.raises(TaskError) as caught:
        tasks.get(name).parse(text)
    assert sentence in caught.value.sentence and tasks.get(name).title in caught.value.sentence


def test_a_typed_date_is_solved_only_where_it_is_one():
    task = tasks.get("dates")
    for text, expected in (("3/4/1999", None), ("31 february 1998", None), ("12 march 98", None),
                           ("1 mai 2000", None),
                           ("1 may 2000", "2000-05-01"), ("may 1, 2000", "2000-05-01"),
                           ("dec 31 49", "2049-12-31"),
                           ("dec 31 50", "1950-12-31"), ("2011/11/1", "2011-11-01"),
                           ("01.02.2003", "2003-02-01")):
        solved = task.solve(task.parse(text))
        assert expected == (None if solved is None else "".join(task.to_words(solved)))
