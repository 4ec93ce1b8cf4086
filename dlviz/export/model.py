"""The network as an `nn.Module` class whose weights are called as in dlviz. Knows no task and no training."""
from __future__ import annotations

import ast
import inspect
from collections.abc import Callable

from dlviz import layers
from dlviz.export.attention import Attention
from dlviz.export.tied import TiedLinear
from dlviz.export.variables import forks, variables
from dlviz.export.writing import INDENT, annotated, statement
from dlviz.layers import Layer, attention, dense
from dlviz.layers.initialisation import initialise
from dlviz.layers.sentences import article
from dlviz.network import LayerReport, NetworkReport, attributes, tying
from dlviz.spec import NetworkSpec

IMPORTS = {"math": "import math", "Callable": "from collections.abc import Callable",
           "torch": "import torch", "nn": "from torch import nn",
           "F": "from torch.nn import functional as F"}  # all that dlviz's own modules may use
PLAIN = {attention.Attention: Attention,  # dlviz's own modules that are taken home in a simpler form
         dense.TiedLinear: TiedLinear}
BODY = INDENT * 2  # inside a method


def model_sources(network: NetworkSpec, report: NetworkReport) -> list[str]:
    """The class `Network`, after those of dlviz's that it is made of, each with its imports.

    `report` found the design right. A chain becomes an `nn.Sequential` that lists each layer once; anything
    else gets a `forward` of its own.
    """
    names = attributes(network.names())
    declared = {spec.name: layers.declare(spec.kind, spec.fields, spec.name) for spec in network.layers}
    frozen = [spec.name for spec in network.layers if not spec.trainable and report.layer(spec.name).cost.parameters]
    write = _sequential if _is_chain(report, declared, names) else _module
    own: dict[type | Callable[..., None], None] = dict.fromkeys(PLAIN.get(cls, cls) for layer in declared.values()
                                                                for cls in layer.own)
    if any(layer.init_code("x") for layer in declared.values()):
        own[initialise] = None
    more = [*_tied(network, report, names), *_frozen(frozen, names)]
    return [*map(_own, own), write(report, declared, names, more) + _resting(frozen, declared, names)]


def _tied(network: NetworkSpec, report: NetworkReport, names: dict[str, str]) -> list[str]:
    """The statements that have layers take their weights from embeddings."""
    return [f"{BODY}self.{names[name]}.tie(self.{names[source]})"
            for name, source in tying.ties(network, report.layers).items()]


def _frozen(frozen: list[str], names: dict[str, str]) -> list[str]:
    """The statements that keep weights as they are."""
    return [f"{BODY}self.{names[name]}.requires_grad_(False)  # frozen" for name in frozen]


def _resting(frozen: list[str], declared: dict[str, Layer], names: dict[str, str]) -> str:
    """The method that keeps what frozen batch normalizations have seen; empty where there are none."""
    lines = [f"{BODY}self.{names[name]}.eval()" for name in frozen if declared[name].batch_statistics]
    if not lines:
        return ""
    return "\n".join(["", "", f"{INDENT}def train(self, mode=True):",
                      f'{BODY}"""Frozen batch normalization keeps its running statistics."""',
                      f"{BODY}super().train(mode)", *lines, f"{BODY}return self"])


def _own(cls: type | Callable[..., None]) -> str:
    """The source of one of dlviz's modules or functions, with the imports that it uses."""
    text = inspect.getsource(cls)
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    return "\n".join([*(line for name, line in IMPORTS.items() if name in used), "", "", text])


def _is_chain(report: NetworkReport, declared: dict[str, Layer], names: dict[str, str]) -> bool:
    """Whether each layer is a module that takes just the output of the one before."""
    before = [report.signature.inputs[0][0], *(layer.name for layer in report.layers)]
    return len(report.signature.inputs) == 1 and all(
        layer.inputs == (previous,) and declared[layer.name].code(*layer.known_in_shapes)
        and _applied(layer, declared, names, ["x"]) == f"self.{names[layer.name]}(x)"
        for previous, layer in zip(before, report.layers))


