"""What somebody may not do in a class, in sentences. Changes nothing."""
from __future__ import annotations

from dlviz.errors import ClassError
from dlviz.translation import Words, _


def not_the_teacher() -> ClassError:
    return ClassError(_("What the teacher of a class does"), _("must come from the teacher's own browser"),
                      _("this one is not known as a teacher's"),
                      _("Open the link that the server printed at its start."))


def wrong_secret() -> ClassError:
    return ClassError(_("The teacher's link"), _("must carry the secret that only the teacher knows"),
                      _("this one does not"), _("Copy the link from the window in which the server was started."))


def no_room(code: str) -> ClassError:
    return ClassError(_("The code {code!r}", code=code) if code else _("A code"),
                      _("must be five letters that belong to an open class"),
                      _("there is none of this name") if code else _("there are no letters in it"),
                      _("Read it once more from the projector."))


def no_seat_words() -> ClassError:
    return ClassError(_("Seat words"), _("must be the three that stand on the seat's other screen"),
                      _("no seat has these"), _("Read them once more, with a space between two words."))


def closed(code: str) -> ClassError:
    return ClassError(_("The class {code}", code=code), _("must be open for newcomers"),
                      _("its teacher lets nobody in just now"), _("Ask the teacher to let you in."))


def full(code: str, most: int) -> ClassError:
    return ClassError(_("The class {code}", code=code), _("can only seat {most}", most=most), _("all seats are taken"),
                      _("Ask the teacher to remove a seat that nobody uses, or to open a second class."))


def too_many_rooms(most: int) -> ClassError:
    return ClassError(_("This server"), _("can only hold {most} classes at a time", most=most), _("so many are open"),
                      _("End one that is over: all that was made in it goes."))


def no_such_room() -> ClassError:
    return ClassError(_("This class"), _("must be open"), _("it was ended, or never was"), _("Open a new one."))


def no_such_seat() -> ClassError:
    return ClassError(_("This seat"), _("must be one of the class"), _("it was removed, or never was"),
                      _("Look at the wall again."))


def no_seat() -> ClassError:
    return ClassError(_("This browser"), _("must sit in a class"), _("it does not"),
                      _("Join with the code on the projector."))


def no_more_names() -> ClassError:
    return ClassError(_("A name"), _("can only be drawn anew twice"), _("this seat has done so"),
                      _("Keep it: it is forgotten with the class."))


def not_this_step(first: int, last: int) -> ClassError:
    steps = f"step {first} is open" if first == last else f"steps {first} to {last} are open"
    return ClassError(_("A step of the class's lesson"), _("must be one that the teacher has opened"),
                      _("only {steps} now", steps=steps),
                      _("Try another value meanwhile; it goes on in a moment."))


def no_vote() -> ClassError:
    return ClassError(_("A vote"), _("must come from a seat of the class while voting is open"),
                      _("it is not open now"), _("Wait for the next question."))


def no_such_option(count: int) -> ClassError:
    return ClassError(_("A vote"), _("must be for one of the {count} options", count=count),
                      _("another one was asked for"), _("Choose one of these."))


def not_a_poll(reason: Words) -> ClassError:
    return ClassError(_("A question to vote on"), _("must have a text and 2 to 5 different options"), reason,
                      _("Write one option a line, each in a few words."))


def too_many_cards(most: int) -> ClassError:
    return ClassError(_("A class"), _("can only have {most} cards", most=most), _("there are so many"),
                      _("Throw one away first."))


def no_such_card() -> ClassError:
    return ClassError(_("This card"), _("must be one of the class"), _("it was thrown away"), _("Freeze another run."))


def not_yours(name: str) -> ClassError:
    return ClassError(_("The run {name!r}", name=name), _("must be handed in by whoever made it"),
                      _("somebody else did"), _("Choose one of your own."))
