"""The law has a verdict blanked: two people, nothing of the text left anywhere, and the history still verifies."""

from __future__ import annotations

import json
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from claims import services
from claims.choices import EventType, ReaderMessageKind
from claims.errors import NotAllowed
from claims.models import (
    Claim,
    ClaimRelation,
    Draft,
    Evidence,
    Notice,
    Translation,
    UnsavedWords,
    User,
    Verdict,
    VerdictVersion,
)
from sources.archive import storage
from sources.models import Snapshot, Source, Upload
from tests.make import make_claim, make_correction, make_draft, make_topic
from tests.sources_support.helpers import make_source, visit
from tests.sources_support.server import Server, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
# In every text of the verdict, and nowhere else.
MARK = "quillonperest"
LEGAL_BASIS = "Court of Almaty, docket 12/2026"
TEXT = f"Secret {MARK} thousands filled the square on Saturday"


@pytest.fixture
def archive(web: Server, tmp_path: Path) -> Path:
    """Where the fixtures of sources_support keep this test's captures."""
    return tmp_path / "snapshots"


@pytest.fixture
def claim(archive: Path, web: Server, checker: User, editor: User) -> Claim:
    """Published, corrected, under review, translated, with a second correction in the making: words everywhere."""
    quote = f"the {MARK} count was only a few hundred"
    web[f"/{MARK}"] = page(f"Police said {quote} people. It rained.", title=f"Title {MARK} of the page")
    source = make_source(web, f"/{MARK}", at=NOW - timedelta(days=2))
    visit(source, NOW - timedelta(days=2))
    claim = make_claim(
        checker, TEXT, location=f"Place {MARK}", quantity_as_stated=f"thousands {MARK}", topics=[make_topic()]
    )
    services.add_appearance(claim, url=f"https://social.example/{MARK}", by=checker, platform=f"tv {MARK}")
    services.attach_evidence(
        claim, by=checker, stance="refutes", url=source.canonical_url, quote=quote, note=f"Note {MARK} for readers."
    )
    services.attach_evidence(
        claim, by=checker, stance="context", kind="file", description=f"A list {MARK} of names.",
        file=(f"{MARK}.txt", "text/plain", f"All of it {MARK} in a file.".encode()),
    )  # fmt: skip
    services.assess_changes()
    words = {name: f"A {name} with {MARK} in it, long enough to be found" for name in ("headline", "summary")}
    draft = make_draft(claim, checker, explanation=f"Explained {MARK}.", **words)
    services.send_back(services.submit_for_review(draft, by=checker), by=editor, because=f"Mend {MARK} first, please.")
    services.approve_and_publish(services.submit_for_review(Draft.objects.get(), by=checker), by=editor)
    make_correction(claim, checker, editor, summary=f"Corrected {MARK}.", reason=f"A {MARK} date was wrong.")
    services.save_translation(
        Translation(claim=claim, language="ru", claim_text=f"{MARK} ru", headline=f"{MARK} ru", summary=f"{MARK} ru"),
        by=checker,
    )
    web[f"/{MARK}"] = page(f"Police said the {MARK} count was only forty people. It rained.", title=f"Other {MARK}")
    for hours in (3, 2):
        visit(source, NOW - timedelta(hours=hours))
    services.assess_changes()
    services.confirm_verdict(claim, by=checker, note=f"Only {MARK} moved on the page.")
    services.look_again(claim, by=checker, reason=f"A reader asked about {MARK} again.")
    services.correct_verdict(claim, by=checker, kind="minor", reason=f"Another {MARK} slip.")
    UnsavedWords.objects.create(claim=claim, user=checker, words={"summary": f"Unsaved {MARK}"})
    services.add_note(claim, by=checker, text=f"Mind {MARK}, @editor.")
    services.note_contact(claim, by=checker, reported_by=MARK)
    told = services.receive_message(ReaderMessageKind.REPORT, claim=claim, text=f"Why {MARK}?", nonce="1")
    services.answer_message(told, by=checker, answer=f"Because of {MARK}.")
    services.set_look_again(claim, by=checker, on=timezone.localdate() + timedelta(days=9), why=MARK)
    other = make_claim(checker, "Something else entirely was said")
    ClaimRelation.objects.create(claim=claim, other=other, kind="repeat_of")
    LogEntry.objects.create(
        user=checker, content_type=ContentType.objects.get_for_model(Claim), object_id=str(claim.pk),
        object_repr=TEXT, action_flag=CHANGE, change_message=json.dumps([{"changed": {"object": f"quote {MARK}"}}]),
    )  # fmt: skip
    return claim


