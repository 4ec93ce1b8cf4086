"""A lesson on paper, for who teaches it: how a class is run, each step with its answers, and the notes. Plain HTML.

Learners never get it. `python -m dlviz.classroom.printing` writes the three of `docs/print`.
"""
from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

from dlviz import lessons
from dlviz.lessons import Lesson, LessonStep, Question
from dlviz.lessons.sites import CONTROLS, PAGES

SHIPPED = ("reads-your-digits", "size-of-a-step", "ask-the-facts")  # those in docs/print
RUNNING = Path(__file__).with_name("running.md")  # how a class is run, with the lesson's title in it
STYLE = """
@page { size: A4; margin: 16mm }
body { font: 10.5pt/1.42 sans-serif; max-width: 46em; margin: 2em auto; color: #111 }
h1 { font-size: 18pt; margin: 0 0 .1em }
h2 { font-size: 13pt; margin: 1.1em 0 .3em; border-bottom: 1px solid #999 }
h3 { font-size: 11pt; margin: 0 }
p, ul, ol { margin: .3em 0 }
ol, ul { padding-left: 1.5em }
section { break-inside: avoid; margin: .7em 0 }
.kind { color: #444 }
.say { margin: .25em 0 .25em 1em }
.tick, .where { font-size: 9.5pt; color: #333; margin-left: 1em }
code { font: 9pt monospace }
.fits { font-weight: bold }
@media print { body { margin: 0 } }
"""
KINDS = {"predict": "Predict", "do": "Do", "observe": "Observe", "explain": "Explain"}


def sheet(lesson: Lesson) -> str:
    """The whole page; nothing is loaded from elsewhere."""
    steps = "".join(_step(lesson, number, step) for number, step in enumerate(lesson.steps, 1))
    running = RUNNING.read_text(encoding="utf-8").replace("{title}", lesson.title)
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(lesson.title)}</title>'
            f"<style>{STYLE}</style><h1>{escape(_heading(lesson))}</h1>"
            f"<p>{_inline(lesson.idea)} {lesson.minutes} minutes, {len(lesson.steps)} steps. "
            f"This page is for who teaches: students never see its answers and notes.</p>"
            f"<h2>For the teacher</h2>{_text(lesson.teacher)}{_text(running)}<h2>Step by step</h2>{steps}</html>\n")


def _heading(lesson: Lesson) -> str:
    return lesson.title if lesson.own else f"Lesson {lesson.number}: {lesson.title}"


def _step(lesson: Lesson, number: int, step: LessonStep) -> str:
    parts = [f'<h3><span class="kind">{number}. {KINDS[step.kind]}.</span> {_inline(step.title)}</h3>',
             f'<div class="say">{_text(step.text)}</div>', _question(step.question), _where(lesson, step)]
    if step.tick is not None:
        parts.append(f'<p class="tick">&#10003; noted by itself when: <code>{escape(step.tick.text)}</code></p>')
    if step.compares is not None:
        asked = lesson.step(step.compares.step).title
        parts.append(f'<p class="tick">The answer to &ldquo;{escape(asked)}&rdquo; is laid under the result.</p>')
    return f"<section>{''.join(parts)}</section>"


def _question(question: Question | None) -> str:
    if question is None:
        return ""
    if question.form == "number":
        return f'<p class="where">Answer: a number, {question.low:g} to {question.high:g} {escape(question.unit)}.</p>'
    if question.form == "sketch":
        return f'<p class="where">Answer: a sketch of {escape(", ".join(question.curves).replace("_", " "))}.</p>'
    rows = "".join(f'<li{" class=fits" if option.fits else ""}>{_inline(option.text)}'
                   f'{f" &rarr; {_inline(option.reply)}" if option.reply else ""}</li>' for option in question.options)
    return f"<ol>{rows}</ol>" if question.form == "ranking" else f"<ul>{rows}</ul>"


def _where(lesson: Lesson, step: LessonStep) -> str:
    """The page, the design that is opened, and what has the ring of light."""
    parts = [f"Page: {PAGES[step.page]}."] if step.page else []
    if step.opens:
        parts.append(f"A button opens the network &ldquo;{escape(lesson.designs[step.opens].name)}&rdquo;.")
    if step.light:
        lit = "; ".join(CONTROLS[word].rstrip(".") for word in step.light)
        parts.append(f"Ring of light: {escape(lit)}.")
    return f'<p class="where">{" ".join(parts)}</p>' if parts else ""


def _text(markdown: str) -> str:
    """Headings, paragraphs and lists of the little Markdown that lessons use."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", markdown) if block.strip()]
    return "".join(_block(block) for block in blocks)


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{_inline(block[3:])}</h2>"
    items = re.split(r"(?m)^(?:[-*]|\d+\.) +", block)
    if items[0] or len(items) == 1:
        return f"<p>{_inline(' '.join(block.split()))}</p>"
    kind = "ol" if block[0].isdigit() else "ul"
    return f"<{kind}>" + "".join(f"<li>{_inline(' '.join(item.split()))}</li>" for item in items[1:]) + f"</{kind}>"


def _inline(text: str) -> str:
    """Bold, italics and code."""
    found = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    found = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", found)
    return re.sub(r"\*([^*]+)\*", r"<i>\1</i>", found)


def file_name(lesson: Lesson) -> str:
    return f"{lesson.id}.html" if lesson.own else f"{lesson.number:02}-{lesson.id}.html"


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/print")
    folder.mkdir(parents=True, exist_ok=True)
    for one in map(lessons.get, SHIPPED):
        (folder / file_name(one)).write_text(sheet(one), encoding="utf-8")
