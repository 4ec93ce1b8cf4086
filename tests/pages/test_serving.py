"""What Streamlit is told in config.toml, without which a class waits for its own server."""
from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config

TOLD = Path(__file__).parents[2] / ".streamlit" / "config.toml"
CALM = {"server.fileWatcherType": "none", "runner.postScriptGC": False, "runner.magicEnabled": False,
        "browser.gatherUsageStats": False}


@pytest.mark.parametrize("option", CALM)
def test_the_server_does_no_work_beside_its_pages(option):
    section, name = option.split(".")
    assert tomllib.loads(TOLD.read_text())[section][name] == CALM[option]


@pytest.mark.parametrize("option", CALM)
def test_streamlit_knows_each_of_these_options(option):
    assert option in config.get_config_options()
