"""The look page without a browser: which run, what is asked, what is sent, what is said when nothing can be.

The network that answers is a real one, untrained: what is sent can be held to it.
"""
from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz import views as registry
from dlviz.errors import RunError
from dlviz.presets.base import layers, linear
from dlviz.shapes import Shape, Signature
from dlviz.tasks import SequenceTask
from dlviz.tasks.decoding import GREEDY, Decoding
from dlviz.training.events import QueryResult
from dlviz.views import answers, attention
from dlviz.views.layers import shown_layers
from dlviz.views.question import SequenceInput, question_of, step_words
from pages.ui.look import views as look_views
from tests.pages.look_page import (  # noqa: F401
    BRACKETS,
    DATES,
    FACTS,
    IMAGES,
    LOST,
    NAMES,
    ORDER,
    REVERSE,
    answered,
    floats,
    look,
    network,
    own,
    service,
    shown,
    task_of,
    texts,
    views,
)

# which run

def test_a_run_on_images_is_a_sentence_and_one_on_sequences_is_offered(look, service, shown):
    service.put("seq", REVERSE, state="done", step=9)
    service.put("img", IMAGES, state="done", step=9)
    at = look("img")
    assert "This run reads images" in texts(at) and "look.answer" not in shown
    at.button(key="offers.run").click().run()
    assert at.session_state["dlviz.run"] == "seq" and "look.answer" in shown


def test_the_run_in_the_address_is_in_focus_even_if_it_is_anothers(look, service):
    service.put("mine", REVERSE, state="done", step=9)
    service.put("theirs", BRACKETS, state="done", step=9, owner="somebody-else")
    at = look("theirs")
    assert at.session_state["dlviz.run"] == "theirs"


def test_no_run_yet(look, service):
    assert "There is no network on sequences or points yet" in texts(look())


def test_without_a_run_a_trained_network_is_ready_to_look_into(look, service, shown):
    at = look()
    at.button(key="offers.trained.reverse").click().run()
    assert not at.exception and at.session_state["dlviz.run"] == "trained reverse" and "look.answer" in shown


@pytest.mark.parametrize("over", ["paused", "failed", "diverged"])
def test_a_run_that_never_learned(look, service, shown, over):
    service.put("r", REVERSE, state=over, step=0)
    service.busy = RunError("The run 'x'", "answers with what it has learned", "it has not begun to learn",
                            "Start it.")
    at = look()
    assert ("This run has no trained weights" in texts(at)) == (over != "paused")
    if over == "paused":
        assert shown["look.answer"].form == "none" and shown["look.answer"].note == service.busy.sentence


def test_a_deleted_run_is_a_sentence(look, service):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    service.get = lambda run: (_ for _ in ()).throw(RunError("The run 'r'", "is one that this dlviz keeps",
                                                             "there is none of this name", "Choose another."))
    at.run()
    assert not at.exception and "there is none of this name" in texts(at)


def test_names_are_text(look, service):
    service.put("r", REVERSE, name="**<b>bold</b>**", state="done", step=9)
    at = look()
    assert "<b>" not in texts(at)


# what is asked

@pytest.mark.parametrize(("experiment", "expected"), [
    (REVERSE, ["Attention", "Logit lens", "Rollout", "Residual stream", "Positions", "Embeddings"]),
    (BRACKETS, ["Hidden state", "Side by side", "Gradient", "Embeddings"]),
    (DATES, ["Attention", "Hidden state", "Beam search", "Gradient", "Embeddings"])],
    ids=["transformer", "LSTM", "both"])
def test_only_views_that_the_network_has(look, service, experiment, expected):
    service.put("r", experiment, state="done", step=9)
    assert views(look()) == expected


def test_a_network_without_insides_still_answers(look, service, shown, monkeypatch):
    monkeypatch.setattr(registry, "VIEWS", {})
    service.put("r", REVERSE, state="done", step=9)
    assert "only its prediction can be shown" in texts(look()) and shown["look.answer"].form == "steps"


