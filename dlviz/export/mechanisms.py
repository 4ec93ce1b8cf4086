"""What an exported script has of training's mechanisms: schedule, clipping, smoothing, early stopping, augmentation.

Each gives its pieces of source, or nothing where it is off. Knows no network and no task.
"""
from __future__ import annotations

import inspect

from dlviz import distortion
from dlviz.corruption import Corruption
from dlviz.layers.base import literal
from dlviz.penalty import add_penalty
from dlviz.schedules import Schedule
from dlviz.spec import TrainingSpec

DISTORTION_IMPORTS = "import math\n\nimport torch\nfrom torch.nn import functional as F\n\n\n"
CORRUPTION_IMPORTS = "import math\n\nimport torch\n\n\n"
GENERATOR = "GENERATOR = torch.Generator().manual_seed(SEED)  # decides how each picture is changed"


def schedule_source(schedule: Schedule) -> str:
    """The function whose result the learning rate is multiplied with at each step."""
    if schedule.function is None:
        return ""
    text = inspect.getsource(schedule.function)
    return f"import math\n\n\n{text}" if "math." in text else text


def by_step(schedule: Schedule) -> bool:
    """Whether the schedule moves on with each step."""
    return schedule.function is not None


def schedule_lines(schedule: Schedule, targets: str) -> list[str]:
    """What makes `schedule` in `main`."""
    given = "".join(f", {name}={literal(value)}" for name, value in schedule.arguments().items())
    if schedule.follows_loss:
        return [f"schedule = torch.optim.lr_scheduler.{schedule.kind}(optimizer{given})"]
    if schedule.function is None:
        return []
    epochs, optional = schedule.epochs(), inspect.signature(schedule.function).parameters
    given = "".join(f", {name}={literal(value)}" for name, value in schedule.arguments().items()
                    if value != optional[name].default)
    return [f"{schedule.span} = {'options.epochs' if epochs is None else epochs} * "
            f"math.ceil(len({targets}) / BATCH_SIZE)",
            "schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: "
            f"{schedule.function.__name__}(step, {schedule.span}{given}))"]


def clip_line(spec: TrainingSpec) -> str:
    """What stands between backward and update."""
    if spec.clip == "off":
        return ""
    return f"torch.nn.utils.clip_grad_{spec.clip}_(model.parameters(), {literal(spec.clip_threshold)})"


def penalized(spec: TrainingSpec) -> bool:
    """Whether large weights cost something."""
    return bool(spec.l1 or spec.l2)


def penalty_line(spec: TrainingSpec) -> str:
    """What stands behind backward."""
    return f"add_penalty(model.parameters(), {literal(spec.l1)}, {literal(spec.l2)})" if penalized(spec) else ""


def penalty_source(spec: TrainingSpec) -> str:
    """The function that adds the gradient of the penalty."""
    if not penalized(spec):
        return ""
    source = inspect.getsource(add_penalty)
    return source.replace("(weights: Iterable[nn.Parameter], l1: float, l2: float) -> None:", "(weights, l1, l2):")


def constants(spec: TrainingSpec) -> list[str]:
    """The numbers that go to the script's top."""
    lines = []
    if spec.early_stopping:
        lines.append(f"PATIENCE = {spec.early_stopping}  # epochs without a lower validation loss, then it ends")
    if spec.augmentation.active:
        amounts = {name: value for name, value in spec.augmentation.model_dump().items() if value}
        written = ", ".join(f'"{name}": {literal(value)}' for name, value in amounts.items())
        lines.append(f"AUGMENTATION = {{{written}}}  # of the training pictures, at most")
    return lines


def augmentation_source(spec: TrainingSpec) -> str:
    """The functions that change pictures, with their generator."""
    if not spec.augmentation.active:
        return ""
    sources = [inspect.getsource(distortion.distort)]
    if spec.augmentation.elastic:
        sources.append(inspect.getsource(distortion.bend))
    else:
        sources[0] = _without_bending(sources[0])
    return DISTORTION_IMPORTS + "\n\n".join([f"{GENERATOR}\n", *sources])


def corruption_source(corruption: Corruption | None) -> str:
    """The functions that make training samples of clean ones, with their generator."""
    if corruption is None:
        return ""
    written = ", ".join(f'"{name}": {literal(value)}' for name, value in corruption.arguments.items())
    sources = [_plain(inspect.getsource(function)) for function in (*corruption.helpers, corruption.function)]
    return CORRUPTION_IMPORTS + "\n\n".join([f"{GENERATOR}\nCORRUPTION = {{{written}}}\n", *sources])


def _plain(source: str) -> str:
    """The source with types that need no import."""
    return source.replace("Sequence[torch.Tensor]", "list[torch.Tensor]")


def _without_bending(source: str) -> str:
    """The source without the lines that only bend."""
    lines = source.split("\n")
    at = next(i for i, line in enumerate(lines) if line.strip() == "if elastic:")
    del lines[at:at + 2]
    text = "\n".join(lines)
    text = text.replace("scale: float = 0.0, elastic: float = 0.0)", "scale: float = 0.0)")
    return text.replace("scaled by up to the fraction\n    `scale`, and bent by `elastic` pixels.",
                        "scaled by up to the fraction\n    `scale`.")


def changed(name: str, spec: TrainingSpec) -> str:
    """The expression for a batch of pictures as the network is shown them."""
    return f"distort({name}[batch], GENERATOR, **AUGMENTATION)" if spec.augmentation.active else f"{name}[batch]"


BEFORE_EPOCHS = '''
    best, best_weights, bad_epochs = math.inf, {}, 0'''
AFTER_EPOCH = '''
        if loss < best:
            best, bad_epochs = loss, 0
            best_weights = {name: value.clone() for name, value in model.state_dict().items()}
        else:
            bad_epochs += 1
        if bad_epochs == PATIENCE:
            print("stopped early")
            break'''
AFTER_EPOCHS = '''
    model.load_state_dict(best_weights)'''
