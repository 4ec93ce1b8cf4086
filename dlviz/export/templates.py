"""The fixed text of an exported script, from top to bottom; `script` fills in what an experiment decides.

The network's class and the task's `load_data` come between CONSTANTS and TRAINING.
"""
from __future__ import annotations

from string import Template

HEADER = Template('''\
"""$title: a neural network in plain PyTorch, trained and tested.

    python $stem.py --data FOLDER

Needs $needs. `load_data` says which files FOLDER holds.
"""
# Exported from the dlviz experiment "$name".
''')

CONSTANTS = Template('''\
SEED = $seed  # the same seed gives the same first weights and the same order of the data
EPOCHS = $epochs
BATCH_SIZE = $batch_size$more
''')

TRAINING = Template('''\
import argparse
import math
from pathlib import Path

import torch


def best_device():
    """A graphics card where there is one, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


$def_train_epoch
    """Go through the data once in this order; return the loss of each batch."""
    model.train()
    losses = []
    for batch in order.split(BATCH_SIZE):
$batch_loss
        optimizer.zero_grad()
        loss.backward()$clip
        optimizer.step()$schedule_step
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise SystemExit("The loss is no longer a number. Try a smaller learning rate.")
        if len(losses) % 100 == 0:
            print(f"  {len(losses):,} batches, loss {losses[-1]:.4f}")
    return losses


@torch.no_grad()
$def_evaluate
    """Loss and accuracy, 1,000 samples at a time."""
    model.eval()
$outputs
$correct
    return $loss(outputs, $targets).item()$added, correct.float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data"), help="the folder with the data")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes through the data")
    options = parser.parse_args()

    device = best_device()
    train, val, test = load_data(options.data)
$take

    torch.manual_seed(SEED)
    model = Network().to($layout
$optimizer$schedule$before_epochs
    for epoch in range(options.epochs):
        shuffle = torch.Generator().manual_seed(SEED + epoch)
        order = torch.randperm(len($targets), generator=shuffle).to(device)
$train_epoch
        loss, accuracy = evaluate(model, *val, device)
        print(f"epoch {epoch + 1}: loss {sum(losses) / len(losses):.4f}, "
              f"validation loss {loss:.4f}, accuracy {accuracy:.2%}")$after_epoch
$after_epochs
    loss, accuracy = evaluate(model, *test, device)
    print(f"test: loss {loss:.4f}, accuracy {accuracy:.2%}")


if __name__ == "__main__":
    main()
''')
