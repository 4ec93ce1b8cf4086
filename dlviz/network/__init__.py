"""From a NetworkSpec to shapes, costs and errors (`check`), and to the module that trains (`build`).

Knows neither tasks nor training: what flows in and what is wanted comes as a Signature.
"""
from __future__ import annotations

from dlviz.network.checks import MOMENTS, check, resolved_inputs
from dlviz.network.module import RESERVED, Network, attributes, build
from dlviz.network.report import Cost, LayerReport, NetworkReport

__all__ = ["MOMENTS", "RESERVED", "Cost", "LayerReport", "Network", "NetworkReport", "attributes",
           "build", "check", "resolved_inputs"]
