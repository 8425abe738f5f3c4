"""What can happen to a page, done to the demo newsroom's files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from demo.local_pages import FARES, LIBRARY, PAGES, RESERVOIR, ROADS
from demo.newsroom import Files

FARES_MOVED_TO = "/mysalkent/archive/bus-fares"
FIGURE = re.compile(r"(?<=resurfaced )\d+(?= kilometres)")
# The figures a quoted 42 is edited to, one further with every run. A text equal to one of the last five versions
# counts as flapping, so none may come back soon.
FIRST_EDITED, HOW_MANY = 24, 20


@dataclass(frozen=True)
class Edit:
    """What a case did. `paths`: the addresses to visit now. `changed` False: it had been done already."""

    paths: tuple[str, ...]
    changed: bool
    before: str = ""
    after: str = ""


def edit_figure(files: Files) -> Edit:
    """Another number in the passage that a verdict quotes; a further one at every run."""
    text = files.file(ROADS, "html").read_text(encoding="utf-8")
    figure = FIGURE.search(text)
    if figure is None:
        raise ValueError(f"{files.file(ROADS, 'html')} holds no figure to edit: run demo_drift --case restore.")
    after = str(_next_figure(files))
    files.write(ROADS, "html", FIGURE.sub(after, text))
    return Edit((ROADS,), True, f"{figure.group()} kilometres", f"{after} kilometres")


def _next_figure(files: Files) -> int:
    counter = files.directory / "edits"
    done = int(counter.read_text()) if counter.exists() else 0
    counter.write_text(str(done + 1))
    return FIRST_EDITED - done % HOW_MANY


def remove(files: Files) -> Edit:
    """The page answers 410, gone, from now on."""
    if files.file(RESERVOIR, "gone").exists():
        return Edit((RESERVOIR,), False, "410", "410")
    files.write(RESERVOIR, "gone", "")
    return Edit((RESERVOIR,), True, "200", "410")


def move(files: Files) -> Edit:
    """The page answers 301 to another address, where the same text stands."""
    both = (FARES, FARES_MOVED_TO)
    if files.file(FARES, "moved").exists():
        return Edit(both, False, FARES, FARES_MOVED_TO)
    # First where it goes, then the sign: a visitor between the two finds the page at either.
    files.write(FARES_MOVED_TO, "html", files.file(FARES, "html").read_text(encoding="utf-8"))
    files.write(FARES, "moved", FARES_MOVED_TO)
    return Edit(both, True, FARES, FARES_MOVED_TO)


def turn_adverts(files: Files) -> Edit:
    """Nothing to do: the newsroom shows another advertisement at every visit anyway. The page is only made due."""
    return Edit((LIBRARY,), False)


def restore(files: Files) -> Edit:
    """Every page as it was at first. A page that moved stays at its new address too, so that no link breaks."""
    changed = False
    for page in PAGES:
        file = files.file(page.path, "html")
        if not file.exists() or file.read_text(encoding="utf-8") != page.html():
            files.write(page.path, "html", page.html())
            changed = True
    return Edit((*(page.path for page in PAGES), FARES_MOVED_TO), changed)


CASES: dict[str, Callable[[Files], Edit]] = {
    "figure": edit_figure,
    "gone": remove,
    "moved": move,
    "adverts": turn_adverts,
    "restore": restore,
}
