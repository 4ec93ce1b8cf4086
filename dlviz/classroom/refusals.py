"""What somebody may not do in a class, in sentences. Changes nothing."""
from __future__ import annotations

from dlviz.errors import ClassError


def not_the_teacher() -> ClassError:
    return ClassError("What the teacher of a class does", "must come from the teacher's own browser",
                      "this one is not known as a teacher's", "Open the link that the server printed at its start.")


def wrong_secret() -> ClassError:
    return ClassError("The teacher's link", "must carry the secret that only the teacher knows", "this one does not",
                      "Copy the link from the window in which the server was started.")


def no_room(code: str) -> ClassError:
    return ClassError(f"The code {code!r}" if code else "A code", "must be five letters that belong to an open class",
                      "there is none of this name" if code else "there are no letters in it",
                      "Read it once more from the projector.")


def no_seat_words() -> ClassError:
    return ClassError("Seat words", "must be the three that stand on the seat's other screen", "no seat has these",
                      "Read them once more, with a space between two words.")


def closed(code: str) -> ClassError:
    return ClassError(f"The class {code}", "must be open for newcomers", "its teacher lets nobody in just now",
                      "Ask the teacher to let you in.")


def full(code: str, most: int) -> ClassError:
    return ClassError(f"The class {code}", f"can only seat {most}", "all seats are taken",
                      "Ask the teacher to remove a seat that nobody uses, or to open a second class.")


def too_many_rooms(most: int) -> ClassError:
    return ClassError("This server", f"can only hold {most} classes at a time", "so many are open",
                      "End one that is over: all that was made in it goes.")


def no_such_room() -> ClassError:
    return ClassError("This class", "must be open", "it was ended, or never was", "Open a new one.")


def no_such_seat() -> ClassError:
    return ClassError("This seat", "must be one of the class", "it was removed, or never was",
                      "Look at the wall again.")


def no_seat() -> ClassError:
    return ClassError("This browser", "must sit in a class", "it does not", "Join with the code on the projector.")


def no_more_names() -> ClassError:
    return ClassError("A name", "can only be drawn anew twice", "this seat has done so",
                      "Keep it: it is forgotten with the class.")


def not_this_step(first: int, last: int) -> ClassError:
    steps = f"step {first} is open" if first == last else f"steps {first} to {last} are open"
    return ClassError("A step of the class's lesson", "must be one that the teacher has opened", f"only {steps} now",
                      "Try another value meanwhile; it goes on in a moment.")


def too_many_cards(most: int) -> ClassError:
    return ClassError("A class", f"can only have {most} cards", "there are so many", "Throw one away first.")


def no_such_card() -> ClassError:
    return ClassError("This card", "must be one of the class", "it was thrown away", "Freeze another run.")


def not_yours(name: str) -> ClassError:
    return ClassError(f"The run {name!r}", "must be handed in by whoever made it", "somebody else did",
                      "Choose one of your own.")
