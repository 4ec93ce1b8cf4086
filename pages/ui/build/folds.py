"""Repeated parts of a network as folded blocks: of a large design that nobody has laid out, and when it is tidied.

Knows nothing of Streamlit: a network and a layout go in, a layout comes out.
"""
from __future__ import annotations

from dlviz import settings
from dlviz.layout import Layout
from dlviz.network.repeats import repeats
from dlviz.spec import Experiment, NetworkSpec
from pages.ui.build.texts import texts

LARGE = 24  # layers that can be read in one view


def opened(experiment: Experiment) -> Experiment:
    """The experiment, folded where it is too large for one view and has no layout of its own."""
    if len(experiment.network.layers) <= LARGE or experiment.layout != Layout():
        return experiment
    return experiment.model_copy(update={"layout": folded(experiment.network, experiment.layout)})


def folded(network: NetworkSpec, layout: Layout) -> Layout:
    """The layout with each repeat as one folded block; those of which a layer is in a block already stay."""
    for repeat in repeats(network):
        names = network.names()[repeat.start:repeat.end]
        if any(layout.block_of(name) for name in names):
            continue
        kinds = [layer.kind for layer in network.layers[repeat.start:repeat.start + repeat.length]]
        title = _title(kinds, repeat.times, {block.title for block in layout.blocks})
        layout = layout.grouped(title, names).folded(title, True)
    return layout


def _title(kinds: list[str], times: int, taken: set[str]) -> str:
    """What is repeated and how often, short enough for a node, in a title that no other block has."""
    kinds_shown = kinds[0] if len(kinds) == 1 else texts.FROM_TO.format(first=kinds[0], last=kinds[-1])
    title = texts.REPEATED.format(kinds=kinds_shown, times=times)
    titles = [title, *(f"{title} ({number})" for number in range(2, settings.MAX_LAYERS))]
    return next(one for one in (one[-settings.MAX_NAME:].strip() for one in titles) if one not in taken)