def _applied(layer: LayerReport, declared: dict[str, Layer], names: dict[str, str], inputs: list[str]) -> str:
    return declared[layer.name].forward_code(names[layer.name], inputs, *layer.known_in_shapes)


def _sequential(report: NetworkReport, declared: dict[str, Layer], names: dict[str, str], more: list[str]) -> str:
    rows = [(statement(f"{names[layer.name]}=", declared[layer.name].code(*layer.known_in_shapes), ",", INDENT * 3),
             _new_shape(layer)) for layer in report.layers]
    return "\n".join(["from collections import OrderedDict", "", "from torch import nn", "", "",
                      "class Network(nn.Sequential):", *_docstring(report), "",
                      f"{INDENT}def __init__(self):", f"{BODY}super().__init__(OrderedDict(",
                      *annotated(rows), f"{BODY}))", *_first_weights(declared, names), *more])


def _first_weights(declared: dict[str, Layer], names: dict[str, str]) -> list[str]:
    """The statements that draw weights in another way than torch does."""
    lines = [layer.init_code(names[name]) for name, layer in declared.items()]
    return [statement("", line, indent=BODY) for line in lines if line]


def _module(report: NetworkReport, declared: dict[str, Layer], names: dict[str, str], more: list[str]) -> str:
    forward = "\n".join(_forward(report, declared, names))
    imports = ["import torch"] * ("torch." in forward) + ["from torch import nn"]
    return "\n".join([*imports, "", "", "class Network(nn.Module):", *_docstring(report), "",
                      *_init(report, declared, names, more), "", forward])


def _init(report: NetworkReport, declared: dict[str, Layer], names: dict[str, str], more: list[str]) -> list[str]:
    lines = [f"{INDENT}def __init__(self):", f"{BODY}super().__init__()"]
    for block in _blocks(report):
        built = [(names[layer.name], declared[layer.name].code(*layer.known_in_shapes)) for layer in block]
        lines += [statement(f"self.{name} = ", code, indent=BODY) for name, code in built if code]
        lines += [""] * any(code for _, code in built)
    more = [*_first_weights(declared, names), *more]
    return [*lines, *more] if more else lines[:-1]


def _forward(report: NetworkReport, declared: dict[str, Layer], names: dict[str, str]) -> list[str]:
    held = variables(report, names)
    inputs = [held[name] for name, _ in report.signature.inputs]
    lines = [statement("def forward(self, ", f"{', '.join(inputs)}):")]
    for block in _blocks(report):
        rows = []
        for layer in block:
            expression = _applied(layer, declared, names, [held[name] for name in layer.inputs])
            head = "return " if layer is report.layers[-1] else f"{held[layer.name]} = "
            rows.append((statement(head, expression, indent=BODY), _new_shape(layer)))
        lines += [*annotated(rows), ""]
    return lines[:-1]


def _blocks(report: NetworkReport) -> list[list[LayerReport]]:
    """The layers in groups, each of which ends where the data forks: the blocks of a residual network."""
    forked = forks(report)
    blocks: list[list[LayerReport]] = [[]]
    for layer in report.layers:
        blocks[-1].append(layer)
        if layer.name in forked:
            blocks.append([])
    return [block for block in blocks if block]


def _new_shape(layer: LayerReport) -> str:
    """The shape that comes out, where it is another than what went in."""
    return "" if layer.out_shape == layer.known_in_shapes[0] else str(layer.out_shape)


def _docstring(report: NetworkReport) -> list[str]:
    *others, last = (article(shape).english for _, shape in report.signature.inputs)
    inputs = f"{', '.join(others)} and {last}" if others else last
    logits = "logits for " if report.signature.loss == "cross_entropy" else ""
    size = f"{INDENT}{report.parameters:,} parameters."
    if any(map(_new_shape, report.layers)):
        size += " The comments give the shape that comes out, for one sample."
    return [f'{INDENT}"""From {inputs} to {logits}{report.signature.out_description}.', "", size, f'{INDENT}"""']
