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

    # voting.py, scenes.py
    VOTE = _("Vote")
    VOTE_WHY = _("A question with 2 to 5 options stands on every student's page and on the projector. Each seat has "
                 "one vote and can change it until you close the vote; the bars are hidden until you show them.")
    VOTE_OF_LESSON = _("A question of the lesson")
    VOTE_NONE = _("none: your own")
    VOTE_QUESTION = _("Question")
    VOTE_OPTIONS = _("Options, one a line")
    VOTE_ASK = _("Ask the class")
    VOTED = _n("{count} vote", "{count} votes")
    VOTED_OF = _n("{count} vote of {all}.", "{count} votes of {all}.")
    VOTE_CLOSE = _("Close the vote")
    VOTE_REOPEN = _("Open it again")
    VOTE_SHOW = _("Show the bars")
    VOTE_HIDE = _("Hide the bars")
    VOTE_DOWN = _("Take the question down")
    VOTING_CLOSED = _("The vote is closed.")
    NO_VOTE = _("Ask the class something first.")

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
    RUNS_TOO = _("with all runs")
    RUNS_TOO_WHY = _("The pause also rests what trains in the class: the computer is yours for a demonstration.")
    GO_ON = _("Go on")
    LESSON = _("Lesson")
    NO_LESSON = _("none: free work")
    TEACHERS_NOTES = _("Notes for the teacher: {title}")
    PACE = _("Open steps")
    PACE_WHY = _("Students work on these steps only; who stands elsewhere is led there. All steps: each goes their "
                 "own way.")
    QUESTION = _("Question")
    WHERE_THE_CLASS_IS = _("where the class is")
    PRINT_LESSON = _("Lesson to print")
    PRINT_LESSON_WHY = _("A page for you alone: how a class is run, each step with its answers, and these notes.")
    ON_PROJECTOR = _("On the projector")
    VIEWS = table({"join": _("How to join"), "wall": _("The wall"), "curves": _("All curves"),
                   "answers": _("Answers of the class"), "sweep": _("The shared study"), "board": _("The board"),
                   "run": _("Spotlight"), "cards": _("Cards"), "poll": _("The vote")})
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
    SPOTLIGHT_RUN = _("Spotlight")
    SPOTLIGHT_RUN_WHY = _("Shows this network on the projector, to look at only.")
    LIGHT = _("Light its curve")
    FREEZE = _("Freeze as a card")
    FREEZE_WHY = _("Keeps the newest run as it is now, to be shown later.")
    OPEN_RUN = _("Open the newest run")
    RULES = table({"diverged": _("two runs diverged"), "tries": _("three tries at one step"),
                   "idle": _("no action for {minutes} min")})
    NEEDS_HELP = _("*Needs help* means: two runs diverged, three tries at one step, or no action for four minutes.")
    STEP_OF = _("step {step:,}")
    LOSS = _("loss {loss:.3g}")
    VALIDATION = _("validation {accuracy}")
    RUNS = _n("{count} run", "{count} runs")

    # scenes.py
    CURVES_OF = _n("The newest run of {count} student", "The newest runs of {count} students")
    GROUPED = _("{words}: {groups}")
    GROUPS = table({"diverged": _("{count} diverged"), "flat": _("{count} flat"), "overfit": _("{count} overfit"),
                    "good": _("{count} good")})
    LIT_IS = _("{words}. The thick line: {name}")
    SKETCHES_BELOW = _("{words}. Dashed: {count} sketches made before")
    NO_QUESTION = _("Choose a lesson that asks something.")
    ANSWERED = _n("{count} answer of {all}", "{count} answers of {all}")
    PERCENT_OF_TRAINING = _("percent of the training")
    STEP = _("step")
    TRAINING_LOSS = _("training loss")
    VALIDATION_ACCURACY = _("validation accuracy")
    NO_JIGSAW = _("No study is shared out yet.")
    PARTS_DONE = _n("{count} part of {all} is there.", "{count} parts of {all} are there.")
    NO_BOARD = _("There is no board yet.")
    REASONS = table({"task": _("another task"), "parameters": _("too many parameters"),
                     "train_fraction": _("another fraction of the data"), "seed": _("another seed"),
                     "late": _("after the test was opened")})
    AT_MOST = _("at most {parameters:,} parameters")
    OF_THE_DATA = _("{fraction} of the data")
    SEED = _("seed {seed}")
    NO_LIMITS = _("no limits")
    NO_SPOTLIGHT = _("Choose a tile on the wall, then Spotlight.")
    MORE_LAYERS = _n("and {count} more", "and {count} more")
    PARAMETERS_OF = _("{parameters} parameters")

    # network_test.py
    TEST_NETWORK = _("Test the network")
    ADDRESS_IS = _("Students reach this computer at {address}.")
    ADDRESS_NONE = _("This computer has no address in a network: connect it to the Wi-Fi or by cable, then reload.")
    ADDRESS_CLOSED = _("The server listens to this computer alone (it was started with --server.address {bound}): "
                       "start it without that option.")
    TECHNICIAN = _("For the school's technician: from the students' devices to {address}, please allow TCP port "
                   "{port}, plain HTTP and WebSocket (HTTP Upgrade), without a proxy between; and switch off client "
                   "isolation in this Wi-Fi. Nothing else is needed, no internet either.")

    # together.py
    TOGETHER = _("Together")
    SHARE_OUT = _("Share out a study")
    SHARE_OUT_WHY = _("Each student trains one value of one setting; the projector draws the whole sweep. The "
                      "network is the one on your Workbench: {name}.")
    WHAT_IS_VARIED = _("What is varied")
    VALUES = _("Values, with commas between them")
    HAND_OUT = _("Hand out the parts")
    TAKE_BACK = _("Take the parts back")
    HANDED_OUT = _("Handed out: {title}, {values}")
    THE_BOARD = _("A board under a budget")
    THE_BOARD_WHY = _("Who has the best network for *{task}* within the budget? Ranked by validation accuracy, "
                      "without names. The test results stay sealed until you open them once, at the end.")
    MOST_PARAMETERS = _("Parameters, at most")
    FRACTION = _("Fraction of the data")
    BOARD_SEED = _("Seed")
    ANY = _("any")
    SET_UP_BOARD = _("Set up the board")
    OPEN_TEST = _("Open the test results, once")
    OPEN_TEST_WHY = _("Runs that begin afterwards no longer count.")
    TEST_IS_OPEN = _("The test results are open: runs that began later do not count.")
    TAKE_DOWN = _("Take the board down")

    # collected.py
    CARDS = _("Cards")
    NO_CARDS = _("No card yet: choose a tile on the wall and freeze its newest run.")
    CARD_OF = _("{name}: {run}, step {step:,}")
    THROW_AWAY = _("Throw away")
    EARLIER = _("Show earlier")
    HANDED_IN = _("Handed in")
    NOTHING_HANDED_IN = _("Nothing has been handed in yet.")
    DOWNLOAD = _("Download all as a zip")
    DOWNLOAD_WHY = _("A table (CSV), the designs, a script for each, and a page to print.")

    # learner.py, of a lesson
    OPEN_LESSON = _("Go on with the lesson: {title}")

    # assignments.py
    YOUR_PART = _("Your part of the study")
    YOUR_PART_IS = _("Train the shared network with **{label}**. Your result is one dot in the sweep on the projector.")
    TRAIN_PART = _("Train my part")
    BOARD_TITLE = _("The board")
    BOARD_BUDGET = _("The best network for *{task}* wins: {budget}.")
    YOUR_RANK = _("You are number {rank} of {count}, with {accuracy} in validation.")
    NOT_RANKED = _("Your best run does not count: {reason}.")
    NO_RANK = _("No run of yours counts yet.")
    SPOTLIGHT = _("The network on the projector")
    SPOTLIGHT_WHY = _("Ask it something of your own: the answer comes from the network that everybody sees.")
    DRAW_INTO = _("Draw into it")
    LOOK_INTO = _("Look into it")
    HAND_IN = _("Hand in")
    HAND_IN_RUN = _("Which run")
    HAND_IN_SENTENCE = _("What did you find out? One sentence, for your teacher alone.")
    HAND_IN_AGAIN = _("Handed in: {run}, step {step:,}. You can hand in again; the last one counts.")


texts = ClassroomTexts()
