"""The command export_claimreview: whole files or none, and a bar for people."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from feed import dumps
from tests.feed_rows import BEGIN, store_documents

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def export(*arguments: str, status: int = 0, err: io.StringIO | None = None) -> str:
    """Standard output; fails unless the command ends with this status."""
    out = io.StringIO()
    try:
        call_command("export_claimreview", *arguments, stdout=out, stderr=err or io.StringIO())
    except SystemExit as ended:
        assert ended.code == status
    else:
        assert status == 0
    return out.getvalue()


def test_it_writes_to_standard_output_alone(tmp_path: Path) -> None:
    store_documents(2, claimreview="{}")
    *_, last = export("--format", "ndjson").splitlines()
    assert json.loads(last)["count"] == 2


def test_it_tells_a_program_what_it_did(tmp_path: Path) -> None:
    store_documents(2, claimreview="{}")
    file = tmp_path / "all.csv"
    figures = json.loads(export("--format", "csv", "--output", str(file), "--json"))
    assert figures == {"file": str(file), "verdicts": 2, "bytes": file.stat().st_size}


def test_it_writes_what_changed_since(tmp_path: Path) -> None:
    store_documents(3, claimreview="{}")
    since = BEGIN.replace(minute=2).isoformat()
    assert export("--format", "ndjson", "--updated-since", since).count('"DataFeedItem"') == 1


def test_it_draws_a_bar_on_a_terminal_and_nothing_elsewhere(tmp_path: Path) -> None:
    store_documents(2, claimreview="{}")
    terminal, pipe = Terminal(), io.StringIO()
    assert "█" not in export("--format", "csv", err=terminal)
    assert "█" in terminal.getvalue() and terminal.getvalue().endswith("2/2 verdicts\n")
    export("--format", "csv", err=pipe)
    assert pipe.getvalue() == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--updated-since", "yesterday"), "RFC 3339"),
        (("--json",), "--output"),
        (("--output", "/nowhere/at/all.json"), "not a folder"),
        (("--output", "/"), "is a folder"),
    ],
)
def test_it_refuses_what_it_cannot_do_and_says_how_to_mend_it(arguments: tuple[str, ...], says: str) -> None:
    err = io.StringIO()
    export(*arguments, status=2, err=err)
    assert says in err.getvalue()


def test_a_database_that_goes_away_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store_documents(2, claimreview="{}")
    file = tmp_path / "all.jsonld"
    file.write_text("old")
    real = dumps._batches

    def dies(*args: Any) -> Iterator[Any]:
        yield next(real(*args))
        raise OperationalError("gone")

    monkeypatch.setattr(dumps, "_batches", dies)
    err = io.StringIO()
    export("--output", str(file), status=1, err=err)
    assert "was not written" in err.getvalue()
    assert [path.name for path in tmp_path.iterdir()] == ["all.jsonld"] and file.read_text() == "old"
