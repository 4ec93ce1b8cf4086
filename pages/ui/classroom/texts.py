"""The interface texts of the page Class, by file. What stands in braces is filled in by the page."""
from __future__ import annotations

from dlviz.translation import _, _n, table


class ClassroomTexts:
    # joining.py
    JOIN_A_CLASS = _("Join a class")
    TYPE_THE_CODE = _("Type the code that stands on the projector.")
    CODE = _("Code")
    CODE_PLACEHOLDER = _("five letters")
    JOIN = _("Join")
    TEACHER_SEES = _("Your teacher sees your runs and answers in this class. You get a made-up name; nothing about "
                     "you is asked for. All of it is deleted when the class ends.")
    SEAT_ON_ANOTHER = _("I already have a seat on another device")
    SEAT_WORDS = _("Your three seat words")
    CARRY = _("Take my seat along")
    FOR_TEACHERS = _("**For teachers.** The window in which dlviz was started shows a line *Teacher's link*. Open "
                     "that link in this browser: this page then opens classes. It stays valid after a restart.")

    # learner.py
    YOU_ARE = _("You are {name}")
    IN_CLASS = _("in the class {code}")
    WAITING = _("Your teacher will let you in. Until then you can work by yourself: what you train is kept.")
    OTHER_NAME = _n("Another name ({count} time left)", "Another name ({count} times left)")
    BUILD = _("Build and train a network")
    SEAT_WORDS_ARE = _("Your seat words")
    SEAT_WORDS_WHY = _("With these three words you find your seat again on another device: open *Class* there and "
                       "choose *I already have a seat on another device*.")
    SOMEBODY_ELSE = _("I am someone else")
    SOMEBODY_ELSE_WHY = _("Leaves the seat, so that somebody else can use this browser. The seat words lead back to "
                          "it.")

    # teacher.py
    CLASSES = _("Classes")
    NO_CLASS_YET = _("No class is open")
    NO_CLASS_YET_WHY = _("A class has a code that your students type. They need no account, and all of it is deleted "
                         "when you end the class.")
    OPEN_A_CLASS = _("Open a class")
    CLASS_OF = _("Class {code}")
    CHOOSE_CLASS = _("Class")
    PROJECTOR = _("Projector page")
    PROJECTOR_WHY = _("Opens in a window of its own: move it to the projector and press F11. It follows what you "
                      "choose here.")
    PAUSE = _("Pause: look up")
    PAUSE_WHY = _("Every student's screen says \"Look up\" and keeps its state. Runs go on.")
    GO_ON = _("Go on")
    ON_PROJECTOR = _("On the projector")
    VIEWS = table({"join": _("How to join"), "wall": _("The wall")})
    NAMES = _("Names on the projector")
    NAMES_WHY = _("Without this nobody can be told by the tiles; this page always has the names.")
    ADMISSION = _("Who comes now")
    ADMISSIONS = table({"open": _("sits down at once"), "ask": _("waits until I let them in"),
                        "closed": _("is refused")})
    END = _("End class")
    END_WHY = _("Everything that was made in this class is deleted: names, seats, runs, designs. This cannot be "
                "undone. Without it that happens {days} days after the class was opened.")
    END_FOR_GOOD = _("Delete everything")
    CANCEL = _("Cancel")
    STOP_TEACHING = _("This is not my browser")
    STOP_TEACHING_WHY = _("The browser forgets that it is a teacher's. Classes stay open; the teacher's link leads "
                          "back.")

    # wall.py
    LET_IN = _("Let in")
    LET_ALL_IN = _n("Let {count} student in who waits", "Let {count} students in who wait")
    REMOVE = _("Remove from the class")
    OPEN_RUN = _("Open the newest run")
    RULES = table({"diverged": _("two runs diverged"), "idle": _("no action for {minutes} min")})
    NEEDS_HELP = _("*Needs help* means: two runs diverged, or no action for four minutes.")
    STEP_OF = _("step {step:,}")
    LOSS = _("loss {loss:.3g}")
    VALIDATION = _("validation {accuracy}")
    RUNS = _n("{count} run", "{count} runs")


texts = ClassroomTexts()
