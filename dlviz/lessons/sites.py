"""What a lesson may point at: pages, and controls by plain words. Where they stand on a page, the pages know."""
from __future__ import annotations

from dlviz.studies.presets import STUDY_PRESETS

PAGES = {
    "build": "Workbench", "lab": "Lab", "runs": "Runs", "train": "Train", "look": "Look", "draw": "Draw",
    "motion": "Slow motion", "explain": "Explain", "landscape": "Landscape", "learn": "Learn",
    "classroom": "Class", "play": "Play",
}
CONTROLS: dict[str, str] = {
    "play": "Play, in the dock of the Workbench.",
    "one_batch": "One batch, in the dock of the Workbench.",
    "learning_rate": "The learning rate, in the dock of the Workbench.",
    "curve": "The small curve in the dock of the Workbench.",
    "scrubber": "The slider that goes back to an earlier moment of the run.",
    "layers": "The layers of the design, on the Workbench.",
    "inspector": "The panel beside the layers, on the Workbench.",
    "presets": "The presets, on the Workbench.",
    "settings": "The training settings of a new run, on the Train page.",
    "controls": "Pause, Resume and their neighbours, on the Train page.",
    "rates": "The learning rate while a run trains, on the Train page.",
    "curves": "The curves of a run, on the Train page.",
    "train_views": "The choice of a view, on the Train page.",
    "health": "What the doctor says of a run, on the Train page.",
    "envelope": "What a finished run reached on the test split, on the Train page.",
    "new_run": "A new run, on the Train page.",
    "pad": "The place to draw, on the Draw page.",
    "answer": "What the network answers, on the Draw page.",
    "run": "The run in focus, below the navigation.",
    "places": "The pages at which the run in focus is opened large.",
    "answer_box": "The box for a number worked out by hand, in Slow motion.",
    "part": "What is shown, on the pages Slow motion and Explain.",
    "explanation": "What the Explain page shows of the network.",
    "question": "What the network is given, on the Look page.",
    "reply": "What the network answers, on the Look page.",
    "look_views": "The choice of a view, on the Look page.",
    **{f"study_{key}": f"The ready study {preset.title!r}, in the Lab." for key, preset in STUDY_PRESETS.items()},
}