def test_only_what_is_on_screen_is_asked_for(look, service):
    service.put("r", DATES, state="done", step=9)
    at = look()
    for view, expected in (("attention", (("look",), (), ())), ("states", ((), ("reader",), ())),
                           ("embeddings", ((), (), ("embed_source",)))):
        at.segmented_control(key="look.view").set_value(view).run()
        ask = service.asked[-1]
        assert (ask.attention, ask.states, ask.weights) == expected and ask.outputs == ()
    at.selectbox(key="look.table").set_value("embed_target").run()
    assert service.asked[-1].weights == ("embed_target",)


def test_a_resting_run_is_asked_once_and_a_training_one_at_each_tick(look, service, shown):
    service.put("r", REVERSE, state="done", step=344)
    at = look()
    look.again(at)
    assert len(service.asked) == 1 and shown["look.answer"].when == "after 344 steps, finished"
    service.become("r", state="training", step=400)
    look.again(at)
    service.become("r", step=500)
    look.again(at)
    assert len(service.asked) == 3 and shown["look.answer"].when == "after 500 steps of 300, training"


def test_a_busy_run_leaves_its_last_answer_standing(look, service, shown):
    service.put("r", REVERSE, state="training", step=100)
    at = look()
    service.busy = RunError("The run 'x'", "answers within 1.5 s", "it is busy with a long step", "Wait.")
    service.become("r", step=200)
    look.again(at)
    assert shown["look.answer"].when.startswith("after 100 steps") and shown["look.answer"].note == ""
    at.number_input(key="look.index.reverse").set_value(7).run()
    assert shown["look.answer"].form == "none" and "busy with a long step" in shown["look.answer"].note


def test_weights_that_are_no_numbers_are_no_answer(look, service, shown):
    service.put("r", REVERSE, state="diverged", step=100)
    service.broken = True
    look()
    assert shown["look.answer"].form == "none" and "not finite" in shown["look.answer"].note
    assert "look.attention" not in shown


# samples and own words

def test_a_sample_its_answer_and_its_truth(look, service, shown):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    at.number_input(key="look.index.reverse").set_value(42).run()
    inputs, target = tasks.get("reverse").sample("test", 42)
    np.testing.assert_array_equal(service.asked[-1].inputs[0], inputs[0])
    probabilities = answered(REVERSE, inputs).probabilities
    steps = shown["look.answer"].steps
    assert [step["entering"] for step in steps] == [str(digit) for digit in inputs[0]]
    assert [step["prediction"] for step in steps] == [str(digit) for digit in probabilities.argmax(1)]
    assert [step["target"] for step in steps] == [str(digit) for digit in target]
    assert [step["right"] for step in steps] == (probabilities.argmax(1) == target).tolist()
    assert [step["probability"] for step in steps] == pytest.approx(probabilities.max(1).tolist(), abs=1e-4)
    assert all(step["next"][0] == [step["prediction"], step["probability"]] for step in steps)


def test_another_sample_by_lot(look, service):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    chosen = set()
    for _ in range(4):
        at.button(key="look.another").click().run()
        chosen.add(at.number_input(key="look.index.reverse").value)
    assert len(chosen) > 1


def test_the_sample_worth_watching_comes_first(look, service):
    service.put("r", BRACKETS, state="done", step=9)
    assert look().number_input(key="look.index.brackets").value == tasks.get("brackets").pinned


