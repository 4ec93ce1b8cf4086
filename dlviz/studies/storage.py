"""Studies on disk: one small JSON file each in the data folder, replaced whole. Knows no run.

Files and not tables: a study is read and written as one value, there are few of them, and the store's layout
stays as it is. The service's claim on the data folder covers them too.
"""
from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from dlviz import files, settings
from dlviz.errors import RunError
from dlviz.studies.study import Study
from dlviz.studies.versions import upgrade_study
from dlviz.translation import _

log = logging.getLogger(__name__)


class StudyStore:
    """The folder `studies/` of a data folder (`settings.home()` when None)."""

    def __init__(self, home: Path | None = None) -> None:
        self._folder = (home or settings.home()) / "studies"

    def read(self) -> dict[str, Study]:
        """All studies by id, oldest first; a file that holds none stays and is named in the log."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                value = upgrade_study(json.loads(path.read_bytes()))
                found.append(Study.model_validate_json(json.dumps(value)))
            except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
                log.warning("%s holds no study: %s", path.name, str(error).splitlines()[0])
        return {study.id: study for study in sorted(found, key=lambda study: (study.created, study.id))}

    def lockstep_groups(self) -> list[tuple[tuple[str, ...], int]]:
        """The runs that are in lock-step, with their lead; what `RunService` begins with."""
        return [(study.runs, study.lead) for study in self.read().values() if study.lead]

    def write(self, study: Study) -> None:
        """Keep the study as it is now. RunError when the disk does not take it."""
        path = self._path(study.id)
        try:
            files.replace(path, lambda file: file.write_text(study.model_dump_json()))
        except OSError as error:
            raise RunError(_("The study {name!r}", name=study.name), _("must be saved on the disk"),
                           _("that failed ({reason})", reason=error),
                           _("See whether the disk is full: {folder}.", folder=self._folder)) from error

    def delete(self, study: str) -> None:
        """Forget the study. RunError when the disk does not let it go."""
        try:
            self._path(study).unlink(missing_ok=True)
        except OSError as error:
            raise RunError(_("The study"), _("must be removed"), _("it cannot ({reason})", reason=files.reason(error)),
                           _("See whether this folder can be written: {folder}.", folder=self._folder)) from error

    def _path(self, study: str) -> Path:
        return self._folder / f"{re.sub(r'[^a-z0-9]', '', study)}.json"
