"""A network with its trained weights as an ONNX file. Needs the extra `export`; knows no page."""
from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from dlviz.errors import RunError, SpecError
from dlviz.network import Network
from dlviz.translation import _, series

PACKAGES = ("onnx", "onnxscript")


def onnx_model(network: Network, weights: Path | None = None) -> bytes:
    """The network as one ONNX file that takes batches of any size.

    Args:
        network: as `dlviz.build` gives it; it gets `weights`, and is in evaluation mode afterwards.
        weights: a safetensors file as `dlviz train` and the Train page write it; without it, the network's own.

    Returns:
        The file: inputs `(B, *in_shape)` with the task's names, one output `logits` of `(B, *out_shape)`.

    Raises:
        SpecError: the extra is not installed.
        RunError: the weights cannot be read, or are those of another network.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise SpecError(_("Export to ONNX"), _("needs the packages {packages}", packages=series(PACKAGES)),
                        _("{packages} cannot be found", packages=series(missing)),
                        _('Install them: pip install "dlviz[export]".'))
    if weights is not None:
        _load(network, weights)
    return _exported(network.eval())


def _load(network: Network, weights: Path) -> None:
    try:
        network.load_state_dict(load_file(weights))
    except (OSError, SafetensorError) as error:
        raise RunError(_("The file {weights}", weights=weights), _("must hold weights as safetensors"),
                       _("it cannot be read ({reason})", reason=str(error).splitlines()[0][:120]),
                       _("Take the weights.safetensors that a training has left.")) from error
    except RuntimeError as error:
        raise RunError(_("The weights in {weights}", weights=weights), _("must be those of this design"),
                       str(error).splitlines()[1].strip().rstrip("."),
                       _("Take the weights and the design of the same run.")) from error


def _exported(network: Network) -> bytes:
    """The traced graph. Two samples, since a batch of one would be taken for a constant."""
    inputs = tuple(torch.zeros(2, *shape.axes, dtype=torch.long if shape.kind == "tokens" else torch.float32)
                   for _, shape in network.signature.inputs)
    dynamic = tuple({0: torch.export.Dim.DYNAMIC} for _ in inputs)
    with warnings.catch_warnings():
        for category in (DeprecationWarning, FutureWarning):  # torch's own, of what it calls itself
            warnings.simplefilter("ignore", category)
        warnings.filterwarnings("ignore", r"The tensor attributes? .* assigned during export", UserWarning)  # an RNN's
        program = torch.onnx.export(
            network, inputs, dynamo=True, external_data=False, verbose=False, dynamic_shapes=(dynamic,),
            input_names=[name for name, _ in network.signature.inputs], output_names=["logits"])
    assert program is not None  # it is None without dynamo only
    return program.model_proto.SerializeToString()
