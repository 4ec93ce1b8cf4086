"""Classes: codes and names, who has which right, seats that move, what a killed server finds again, and the end."""
from __future__ import annotations

import csv
import io
import sqlite3
import time
import zipfile
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from dlviz import lessons, owners, settings
from dlviz.classroom import (
    addresses,
    archive,
    board,
    classroom,
    clusters,
    exercises,
    need,
    pausing,
    records,
    storage,
    sweep,
    teacher_key,
    teaching,
    tries,
    votes,
    wall,
    wiping,
    words,
)
from dlviz.classroom.classroom import Classroom
from dlviz.classroom.model import Board, Jigsaw, Seat
from dlviz.errors import ClassError, LessonError, SpecError
from dlviz.network import editing
from dlviz.owners import is_owner
from dlviz.presets import get
from dlviz.spec import from_json, from_link
from dlviz.training import events as ev
from dlviz.training.control import Pause, Resume
from tests.pages.train_service import FakeService, info

TEACHER, ANN, BEN = "v1-teacher", "v1-ann", "v1-ben"
MLP = get("mlp").experiment


@pytest.fixture
def rooms() -> Classroom:
    made = Classroom()
    made.teach(teacher_key.teacher_secret(), TEACHER)
    return made


@pytest.fixture
def room(rooms):
    return rooms.open_room(TEACHER)


# words

def test_codes_have_five_letters_of_which_no_two_look_alike():
    codes = {words.new_code(()) for _ in range(300)}
    assert {len(code) for code in codes} == {5} and set("".join(codes)) <= set(words.LETTERS)
    assert not set(words.LETTERS) & set("O0QDIL1JBSZUVNAE") - {"J"}


def test_a_code_is_read_as_people_type_it():
    assert words.read_code(" kcx-tr ") == words.read_code("KCXTR") == "KCXTR"


def test_a_new_code_is_none_of_those_that_are_taken(monkeypatch):
    letters = iter("CCCCCFFFFF")
    monkeypatch.setattr(words.secrets, "choice", lambda _: next(letters))
    assert words.new_code({"CCCCC"}) == "FFFFF"


