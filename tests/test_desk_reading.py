"""What the second person sees before they publish: everything that becomes public, and who vouches for what."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims import services
from claims.models import Claim, Draft, Evidence, User, VerdictVersion
from tests.desk import CLAIMS, Desk, row
from tests.make import (
    PAGE,
    QUOTE,
    make_claim,
    make_claimant,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db
IMAGE = b"\x89PNG\r\n\x1a\n" + b"0" * 30


def text_of(response: Any) -> str:
    return str(response.content.decode())


def words(html: str) -> str:
    """The page's text on one line; what is marked as gone in [-…-], as new in {+…+}."""
    marked = re.sub(r"<del>(.*?)</del>", r"[-\1-]", re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", html))
    apart = re.sub(r"</(p|h\d|li|dt|dd|div|section)>", " ", marked)
    return " ".join(re.sub(r"<[^>]+>", "", apart).split())


def hand_in(claim: Claim, by: User) -> Claim:
    services.submit_for_review(Draft.objects.get(claim=claim), by=by)
    return Claim.objects.get(pk=claim.pk)


def make_file(
    claim: Claim, by: User, name: str = "shot.png", media_type: str = "image/png", content: bytes = IMAGE
) -> Evidence:
    return services.attach_evidence(
        claim, by=by, kind="file", stance="refutes", file=(name, media_type, content), description="The post."
    )


def test_a_correction_shows_its_changed_words_to_the_second_person(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="The count was wrong.")
    services.save_draft(claim, by=checker, headline="A few thousand people came, not thousands")
    services.update_claim(claim, by=checker, expected_revision=claim.revision, location="Astana")
    for page in ("draft", "approve"):
        person = editor if page == "approve" else checker
        if page == "approve":
            hand_in(claim, checker)
        text = words(Desk(person).get(f"{CLAIMS}{claim.pk}/{page}/"))
        assert "Headline A few [-hundred -]{+thousand +}people came" in text
        assert "Place {+Astana+}" in text


def test_a_change_of_capitals_alone_is_shown_in_full(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="Capitals.")
    services.save_draft(claim, by=checker, headline="A few hundred people came, NOT thousands")
    text = words(Desk(checker).get(f"{CLAIMS}{claim.pk}/draft/"))
    assert "[-A few hundred people came, not thousands-] {+A few hundred people came, NOT thousands+}" in text


def test_evidence_that_comes_and_goes_is_shown_with_all_it_says(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="substantive", reason="A better source.")
    services.drop_evidence(claim.evidence.get(), by=checker)
    make_offline_evidence(
        claim, checker, note="The officer counted.", quantity_as_stated="about 300", quantity_low=300, quantity_high=300
    )
    make_file(claim, checker)
    hand_in(claim, checker)
    text = Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/")
    shown = words(text[text.index('id="desk-changes"') : text.index('id="desk-preview"')])
    assert f"[-{QUOTE}-]" in shown and "Evidence that is left out" in shown and "Evidence that comes in" in shown
    assert "police press office" in shown and "The officer counted." in shown and "about 300 (300" in shown
    assert "shot.png" in shown


def test_a_correction_that_changes_nothing_says_so(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="To see.")
    assert "those of the published version" in Desk(checker).get(f"{CLAIMS}{claim.pk}/draft/")


def test_a_first_publication_is_read_with_everything_that_becomes_public(checker: User, editor: User) -> None:
    claim = make_claim(
        checker,
        claimant=make_claimant("Mukhtar Example"),
        made_on="2019-06-09",
        location="Almaty",
        topics=[make_topic("Protests")],
        quantity_as_stated="thousands of protesters",
        quantity_low=2000,
        quantity_unit="people",
    )
    services.add_appearance(
        claim, url="https://social.example/post/1", by=checker, platform="facebook", audience=124000
    )
    make_offline_evidence(claim, checker, note="What it shows.", quantity_as_stated="some 300", quantity_low=300)
    make_file(claim, checker)
    make_draft(claim, checker)
    hand_in(claim, checker)
    text = words(Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/"))
    for said in (
        "Mukhtar Example", "2019-06-09", "Almaty", "Protests", "thousands of protesters (2000 or more people)",
        "https://social.example/post/1", "124000", "What it shows.", "some 300 (300 or more", "shot.png",
    ):  # fmt: skip
        assert said in text
    assert "What changes for readers" not in text


def test_what_readers_do_not_see_yet_is_said_on_the_claim(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, location="Almaty").verdict.claim
    desk = Desk(checker)
    assert "Readers still see" not in desk.get(desk.claim(claim))
    answer = desk.fill(desk.claim(claim), location="Astana", quantity_as_stated="thousands")
    text = words(desk.get(answer.headers["Location"]))
    assert "Place Readers still see: Almaty" in text and "The number in it Readers see nothing here yet." in text
    assert "becomes public with the next version" in text


# What nobody captured.


def test_the_second_person_is_told_who_vouches_for_a_page_nobody_captured(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker)
    make_draft(claim, checker, unchecked_acknowledged=True)
    hand_in(claim, checker)
    text = words(Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/"))
    assert "checker vouches for what nobody could compare" in text
    assert text.index("vouches for") < text.index("Publishes what you see below")


def test_nobody_vouches_once_the_page_is_captured(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    source = make_evidence(claim, checker).source
    make_draft(claim, checker, unchecked_acknowledged=True)
    hand_in(claim, checker)
    assert source is not None
    make_page_say(source, PAGE)
    services.assess_changes()
    assert "vouches for" not in Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/")


# Nothing is published unread.


@pytest.mark.parametrize("sent", [{}, {"read": ""}, {"read": "1/yesterday"}])
def test_nothing_is_published_without_the_mark_of_having_read_it(
    sent: dict[str, str], checker: User, editor: User
) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    hand_in(claim, checker)
    answer = text_of(Desk(editor).send(f"{CLAIMS}{claim.pk}/approve/", sent))
    assert "below, then publish." in answer
    assert not VerdictVersion.objects.exists()


def test_a_claim_that_moved_meanwhile_is_read_again(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    hand_in(claim, checker)
    desk = Desk(editor)
    form = desk.form(f"{CLAIMS}{claim.pk}/approve/", "step_form")
    services.update_claim(claim, by=checker, expected_revision=claim.revision, topics=[make_topic()])
    assert "changed since you opened" in text_of(desk.send(f"{CLAIMS}{claim.pk}/approve/", form))


@pytest.mark.parametrize("state", ["drafted", "written by the reader", "gone"])
def test_the_page_offers_no_button_that_would_be_refused(state: str, checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    if state != "gone":
        make_draft(claim, editor if state == "written by the reader" else checker)
    if state == "written by the reader":
        hand_in(claim, checker)
    text = Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/")
    told = {
        "drafted": "has not been submitted for review",
        "written by the reader": "a second person has to approve it",
        "gone": "There is no draft on this claim",
    }
    assert told[state] in text and 'id="step_form"' not in text


# Uploaded files.


def test_an_uploaded_file_is_opened_from_every_page_that_shows_it(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    evidence = make_file(claim, checker)
    make_draft(claim, checker)
    address = reverse("admin:claims_evidence_file", args=[evidence.public_id])
    assert address in Desk(checker).get(f"{CLAIMS}{claim.pk}/change/")
    assert address in Desk(checker).get(f"{CLAIMS}{claim.pk}/draft/")
    hand_in(claim, checker)
    assert address in Desk(editor).get(f"{CLAIMS}{claim.pk}/approve/")


def test_a_file_comes_as_it_was_brought_and_is_never_shown_inside_the_desk(checker: User, outsider: User) -> None:
    first = make_file(make_claim(checker, "First"), checker, name="first.png")
    same_bytes = make_file(make_claim(checker, "Second"), checker, name="second “draft”.html", media_type="text/html")
    assert same_bytes.upload == first.upload
    response = Desk(outsider).client.get(reverse("admin:claims_evidence_file", args=[same_bytes.public_id]))
    assert b"".join(response.streaming_content) == IMAGE  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert (
        "second" in response.headers["Content-Disposition"] and "first" not in response.headers["Content-Disposition"]
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]


def test_a_file_s_type_is_no_way_into_the_answer_s_headers(checker: User) -> None:
    evidence = make_file(make_claim(checker), checker, media_type="text/html; x=\r\nSet-Cookie: a=b")
    response = Desk(checker).client.get(reverse("admin:claims_evidence_file", args=[evidence.public_id]))
    assert response.headers["Content-Type"] == "image/png"
    assert "Set-Cookie" not in response.headers


def test_a_file_is_the_desk_s_alone(checker: User, client: Any) -> None:
    evidence = make_file(make_claim(checker), checker)
    address = reverse("admin:claims_evidence_file", args=[evidence.public_id])
    assert "/admin/login/" in client.get(address).headers["Location"]
    stranger = User.objects.create_user("stranger", is_staff=True, role="observer", is_active=True)
    stranger.is_staff = False
    stranger.save()
    client.force_login(stranger)
    assert client.get(address).status_code == 302


def test_a_file_that_is_gone_is_a_404(checker: User) -> None:
    evidence = make_file(make_claim(checker), checker, content=b"kept by this test alone")
    assert evidence.upload is not None
    storages["snapshots"].delete(evidence.upload.storage_key)
    desk = Desk(checker)
    assert desk.client.get(reverse("admin:claims_evidence_file", args=[evidence.public_id])).status_code == 404
    assert desk.client.get(reverse("admin:claims_evidence_file", args=["nothing"])).status_code == 404


def test_a_file_attached_at_the_desk_keeps_its_name_there(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    shot = SimpleUploadedFile("Скриншот.png", IMAGE, content_type="image/png")
    desk.fill(
        desk.claim(claim), **row("evidence", 0, kind="file", stance="context", file=shot, description="The post.")
    )
    assert "Скриншот.png" in desk.get(desk.claim(claim))


def test_nobody_publishes_unawares_what_a_colleague_is_reading(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    hand_in(claim, checker)
    address = f"{CLAIMS}{claim.pk}/approve/"
    desk, colleague = Desk(editor), make_user("colleague", "reviewer")
    assert "meanwhile" not in desk.form(address, "step_form")
    services.begin_reading(Draft.objects.get(), by=colleague)

    form = desk.form(address, "step_form")
    answer = text_of(desk.send(address, form))
    assert "colleague is reading this draft" in answer and "Talk to your colleague first" in answer
    assert VerdictVersion.objects.count() == 0
    assert desk.send(address, form | {"meanwhile": "on"}).status_code == 302
    assert VerdictVersion.objects.count() == 1
