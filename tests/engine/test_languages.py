"""Languages are read from translators' files: texts, plural forms and numbers are as the file says."""
from __future__ import annotations

import io
import shutil
import subprocess
from gettext import GNUTranslations
from pathlib import Path

import pytest

from dlviz import english, languages, translation
from dlviz.languages import po

POLISH = r'''
msgid ""
msgstr ""
"Language: pl\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;\n"

#: pages/ui/build/texts.py static/stack/texts.js
#, python-brace-format
msgid "{count} layer of {all}"
msgid_plural "{count} layers of {all}"
msgstr[0] "{count} warstwa z {all}"
msgstr[1] "{count} warstwy z {all}"
msgstr[2] "{count} warstw z {all}"

#: app.py
msgid "A text\nin two lines, "
"\"quoted\""
msgstr "Tekst w dwóch\n"
"wierszach"

#, fuzzy
msgid "Pause"
msgstr "Przerwa"

msgid "Undo"
msgstr ""
'''


@pytest.fixture
def speak():
    """Makes a catalogue the current one until the test ends."""
    yield lambda found: translation.install(lambda: found)
    translation.install()


def polish() -> GNUTranslations:
    return GNUTranslations(io.BytesIO(po.compiled(po.read(POLISH))))


def test_a_file_is_read_and_compiled(speak):
    speak(polish())
    layers = translation._n("{count} layer of {all}", "{count} layers of {all}")
    assert [layers(count, all=9) for count in (1, 2, 5, 22)] == [
        "1 warstwa z 9", "2 warstwy z 9", "5 warstw z 9", "22 warstwy z 9"]
    assert str(translation._('A text\nin two lines, "quoted"')) == "Tekst w dwóch\nwierszach"
    assert [str(translation._(text)) for text in ("Pause", "Undo")] == ["Pause", "Undo"], "what is not done is English"
    assert translation.language() == "pl"


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext's own tools are not on this computer")
@pytest.mark.parametrize("language", [name for name in languages.NAMES if name != "en"])
def test_it_is_what_gettexts_own_tools_make(language: str, tmp_path: Path):
    source = languages.HOME / f"{language}.po"
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "own.mo", source], check=True)
    with (tmp_path / "own.mo").open("rb") as file:
        theirs = GNUTranslations(file)
    ours = languages.catalogue(language)
    entries = [entry for entry in po.read(source.read_text(encoding="utf-8")) if entry.one]
    assert entries and ours.info() == theirs.info()
    for entry in entries:
        assert ours.gettext(entry.one) == theirs.gettext(entry.one)
        assert [ours.ngettext(entry.one, entry.many, n) for n in (0, 1, 2)] == [
            theirs.ngettext(entry.one, entry.many, n) for n in (0, 1, 2)]


def test_a_broken_line_is_named():
    with pytest.raises(ValueError, match="no line of a .po file: msgstr without quotes"):
        list(po.read('msgid "a"\nmsgstr without quotes'))


@pytest.mark.parametrize(("locale", "language"), [("de", "de"), ("de-AT", "de"), ("DE_de.UTF-8", "de"), ("en-US", "en"),
                                                  ("fr-FR", "en"), ("", "en"), (None, "en")])
def test_a_browser_gets_the_nearest_language(locale: str | None, language: str):
    assert languages.nearest(locale) == language


def test_numbers_are_written_as_in_the_language(speak):
    speak(languages.catalogue("de"))
    text = translation._("Step {step:,} of {name}, loss {loss:.2f}, {layers[0]} and {layers[1]}")
    assert str(text).format(step=1200, name="mlp 1.5", loss=0.314, layers=["a", 2]) == \
        "Step 1.200 of mlp 1.5, loss 0,31, a and 2", "what is no number stays as it is"
    assert translation._n("{count:,} layer", "{count:,} layers")(1) == "1 Schicht"
    assert translation._n("{count:,} layer", "{count:,} layers")(1200) == "1.200 Schichten"
    assert english.percent(0.978) == "97,8 %" and english.count(13750, "digit").startswith("13.750 ")
    translation.install()
    assert english.percent(0.978) == "97.8 %" and translation.numeral("1,234.5") == "1,234.5"


def test_browsers_get_the_texts_of_scripts_and_the_form_of_each_count():
    found = languages.for_browsers("de")
    scripts = {entry.one for entry in po.read((languages.HOME / "de.po").read_text(encoding="utf-8"))
               if any(place.startswith(("static/", "web/")) for place in entry.places)}
    assert found["language"] == "de" and found["texts"] and set(found["texts"]) <= scripts
    assert found["texts"]["{count} layer"] == ["{count} Schicht", "{count} Schichten"]
    assert found["forms"][:4] == "1011" and len(found["forms"]) == languages.FORMS