def test_what_somebody_types_is_asked_and_judged(look, service, shown):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    own(at, "reverse")
    assert service.asked[-1].inputs[0].tolist() == [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]  # the example
    assert at.text_input(key="look.text.reverse").placeholder == "3141592653"
    own(at, "reverse", "12345 67890")
    assert service.asked[-1].inputs[0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert "".join(step["target"] for step in shown["look.answer"].steps) == "0987654321"


@pytest.mark.parametrize(("typed", "sentence"), [
    ("12345x7890", "'x' is none of them. Type for instance '3141592653'."),
    ("12", "takes 10 symbols, but 2 were typed"), ("<b>12345678", "'<' is none of them")])
def test_what_cannot_be_read_gets_its_sentence(look, service, shown, typed, sentence):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    asked = len(service.asked)
    own(at, "reverse", typed)
    assert sentence in texts(at) and len(service.asked) == asked + 1  # only the example was


def test_a_class_with_bars(look, service, shown):
    service.put("r", FACTS, state="done", step=9)
    look()
    data = shown["look.answer"]
    assert data.form == "classes" and len(data.bars) == 8
    assert [line["name"] for line in data.inputs] == ["facts", "question"]
    assert sum(bar["target"] for bar in data.bars) == sum(bar["best"] for bar in data.bars) == 1
    assert data.right == any(bar["target"] and bar["best"] for bar in data.bars)


class Wave(SequenceTask):
    """Numbers in, numbers out."""

    def signature(self) -> Signature:
        return Signature((("past", Shape("sequence", (3, 1))),), Shape("vector", (2,)), "mse", "2 numbers")


def test_numbers_are_right_when_close_enough():
    question = SequenceInput((np.zeros((3, 1), np.float32),), np.array([0.5, 1.0]), (("1", "2", "3"),))
    nothing = QueryResult("t", 3, np.array([0.55, 0.8], np.float32))
    data = answers.payload(Wave(), question, nothing)
    assert data["form"] == "numbers" and [step["right"] for step in data["steps"]] == [True, False]
    assert [(step["prediction"], step["target"]) for step in data["steps"]] == [("0.55", "0.50"), ("0.80", "1.00")]
    nobody_knows = answers.payload(Wave(), replace(question, target=None), nothing)
    assert [step["right"] for step in nobody_knows["steps"]] == [None, None]


# answering alone

def test_a_network_that_writes_answers_alone(look, service, shown):
    service.put("r", DATES, state="done", step=9)
    at = look()
    assert service.asked[-1].decoding == GREEDY
    data, task = shown["look.answer"], tasks.get("dates")
    assert [line["name"] for line in data.inputs] == ["source"] and len(data.steps) == 10
    assert data.written == "".join(step["prediction"] for step in data.steps)
    module = shown["look.attention"].modules[0]
    predictions = [step["prediction"] for step in data.steps]
    assert module["rows"] == [f"{read}→{written}" for read, written in zip([task.start, *predictions], predictions)]
    assert module["columns"] == data.inputs[0]["words"] and module["crossing"]
    own(at, "dates", "7 may 2003")
    assert "".join(step["target"] for step in shown["look.answer"].steps) == "2003-05-07"


def test_a_language_model_guesses_each_next_letter_and_goes_on_from_a_beginning(look, service, shown):
    service.put("r", NAMES, state="done", step=9)
    at = look()
    assert service.asked[-1].decoding is None and "teacher forcing" in texts(at)
    assert all(step["target"] for step in shown["look.answer"].steps)
    own(at, "names", "jo")
    assert service.asked[-1].decoding == GREEDY and shown["look.answer"].written.startswith("jo")
    assert shown["look.answer"].inputs[0]["words"] == [".", "j", "o"]
    at.slider(key="look.temperature").set_value(1.2).run()
    at.slider(key="look.top_k").set_value(3).run()
    assert service.asked[-1].decoding == Decoding(1.2, 3)
    before = service.asked[-1].seed
    at.button(key="look.draw").click().run()
    assert service.asked[-1].seed != before


# attention

def test_every_head_is_sent_and_one_with_its_numbers(look, service, shown):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    task = tasks.get("reverse")
    inputs, _ = task.sample("test", 0)
    found = answered(REVERSE, inputs, attention=("block1",)).attention["block1.self_attn"]
    data = shown["look.attention"]
    [module] = data.modules
    assert module["name"] == "block1.self_attn" and module["shape"] == [1, 10, 10] and not module["crossing"]
    assert module["rows"] == module["columns"] == [str(digit) for digit in inputs[0]]
    levels = np.frombuffer(base64.b64decode(module["small"]), np.uint8).reshape(10, 10)
    assert np.abs((levels / 255) ** 2 - found.weights[0]).max() < 0.005
    assert module["sharp"] == pytest.approx(found.sharpness().tolist(), abs=1e-3)
    for stage in ("weights", "scores", "scaled"):
        np.testing.assert_allclose(floats(data.large[stage]), getattr(found, stage)[0].ravel(), rtol=1e-6)
    assert data.large["width"] == 32 and at.latex[0].value


def test_the_head_that_is_clicked_comes_with_its_numbers(look, service, shown):
    service.put("r", presets.get("dates_transformer").experiment, state="done", step=9)
    at = look()
    assert [module["name"] for module in shown["look.attention"].modules] == [
        "encoder.self_attn", "decoder.self_attn", "decoder.multihead_attn"]
    assert [module["masked"] for module in shown["look.attention"].modules] == [False, True, False]
    first = ("encoder.self_attn", 0)
    for message, expected in ((["decoder.self_attn", 2], ("decoder.self_attn", 2)), (["gone", 0], first),
                              (["decoder.self_attn", 9], first), ("nonsense", first)):
        at.session_state["look.attention"] = {"chosen": message}
        look.again(at)
        large = shown["look.attention"].large
        assert (large["module"], large["head"]) == expected and large["width"] == 12


def test_sharpness_over_the_steps_that_were_seen(look, service, shown):
    service.put("r", REVERSE, state="training", step=10)
    at = look()
    assert shown["look.attention"].modules[0]["curves"] == []
    for step in (20, 30):
        service.become("r", step=step)
        look.again(at)
    [curve] = shown["look.attention"].modules[0]["curves"]
    assert [step for step, _ in curve] == [10, 20, 30]
    at.number_input(key="look.index.reverse").set_value(3).run()
    assert shown["look.attention"].modules[0]["curves"] == []  # of another row it has not seen any


def test_a_long_curve_keeps_its_ends():
    past = attention.Sharpness()
    for step in range(5_000):
        past.see("question", step, {"a": np.array([step / 5_000, 0.5])})
    curves = past.curves("a")
    assert len(past.steps) <= attention.KEEP
    assert len(curves) == 2 and len(curves[0]) <= attention.POINTS
    assert curves[0][0] == [0, 0.0] and curves[0][-1][0] == 4_999 and past.curves("b") == []
    past.see("question", 7, {"a": np.array([0.1, 0.1])})  # started over
    assert past.steps == [7]


# hidden state

def test_states_gates_and_the_unit_that_counts(look, service, shown):
    service.put("r", BRACKETS, state="done", step=9)
    at = look()
    inputs, target = tasks.get("brackets").sample("test", tasks.get("brackets").pinned)
    reading = answered(BRACKETS, inputs, states=("memory",)).states["memory"]["layer 1"]
    closest = {name: max(abs(np.corrcoef(unit, target)[0, 1]) for unit in values.T)
               for name, values in (("hidden", reading.hidden), ("cell", reading.gates["cell"]))}
    assert shown["look.states"].what == max(closest, key=closest.get), "what follows the depth best is shown first"
    at.segmented_control(key="look.what").set_value("hidden").run()
    data = shown["look.states"]
    np.testing.assert_allclose(floats(data.values).reshape(16, 24), reading.hidden.T, rtol=1e-6)
    assert data.signed and data.span == 1.0 and data.words == ["()"[token] for token in inputs[0]]
    correlations = [np.corrcoef(unit, target)[0, 1] for unit in reading.hidden.T]
    assert data.traced["name"] == "depth" and data.traced["target"] == target.tolist()
    assert data.traced["correlation"] == pytest.approx(max(correlations, key=abs), abs=1e-3)
    assert correlations[data.traced["unit"]] == pytest.approx(data.traced["correlation"], abs=1e-3)
    at.segmented_control(key="look.what").set_value("forget").run()
    forget = floats(shown["look.states"].values).reshape(16, 24)
    np.testing.assert_allclose(forget, reading.gates["forget"].T, rtol=1e-6)
    assert not shown["look.states"].signed and "old cell state is kept" in texts(at)


def test_units_that_are_on_only_here(look, service, shown):
    service.put("r", BRACKETS, state="done", step=9)
    at = look()
    hidden = floats(shown["look.states"].values).reshape(16, 24).T
    unit = hidden[:, 3]  # on at its largest number only, with a threshold between that and the next
    start, threshold = int(unit.argmax()), float(np.sort(unit)[-2:].mean())
    stop = start + 1
    at.session_state["look.states"] = {"brush": [start, stop, threshold]}
    look.again(at)
    on = hidden > threshold
    slow = [unit for unit in range(16) if on[start, unit] and on[:, unit].sum() == 1]
    assert 3 in slow and shown["look.states"].found == {"start": start, "stop": stop, "threshold": threshold,
                                                        "units": slow}
    for nonsense in ([3, 3, 0.5], [-1, 3, 0.5], [0, 99, 0.5], ["a", 2, 0.5], None):
        at.session_state["look.states"] = {"brush": nonsense}
        look.again(at)
        assert shown["look.states"].found is None


def test_symbols_that_count_nothing_are_not_traced(look, service, shown):
    gru = layers(("embed", "Embedding"), ("memory", "GRU", {"hidden_size": 8, "bidirectional": True}),
                 linear("output", 10))
    service.put("r", REVERSE.model_copy(update={"network": gru}), state="done", step=9)
    at = look()
    assert shown["look.states"].traced is None
    assert at.segmented_control(key="look.reading").options == ["Layer 1", "Layer 1, backwards"]
    assert list(at.segmented_control(key="look.what").options) == [
        "Hidden state", "Reset gate", "Update gate", "New"]


# positions and embeddings

def test_the_table_of_positions_and_how_alike_they_are(look, service, shown):
    service.put("r", REVERSE, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("positions").run()
    table = network(REVERSE.to_json()).module_of("position").table.numpy()
    data = shown["look.positions"]
    assert data.size == [10, 32]
    np.testing.assert_allclose(floats(data.table).reshape(10, 32), table, rtol=1e-6)
    products = table @ table.T
    np.testing.assert_allclose(floats(data.alike).reshape(10, 10), products / products.max(), atol=1e-5)


def test_no_positions_is_a_sentence(look, service, shown):
    service.put("r", LOST, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("positions").run()
    assert "a set of symbols" in texts(at) and "look.positions" not in shown
    at.button(key="look.lost.train").click().run()
    assert not at.exception and "a set of symbols" not in texts(at)
    [made] = [one for one in service.list(service.get("r").owner) if one.id != "r"]
    assert made.experiment.network == REVERSE.network and at.session_state["dlviz.run"] == made.id


def test_each_symbol_is_a_point_with_its_word(look, service, shown):
    service.put("r", DATES, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("embeddings").run()
    task = tasks.get("dates")

    def words() -> list[list[str]]:
        return [trace["hovertext"] for trace in json.loads(shown["look.embeddings"].figure)["data"]]

    entered = set(task.sample("test", task.pinned)[0][0].tolist())
    rest, used = words()
    assert used == [task.symbols[token] for token in sorted(entered)] and sorted(rest + used) == sorted(task.symbols)
    assert re.search(r"Shown here: \d+ % of the variance", texts(at))
    at.segmented_control(key="look.dimensions").set_value(3).run()
    assert json.loads(shown["look.embeddings"].figure)["data"][0]["type"] == "scatter3d"
    assert json.loads(shown["look.embeddings"].flat)["data"][0]["type"] == "scatter"
    at.selectbox(key="look.table").set_value("embed_target").run()
    assert sorted(word for part in words() for word in part) == sorted([*task.classes, task.start])


# guesses

@pytest.mark.parametrize(("key", "guesses"), [
    ("order_gru", ["memory"]), ("rows", ["last"]), ("brackets_lstm", []), ("reverse", []), ("facts", []),
    ("dates", [])])
def test_guesses_only_where_nothing_knows_what_comes(key, guesses):
    experiment = presets.get(key).experiment
    found = shown_layers(net.check(experiment.network, task_of(experiment).signature()))
    assert [sight.name for sight in found.guesses] == guesses
    both = [layer.model_copy(update={"fields": {**layer.fields, "bidirectional": True}})
            if layer.kind in ("GRU", "LSTM") else layer for layer in experiment.network.layers]
    peeking = experiment.network.model_copy(update={"layers": tuple(both)})
    assert shown_layers(net.check(peeking, task_of(experiment).signature())).guesses == ()


def test_the_guess_after_each_step(look, service, shown):
    service.put("r", ORDER, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("guesses").run()
    assert service.asked[-1].readouts
    inputs, target = tasks.get("order").sample("test", 0)
    guesses, data = answered(ORDER, inputs, readouts=True).readouts, shown["look.guesses"]
    np.testing.assert_allclose(floats(data.values).reshape(4, 30), guesses.T, rtol=1e-6)
    assert data.classes == ["XX", "XY", "YX", "YY"] and data.target == target
    assert data.prediction == guesses[-1].argmax()
    assert (guesses[data.settled:].argmax(1) == data.prediction).all() and data.read is None
    assert data.settled == 0 or guesses[data.settled - 1].argmax() != data.prediction


def test_what_is_heard_stands_above_the_guesses(look, service, shown):
    speech = presets.get("speech_gru").experiment
    service.put("r", speech, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("guesses").run()
    [spectrogram], _ = task_of(speech).sample("test", 0)
    read, line = shown["look.guesses"].read, shown["look.answer"].inputs[0]
    assert read == line["signal"] and read["size"] == [spectrogram.shape[1], spectrogram.shape[0]]
    low_below = floats(read["values"]).reshape(read["size"])[::-1]
    np.testing.assert_allclose(low_below.T, spectrogram)


def test_a_picture_that_is_read_downwards_stands_upright(look, service, shown):
    rows = presets.get("rows").experiment
    service.put("r", rows, state="done", step=9)
    at = look()
    signal = shown["look.answer"].inputs[0]["signal"]
    upright = floats(signal["values"]).reshape(28, 28)
    np.testing.assert_allclose(upright, task_of(rows).sample("test", 0)[0][0])
    at.segmented_control(key="look.view").set_value("guesses").run()
    assert shown["look.guesses"].read is None


def test_a_network_that_hears_all_at_once_is_asked_about_beginnings(look, service, shown):
    speech = presets.get("speech_conv").experiment
    service.put("r", speech, state="done", step=9)
    at = look()
    at.segmented_control(key="look.view").set_value("guesses").run()
    data = shown["look.guesses"]
    assert data.steps == 49 and "followed by silence" in texts(at)
    linear = presets.get("airline_linear").experiment
    assert "guesses" not in look_views.offered(service.put("s", linear, step=9))


# where the words of an axis come from

def test_steps_are_followed_through_the_network():
    task = tasks.get("dates")
    found = shown_layers(net.check(DATES.network, task.signature()))
    assert [(sight.name, sight.steps) for sight in found.attention] == [("look", (1, 0))]
    assert [(sight.name, sight.steps) for sight in found.states] == [("reader", (0,)), ("writer", (1,))]
    shorter = layers(("embed", "Embedding"), ("pool", "MaxPool1d"), ("memory", "GRU"), linear("output", 10))
    found = shown_layers(net.check(shorter, tasks.get("reverse").signature()))
    assert found.states[0].steps == (None,)
    question = question_of(tasks.get("reverse"), *tasks.get("reverse").sample("test", 0))
    assert step_words(question, None, 5) == ["1", "2", "3", "4", "5"]


READY = {key: preset.experiment for key, preset in presets.PRESETS.items()
         if issubclass(tasks.TASKS[preset.experiment.task.name], SequenceTask)}


@pytest.mark.parametrize("key", READY)
def test_every_ready_network_on_sequences_can_be_looked_into(look, service, shown, key):
    service.put("r", READY[key], state="done", step=9)
    at = look()
    for view in look_views.offered(service.get("r")):
        at.segmented_control(key="look.view").set_value(view).run()
        assert not at.exception and not at.error, view
    own(at, task_of(READY[key]).name)  # the example
    assert not at.error and shown["look.answer"].form != "none"
