"""Lessons that check themselves: read from files, followed by what a learner's own runs show. Knows no page.

    lessons.every()                                   all lessons, lessons.units() by unit, lessons.get(id) one
    lessons.record()                                  how far each owner is: begin, go, answer, leave, progress
    lessons.observe(service, record, progress, step)  the evidence of a step's tick, once it is earned
"""
from __future__ import annotations

from dlviz.lessons import sealing, sharing
from dlviz.lessons.catalogue import every, get, own_folder, troubles, units
from dlviz.lessons.following import answer, counted, ground, measured, observe, standing
from dlviz.lessons.lesson import Lesson, LessonStep, Question
from dlviz.lessons.moments import Evidence, PageEvent
from dlviz.lessons.reading import read
from dlviz.lessons.record import LessonRecord, Progress, record

__all__ = [
           "Evidence",
           "Lesson",
           "LessonRecord",
           "LessonStep",
           "PageEvent",
           "Progress",
           "Question",
           "answer",
           "counted",
           "every",
           "get",
           "ground",
           "measured",
           "observe",
           "own_folder",
           "read",
           "record",
           "sealing",
           "sharing",
           "standing",
           "troubles",
           "units",
]
