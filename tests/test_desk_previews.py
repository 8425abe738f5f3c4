"""A draft as others will meet it, drawn by the server from what stands in the form; nothing of it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claims.models import Claim, Draft, Rating, User, VerdictDocument
from tests.desk import Desk, html
from tests.make import make_claim, make_draft, make_evidence, make_published_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_evidence(claim, checker)
    make_draft(claim, checker)
    return claim


def shown(desk: Desk, claim: Claim, page: str = "live", **words: Any) -> str:
    form = desk.form(desk.claim(claim, "draft"), "draft_form")
    return html(desk.send(desk.claim(claim, f"draft/{page}"), form | words))


def test_markdown_is_drawn_as_readers_will_see_it(checker: User, claim: Claim) -> None:
    text = shown(Desk(checker), claim, explanation="**Жирно**\n\n> сказано\n\n- [ссылка](https://a.example/)")
    assert "<strong>Жирно</strong>" in text and "<blockquote>" in text
    assert '<a href="https://a.example/" rel="noopener noreferrer">' in text


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://evil.example/track.png)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_hostile_markdown_does_nothing(checker: User, claim: Claim, hostile: str) -> None:
    for page in ("live", "page"):
        text = shown(Desk(checker), claim, page, explanation=hostile, headline=hostile[:200], summary=hostile)
        body = text.partition("<body>")[2] or text
        for live in ("<script>alert", "<img", 'href="javascript', 'href="data', "onerror=alert(1)>\n"):
            assert live not in body, (page, live)


def test_previews_save_nothing(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    shown(desk, claim, headline="Only looking")
    shown(desk, claim, "page", headline="Only looking")
    assert Draft.objects.get().headline == claim.draft.headline and not VerdictDocument.objects.exists()


def test_a_claim_without_a_draft_is_previewed_and_stays_without(checker: User) -> None:
    claim = make_claim(checker)
    text = shown(Desk(checker), claim, headline="First words")
    assert "First words" in text and not Draft.objects.exists()
    assert "Choose a rating" in shown(Desk(checker), claim, "page")


def test_findings_follow_what_is_typed(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    no_truth = Rating.objects.filter(value=None)[0]
    assert "CW1" not in shown(desk, claim, rating=str(no_truth.pk), headline="", summary="")
    claim.text = "x" * 100
    claim.save()
    assert "CW1" in shown(desk, claim)


def test_what_a_search_engine_cuts_is_shown(checker: User, claim: Claim) -> None:
    headline = "Людей на площади было несколько сотен, а вовсе не тысячи, считает полиция"
    text = shown(Desk(checker), claim, headline=headline, summary="Слово " * 60)
    cut = text.split('class="desk-found">')[1].split("</p>")[0]
    kept, _rest, gone = cut.partition("<del>")
    assert len(kept) <= 60 and kept.endswith("…") and "Claimtrack" in gone
    description = text.split('class="desk-found">')[1].split("<p>")[1].split("<del>")[0]
    assert len(description) <= 155


def test_the_public_page_is_the_real_one_marked_and_kept_out_of_indexes(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    text = shown(desk, claim, "page", headline="Заголовок из формы")
    assert "Preview of a draft" in text and "Заголовок из формы</h1>" in text
    assert '<meta name="robots" content="noindex">' in text and "application/ld+json" not in text
    answer = desk.client.get(desk.claim(claim, "draft/page"))
    assert answer["X-Robots-Tag"].startswith("noindex") and answer["Cache-Control"].startswith("private, no-store")
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and "sandbox" in answer["Content-Security-Policy"]


def test_a_correction_is_previewed_over_the_published_page(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    claim = version.verdict.claim
    desk = Desk(checker)
    desk.fill(desk.claim(claim, "correct"), "step_form", kind="minor", reason="A date was wrong.")
    assert "Corrected headline</h1>" in shown(desk, claim, "page", headline="Corrected headline")
    assert VerdictDocument.objects.get().headline != "Corrected headline"


def test_a_megabyte_is_told_to_be_too_long(checker: User, claim: Claim) -> None:
    text = shown(Desk(checker), claim, explanation="a" * 1_000_000)
    assert "at most 100000 characters" in text and len(text) < 50_000


def test_nested_marks_take_no_time(checker: User, claim: Claim) -> None:
    assert "desk-preview" in shown(Desk(checker), claim, explanation=("> " * 500 + "x\n") * 80 + "[" * 20_000)


def test_previews_are_for_those_who_write(outsider: User, claim: Claim) -> None:
    desk = Desk(outsider)
    for page in ("live", "page"):
        assert desk.send(desk.claim(claim, f"draft/{page}"), {"headline": "x"}).status_code == 403
        assert Client().post(desk.claim(claim, f"draft/{page}"), {}).status_code == 302


def test_the_draft_page_serves_previews_without_javascript(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    text = desk.get(desk.claim(claim, "draft"))
    for words in ("As readers will see it", "Shared in a messenger", "Found by a search engine", "Save and preview"):
        assert words in text
    assert f'formaction="/admin/claims/claim/{claim.pk}/draft/page/" formtarget="desk-page"' in text
