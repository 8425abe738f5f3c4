"""The whole story once: log, capture, draft, publish, drift, review, correct; seen by newsroom, reader and history."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.models import Claim, Evidence, Rating, User
from sources.services import visit_sources
from tests.page import Page, serve

BEFORE = "The city said that only a few hundred people had actually turned up on the square."
AFTER = "The city said that only a few thousand people had actually turned up on the square."
QUOTE = "only a few hundred people had actually turned up"


def logged(page: Page, by: User) -> tuple[Claim, Evidence]:
    claim = services.log_claim(
        "Thousands of protesters gathered on the square",
        by=by,
        quantity_as_stated="thousands of protesters",
        quantity_low=2000,
        quantity_unit="people",
    )
    return claim, services.attach_evidence(claim, by=by, stance="refutes", url=page.url, quote=QUOTE)


def published(claim: Claim, checker: User, editor: User) -> None:
    draft = services.save_draft(
        claim,
        by=checker,
        rating=Rating.objects.get(code="false"),
        headline="Hundreds came, not thousands",
        summary="The city counted a few hundred people. No count speaks of thousands.",
    )
    services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)


def api(client: Client, path: str) -> dict:  # type: ignore[type-arg]
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return json.loads(response.content)  # type: ignore[no-any-return]


@pytest.mark.django_db(transaction=True)
def test_the_whole_story(checker: User, editor: User, client: Client, settings: Settings) -> None:
    with serve(BEFORE) as page:
        settings.CLAIMTRACK_FETCH_ALLOW = [page.address]
        settings.RECHECK_HOST_DELAY = timedelta(0)

        # A fact-checker logs the claim and pins a passage; the page is captured.
        claim, evidence = logged(page, checker)
        assert evidence.source is not None
        assert client.get(claim.get_absolute_url()).status_code == 404
        checks = visit_sources([evidence.source.pk])
        assert [check.outcome for check in checks] == ["ok"], checks[0].error
        services.assess_changes()
        evidence.refresh_from_db()
        assert (evidence.quote_status, evidence.snapshot is not None) == ("intact", True)

        # A second person publishes.
        published(claim, checker, editor)
        claim.refresh_from_db()
        assert api(client, f"verdicts/{claim.public_id}/")["status"] == "published"
        assert "Hundreds came, not thousands" in client.get(claim.get_absolute_url()).content.decode()

        # The page is edited. One visit sees it, a second confirms it.
        page.text = AFTER
        now = timezone.now()
        visit_sources([evidence.source.pk], at=now + timedelta(hours=1))
        assert services.assess_changes(at=now + timedelta(hours=1)) == 0
        visit_sources([evidence.source.pk], at=now + timedelta(hours=2))
        assert services.assess_changes(at=now + timedelta(hours=2)) == 1

        # Everybody sees it; the rating stands.
        verdict = api(client, f"verdicts/{claim.public_id}/")
        assert verdict["status"] == "under_review"
        assert verdict["rating"]["code"] == "false"
        assert verdict["review"]["opened_by"] == "machine"
        assert verdict["evidence"][0]["quote_status"] == "altered"
        assert ["insert", "thousand"] in [[part[0], part[1].strip()] for part in verdict["evidence"][0]["difference"]]
        assert "our rating stands while we look" in client.get(claim.get_absolute_url()).content.decode()

    # A person decides: quote what the page says now, and correct the verdict.
    services.correct_verdict(claim, by=checker, kind="substantive", reason="The city changed its figure.")
    services.drop_evidence(evidence, by=checker)
    services.attach_evidence(
        claim, by=checker, stance="supports", url=page.url, quote="only a few thousand people had actually turned up"
    )
    published(claim, checker, editor)

    verdict = api(client, f"verdicts/{claim.public_id}/")
    assert (verdict["status"], verdict["version"], verdict["review"]) == ("published", 2, None)
    assert verdict["corrections"][0]["reason"] == "The city changed its figure."
    assert [row["quote_status"] for row in verdict["evidence"]] == ["intact"]
    assert api(client, f"verdicts/{claim.public_id}/versions/1/")["evidence"][0]["quote"] == QUOTE
    assert [event["type"] for event in api(client, "events/?after=0")["results"]] == [
        "verdict.published",
        "verdict.review_opened",
        "verdict.corrected",
        "verdict.review_closed",
    ]
    assert "The city changed its figure." in client.get(f"{claim.get_absolute_url()[:-1]}/").content.decode()
    assert services.verify_history().tampering is None
