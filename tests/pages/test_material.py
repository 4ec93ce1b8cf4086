"""A text of one's own on the form of a new run: pasted, uploaded, refused in a sentence, deleted."""
from __future__ import annotations

import pytest

from dlviz import network as net
from dlviz import presets, tasks
from dlviz.tasks import corpora
from tests.pages.train_page import service, texts, train  # noqa: F401  the fixtures

TEXT = "".join(f"Verse {number} goes on with {number * 7919 % 1000} sheep, as ever.\n" for number in range(200))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DLVIZ_HOME", str(tmp_path))
    corpora.own.cache_clear()


def experiment(at):
    return at.session_state["dlviz.design"].experiment


def right(at) -> bool:
    now = experiment(at)
    task = tasks.get(now.task.name, now.task.fields)
    return net.check(now.network, task.signature(), now.training.batch_size).ok


def paste(at, text: str) -> None:
    at.text_area(key="settings.material.pasted").set_value(text).run()
    at.button(key="settings.material.use").click().run()
    assert not at.exception


def test_a_pasted_text_is_learned_from_and_the_network_fits_it(train):
    at = train(design=presets.get("new_words").experiment)
    paste(at, TEXT)
    fields = experiment(at).task.fields
    assert fields["corpus"] == corpora.OWN and corpora.own(str(fields["own"])) == TEXT
    assert f"{len(TEXT):,} characters" in texts(at) and right(at)
    assert experiment(at).network.layers[-1].fields["out_features"] == len(set(TEXT))
    at.selectbox(key="settings.text.units").select("byte pairs").run()
    assert right(at)
    at.button(key="settings.material.delete").click().run()
    assert experiment(at).task.fields["corpus"] == corpora.BOOK and not corpora.stored(str(fields["own"])) and right(at)


def test_a_file_is_learned_from(train):
    at = train(design=presets.get("new_words").experiment)
    at.file_uploader(key="settings.material.file").set_value(("own.txt", TEXT.encode(), "text/plain")).run()
    assert corpora.own(str(experiment(at).task.fields["own"])) == TEXT and right(at) and not at.exception


@pytest.mark.parametrize(("text", "sentence"), [
    ("short", "needs 2,000 characters or more"), ("", "it has 0"), ("ab" * 2_000, "too short or repeats itself")])
def test_what_cannot_be_learned_from_is_refused_in_a_sentence(train, text: str, sentence: str):
    at = train(design=presets.get("new_words").experiment)
    before = experiment(at)
    paste(at, text)
    assert sentence in texts(at) and experiment(at) == before


def test_own_text_cannot_be_chosen_before_there_is_one(train):
    at = train(design=presets.get("new_words").experiment)
    before = experiment(at)
    at.selectbox(key="settings.text.corpus").select(corpora.OWN).run()
    assert "none has been pasted or uploaded yet" in texts(at) and experiment(at) == before


def test_a_design_whose_text_is_elsewhere_says_so(train):
    away = presets.get("new_words").experiment
    task = away.task.model_copy(update={"fields": {"corpus": corpora.OWN, "own": "0" * 16}})
    at = train(design=away.model_copy(update={"task": task}))
    assert "Paste or upload it again" in texts(at) and not at.exception


def test_a_task_without_material_has_no_such_form(train):
    with pytest.raises(KeyError):
        train().text_area(key="settings.material.pasted")