def tables_with(words: str) -> set[str]:
    """Every table of the database with a row in which these words stand, in whatever column."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS row WHERE row::text ILIKE %s)', [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


def files_with(folder: Path, words: str) -> set[str]:
    """Every file with these words in it, unpacked if need be."""
    found = set()
    for path in folder.rglob("*"):
        if path.is_file() and words.encode() in unpacked(path.read_bytes()):
            found.add(path.name)
    return found


def unpacked(content: bytes) -> bytes:
    whole = content
    while content[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        whole += member.decompress(content)
        content = member.unused_data
    return whole


def withhold(claim: Claim, admin: User, editor: User) -> None:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    services.confirm_withholding(claim, by=editor)
    services.erase_withheld_files()


def test_no_byte_of_a_withheld_text_is_left(claim: Claim, archive: Path, admin: User, editor: User) -> None:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    before = tables_with(MARK)
    for table in (
        "claims_claim", "claims_verdictversion", "claims_evidence", "claims_draft", "claims_translation",
        "claims_appearance", "claims_activity", "claims_notice", "claims_review", "claims_verdictdocument",
        "claims_touchedquote", "django_admin_log", "sources_source", "sources_snapshot", "sources_extraction",
        "sources_sourcecheck", "sources_upload", "claims_unsavedwords", "claims_note", "claims_claimcontact",
        "claims_verdict", "claims_claimwords",
    ):  # fmt: skip
        assert table in before, f"the test has no text in {table}, so it proves nothing of it"
    assert len(files_with(archive, MARK)) == 3
    services.confirm_withholding(claim, by=editor)
    services.erase_withheld_files()
    assert tables_with(MARK) == set()
    assert files_with(archive, MARK) == set()


def test_the_history_still_verifies(claim: Claim, admin: User, editor: User) -> None:
    withhold(claim, admin, editor)
    report = services.verify_history()
    assert report.tampering is None and report.checked == claim.events.count()
    call_command("verify_snapshots")
    last = [event.type for event in claim.events.order_by("sequence")][-2:]
    assert last == [EventType.WITHHELD, EventType.REVIEW_CLOSED]
    assert json.loads(claim.events.get(type=EventType.WITHHELD).entry)["data"] == {}


def test_readers_and_machines_get_the_stub(client: Client, claim: Claim, admin: User, editor: User) -> None:
    address = claim.get_absolute_url()
    withhold(claim, admin, editor)
    answer = client.get(f"/api/v1/verdicts/{claim.public_id}/")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["legal_basis"]) == ("withheld", LEGAL_BASIS)
    found = client.get(address)
    assert found.status_code == 451 and LEGAL_BASIS in found.content.decode()
    for path in (
        f"/api/v1/verdicts/{claim.public_id}/versions/1/", f"/api/v1/claims/{claim.public_id}/", "/api/v1/events/",
        "/api/v1/sources/", "/api/v1/topics/", "/", "/claims/", "/corrections/", "/feeds/verdicts.rss", "/sitemap.xml",
        f"/claims/{claim.public_id}/claim/history/", f"/embed/{claim.public_id}/", f"/api/v1/verdicts/?q={MARK}",
    ):  # fmt: skip
        text = client.get(path).content.decode()
        assert MARK not in text.replace(f"q={MARK}", ""), path


def test_one_person_withholds_nothing(claim: Claim, admin: User, checker: User, editor: User) -> None:
    for nobody in (checker, editor):
        with pytest.raises(NotAllowed, match="administrator"):
            services.propose_withholding(claim, by=nobody, reason="R", legal_basis="L")
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    with pytest.raises(NotAllowed, match="second person"):
        services.confirm_withholding(claim, by=admin)
    with pytest.raises(NotAllowed, match="reviewer"):
        services.confirm_withholding(claim, by=checker)
    assert Verdict.objects.get(claim=claim).status == "under_review"


def test_a_proposal_is_withdrawn_and_nothing_was_blanked(claim: Claim, admin: User, editor: User) -> None:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    with pytest.raises(NotAllowed, match="administrator"):
        services.withdraw_withholding(claim, by=editor)
    services.withdraw_withholding(claim, by=admin)
    with pytest.raises(NotAllowed, match="withdrawn"):
        services.confirm_withholding(claim, by=editor)
    claim.refresh_from_db()
    assert claim.text == TEXT


def test_the_words_of_the_proposal_do_not_repeat_what_has_to_go(claim: Claim, admin: User) -> None:
    with pytest.raises(ValidationError, match="leave them out"):
        services.propose_withholding(claim, by=admin, reason=f"They said “{TEXT}”.", legal_basis=LEGAL_BASIS)


def test_what_another_public_claim_rests_on_stays(
    claim: Claim, archive: Path, checker: User, editor: User, admin: User
) -> None:
    mine = Evidence.objects.get(claim=claim, kind="page")
    other = make_claim(checker, "Another claim about the same page")
    assert mine.source is not None
    services.attach_evidence(other, by=checker, stance="refutes", url=mine.source.canonical_url, quote="It rained.")
    services.approve_and_publish(services.submit_for_review(make_draft(other, checker), by=checker), by=editor)
    withhold(claim, admin, editor)
    assert {"sources_source", "sources_snapshot"} <= tables_with(MARK)
    assert MARK not in "".join(VerdictVersion.objects.filter(verdict=claim.pk).values_list("content", flat=True))
    assert files_with(archive, MARK), "the captures of the page are the other claim's too"
    assert not storage().exists(Upload.objects.get().storage_key or "uploads/none")
    proposal = claim.withholdings.get()
    assert (proposal.blanked["kept_sources"], proposal.blanked["captures"]) == (1, 0)
    assert services.verify_history().tampering is None


def test_a_page_that_an_unpublished_claim_names_is_captured_anew(
    claim: Claim, web: Server, checker: User, editor: User, admin: User
) -> None:
    source = Source.objects.get(evidence__claim=claim)
    services.attach_evidence(
        make_claim(checker, "Not published"), by=checker, stance="refutes", url=source.canonical_url, quote="It rained."
    )
    withhold(claim, admin, editor)
    source.refresh_from_db()
    assert source.current_snapshot is None and MARK in source.canonical_url
    visit(source, NOW)
    services.assess_changes()
    assert Snapshot.objects.filter(source=source).exclude(text="").exists()
    blanked = Evidence.objects.get(claim=claim, kind="page")
    assert (blanked.quote, blanked.quote_found) == ("[withheld]", "")


def test_a_file_that_was_withheld_is_kept_anew_for_something_else(
    claim: Claim, checker: User, editor: User, admin: User
) -> None:
    withhold(claim, admin, editor)
    content = f"All of it {MARK} in a file.".encode()
    again = services.attach_evidence(
        make_claim(checker), by=checker, stance="context", kind="file", file=("again.txt", "text/plain", content)
    )
    assert again.upload is not None and storage().exists(again.upload.storage_key)


def test_the_second_person_is_told_and_the_record_names_both(claim: Claim, admin: User, editor: User) -> None:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    assert Notice.objects.filter(recipient=editor, kind="withholding").exists()
    assert not Notice.objects.filter(recipient=admin, kind="withholding").exists()
    services.confirm_withholding(claim, by=editor)
    lines = {(line.action, line.actor) for line in claim.activities.all()}
    assert {("proposed to withhold the verdict", admin), ("withheld the verdict", editor)} <= lines


def test_a_file_the_archive_would_not_delete_is_deleted_later(
    claim: Claim, archive: Path, admin: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.propose_withholding(claim, by=admin, reason="A court ordered it.", legal_basis=LEGAL_BASIS)
    services.confirm_withholding(claim, by=editor)

    def refuse(key: str) -> None:
        raise OSError("read-only")

    with monkeypatch.context() as broken, pytest.raises(OSError, match="read-only"):
        broken.setattr("sources.services.erasing.storage", lambda: type("Broken", (), {"delete": refuse}))
        services.erase_withheld_files()
    assert files_with(archive, MARK)
    assert services.erase_withheld_files() == 3
    assert not files_with(archive, MARK) and services.erase_withheld_files() == 0


def test_versions_keep_nothing_their_digest_could_be_guessed_with(claim: Claim, admin: User, editor: User) -> None:
    withhold(claim, admin, editor)
    for version in VerdictVersion.objects.filter(verdict=claim.pk):
        assert (version.content, version.content_salt, version.claimant) == ("", "", None)
    assert not Snapshot.objects.exclude(text="").exists()
