"""Edit the demo newsroom and have what changed visited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from demo.cases import CASES, Edit
from demo.newsroom import Files
from sources.models import Source
from sources.services import make_due
from sources.urls import normalise_url


class NoDemo(Exception):
    """There is nothing to edit; the text says what to start first."""


@dataclass(frozen=True)
class Drift:
    """What was done, and the sources whose next visit is due now."""

    edit: Edit
    sources: list[Source]


def drift(case: str, *, directory: Path, base_url: str) -> Drift:
    """Do a case of demo.cases.CASES to the newsroom's files and make its sources due.

    Raises NoDemo when there is no newsroom in `directory`, or none of its pages is a source (except to restore).
    """
    if not any(directory.rglob("*.html")):
        raise NoDemo(
            f"There are no pages of a demo newsroom in {directory}. Start script/server, or the newsroom alone: "
            f"python -m demo.newsroom --port {base_url.rpartition(':')[2]} --dir {directory}"
        )
    known = Source.objects.filter(is_demo=True, canonical_url__startswith=base_url + "/")
    if case != "restore" and not known.exists():
        raise NoDemo(f"No page of {base_url} is a source here: load the demo first with python manage.py load_demo")
    edit = CASES[case](Files(directory))
    due = list(known.filter(canonical_url__in=[normalise_url(base_url + path) for path in edit.paths]))
    for source in due:
        make_due(source)
    return Drift(edit, due)
