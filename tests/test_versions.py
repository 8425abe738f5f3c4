"""A version freezes everything a person wrote; nothing of it changes unseen."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from claims import services
from claims.choices import EvidenceKind
from claims.models import Claim, Event, User, VerdictDocument, VerdictVersion
from claims.rendering.changes import changed_evidence, changed_fields, readable_quantity
from tests.make import (
    PASSWORD,
    QUOTE,
    make_claim,
    make_claimant,
    make_correction,
    make_draft,
    make_evidence,
    make_page_say,
    make_published_verdict,
)


@pytest.fixture
def version(checker: User, editor: User) -> VerdictVersion:
    return make_published_verdict(checker, editor, claimant=make_claimant("First Person"), location="Almaty")


def body() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(VerdictDocument.objects.get().body)
    return document


def edit(claim: Claim, by: User, **fields: Any) -> Claim:
    claim.refresh_from_db()
    return services.update_claim(claim, by=by, expected_revision=claim.revision, **fields)


def test_an_edited_claim_reaches_readers_with_the_next_version_alone(version: VerdictVersion, checker: User) -> None:
    before = VerdictDocument.objects.get().body
    edit(version.verdict.claim, checker, text="Something else", location="Elsewhere", claimant=make_claimant("Other"))
    list(services.rebuild_documents())
    assert VerdictDocument.objects.get().body == before
    assert Event.objects.count() == 1


def test_the_desk_can_say_what_readers_do_not_see_yet(version: VerdictVersion, checker: User) -> None:
    claim = edit(version.verdict.claim, checker, location="Elsewhere", claimant=make_claimant("Other"))
    changes = {change.field: (change.before, change.after) for change in services.unpublished_changes(claim)}
    assert changes == {"claim.location": ("Almaty", "Elsewhere"), "claim.claimant": ("First Person", "Other")}


def test_the_second_person_can_see_everything_a_correction_changes(version: VerdictVersion, checker: User) -> None:
    claim = edit(version.verdict.claim, checker, quantity_as_stated="61", quantity_low=61, quantity_unit="km")
    services.correct_verdict(claim, by=checker, kind="minor", reason="A typo.")
    services.drop_evidence(version.evidence.get(), by=checker)
    make_evidence(claim, checker, quote="It rained", note="Weather")
    changes = services.changes_since_published(services.save_draft(claim, by=checker, headline="Another headline"))
    assert changes is not None
    assert {change.field for change in changes.fields} == {"claim.quantity", "headline"}
    assert [row["quote"] for row in changes.added] == ["It rained"]
    assert [row["quote"] for row in changes.dropped] == [QUOTE]


def test_two_versions_compare_in_every_field_a_person_wrote(
    version: VerdictVersion, checker: User, editor: User
) -> None:
    claim = edit(version.verdict.claim, checker, text="Rewritten", language="ru", made_on=timezone.localdate())
    second = make_correction(claim, checker, editor, summary="Another answer.", language="kk")
    before, after = json.loads(version.content), json.loads(second.content)
    assert {change.field for change in changed_fields(before, after)} == {
        "summary", "language", "claim.text", "claim.language", "claim.made_on",
    }  # fmt: skip
    assert changed_evidence(before, after) == ([], [])


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("2000", None, "thousands (2000 or more people)"),
        (None, "50", "thousands (up to 50 people)"),
        ("200", "500", "thousands (200–500 people)"),
        ("46", "46", "thousands (46 people)"),
        (None, None, "thousands"),
    ],
)
def test_a_quantity_reads_as_words_and_range(low: str | None, high: str | None, words: str) -> None:
    assert readable_quantity({"as_stated": "thousands", "low": low, "high": high, "unit": "people"}) == words


def test_requoting_another_number_takes_the_old_quantity_along_no_further(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker, quantity_as_stated="a few hundred", quantity_low=200, quantity_high=500)
    same = services.requote(evidence, by=checker, quote="Police said only a few hundred had actually turned up")
    assert same.quantity_low == 200
    other = services.requote(same, by=checker, quote="only a few thousand had actually turned up")
    assert other.quantity is None


def test_one_file_known_by_two_names_keeps_each_name_where_it_was_given(checker: User) -> None:
    secret = services.attach_evidence(
        make_claim(checker),
        by=checker,
        kind=EvidenceKind.FILE,
        stance="refutes",
        file=("secret.csv", "text/csv", b"%PDF-1.7"),
    )
    public = services.attach_evidence(
        make_claim(checker),
        by=checker,
        kind=EvidenceKind.FILE,
        stance="refutes",
        file=("a.pdf", "application/pdf", b"%PDF-1.7"),
    )
    assert secret.upload == public.upload
    assert (public.file_name, public.file_media_type) == ("a.pdf", "application/pdf")


@pytest.mark.parametrize("tag", ["", '<b>"', "zz zz", "english", "EN"])
def test_a_language_is_a_language_tag(checker: User, tag: str) -> None:
    with pytest.raises(ValidationError, match="language"):
        make_claim(checker, language=tag)


def test_the_database_refuses_a_language_that_is_no_tag(checker: User) -> None:
    claim = make_claim(checker)
    with pytest.raises(IntegrityError, match="language_is_a_tag"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(language="<b>")


@pytest.mark.parametrize("text", ["", " \u200b ", "…!"])
def test_a_claim_has_words(checker: User, text: str) -> None:
    with pytest.raises(ValidationError):
        make_claim(checker, text=text)


def test_a_claim_was_not_made_in_the_future(checker: User) -> None:
    with pytest.raises(ValidationError, match="still to come"):
        make_claim(checker, made_on=timezone.localdate() + timedelta(days=2))


def test_what_a_person_found_is_part_of_the_answer(version: VerdictVersion, checker: User) -> None:
    evidence = version.evidence.get()
    assert evidence.source is not None
    make_page_say(evidence.source, "It rained.")
    services.assess_changes()
    services.confirm_verdict(version.verdict.claim, by=checker, note="The capture proves it.")
    review = body()["last_review"]
    assert (review["outcome"], review["note"]) == ("confirmed", "The capture proves it.")
    assert review["evidence"] == [evidence.public_id]


def test_a_new_version_leaves_the_last_look_behind(version: VerdictVersion, checker: User, editor: User) -> None:
    claim = version.verdict.claim
    services.look_again(claim, by=checker, reason="A reader wrote.")
    services.confirm_verdict(claim, by=checker, note="Nothing new.")
    make_correction(claim, checker, editor)
    assert body()["last_review"] is None


def test_readers_get_no_cookie_even_when_they_bring_one(client: Client, version: VerdictVersion) -> None:
    client.cookies["sessionid"] = "x"
    for path in ("/", "/api/v1/verdicts/", version.verdict.claim.get_absolute_url()):
        response = client.get(path)
        assert not response.cookies and "Cookie" not in response.headers.get("Vary", "")


def test_signing_in_leads_to_the_desk(client: Client, checker: User) -> None:
    response = client.post("/admin/login/", {"username": "checker", "password": PASSWORD})
    assert response.headers["Location"] == "/admin/"


def test_a_headline_is_one_line(checker: User) -> None:
    draft = make_draft(make_claim(checker), checker, headline="Two\nlines  here")
    assert draft.headline == "Two lines here"