def test_names_differ_in_the_animal_as_long_as_there_are_animals():
    taken: set[tuple[str, str]] = set()
    for _ in range(settings.MAX_SEATS):
        taken.add(words.new_name(taken))
    assert len(taken) == settings.MAX_SEATS
    assert max(Counter(animal for _, animal in taken).values()) == -(-settings.MAX_SEATS // len(words.ANIMALS))


def test_seat_words_are_short_different_and_many():
    assert len(set(words.SEAT_WORDS)) == len(words.SEAT_WORDS) > 200
    assert all(word.isalpha() and 3 <= len(word) <= 8 for word in words.SEAT_WORDS)
    assert words.read_seat_words(" Apple,  RIVER\tmoon ") == "apple river moon"


# the teacher

def test_the_secret_survives_a_restart_and_nobody_else_reads_it():
    first = teacher_key.teacher_secret()
    assert teacher_key.teacher_secret() == first and len(first) == 22
    assert (settings.home() / teacher_key.NAME).stat().st_mode & 0o077 == 0


def test_a_teacher_stays_one_after_a_restart_until_the_browser_is_given_up(rooms):
    again = Classroom()
    assert again.teaches(TEACHER) and not again.teaches(ANN)
    again.stop_teaching(TEACHER)
    assert not Classroom().teaches(TEACHER)


@pytest.mark.parametrize("secret", ["", "x", "x" * 22, "ü" * 22])
def test_a_wrong_secret_makes_no_teacher(secret):
    made = Classroom()
    with pytest.raises(ClassError, match="Copy the link from the window"):
        made.teach(secret, ANN)
    assert not made.teaches(ANN)


def test_what_a_teacher_may_nobody_else_may(rooms, room):
    seat = rooms.join(room.code, ANN)
    wishes = [lambda: rooms.open_room(ANN), lambda: rooms.rooms(ANN), lambda: rooms.room(room.id, ANN),
              lambda: rooms.change(room.id, ANN, paused=True), lambda: rooms.close_room(room.id, ANN),
              lambda: rooms.seats(room.id, ANN), lambda: rooms.seat(seat.id, ANN), lambda: rooms.admit(seat.id, ANN),
              lambda: rooms.remove(seat.id, ANN), lambda: wall.Walls(rooms, FakeService()).tiles(room.id, ANN)]
    for wish in wishes:
        with pytest.raises(ClassError, match="must come from the teacher's own browser"):
            wish()
    assert rooms.room(room.id, TEACHER) == room and rooms.seat_of(ANN) == seat


def test_guesses_are_counted(rooms, room, monkeypatch):
    for _ in range(tries.EACH):
        with pytest.raises(ClassError, match="belong to an open class"):
            rooms.join("CCCCC" if room.code != "CCCCC" else "FFFFF", ANN)
    with pytest.raises(ClassError, match="Wait a minute"):
        rooms.join(room.code, ANN)
    assert rooms.join(room.code, BEN)
    now = time.monotonic()
    monkeypatch.setattr(tries.time, "monotonic", lambda: now + tries.WINDOW + 1)
    assert rooms.join(room.code, ANN)


def test_a_server_holds_so_many_classes(rooms):
    for _ in range(settings.MAX_ROOMS):
        rooms.open_room(TEACHER)
    with pytest.raises(ClassError, match="can only hold 20 classes"):
        rooms.open_room(TEACHER)


# seats

def test_who_joins_has_a_seat_which_owns_what_is_made(rooms, room):
    seat = rooms.join(room.code.lower(), ANN)
    assert rooms.owner_of(ANN) == seat.owner != ANN and rooms.owner_of(BEN) == BEN
    assert is_owner(seat.owner) and owners.is_seat_owner(seat.owner) and not owners.is_seat_owner(ANN)
    assert rooms.join(room.code, ANN) == seat, "the same seat for who joins twice"
    assert rooms.join(room.code, BEN).name != seat.name


def test_a_code_that_no_class_has_is_a_sentence(rooms):
    with pytest.raises(ClassError, match="Read it once more from the projector"):
        rooms.join("?!", ANN)


def test_a_name_can_be_drawn_anew_twice(rooms, room):
    names = {rooms.join(room.code, ANN).name, rooms.reroll(ANN).name, rooms.reroll(ANN).name}
    assert len(names) == 3
    with pytest.raises(ClassError, match="drawn anew twice"):
        rooms.reroll(ANN)
    with pytest.raises(ClassError, match="must sit in a class"):
        rooms.reroll(BEN)


def test_seat_words_carry_a_seat_to_another_device(rooms, room):
    seat = rooms.join(room.code, ANN)
    assert rooms.carry(seat.words.upper(), BEN) == seat
    assert rooms.owner_of(ANN) == rooms.owner_of(BEN) == seat.owner
    with pytest.raises(ClassError, match="no seat has these"):
        rooms.carry("apple apple", BEN)


def test_who_is_someone_else_leaves_the_seat_and_it_stays(rooms, room):
    seat = rooms.join(room.code, ANN)
    rooms.leave(ANN)
    assert rooms.owner_of(ANN) == ANN and rooms.seats(room.id, TEACHER) == (seat,)
    other = rooms.join(room.code, ANN)
    assert other.owner != seat.owner, "the next who sits at this computer gets nothing of the last"


def test_all_is_there_after_a_killed_server(rooms, room):
    seat = rooms.join(room.code, ANN)
    rooms.reroll(ANN)
    rooms.change(room.id, TEACHER, paused=True, showing="wall")
    again = Classroom()
    assert again.seat_of(ANN) == rooms.seat_of(ANN) != seat
    assert again.room(room.id, TEACHER).paused and again.room(room.id, TEACHER).showing == "wall"


def test_a_guest_waits_until_the_teacher_lets_them_in(rooms, room):
    rooms.change(room.id, TEACHER, admission="ask", paused=True)
    seat = rooms.join(room.code, ANN)
    assert not seat.admitted and rooms.owner_of(ANN) == seat.owner
    before = rooms.pulse(ANN, 0.0)
    assert not before["paused"], "who is not in the class yet is not told to look up"
    rooms.admit(seat.id, TEACHER)
    after = rooms.pulse(ANN, 0.0)
    assert after["paused"] and after["turn"] != before["turn"]
    rooms.change(room.id, TEACHER, admission="closed")
    with pytest.raises(ClassError, match="lets nobody in just now"):
        rooms.join(room.code, BEN)


def test_a_class_has_room_for_so_many(rooms, room, monkeypatch):
    monkeypatch.setattr(settings, "MAX_SEATS", 1)
    rooms.join(room.code, ANN)
    with pytest.raises(ClassError, match="all seats are taken"):
        rooms.join(room.code, BEN)


def test_the_pulse_of_who_sits_nowhere_says_nothing(rooms, room):
    rooms.change(room.id, TEACHER, paused=True)
    assert rooms.pulse(ANN, 0.0) == {"turn": 0, "paused": False}


# the end

class Runs(FakeService):
    closed = False


@pytest.fixture
def service(monkeypatch):
    class NoStudies:
        def list(self, owner):
            return ()

    monkeypatch.setattr(wiping.studies, "of", lambda service: NoStudies())
    return Runs()


def test_the_end_of_a_class_leaves_nothing_of_it(rooms, room, service):
    other = rooms.open_room(TEACHER)
    ann, ben = rooms.join(room.code, ANN), rooms.join(other.code, BEN)
    service.put("hers", MLP, owner=ann.owner)
    service.put("his", MLP, owner=ben.owner)
    service.put("before", MLP, owner=ANN)
    drafts = settings.home() / "drafts"
    drafts.mkdir()
    for owner in (ann.owner, ben.owner, ANN, owners.new_seat_owner()):
        (drafts / f"{owner}.json").write_text("{}")
    wiping.end(rooms, service, room.id, TEACHER)
    assert set(service.infos) == {"his", "before"}
    assert {path.stem for path in drafts.glob("*")} == {ben.owner, ANN}
    assert rooms.owner_of(ANN) == ANN and rooms.pulse(ANN, 0.0)["turn"] == 0
    assert rooms.rooms(TEACHER) == (other,)
    rest = b"".join(path.read_bytes() for path in settings.home().glob("classes.sqlite*"))
    assert ben.words.encode() in rest
    assert ann.words.encode() not in rest and ann.owner.encode() not in rest and room.code.encode() not in rest


def test_a_server_that_was_killed_while_it_wiped_wipes_on(rooms, room, service):
    seat = rooms.join(room.code, ANN)
    rooms.close_room(room.id, TEACHER)
    service.put("hers", MLP, owner=seat.owner)
    again = Classroom()
    assert again.seat_of(ANN) is None
    wiping.sweep(again, service)
    assert not service.infos and not again.over() and not Classroom().over()


def test_a_class_lives_thirty_days_at_most(rooms, room, service, monkeypatch):
    seat = rooms.join(room.code, ANN)
    service.put("hers", MLP, owner=seat.owner)
    monkeypatch.setattr(classroom.time, "time", lambda: room.opened + (settings.CLASS_DAYS - 0.1) * classroom.DAY)
    wiping.sweep(rooms, service)
    assert rooms.seat_of(ANN)
    monkeypatch.setattr(classroom.time, "time", lambda: room.opened + (settings.CLASS_DAYS + 0.1) * classroom.DAY)
    assert rooms.seat_of(ANN) is None
    with pytest.raises(ClassError, match="belong to an open class"):
        rooms.join(room.code, BEN)
    wiping.sweep(rooms, service)
    assert not service.infos and not rooms.all_seats()


def test_a_removed_seat_takes_its_runs_along(rooms, room, service):
    seat = rooms.join(room.code, ANN)
    service.put("hers", MLP, owner=seat.owner)
    wiping.remove(rooms, service, seat.id, TEACHER)
    assert not service.infos and rooms.seat_of(ANN) is None and not rooms.seats(room.id, TEACHER)


def test_a_file_of_a_newer_version_is_a_sentence(rooms, room):
    with sqlite3.connect(settings.home() / "classes.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(ClassError, match="Start the newer dlviz"):
        Classroom()


def test_a_file_that_is_no_database_is_a_sentence():
    (settings.home() / "classes.sqlite").write_text("no database " * 100)
    with pytest.raises(ClassError, match="move the file away"):
        Classroom()


def test_without_a_class_there_is_no_file():
    made = Classroom()
    assert made.seat_of(ANN) is None and not list(settings.home().glob("classes*"))
    assert storage.ClassroomStore().rooms() == []


# the wall

def run(state: str, **values):
    return info("r", MLP, state=state, **values)


@pytest.mark.parametrize(("states", "idle", "rules", "sign"), [
    ((), 0, (), "todo"), (("training",), 0, (), "working"), (("done", "diverged"), 0, (), "done"),
    (("diverged",), 0, (), "working"), (("diverged", "done", "diverged"), 0, (), "working"),
    (("diverged", "diverged", "done"), 0, ("diverged",), "help"), (("done",), 239, (), "done"),
    (("done",), 240, ("idle",), "help"), (("diverged", "diverged"), 300, ("diverged", "idle"), "help")])
def test_who_needs_help(states, idle, rules, sign):
    runs = [run(state) for state in states]
    assert need.needs(runs, idle) == rules and need.sign(runs, rules) == sign


def test_the_wall_shows_who_needs_most_first(rooms, room):
    service = FakeService()
    seats = [rooms.join(room.code, f"v1-{number}") for number in range(4)]
    service.put("fine", MLP, owner=seats[0].owner, state="done", step=100)
    service.put("going", MLP, owner=seats[1].owner, step=50)
    for name in ("bad", "worse"):
        service.put(name, MLP, owner=seats[3].owner, state="diverged", step=1)
    tiles = wall.Walls(rooms, service).tiles(room.id, TEACHER)
    assert [tile.sign for tile in tiles] == ["help", "todo", "working", "done"]
    assert [tile.seat for tile in tiles] == [seats[3], seats[2], seats[1], seats[0]]
    assert [bool(tile.curve) for tile in tiles] == [False, False, True, True]
    assert wall.counts(tiles) == {"help": 1, "todo": 1, "working": 1, "done": 1}


def test_thirty_who_look_at_a_wall_make_it_once(rooms, room):
    service = FakeService()
    service.put("r", MLP, owner=rooms.join(room.code, ANN).owner, step=50)
    walls = wall.Walls(rooms, service)
    assert all(walls.tiles(room.id, TEACHER) is walls.tiles(room.id, TEACHER) for _ in range(30))
    assert len(service.asked_since) == 1
    rooms.join(room.code, BEN)
    assert len(walls.tiles(room.id, TEACHER)) == 2, "who has just joined is there at once"


def test_who_was_not_heard_of_late_is_away(rooms, room):
    rooms.join(room.code, ANN)
    walls = wall.Walls(rooms, FakeService())
    assert not walls.tiles(room.id, TEACHER)[0].there
    rooms.pulse(ANN, 300.0)
    tile = wall.Walls(rooms, FakeService()).tiles(room.id, TEACHER)[0]
    assert tile.there and tile.rules == ()
    rooms.presence.forget(tile.seat.id)
    rooms.pulse(ANN, 300.0)
    assert wall.Walls(rooms, FakeService()).tiles(room.id, TEACHER)[0].rules == ("idle",)


# addresses

@pytest.mark.parametrize(("host", "own"), [("localhost", True), ("127.0.0.1", True), ("0.0.0.0", True), ("::1", True),
                                           ("192.168.1.20", False), ("school.example", False)])
def test_which_names_lead_each_computer_to_itself(host, own):
    assert addresses.is_own(host) is own


def test_the_address_for_others_is_the_one_in_the_network(monkeypatch):
    monkeypatch.setattr(addresses, "lan_address", lambda: "192.168.1.20")
    assert addresses.reachable("http://localhost:8501/class") == "http://192.168.1.20:8501/class"
    assert addresses.reachable("https://school.example/class") == "https://school.example/class"
    monkeypatch.setattr(addresses, "lan_address", lambda: None)
    assert addresses.reachable("http://localhost:8501/class") == "http://localhost:8501/class"


# jigsaw, board, cards, the pause

RATES = Jigsaw(base=MLP.to_json(None), path=("training", "optimizer", "learning_rate"), values=(0.1, 0.01, 0.001))


def test_the_parts_of_a_jigsaw_are_shared_out_evenly_and_to_who_comes_later(rooms, room):
    for number in range(4):
        rooms.join(room.code, f"v1-{number}")
    rooms.hand_out(room.id, TEACHER, RATES)
    rooms.join(room.code, "v1-late")
    assert [seat.part for seat in rooms.seats(room.id, TEACHER)] == [0, 1, 2, 0, 1]
    rooms.hand_out(room.id, TEACHER, None)
    assert {seat.part for seat in rooms.seats(room.id, TEACHER)} == {None}


def test_a_part_differs_from_the_base_in_one_value_alone():
    parts = [exercises.part(RATES, number).experiment for number in range(4)]
    assert [part.training.optimizer.learning_rate for part in parts] == [0.1, 0.01, 0.001, 0.1]
    assert all(exercises.hyperparameter(RATES).title in exercises.part(RATES, n).label for n in range(3))
    same = [part.model_copy(update={"training": MLP.training}) for part in parts]
    assert all(part.trains_as(MLP) for part in same)


def test_a_jigsaw_that_cannot_be_trained_is_refused():
    with pytest.raises(SpecError, match="two or more values"):
        exercises.require(RATES.model_copy(update={"values": (0.1,)}))
    with pytest.raises(SpecError):
        exercises.require(RATES.model_copy(update={"values": (0.1, -1.0)}))
    exercises.require(RATES)


def seat(number: int) -> Seat:
    return Seat(id=str(number), room="r", owner=f"v1-{number}", colour="red", animal="otter", words="a b c",
                joined=float(number))


def trained(experiment, accuracy: float | None, created: float = 0.0, **values):
    return info(f"{created}-{accuracy}", experiment, step=9, state="done", val_accuracy=accuracy,
                best_val_accuracy=accuracy, created=created, **values)


def test_the_sweep_has_a_dot_for_each_part_that_was_trained():
    first, second = (exercises.part(RATES, number).experiment for number in (0, 1))
    found = sweep.dots(RATES, [(seat(0), [trained(first, 0.4, 2), trained(first, 0.9, 1), trained(MLP, 1.0)]),
                               (seat(1), [trained(second.model_copy(update={"name": "called otherwise"}), 0.7)]),
                               (seat(2), [trained(second.model_copy(update={"seed": 9}), 0.8)])])
    assert [(dot.seat.id, dot.number, dot.value, dot.accuracy) for dot in found] == [
        ("0", 0, 0.1, 0.4), ("1", 1, 0.01, 0.7)], "the newest run counts, and only what trains just that"


def test_the_board_ranks_who_keeps_to_the_budget_and_says_why_the_others_do_not():
    cnn = get("cnn").experiment
    most = board.size(info("size", MLP))
    rules = Board(task="mnist", parameters=most, train_fraction=1.0, seed=MLP.seed)
    less = MLP.model_copy(update={"training": MLP.training.model_copy(update={"train_fraction": 0.5})})
    wide = editing.set_fields(MLP.network, MLP.network.names()[1], {"out_features": 512})
    large = MLP.model_copy(update={"network": wide})
    other = get("facts").experiment
    learners = [[trained(MLP, 0.95), trained(MLP, 0.97, 5)], [trained(large, 0.99)], [trained(less, 0.98)],
                [trained(MLP, 0.96), trained(large, 1.0)], [trained(MLP.model_copy(update={"seed": 7}), 0.9)],
                [trained(other, 1.0)], [], [trained(MLP, None)]]
    found = board.standings(rules, [(seat(number), runs) for number, runs in enumerate(learners)])
    assert [(one.seat.id, one.accuracy) for one in found if not one.reason] == [("0", 0.97), ("3", 0.96)]
    assert {one.seat.id: one.reason for one in found if one.reason} == {
        "1": "parameters", "2": "train_fraction", "4": "seed", "5": "task"}
    assert not board.why_not(Board(task="mnist"), trained(cnn, 0.5))


def test_test_results_are_sealed_until_they_are_opened_and_later_runs_do_not_count():
    early, late = trained(MLP, 0.9, 10.0, test_accuracy=0.88), trained(MLP, 0.99, 30.0, test_accuracy=0.97)
    sealed, = board.standings(Board(task="mnist"), [(seat(0), [late, early])])
    assert (sealed.accuracy, sealed.test) == (0.99, None)
    opened, = board.standings(Board(task="mnist", opened=20.0), [(seat(0), [late, early])])
    assert (opened.accuracy, opened.test) == (0.9, 0.88)
    only, = board.standings(Board(task="mnist", opened=20.0), [(seat(0), [late])])
    assert only.reason == "late" and only.test is None


def frozen(own: Seat, kind: str = "card", sentence: str = ""):
    service = FakeService()
    service.put("r", MLP, owner=own.owner, step=50, val_accuracy=0.9)
    return records.freeze(own, kind, service.snapshot("r"), 109_386, sentence)


def test_a_card_stays_when_its_run_is_gone_and_after_a_restart(rooms, room):
    own = rooms.join(room.code, ANN)
    card = frozen(own)
    rooms.cards.freeze(card, TEACHER)
    assert card.line[0][-1] <= 50 and len(card.line[0]) == len(card.line[1]) > 10
    again = Classroom()
    assert again.cards.of(room.id, TEACHER, "card") == (card,) and again.room(room.id, TEACHER).cards == (card.id,)
    again.cards.drop(card.id, TEACHER)
    assert not again.cards.of(room.id, TEACHER, "card") and not again.room(room.id, TEACHER).cards


def test_who_is_no_teacher_freezes_reads_and_drops_no_card(rooms, room):
    own = rooms.join(room.code, ANN)
    card = frozen(own)
    rooms.cards.freeze(card, TEACHER)
    for wish in (lambda: rooms.cards.freeze(card, ANN), lambda: rooms.cards.of(room.id, ANN, "card"),
                 lambda: rooms.cards.drop(card.id, ANN), lambda: rooms.hand_out(room.id, ANN, RATES)):
        with pytest.raises(ClassError, match="must come from the teacher's own browser"):
            wish()


def test_the_last_that_was_handed_in_counts_and_only_ones_own_can_be(rooms, room):
    own, other = rooms.join(room.code, ANN), rooms.join(room.code, BEN)
    rooms.cards.hand_in(frozen(own, "hand_in", "first"), ANN)
    rooms.cards.hand_in(frozen(own, "hand_in", "  second\n line "), ANN)
    assert [card.sentence for card in rooms.cards.of(room.id, TEACHER, "hand_in")] == ["second line"]
    assert rooms.cards.handed_in(BEN) is None
    with pytest.raises(ClassError, match="must sit in a class"):
        rooms.cards.hand_in(frozen(other, "hand_in"), ANN)
    rooms.remove(own.id, TEACHER)
    assert not rooms.cards.of(room.id, TEACHER, "hand_in") and not Classroom().cards.of(room.id, TEACHER, "hand_in")


def test_the_zip_has_a_table_designs_scripts_and_a_page(rooms, room):
    own = rooms.join(room.code, ANN)
    card = frozen(own, "hand_in", "=SUM(A1) <script>alert(1)</script>")
    with zipfile.ZipFile(io.BytesIO(archive.zipped(room.code, [card], [own]))) as found:
        title = f"01 {own.colour} {own.animal}"
        assert set(found.namelist()) == {"results.csv", "page to print.html", f"designs/{title}.json",
                                         f"scripts/{title}.py"}
        assert from_json(found.read(f"designs/{title}.json").decode()) == MLP
        compile(found.read(f"scripts/{title}.py"), "script", "exec")
        row = next(csv.DictReader(io.StringIO(found.read("results.csv").decode())))
        page = found.read("page to print.html").decode()
    assert row["student"] == title and row["parameters"] == "109386" and row["validation accuracy"] == "0.9000"
    assert row["sentence"].startswith("'="), "no spreadsheet takes it for a formula"
    assert from_link(row["link"].partition("experiment=")[2]) == MLP
    assert "<script>" not in page and "&lt;script&gt;" in page and "polyline" in page


def test_a_pause_rests_the_runs_if_the_teacher_wants_and_the_same_go_on(rooms, room):
    service = FakeService()
    own = rooms.join(room.code, ANN)
    service.put("going", MLP, owner=own.owner)
    service.put("done", MLP, owner=own.owner, state="done")
    service.put("rests already", MLP, owner=own.owner, state="paused")
    service.put("elsewhere", MLP, owner=BEN)
    pausing.pause(rooms, service, room.id, TEACHER, runs=False)
    assert not service.posted and rooms.room(room.id, TEACHER).paused
    pausing.pause(rooms, service, room.id, TEACHER, runs=True)
    assert service.posted == [("going", Pause())]
    service.become("going", state="paused")
    pausing.go_on(rooms, service, room.id, TEACHER)
    assert service.posted[1:] == [("going", Resume())] and not rooms.room(room.id, TEACHER).paused
    with pytest.raises(ClassError):
        pausing.pause(rooms, service, room.id, ANN, runs=True)


def test_what_changes_on_a_learners_page_changes_its_turn_and_nothing_else_does(rooms, room):
    rooms.join(room.code, ANN)
    turn = rooms.pulse(ANN, 0)["turn"]
    rooms.change(room.id, TEACHER, showing="wall", named=True, lit="x")
    assert rooms.pulse(ANN, 0)["turn"] == turn
    rooms.change(room.id, TEACHER, board=Board(task="mnist"))
    assert rooms.pulse(ANN, 0)["turn"] != turn


# the lesson of a class

def test_a_lesson_is_open_on_every_seat_and_who_comes_late_is_where_the_class_is(rooms, room):
    lesson = lessons.every()[0]
    record = lessons.record()
    first = [rooms.join(room.code, f"v1-{number}") for number in range(3)]
    teaching.choose(rooms, room.id, TEACHER, lesson.id)
    assert [record.opened(seat.owner) for seat in first] == [lesson.id] * 3
    for seat in first[:2]:
        record.go(seat.owner, lesson.id, lesson.steps[1].id)
    late = rooms.join(room.code, "v1-late")
    teaching.arrive(late, rooms.room(room.id, TEACHER), rooms.seats(room.id, TEACHER))
    assert record.opened(late.owner) == lesson.id
    assert record.progress(late.owner, lesson.id).step == lesson.steps[1].id
    teaching.choose(rooms, room.id, TEACHER, "")
    assert record.opened(first[0].owner) is None
    with pytest.raises(ClassError, match="must come from the teacher's own browser"):
        teaching.choose(rooms, room.id, ANN, lesson.id)
    with pytest.raises(LessonError):
        teaching.choose(rooms, room.id, TEACHER, "no-such-lesson")


def test_three_runs_at_one_step_need_help(rooms, room):
    own = rooms.join(room.code, ANN)
    teaching.choose(rooms, room.id, TEACHER, "size-of-a-step")
    lesson, service, record = lessons.get("size-of-a-step"), FakeService(), lessons.record()

    def rules() -> tuple[str, ...]:
        tile, = wall.Walls(rooms, service).tiles(room.id, TEACHER)
        return tile.rules

    record.go(own.owner, lesson.id, "train-it-too-fast")
    for number in range(3):
        service.put(f"earlier {number}", MLP, owner=own.owner, state="done", created=time.time())
    assert rules() == ("tries",)
    record.go(own.owner, lesson.id, "now-make-it-work")
    assert rules() == (), "another step: they are to try anew"
    for number in range(3):
        assert rules() == ()
        service.put(f"later {number}", MLP, owner=own.owner, state="done", created=time.time())
    assert rules() == ("tries",)
    record.go(own.owner, lesson.id, "now-make-it-work")
    assert rules() == ("tries",), "the same step, opened once more"
    record.tick(own.owner, lesson.id, "now-make-it-work", ())
    assert rules() == (), "they have got it"


def places(rooms, lesson, *seats) -> list[int]:
    return [lesson.index(lessons.standing(lesson, lessons.record().progress(one.owner, lesson.id)).id)
            for one in seats]


def test_the_pace_leads_everybody_to_the_open_steps_and_refuses_others(rooms, room):
    lesson = lessons.every()[0]
    ann, ben = rooms.join(room.code, ANN), rooms.join(room.code, BEN)
    teaching.choose(rooms, room.id, TEACHER, lesson.id)
    lessons.record().go(ben.owner, lesson.id, lesson.steps[5].id)
    turn = rooms.pulse(ANN, 0)["turn"]
    teaching.set_pace(rooms, room.id, TEACHER, 2, 4)
    assert places(rooms, lesson, ann, ben) == [1, 3] and rooms.pulse(ANN, 0)["turn"] != turn
    assert teaching.steps_for(rooms, ANN, lesson) == range(1, 4)
    teaching.go(rooms, ANN, lesson, lesson.steps[3].id)
    for step in (0, 4):
        with pytest.raises(ClassError, match="steps 2 to 4 are open"):
            teaching.go(rooms, ANN, lesson, lesson.steps[step].id)
    late = rooms.join(room.code, "v1-late")
    teaching.arrive(late, rooms.room(room.id, TEACHER), rooms.seats(room.id, TEACHER))
    assert places(rooms, lesson, late)[0] in (1, 2, 3)
    assert teaching.steps_for(rooms, ANN, lessons.every()[1]) == range(len(lessons.every()[1].steps)), "another lesson"
    assert teaching.steps_for(rooms, "v1-at-home", lesson) == range(len(lesson.steps)), "who learns alone is not paced"
    teaching.set_pace(rooms, room.id, TEACHER, 1, len(lesson.steps))
    teaching.go(rooms, ANN, lesson, lesson.steps[-1].id, done=True)
    with pytest.raises(ClassError, match="must come from the teacher's own browser"):
        teaching.set_pace(rooms, room.id, ANN, 1, 1)


def test_a_guest_who_waits_has_no_lesson_and_lands_where_the_class_is_when_let_in(rooms, room):
    lesson, record = lessons.every()[0], lessons.record()
    own = rooms.join(room.code, ANN)
    teaching.choose(rooms, room.id, TEACHER, lesson.id)
    rooms.change(room.id, TEACHER, admission="ask")
    guest = rooms.join(room.code, BEN)
    teaching.arrive(guest, rooms.room(room.id, TEACHER), rooms.seats(room.id, TEACHER))
    assert record.opened(guest.owner) is None
    record.go(own.owner, lesson.id, lesson.steps[4].id)
    with pytest.raises(ClassError, match="must come from the teacher's own browser"):
        teaching.admit(rooms, guest.id, BEN)
    teaching.admit(rooms, guest.id, TEACHER)
    assert record.opened(guest.owner) == lesson.id and places(rooms, lesson, guest) == [4]


def test_answers_are_counted_by_question(rooms, room):
    seats = [rooms.join(room.code, f"v1-{number}") for number in range(4)]
    teaching.choose(rooms, room.id, TEACHER, "reads-your-digits")
    record = lessons.record()
    for seat, number in zip(seats, (0, 2, 2)):
        record.answer(seat.owner, "reads-your-digits", "untrained", number)
        record.go(seat.owner, "reads-your-digits", "untrained")
    found = votes.gather(rooms.room(room.id, TEACHER), seats)
    assert found and (found.step.id, found.asked) == ("untrained", 4), "the question where the class is"
    assert votes.bars(found) == [("0", 1), ("1", 0), ("2", 2), ("3", 0), ("4", 0), ("5", 0)]
    record.answer(seats[0].owner, "reads-your-digits", "what-has-changed", 2)
    found = votes.gather(rooms.change(room.id, TEACHER, asked="what-has-changed"), seats)
    assert found and [count for _, count in votes.bars(found)] == [0, 0, 1, 0]
    assert votes.gather(rooms.change(room.id, TEACHER, lesson=""), seats) is None


def test_answers_of_many_values_are_put_together(rooms, room):
    seats = [rooms.join(room.code, f"v1-{number}") for number in range(3)]
    for lesson, step, answers, expected in (
            ("must-bend", "straight", (0, 49.5, 100), {"0 – 12.5": 1, "37.5 – 50": 1, "87.5 – 100": 1}),
            ("small-bites", "order", ([1, 0, 2, 3], [1, 2, 3, 0], [0, 1, 2, 3]), {"16": 1, "64": 2})):
        teaching.choose(rooms, room.id, TEACHER, lesson)
        for seat, answer in zip(seats, answers):
            lessons.record().answer(seat.owner, lesson, step, answer)
        found = votes.gather(rooms.change(room.id, TEACHER, asked=step), seats)
        assert found and {word: count for word, count in votes.bars(found) if count} == expected


def test_the_wall_has_a_sign_for_each_step(rooms, room):
    lesson = next(lesson for lesson in lessons.every() if any(step.tick for step in lesson.steps))
    own = rooms.join(room.code, ANN)
    teaching.choose(rooms, room.id, TEACHER, lesson.id)
    at = next(at for at, step in enumerate(lesson.steps) if step.tick)
    assert teaching.signs(lesson, own.owner)[at] != "done"
    record = lessons.record()
    record.tick(own.owner, lesson.id, lesson.steps[at].id, ())
    record.go(own.owner, lesson.id, lesson.steps[-1].id)
    signs = teaching.signs(lesson, own.owner)
    assert len(signs) == len(lesson.steps) and signs[at] == "done"
    assert set(signs) <= set(wall.ORDER)
    tile, = wall.Walls(rooms, FakeService()).tiles(room.id, TEACHER)
    assert tile.steps == signs and tile.sign == "working"


def test_the_end_of_a_class_wipes_what_was_learned(rooms, room, service):
    lesson = lessons.every()[0]
    own = rooms.join(room.code, ANN)
    teaching.choose(rooms, room.id, TEACHER, lesson.id)
    lessons.record().answer(own.owner, lesson.id, lesson.steps[0].id, 1)
    wiping.end(rooms, service, room.id, TEACHER)
    assert not lessons.record().all_progress(own.owner)


# how runs went

FALLING, LEVEL = np.linspace(2.0, 0.1, 100), np.full(100, 2.3)


@pytest.mark.parametrize(("state", "losses", "validation", "expected"), [
    ("done", FALLING, (1.0, 0.5, 0.4), "good"), ("done", FALLING, (1.0, 0.4, 0.5), "overfit"),
    ("done", FALLING, (0.4, 0.5), "good"), ("done", LEVEL, (2.3, 2.3, 2.3), "flat"),
    ("stopped", LEVEL, (), "flat"), ("diverged", FALLING, (), "diverged"), ("training", FALLING, (1, 2, 3), ""),
    ("done", FALLING[:5], (), "")])
def test_runs_are_told_apart_by_how_they_went(state, losses, validation, expected):
    service = FakeService()
    service.put("r", MLP, {"evaluations": tuple(ev.Evaluated(step, loss, 0.5, 9)
                                                for step, loss in enumerate(validation, 1))}, state=state, step=9)
    found = replace(service.snapshot("r"), train={"loss": losses})
    assert clusters.group(found) == expected
