"""Clothes instead of digits: Fashion-MNIST by Zalando (MIT licence), downloaded once somebody asks for it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from dlviz import settings
from dlviz.errors import TaskError
from dlviz.tasks import idx
from dlviz.tasks.mnist import IdxTask
from dlviz.translation import Words, _

ADDRESS = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"  # Zalando's own; it speaks no https,
# so the MD5 that they publish beside the files is what is trusted
TIMEOUT = 20  # seconds without a single byte
CHUNK = 65_536  # bytes between two looks at the progress


class FashionMnist(IdxTask):
    """70,000 clothes, 28 x 28 pixels, of ten sorts: harder than digits for the same network."""

    name: ClassVar[str] = "fashion_mnist"
    title: ClassVar[str] = "Fashion-MNIST"
    classes: ClassVar[tuple[str, ...]] = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal",
                                          "Shirt", "Sneaker", "Bag", "Ankle boot")
    mean: ClassVar[float] = 0.2860
    std: ClassVar[float] = 0.3530
    box: ClassVar[int] = 28
    advice: ClassVar[str] = "Download Fashion-MNIST again."
    origin: ClassVar[str] = ("Zalando Research offers them with its project Fashion-MNIST; once dlviz has fetched\n"
                             "    them, they lie in data/fashion-mnist under its own folder, ~/.dlviz by default.")
    download_bytes: ClassVar[int] = 30_878_645
    files: ClassVar[dict[str, idx.IdxFile]] = {
        "train_images": idx.IdxFile("train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                                    (60_000, 28, 28)),
        "train_labels": idx.IdxFile("train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe",
                                    (60_000,)),
        "test_images": idx.IdxFile("t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79",
                                   (10_000, 28, 28)),
        "test_labels": idx.IdxFile("t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310",
                                   (10_000,)),
    }

    @classmethod
    def folder(cls) -> Path:
        return settings.home() / "data" / "fashion-mnist"

    def ready(self) -> bool:
        return all(idx.intact(self.folder(), file) for file in self.files.values())

    def fetch(self, progress: Callable[[float], None] | None = None) -> None:
        """Download what is missing or damaged; see `Task.fetch`. A file counts only once its MD5 is right."""
        import pooch  # 0.3 s for it and requests, in every process; only a download needs them
        from requests.exceptions import RequestException

        bar: Any = _Bar(progress or (lambda fraction: None), self.download_bytes)  # pooch's types know only bools
        downloader: Any = pooch.HTTPDownloader(progressbar=bar, chunk_size=CHUNK, timeout=TIMEOUT)
        for file in self.files.values():
            try:
                pooch.retrieve(ADDRESS + file.name, file.digest, file.name, self.folder(),
                               downloader=downloader)
            except RequestException as error:
                raise self._unfetched(f"{file.name} did not come ({_reason(error.response)})",
                                      "See whether this computer is online, then try again. MNIST needs no "
                                      "network.") from error
            except ValueError as error:
                raise self._unfetched(f"{file.name} is not what its authors published (its MD5 differs)",
                                      "Try again; a login page of your network may have stood in the "
                                      "way.") from error
            except OSError as error:
                raise self._unfetched(f"{file.name} cannot be written to {self.folder()} ({error.strerror})",
                                      "Make room there, or set DLVIZ_HOME to another folder.") from error
        bar.report(1.0)

    def _unfetched(self, came: Words, fix: Words) -> TaskError:
        return TaskError(_("The download of Fashion-MNIST"), _("must bring four files"), came, fix)


def _reason(response: Any) -> str:
    return "no connection" if response is None else f"the server answered {response.status_code}"


class _Bar:
    """What pooch calls a progress bar; passes on the share of all files, one message a percent."""

    def __init__(self, report: Callable[[float], None], expected: int):
        self.report, self._expected = report, expected
        self.total = 0  # bytes of the file on its way; pooch sets it
        self._finished = self._now = self._reported = 0

    def update(self, count: int) -> None:
        self._now += count
        percent = min(99, 100 * (self._finished + self._now) // self._expected)
        if percent > self._reported:
            self._reported = percent
            self.report(percent / 100)

    def reset(self) -> None:
        self._now = 0

    def close(self) -> None:
        self._finished, self._now = self._finished + self.total, 0
