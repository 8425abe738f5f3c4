"""Plain helpers that make rows the way the desk does: through services, with sensible defaults."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from claims import services
from claims.choices import EvidenceKind, Role, Stance
from claims.models import Claim, Claimant, Draft, Evidence, Rating, Topic, User, VerdictVersion
from sources.choices import Availability, ChangeKind
from sources.models import Snapshot, Source, SourceChange

PASSWORD = "correct horse battery staple"
PAGE = "On Saturday the square filled slowly. Police said only a few hundred had actually turned up. It rained."
QUOTE = "only a few hundred had actually turned up"


def make_user(name: str, role: str = Role.FACT_CHECKER, **fields: Any) -> User:
    return User.objects.create_user(name, password=PASSWORD, role=role, is_staff=True, **fields)


def make_claimant(name: str = "Mukhtar Example", **fields: Any) -> Claimant:
    claimant = Claimant.objects.create(name=name, **fields)
    services.write_claimant_words([claimant.pk])
    return claimant


def make_topic(name: str = "Protests") -> Topic:
    return Topic.objects.get_or_create(name=name)[0]


def make_claim(by: User, text: str = "Thousands of protesters filled the square", **fields: Any) -> Claim:
    return services.log_claim(text, by=by, **fields)


def make_evidence(claim: Claim, by: User, **fields: Any) -> Evidence:
    """Page evidence that refutes the claim, unless `fields` say otherwise."""
    defaults: dict[str, Any] = {
        "stance": Stance.REFUTES,
        "url": "https://news.example/square",
        "quote": QUOTE,
    }
    return services.attach_evidence(claim, by=by, **(defaults | fields))


def make_offline_evidence(claim: Claim, by: User, **fields: Any) -> Evidence:
    defaults: dict[str, Any] = {
        "kind": EvidenceKind.OFFLINE,
        "stance": Stance.REFUTES,
        "description": "Interview with the police press office, 10 June 2019, notes kept.",
    }
    return services.attach_evidence(claim, by=by, **(defaults | fields))


def make_snapshot(source: Source, text: str = PAGE, at: datetime | None = None) -> Snapshot:
    """A capture as the fetcher would store it, without the network; becomes the source's current one."""
    at = at or timezone.now()
    digest = hashlib.sha256(text.encode()).hexdigest()
    snapshot = Snapshot.objects.create(
        source=source,
        taken_at=at,
        final_url=source.canonical_url,
        raw_sha256=digest,
        storage_key=f"test/{digest}",
        media_type="text/html",
        size=len(text),
        text=text,
        text_sha256=digest,
        extractor="test",
        extractor_version="1",
    )
    source.current_snapshot = snapshot
    source.availability = Availability.LIVE
    source.save(update_fields=["current_snapshot", "availability"])
    return snapshot


def make_page_say(source: Source, text: str, at: datetime | None = None) -> SourceChange:
    """A confirmed capture with its outbox row: what the re-check leaves behind."""
    before = source.current_snapshot
    after = make_snapshot(source, text, at)
    return SourceChange.objects.create(
        source=source,
        at=at or timezone.now(),
        kind=ChangeKind.CONTENT if before else ChangeKind.CAPTURED,
        snapshot_before=before,
        snapshot_after=after,
    )


def make_draft(claim: Claim, by: User, rating: str = "false", **fields: Any) -> Draft:
    defaults: dict[str, Any] = {
        "headline": "A few hundred people came, not thousands",
        "summary": "Police counted a few hundred people on the square. Nobody counted thousands.",
        "explanation": "The one count there is comes from the police.",
    }
    return services.save_draft(claim, by=by, rating=Rating.objects.get(code=rating), **(defaults | fields))


def submitted(by: User, rating: str = "false") -> Draft:
    """A draft in review that rests on an interview."""
    claim = make_claim(by)
    make_offline_evidence(claim, by)
    return services.submit_for_review(make_draft(claim, by, rating=rating), by=by)


def make_published_verdict(checker: User, editor: User, text: str = "", **fields: Any) -> VerdictVersion:
    """A claim with one captured, intact page quote that refutes it, drafted by `checker`, published by `editor`."""
    claim = make_claim(checker, **({"text": text} if text else {}), **fields)
    evidence = make_evidence(claim, checker, url=f"https://news.example/{claim.public_id}")
    assert evidence.source is not None
    make_page_say(evidence.source, PAGE)
    services.assess_changes()
    draft = services.submit_for_review(make_draft(claim, checker), by=checker)
    return services.approve_and_publish(draft, by=editor)


def make_correction(claim: Claim, checker: User, editor: User, **fields: Any) -> VerdictVersion:
    """The claim's next version. `fields` change the draft; kind and reason may be among them."""
    kind = fields.pop("kind", "minor")
    reason = fields.pop("reason", "A date was wrong.")
    services.correct_verdict(claim, by=checker, kind=kind, reason=reason)
    draft = services.save_draft(claim, by=checker, **(fields or {"summary": "Corrected summary."}))
    return services.approve_and_publish(services.submit_for_review(draft, by=checker), by=editor)


def make_withheld(claim: Claim, legal_basis: str = "Art. 17 GDPR") -> None:
    """Withheld by two people made for it, its files gone."""
    first, second = (make_user(f"{name}-{claim.pk}", Role.ADMIN) for name in ("first", "second"))
    services.propose_withholding(claim, by=first, reason="The law demands it.", legal_basis=legal_basis)
    services.confirm_withholding(claim, by=second)
    services.erase_withheld_files()


PROTECTED = (
    "claims_event",
    "claims_verdict",
    "claims_verdictversion",
    "claims_verdictversion_evidence",
    "claims_evidence",
)


def tamper(sql: str) -> None:
    """What the owner of the database can do to protected rows: switch the triggers off, write, switch them on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in PROTECTED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in PROTECTED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
