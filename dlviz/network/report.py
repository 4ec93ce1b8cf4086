"""What a check of a design found: shape, cost and error of each layer, and of the whole."""
from __future__ import annotations

from dataclasses import dataclass, field

from dlviz.errors import LayerError, SpecError
from dlviz.network.measuring import Profile
from dlviz.shapes import Shape, Signature
from dlviz.spec import NetworkSpec
from dlviz.text_table import text_table


@dataclass(frozen=True)
class Cost:
    """What one layer costs for one sample."""

    parameters: int = 0
    multiply_adds: int = 0  # of matrix products and convolutions, one sample, forward


@dataclass(frozen=True)
class LayerReport:
    """What is known of one layer where it stands. Shapes are None behind an error."""

    name: str
    kind: str
    inputs: tuple[str, ...]  # names of what it takes, resolved
    in_shapes: tuple[Shape, ...] | None = None
    out_shape: Shape | None = None
    cost: Cost = Cost()
    error: LayerError | None = None
    profile: Profile | None = field(default=None, repr=False)

    @property
    def known_in_shapes(self) -> tuple[Shape, ...]:
        """`in_shapes` of a layer with no error above it. ValueError behind one."""
        if self.in_shapes is None:
            raise ValueError(f"{self.name} stands behind an error")
        return self.in_shapes

    @property
    def known_out_shape(self) -> Shape:
        """`out_shape` of a layer without an error. ValueError for one with an error, or behind one."""
        if self.out_shape is None:
            raise ValueError(f"{self.name} has an error, or stands behind one")
        return self.out_shape


@dataclass(frozen=True)
class NetworkReport:
    """What `check` found of `network`. `errors` is empty exactly when the network can be built and trained."""

    layers: tuple[LayerReport, ...]
    network: NetworkSpec
    signature: Signature
    errors: tuple[SpecError, ...]  # those of the cards first, then those of the whole
    step_bytes: int  # estimate of the highest moment of training; 0 while there are errors in the cards

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def parameters(self) -> int:
        return sum(layer.cost.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        return sum(layer.cost.multiply_adds for layer in self.layers)

    def layer(self, name: str) -> LayerReport:
        return next(layer for layer in self.layers if layer.name == name)

    def __repr__(self) -> str:
        """A table of the layers, then the sums and every error."""
        rows = [(layer.name, layer.kind, layer.out_shape or "-", f"{layer.cost.parameters:,}", ", ".join(layer.inputs))
                for layer in self.layers]
        table = text_table(("layer", "kind", "out_shape", "parameters", "inputs"), rows, right=(3,))
        sums = f"{self.parameters:,} parameters, {self.multiply_adds:,} multiply-adds a sample"
        return "\n".join([table, sums, *(error.sentence for error in self.errors)])
