"""Byte pair encoding, merge by merge: which two pieces became one, and what a text is cut into by then."""
from __future__ import annotations

from dlviz.network import NetworkReport
from dlviz.tasks import Task
from dlviz.tasks.tokenizers import Tokenizer, visible
from dlviz.translation import _
from dlviz.views.base import CaptureRequest, Choices, Drawing, Json, Observation, Range, Subject, View, Widget
from dlviz.views.texts import texts

ROWS = 12  # merges that are listed


class Merges(View):
    key = "merges"
    title = _("Merges")
    sentence = _("How the symbols were learned: the commonest two neighbours in the text became one, again and again.")
    words = _("""
Byte pair encoding begins with single characters. Again and again the two neighbours that stand beside each other
most often in the training text become one symbol (Sennrich, Haddow and Birch 2016). Frequent words end as one piece,
rare words stay several, so that no word is unknown and the vocabulary has the size that was chosen. Merges never
reach across the end of a word; the space behind a word belongs to it.
""")
    icon = ":material/merge:"
    places = ("look",)
    order = 160
    script = "language/merges.js"

    def suits(self, report: NetworkReport, task: Task) -> bool:
        return task.tokenizer is not None and bool(task.tokenizer.pairs.merges)

    def choices(self, subject: Subject) -> tuple[Widget, ...]:
        count = len(_tokenizer(subject).pairs.merges)
        return (Range("merges.count", texts.MERGES, 0, count, 1, count, texts.MERGES_HELP),)

    def request(self, subject: Subject, choices: Choices) -> CaptureRequest:
        return CaptureRequest()

    def draw(self, subject: Subject, observation: Observation, choices: Choices) -> Drawing:
        writer = subject.task.stepwise
        assert writer is not None
        inputs = subject.asked.inputs
        text = writer.to_text(inputs, inputs[0][:0])
        return payload(_tokenizer(subject), text, int(choices["merges.count"]))


def payload(tokenizer: Tokenizer, text: str, count: int) -> Json:
    """The text in pieces after `count` merges, those of the last one marked, and the merges before it."""
    merges = tokenizer.pairs.merges[:count]
    last = visible(merges[-1].joined) if merges else ""
    rows = [{"number": number, "left": visible(merge.left), "right": visible(merge.right),
             "joined": visible(merge.joined), "count": merge.count}
            for number, merge in list(enumerate(merges, 1))[-ROWS:]]
    letters = set(tokenizer.symbols) - {merge.joined for merge in tokenizer.pairs.merges}
    return {"pieces": list(tokenizer.after(text, count)), "characters": len(text), "last": last,
            "symbols": len(letters | {merge.joined for merge in merges}), "rows": rows[::-1]}


def _tokenizer(subject: Subject) -> Tokenizer:
    tokenizer = subject.task.tokenizer
    assert tokenizer is not None
    return tokenizer
