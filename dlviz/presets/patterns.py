"""Ready networks whose answers are pictures. Plain data only.

What each learns was measured by `benchmarks.applications`.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dlviz.optimizers import Adam
from dlviz.presets.base import Preset, layers, linear, preset
from dlviz.spec import NetworkSpec, Scalar

UNFLATTEN = ("picture", "Unflatten", {"height": 28})


def _patterns(key: str, title: str, sentence: str, network: NetworkSpec, task: str,
              fields: Mapping[str, Scalar] | None = None, **training: Any) -> Preset:
    return preset("Patterns and pictures", key, title, sentence, network, task, fields, **training)


def _dense(*widths: int, start: int = 1) -> list[tuple[Any, ...]]:
    return [row for number, width in enumerate(widths, start)
            for row in (linear(f"hidden{number}", width), (f"relu{number}", "ReLU"))]


def _autoencoder(code: int) -> NetworkSpec:
    """784 pixels through a few numbers and back."""
    return layers(("flatten", "Flatten"), *_dense(256, 64), linear("code", code), *_dense(64, 256, start=3),
                  linear("output", 784), ("sigmoid", "Sigmoid"), UNFLATTEN)


def _variational(code: int) -> NetworkSpec:
    """The autoencoder again, but for each number of the code the encoder gives a mean and a variance."""
    return layers(("flatten", "Flatten"), *_dense(256, 64), linear("mean_and_variance", 2 * code),
                  ("code", "GaussianSampling", {"kl_weight": 1e-3}), *_dense(64, 256, start=3), linear("output", 784),
                  ("sigmoid", "Sigmoid"), UNFLATTEN)


def _completing() -> NetworkSpec:
    return layers(("flatten", "Flatten"), *_dense(512, 512), linear("output", 784), ("sigmoid", "Sigmoid"), UNFLATTEN)


def _cleaning() -> NetworkSpec:
    """Convolutions of the picture's size: each pixel is mended from its neighbourhood."""
    conv = {"kernel_size": 5, "padding": 2}
    return layers(("conv1", "Conv2d", {"out_channels": 16, **conv}), ("relu1", "ReLU"),
                  ("conv2", "Conv2d", {"out_channels": 16, **conv}), ("relu2", "ReLU"),
                  ("output", "Conv2d", {"out_channels": 1, **conv}))


def _drawing(width: int) -> NetworkSpec:
    """The noisy picture, the digit and the time side by side, two hidden layers, and the picture."""
    return layers(("flatten", "Flatten", {}, ("image",)), ("together", "Concat", {}, ("flatten", "digit", "time")),
                  *_dense(width, width), linear("output", 196), ("picture", "Unflatten", {"height": 14}))


def _unet() -> NetworkSpec:
    """Down to a quarter of the size and up again; what each size has seen skips over to its way up."""
    conv = {"kernel_size": 3, "padding": 1}
    return layers(("conv1", "Conv2d", {"out_channels": 8, **conv}), ("relu1", "ReLU"), ("pool1", "MaxPool2d"),
                  ("conv2", "Conv2d", {"out_channels": 24, **conv}), ("relu2", "ReLU"), ("pool2", "MaxPool2d"),
                  ("conv3", "Conv2d", {"out_channels": 48, **conv}), ("relu3", "ReLU"),
                  ("up2", "ConvTranspose2d", {"out_channels": 24}), ("skip2", "Concat", {}, ("up2", "relu2")),
                  ("conv4", "Conv2d", {"out_channels": 24, **conv}), ("relu4", "ReLU"),
                  ("up1", "ConvTranspose2d", {"out_channels": 8}), ("skip1", "Concat", {}, ("up1", "relu1")),
                  ("conv5", "Conv2d", {"out_channels": 8, **conv}), ("relu5", "ReLU"),
                  ("output", "Conv2d", {"out_channels": 1, "kernel_size": 1}))


PATTERNS: tuple[Preset, ...] = (
    _patterns("autoencoder", "Autoencoder with two codes",
              "Each digit must pass through two numbers and come out again. Nobody tells the network which digit it "
              "is, and yet digits of a kind gather in the plane of these codes. Drag through it: the decoder draws.",
              _autoencoder(2), "autoencoder", batch_size=128, epochs=5, optimizer=Adam(learning_rate=2e-3)),
    _patterns("vae", "Variational autoencoder",
              "The autoencoder, but each digit is a small cloud in the plane, and all clouds together fill it evenly. "
              "So the decoder draws a digit wherever you press. Watch what it costs, on ELBO.",
              _variational(2), "autoencoder", batch_size=128, epochs=6, optimizer=Adam(learning_rate=2e-3)),
    _patterns("anomalies", "What is new?",
              "The network has seen every digit but the 2. It restores them through eight numbers, and a 2 comes out "
              "badly: its error gives it away. Move the threshold, and see what it finds and how often it is wrong.",
              _autoencoder(8), "autoencoder", {"left_out": "2"}, batch_size=128, epochs=4,
              optimizer=Adam(learning_rate=2e-3)),
    _patterns("wrong_beats", "Which heartbeat is wrong?",
              "The network has learned from a pulse without a fault to forecast its next value. Six of the test beats "
              "are missing, early or upside down: there the forecast is far off, and a threshold on the error gives "
              "the alarm. The strange parts are marked on the series, on Anomalies.",
              layers(("flatten", "Flatten"), *_dense(32, 32), linear("output", 1)), "pulse", batch_size=32,
              epochs=8, optimizer=Adam(learning_rate=3e-3)),
    _patterns("half_digits", "Finish half a digit",
              "Half of each digit is hidden, and the network draws the rest. Open Draw and draw the upper half of a 9, "
              "or the left half of a 4.",
              _completing(), "restore", batch_size=128, epochs=15),
    _patterns("noisy_digits", "Digits under noise",
              "Noise lies over each pixel, half as strong as the brightest ink, and three convolutions take it off: "
              "each pixel is worked out from those around it.",
              _cleaning(), "restore", {"half": False, "noise": 0.5, "samples": 10_000}, batch_size=64, epochs=3,
              optimizer=Adam(learning_rate=3e-3)),
    _patterns("scene", "Which pixels are the three?",
              "A small U-Net says of each pixel whether it belongs to a 3. Without the skips it would know what is "
              "there, but not where exactly. Open Draw and draw a scene of small digits.",
              _unet(), "scene", batch_size=32, epochs=6, optimizer=Adam(learning_rate=3e-3)),
    _patterns("diffusion", "Diffusion: draw me a 7",
              "The network learns to see a digit under noise of any strength, and is told which one it is. Then it "
              "starts from pure noise, and noise that is taken off twenty times becomes the digit you ask for.",
              _drawing(512), "diffusion", batch_size=128, epochs=6),
    _patterns("diffusion_noise", "Diffusion that predicts noise (fails)",
              "This must fail: to name the noise of 196 pixels, 196 numbers must pass through a hidden layer of 64. "
              "The same network learns to draw when it predicts the image instead, which has far less in it.",
              _drawing(64), "diffusion", {"predict": "noise"}, batch_size=128, epochs=6),
)
