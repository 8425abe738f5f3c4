"""import_claimreview as people type it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from claims.models import ExternalReview, ImportRun, User, Verdict
from tests.import_items import item, lines, own_item, run
from tests.sources_support.server import Server, http

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> tuple[str, str]:
    """What stands on the terminal: standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_claimreview", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_ends_with_0_when_all_was_taken_and_with_1_when_not(tmp_path: Path) -> None:
    assert run(lines(tmp_path / "a.ndjson", [item()]))[0] == 0
    assert run(lines(tmp_path / "b.ndjson", [item(2), item(3, url=None)]))[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [["/nowhere.json"], ["-", "-"], ["x.json", "--language", "en"], ["x.json", "--resume", "--dry-run"],
     ["{file}", "--own", "--language", "english"], ["{file}", "--own", "--language", "xx"],
     ["{file}", "--report", "/nowhere/report.txt"], ["{file}", "--resume"], ["{empty}"]],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_says_why(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "empty").mkdir()
    places = {"file": lines(tmp_path / "a.ndjson", [item()]), "empty": str(tmp_path / "empty")}
    status, figures = run(*(argument.format(**places) for argument in arguments))
    assert status == 2 and figures["error"] and not ImportRun.objects.exists()


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text(json.dumps(item(2)))
    (tmp_path / "a.html").write_text(f'<html><script type="application/ld+json">{json.dumps(item(1))}</script></html>')
    (tmp_path / "c.ndjson.gz").write_bytes(gzip.compress(json.dumps(item(3)).encode()))
    (tmp_path / "notes.txt").write_text("not read")
    (tmp_path / ".hidden.json").write_text(json.dumps(item(4)))
    (tmp_path / "under").mkdir()
    (tmp_path / "under" / "d.jsonld").write_text(json.dumps([item(5)]))
    status, figures = run(str(tmp_path))
    assert status == 0
    assert figures["files_not_read"] == [str(tmp_path / ".hidden.json"), str(tmp_path / "notes.txt")]
    assert [row.url[-2] for row in ExternalReview.objects.order_by("pk")] == ["1", "2", "3", "5"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(json.dumps([item(), item(2)]).encode())

    monkeypatch.setattr("sys.stdin", Piped())
    assert run("-")[1]["new"] == 2


def test_every_skipped_item_is_named_with_its_place_and_reason(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", [item(), item(2, claimReviewed=None)])
    out, err = said(path)
    assert "1 new" in out and "1 skipped" in out
    assert (
        err == f"{path}, line 2: skipped, claimReviewed is missing or empty (CR1) (https://facts.example/checks/2/)\n"
    )


def test_many_skipped_items_are_counted_and_all_of_them_are_in_the_report(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", [item(number, url=None) for number in range(60)])
    assert "… and 10 items more: --report FILE" in said(path)[1]
    report = tmp_path / "report.txt"
    assert str(report) in said(path, "--report", str(report))[1]
    assert len(report.read_text().splitlines()) == 60


def test_remarks_on_what_was_taken_are_in_the_report(tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    assert run(lines(tmp_path / "a.ndjson", [item(datePublished="soon")]), "--report", str(report))[0] == 0
    assert "taken, but datePublished 'soon'" in report.read_text()


def test_a_dry_run_stores_nothing(tmp_path: Path, settings: Any) -> None:
    settings.SITE_URL = "https://testserver.example"
    path = lines(tmp_path / "a.ndjson", [item(), own_item(), own_item(2, inLanguage=None), item(3, url=None)])
    status, figures = run(path, "--own", "--dry-run")
    assert (status, figures["readable"], figures["skipped"]) == (1, 2, 2)
    for model in (ExternalReview, Verdict, ImportRun):
        assert not model.objects.exists()
    assert not User.objects.exists()


def test_the_import_is_on_record_with_what_was_skipped(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", [item(), item(2, url=None)])
    run(path)
    row = ImportRun.objects.get()
    assert row.source == path and row.is_finished and row.counts["new"] == 1
    assert row.skipped_items == [{"where": f"{path}, line 2", "reason": row.skipped_items[0]["reason"], "url": ""}]


def test_one_unreadable_source_does_not_stop_the_others(tmp_path: Path) -> None:
    broken = tmp_path / "a.json"
    broken.write_text("{{{")
    status, figures = run(str(broken), lines(tmp_path / "b.ndjson", [item()]))
    assert (status, figures["new"], figures["skipped"]) == (1, 1, 1)


# From an address, through the one door to the outside.


@pytest.fixture
def site(settings: Any) -> Iterator[Server]:
    """A site on this machine, which may be visited for once."""
    settings.SITE_URL = "https://testserver.example"
    settings.RECHECK_HOST_DELAY = timedelta(0)
    server = Server()
    settings.CLAIMTRACK_FETCH_ALLOW = [f"127.0.0.1:{server.port}"]
    yield server
    server.close()


def test_a_live_page_is_read_under_its_own_address(site: Server) -> None:
    markup = json.dumps(item(url="/checks/1/"))
    site["/a"] = http(200, f'<html><script type="application/ld+json">{markup}</script></html>')
    assert run(f"{site.url}/a")[1]["new"] == 1
    assert ExternalReview.objects.get().url == f"{site.url}/checks/1/"


@pytest.mark.parametrize(("port", "figure"), [(8000, "new"), (None, "skipped")])
def test_beside_us_on_one_machine_every_port_is_a_site_of_its_own(
    site: Server, settings: Any, port: int | None, figure: str
) -> None:
    """Else a newsroom that is tried out on the same machine, as the demo's is, passes for ours."""
    settings.SITE_URL = f"http://127.0.0.1:{port or site.port}"
    site["/a.json"] = http(200, json.dumps(item(url=f"{site.url}/checks/1/")), type="application/json")
    assert run(f"{site.url}/a.json")[1][figure] == 1


def test_an_address_that_does_not_answer_is_a_skipped_item_with_advice(site: Server) -> None:
    status, figures = run(f"{site.url}/missing")
    assert status == 1 and figures["skipped_items"][0]["reason"] == "the site answers 404. Check the address."


def test_robots_are_respected(site: Server) -> None:
    site["/robots.txt"] = http(200, "User-agent: *\nDisallow: /", type="text/plain")
    assert "save the page in a browser" in run(f"{site.url}/a.json")[1]["skipped_items"][0]["reason"]
    assert site.pages_asked == []


def test_an_address_of_the_inner_network_is_refused(site: Server, settings: Any) -> None:
    settings.CLAIMTRACK_FETCH_ALLOW = []
    assert "Only public web addresses" in run(f"{site.url}/a.json")[1]["skipped_items"][0]["reason"]
    assert site.asked == []
