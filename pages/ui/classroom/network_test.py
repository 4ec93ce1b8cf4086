"""Whether students will reach this server, tested from the teacher's browser; and a sentence for the technician."""
from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from dlviz.classroom import addresses
from pages.ui.classroom import projector
from pages.ui.classroom.texts import texts
from pages.ui.shared import shell
from pages.ui.shared.component import static_component

_MOUNT = static_component("dlviz_selftest", "selftest")


def show() -> None:
    with st.expander(texts.TEST_NETWORK, icon=":material/network_check:", key="class.network"):
        address = projector.address_of()
        parts = urlsplit(address)
        bound = str(config.get_option("server.address") or "")
        if bound and addresses.is_own(bound) and bound != "0.0.0.0":
            st.warning(texts.ADDRESS_CLOSED.format(bound=bound), icon=":material/warning:")
        elif addresses.is_own(parts.hostname or ""):
            st.warning(texts.ADDRESS_NONE, icon=":material/warning:")
        else:
            st.write(texts.ADDRESS_IS.format(address=shell.plain(address)))
        _MOUNT(key="class.selftest", height="content", data={"address": address})
        st.caption(texts.TECHNICIAN.format(address=shell.plain(parts.hostname or ""), port=parts.port or 80))
