"""Whether a tick is earned, and by what: its clauses over runs and over what was done. Knows no page and no file."""
from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dlviz.lessons.moments import EVENTS, Evidence, Moment, PageEvent, RunMoment
from dlviz.lessons.sameness import part_of, same_but
from dlviz.lessons.trees import (
    Clause,
    Compared,
    Expression,
    Fact,
    Joined,
    Literally,
    Negated,
    Number,
    SameBut,
    Tick,
    Word,
)
from dlviz.lessons.words import FACTS, NUMBERS, OF_EVENTS, TEXTS

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_REACH: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul}


@dataclass(frozen=True)
class Ground:
    """What a learner has done since a lesson began: their runs, oldest first, and events, oldest first."""

    runs: Sequence[RunMoment] = ()
    events: Sequence[PageEvent] = ()

    def moments(self) -> list[Moment]:
        """Runs as they are now, and events with their runs, in order of time."""
        by_id = {run.info.id: run for run in self.runs}
        found = [*(Moment(run) for run in self.runs),
                 *(Moment(by_id.get(event.run), event) for event in self.events)]
        return sorted(found, key=lambda moment: moment.at)


@dataclass(frozen=True)
class _Pair:
    """The moment that is looked at, and an earlier run that it may be compared with."""

    now: Moment
    earlier: Moment | None


def earned(tick: Tick, ground: Ground) -> tuple[Evidence, ...] | None:
    """What the tick is earned by, one piece for each moment that counts; None while it is not."""
    found, open_clause = _so_far(tick, ground)
    return None if open_clause else tuple(map(_evidence, found))


def counted(tick: Tick, ground: Ground) -> tuple[int, int] | None:
    """How often what the tick waits for has happened, and how often it has to; None where once is enough."""
    found, open_clause = _so_far(tick, ground)
    return (len(found), open_clause.times) if open_clause and open_clause.times > 1 else None


def value(expression: Expression, now: Moment, earlier: Moment | None = None) -> float | None:
    """What an expression gives at a moment; None where a word of it cannot be read there."""
    return _value(expression, _Pair(now, earlier))


def _so_far(tick: Tick, ground: Ground) -> tuple[list[Moment], Clause | None]:
    """All moments that count, or those of the first clause that has too few yet, with that clause."""
    moments, after, found = ground.moments(), -1, list[Moment]()
    for clause in tick.clauses:
        some = _satisfying(clause, moments, after)
        if len(some) < clause.times:
            return some, clause
        found += some
        after = max(map(moments.index, some))
    return found, None


def _satisfying(clause: Clause, moments: Sequence[Moment], after: int) -> list[Moment]:
    """The first moments behind place `after` that the clause holds for, as many as it wants at most."""
    found, done = [], of_events(clause.fact)
    for moment in moments[after + 1:]:
        if (moment.event is not None) == done and _found(clause.fact, moment, moments):
            found.append(moment)
            if len(found) == clause.times:
                break
    return found


def _found(fact: Fact, moment: Moment, moments: Sequence[Moment]) -> bool:
    """Whether the fact holds at this moment, beside some earlier run where it speaks of one."""
    return any(_holds(fact, _Pair(moment, earlier)) for earlier in (None, *_before(moment, moments)))


def of_events(fact: Fact) -> bool:
    """Whether a fact speaks of something done; else it is about runs as they are now."""
    match fact:
        case Joined(_, parts):
            return any(map(of_events, parts))
        case Negated(inner):
            return of_events(inner)
        case Word(name):
            return name in EVENTS or name in OF_EVENTS
        case Compared(_, Word(name)):
            return name in OF_EVENTS
        case _:
            return False


def _before(moment: Moment, moments: Sequence[Moment]) -> list[Moment]:
    """Runs that began before this one."""
    return [one for one in moments if one.event is None and one.at < moment.at]


def _holds(fact: Fact, pair: _Pair) -> bool:
    match fact:
        case Joined("and", parts):
            return all(_holds(part, pair) for part in parts)
        case Joined(_, parts):
            return any(_holds(part, pair) for part in parts)
        case Negated(inner):
            return not _holds(inner, pair)
        case Word(name):
            return FACTS[name][1](pair.now)
        case SameBut():
            return _same(fact, pair)
        case Compared():
            return _compare(fact, pair)


def _same(fact: SameBut, pair: _Pair) -> bool:
    now, earlier = pair.now.run, pair.earlier.run if pair.earlier else None
    if now is None or earlier is None or not same_but(now.experiment, earlier.experiment, fact.part):
        return False
    if not fact.direction:
        return True
    new, old = part_of(now.experiment, fact.part), part_of(earlier.experiment, fact.part)
    if not isinstance(new, int | float) or not isinstance(old, int | float):
        return False
    return new < old if fact.direction == "lower" else new > old


def _compare(fact: Compared, pair: _Pair) -> bool:
    if isinstance(fact.right, Literally):
        return _named(fact, fact.right.text, pair)
    left, right = _value(fact.left, pair), _value(fact.right, pair)
    return left is not None and right is not None and _COMPARE[fact.operator](left, right)


def _named(fact: Compared, text: str, pair: _Pair) -> bool:
    """Whether a word with texts has this one, or, with !=, has some and not this one."""
    moment = _moment(fact.left, pair) if isinstance(fact.left, Word) else None
    if moment is None or not isinstance(fact.left, Word):
        return False
    found = TEXTS[fact.left.name].read(moment)
    return text in found if fact.operator == "=" else bool(moment.run or found) and text not in found


def _value(expression: Expression, pair: _Pair) -> float | None:
    match expression:
        case Number(number):
            return number
        case Word(name):
            moment = _moment(expression, pair)
            return NUMBERS[name].read(moment) if moment and name in NUMBERS else None
        case Literally():
            return None
        case _:
            left, right = _value(expression.left, pair), _value(expression.right, pair)
            if left is None or right is None:
                return None
            if expression.operator == "/":
                return left / right if right else None
            return _REACH[expression.operator](left, right)


def _moment(word: Word, pair: _Pair) -> Moment | None:
    return pair.earlier if word.earlier else pair.now


def _evidence(moment: Moment) -> Evidence:
    info = moment.run.info if moment.run else None
    run = info.id if info else moment.event.run if moment.event else ""
    return Evidence(run, info.name if info else "", moment.step, moment.event.kind if moment.event else "")
