"""Where a process's time goes: every thread's place, looked at two hundred times a second."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = str(Path(__file__).resolve().parent.parent)
EVERY = 0.005
OURS = "sources"


class Samples:
    """How often each place was seen. Waiting counts as being there: for a disk, a database, the child that reads."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()
        self._looks = 0

    def look(self, but: int | None) -> None:
        """Note every thread's place, that of thread `but` left out."""
        self._looks += 1
        for thread, frame in sys._current_frames().items():
            if thread != but and (ours := _innermost_of_ours(frame)):
                self._seen[(ours, _name(frame))] += 1

    def table(self, shown: int = 25) -> list[tuple[float, str, str]]:
        """Share of the time (threads side by side make more than one in all), our function, and what it was in."""
        return [(count / max(1, self._looks), ours, inner) for (ours, inner), count in self._seen.most_common(shown)]


@contextmanager
def sampled() -> Iterator[Samples]:
    """Samples of the block, from a thread of their own."""
    samples, ended = Samples(), threading.Event()

    def watch() -> None:
        while not ended.wait(EVERY):
            samples.look(but=threading.get_ident())

    watching = threading.Thread(target=watch)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.001)
    watching.start()
    try:
        yield samples
    finally:
        ended.set()
        watching.join()
        sys.setswitchinterval(interval)


def _innermost_of_ours(frame: FrameType | None) -> str:
    while frame is not None:
        if frame.f_code.co_filename.startswith(f"{ROOT}/{OURS}/"):
            return _name(frame)
        frame = frame.f_back
    return ""


def _name(frame: FrameType) -> str:
    path = frame.f_code.co_filename.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return f"{'/'.join(path.split('/')[-3:])}:{frame.f_lineno} {frame.f_code.co_name}"
