"""demo_drift: an edited figure opens a review; a page that is gone, moved or full of adverts does not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from claims import services
from claims.models import Claim, Event, Review, User, VerdictDocument
from demo import local_claims
from demo.cases import FARES_MOVED_TO
from demo.newsroom import Files
from demo.shapes import DemoClaim
from sources.models import Source
from sources.services import visit_sources
from tests.newsroom import loaded_demo, open_newsroom

pytestmark = pytest.mark.django_db


class Desk:
    """A loaded demo whose clock the test turns."""

    def __init__(self, base_url: str, directory: Path) -> None:
        self.base_url, self.directory = base_url, directory
        self.now = timezone.now() + timedelta(minutes=1)

    def drift(self, case: str) -> dict[str, Any]:
        out = StringIO()
        call_command(
            "demo_drift", "--case", case, "--dir", str(self.directory), "--newsroom-url", self.base_url, "--json",
            stdout=out,
        )  # fmt: skip
        return dict(json.loads(out.getvalue()))

    def visit_twice(self) -> None:
        """What worker and beat do within seconds: a visit, and the confirming one after the demo's 5 s."""
        for _ in range(2):
            self.now += timedelta(seconds=6)
            visit_sources(
                Source.objects.filter(canonical_url__startswith=self.base_url).values_list("pk", flat=True), at=self.now
            )
            services.assess_changes(at=self.now)


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    directory = tmp_path_factory.mktemp("newsroom")
    with loaded_demo(directory, django_db_blocker) as base_url:
        yield Desk(base_url, directory)


@pytest.fixture
def desk(loaded: Desk) -> Iterator[Desk]:
    yield Desk(loaded.base_url, loaded.directory)
    shutil.rmtree(loaded.directory)
    Files(loaded.directory).write_missing_pages()


def document(claim: DemoClaim) -> dict[str, Any]:
    return dict(json.loads(VerdictDocument.objects.get(claim__text=claim.text).body))


def test_an_edited_figure_opens_a_review_that_shows_the_words(desk: Desk, client: Client) -> None:
    done = desk.drift("figure")
    assert (done["before"], done["after"], done["changed"]) == ("42 kilometres", "24 kilometres", True)
    source = Source.objects.get(public_id=done["sources"][0])
    assert source.next_check_at <= timezone.now()

    desk.visit_twice()

    verdict = document(local_claims.ROADS_DONE)
    assert (verdict["status"], verdict["rating"]["code"]) == ("under_review", "false")
    assert verdict["review"]["opened_by"] == "machine"
    (row,) = verdict["evidence"]
    assert row["quote_status"] == "altered"
    changed = [(op, text.strip(), weight) for op, text, weight in row["difference"] if op != "equal"]
    assert changed == [("delete", "42", "number"), ("insert", "24", "number")]
    claim = Claim.objects.get(text=local_claims.ROADS_DONE.text)
    assert b"our rating stands while we look" in client.get(claim.get_absolute_url()).content.lower()
    assert Event.objects.order_by("-sequence")[0].type == "verdict.review_opened"


def test_another_quote_on_the_edited_page_is_left_in_peace(desk: Desk) -> None:
    desk.drift("figure")
    desk.visit_twice()
    assert document(local_claims.ROADS_COST)["status"] == "published"
    assert Review.objects.count() == 1


def test_after_the_review_is_settled_a_further_edit_opens_another(desk: Desk) -> None:
    desk.drift("figure")
    desk.visit_twice()
    claim = Claim.objects.get(text=local_claims.ROADS_DONE.text)
    services.confirm_verdict(claim, by=User.objects.get(username="editor"), note="The rating stands.")
    assert desk.drift("figure")["after"] == "23 kilometres"
    desk.visit_twice()
    assert document(local_claims.ROADS_DONE)["status"] == "under_review"
    assert Review.objects.count() == 2


@pytest.mark.parametrize(
    ("case", "claim", "state"),
    [("gone", local_claims.RESERVOIR_LEVEL, "suspect"), ("moved", local_claims.FARE, "moved")],
)
def test_a_page_that_is_gone_or_moved_is_a_label_and_no_review(
    desk: Desk, case: str, claim: DemoClaim, state: str
) -> None:
    events = Event.objects.count()
    assert desk.drift(case)["changed"]
    now = desk.now = desk.now + timedelta(seconds=6)
    visit_sources(Source.objects.filter(canonical_url__startswith=desk.base_url).values_list("pk", flat=True), at=now)
    services.assess_changes(at=now)
    verdict = document(claim)
    assert (verdict["status"], verdict["review"]) == ("published", None)
    assert (verdict["evidence"][0]["source"]["status"], verdict["evidence"][0]["quote_status"]) == (state, "intact")
    assert [event.type for event in Event.objects.filter(sequence__gt=events)] == ["verdict.evidence_changed"]
    assert not Review.objects.exists()
    assert not desk.drift(case)["changed"]


def test_a_moved_page_is_visited_where_it_lives_now(desk: Desk) -> None:
    desk.drift("moved")
    desk.visit_twice()
    assert desk.drift("moved")["urls"] == [desk.base_url + FARES_MOVED_TO]
    desk.drift("restore")
    desk.visit_twice()
    assert document(local_claims.FARE)["evidence"][0]["quote_status"] == "intact"


def test_other_adverts_open_nothing_and_change_nothing(desk: Desk) -> None:
    events = Event.objects.count()
    desk.drift("adverts")
    desk.visit_twice()
    desk.visit_twice()
    source = Source.objects.get(canonical_url=desk.base_url + local_claims.LIBRARY.url)
    newest = source.checks.newest_first().values_list("raw_sha256", flat=True)[:4]
    assert len(set(newest)) == 4
    assert source.snapshots.count() == 1
    assert Event.objects.count() == events


def test_a_restored_page_that_was_gone_is_live_again(desk: Desk) -> None:
    desk.drift("gone")
    desk.visit_twice()
    desk.drift("restore")
    desk.visit_twice()
    assert document(local_claims.RESERVOIR_LEVEL)["evidence"][0]["source"]["status"] == "live"
    assert not Review.objects.exists()


def refusal(*arguments: str) -> str:
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("demo_drift", *arguments, "--json", stdout=out, stderr=StringIO())
    assert stop.value.code == 1
    return str(json.loads(out.getvalue())["error"])


def test_without_a_newsroom_it_says_what_to_start(tmp_path: Path) -> None:
    assert "demo.newsroom" in refusal("--dir", str(tmp_path))


def test_without_the_demo_it_says_what_to_load_and_edits_nothing(tmp_path: Path) -> None:
    with open_newsroom(tmp_path) as address:
        assert "load_demo" in refusal("--dir", str(tmp_path), "--newsroom-url", f"http://{address}")
    assert "42 kilometres" in (tmp_path / f"{local_claims.ROADS.url[1:]}.html").read_text()
