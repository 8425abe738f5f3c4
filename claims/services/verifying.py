"""Did anybody rewrite what was public? Chain, versions, evidence and stored documents, each against the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.db import transaction

from claims.choices import VerdictStatus
from claims.models import Claimant, Event, VerdictDocument, VerdictVersion
from claims.rendering.content import Content, freeze_decision, freeze_evidence
from claims.rendering.times import rfc3339
from claims.services.history import GENESIS_HASH, digest

# What a document shows of the claim as it was frozen.
FROZEN = ("text", "language", "made_on", "location", "quantity")


@dataclass(frozen=True)
class Tampering:
    """The first thing that does not fit, and where."""

    where: str
    problem: str


@dataclass(frozen=True)
class HistoryReport:
    """`checked` events were read; `tampering` is None when every one fits."""

    checked: int
    head_sequence: int
    head_hash: str
    tampering: Tampering | None


@transaction.atomic
def verify_history(*, progress: Callable[[int, int], None] = lambda done, total: None) -> HistoryReport:
    """Recompute the whole chain from the stored entries and hold versions and stored documents against it.

    Reads row by row and stops at the first that does not fit. `progress` is told (events done, events there are).
    """
    total = Event.objects.count()
    sequence, previous_hash = 0, GENESIS_HASH
    digests: dict[tuple[str, int], str] = {}
    withheld: set[str] = set()
    for event in Event.objects.order_by("sequence").select_related("claim").iterator(chunk_size=1000):
        problem = _problem_with(event, sequence=sequence + 1, previous_hash=previous_hash)
        if problem:
            return HistoryReport(sequence, sequence, previous_hash, Tampering(f"event {event.sequence}", problem))
        _remember_digest(event, digests)
        if event.type == "verdict.withheld":
            withheld.add(event.claim.public_id)
        sequence, previous_hash = event.sequence, event.hash
        if sequence % 1000 == 0:
            progress(sequence, total)
    progress(total, total)
    tampering = next(chain(_versions_unlike(digests, withheld), _documents_unlike()), None)
    return HistoryReport(sequence, sequence, previous_hash, tampering)


def _problem_with(event: Event, *, sequence: int, previous_hash: str) -> str:
    """Why this row does not continue the chain, or an empty string."""
    if event.sequence != sequence:
        return f"event {sequence} is missing: the next row is {event.sequence}"
    if digest(event.entry) != event.hash:
        return "its text does not give its hash: the entry or the hash was changed after it was written"
    entry = json.loads(event.entry)
    if entry["previous_hash"] != previous_hash or event.previous_hash != previous_hash:
        return "it does not follow the event before it: previous_hash differs"
    columns = {
        "sequence": event.sequence,
        "id": event.event_id,
        "type": event.type,
        "at": rfc3339(event.at),
        "verdict": {"id": event.claim.public_id, "version": event.version},
    }
    for name, value in columns.items():
        if entry[name] != value:
            return f"its column {name} says {value!r}, the entry says {entry[name]!r}"
    return ""


def _remember_digest(event: Event, digests: dict[tuple[str, int], str]) -> None:
    value = json.loads(event.entry)["data"].get("content_digest")
    if value and event.type in {"verdict.published", "verdict.corrected", "verdict.rating_changed"}:
        digests[event.claim.public_id, event.version] = value
    if event.type == "verdict.withheld":
        for key in [key for key in digests if key[0] == event.claim.public_id]:
            del digests[key]


def _versions_unlike(digests: dict[tuple[str, int], str], withheld: set[str]) -> Iterator[Tampering]:
    """Versions that are not what the chain recorded, and recorded ones that are gone.

    Of what the chain says is withheld nothing may be left; whatever else calls itself withheld is hidden, not withheld.
    """
    seen = set()
    rows = VerdictVersion.objects.order_by("pk").select_related("verdict__claim", "rating", "claimant")
    rows = rows.prefetch_related("evidence__source", "evidence__upload", "evidence__snapshot")
    for version in rows.iterator(chunk_size=200):
        key = (version.verdict.claim.public_id, version.number)
        seen.add(key)
        problem = _withheld_problem(version) if key[0] in withheld else _version_problem(version, digests.get(key))
        if problem:
            yield Tampering(f"version {version.number} of verdict {key[0]}", problem)
    for public_id, number in sorted(set(digests) - seen):
        yield Tampering(f"version {number} of verdict {public_id}", "the event log published it, but it is gone")


def _withheld_problem(version: VerdictVersion) -> str:
    """Why this is not what withholding leaves, or an empty string."""
    if version.verdict.status != VerdictStatus.WITHHELD:
        return "the event log withheld it, but it can be read"
    return "it is withheld, but its text is still there" if version.content or version.content_salt else ""


def _version_problem(version: VerdictVersion, recorded: str | None) -> str:
    """Why this version is not the one that was published, or an empty string."""
    if version.verdict.status == VerdictStatus.WITHHELD:
        return "it says that it is withheld, and the event log knows of no withholding"
    if recorded is None:
        return "no event published it"
    if recorded != version.content_digest or recorded != digest(version.content_salt + version.content):
        return "its content does not give the digest that the event log recorded"
    content = json.loads(version.content)
    columns = freeze_decision(version) | {
        "rating": version.rating.code,
        "claimant": _id(version.claimant),
        "imported": version.imported,
    }
    told = content | {
        "rating": content["rating"]["code"],
        "claimant": (content["claim"]["claimant"] or {}).get("id"),
        "imported": "imported" in content,
    }
    for name, value in columns.items():
        if told[name] != value:
            return f"its column for {name} says {value!r}, what was published says {told[name]!r}"
    now = {row.public_id: _pinned(freeze_evidence(row)) for row in version.evidence.all()}
    then = {row["id"]: _pinned(row) for row in content["evidence"]}
    unlike = sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))
    return f"its evidence {unlike[0]} is not what was published" if unlike else ""


def _id(claimant: Claimant | None) -> str | None:
    return claimant.public_id if claimant else None


def _pinned(evidence: Content) -> Content:
    """Without the capture, which may come after publication."""
    return {key: value for key, value in evidence.items() if key != "captured_sha256"}


def _documents_unlike() -> Iterator[Tampering]:
    """Stored documents that tell readers another text than the version they stand for."""
    rows = VerdictDocument.objects.readable().order_by("pk")
    for row in rows.select_related("claim__verdict__current_version").iterator(chunk_size=200):
        version = row.claim.verdict.current_version
        assert version is not None, "a verdict exists only with a version"
        content, body = json.loads(version.content), json.loads(row.body)
        where = f"document of verdict {row.public_id}"
        if row.headline != content["headline"] or row.rating_code != content["rating"]["code"]:
            yield Tampering(where, "its columns are not those of the published version: run rebuild_documents")
        for name in ("headline", "summary", "explanation", "language", "rating"):
            if body.get(name) != content[name]:
                yield Tampering(where, f"its {name} is not the published one: run rebuild_documents")
        quotes = [(item["id"], item["stance"], item["quote"], item["note"]) for item in content["evidence"]]
        if [(item["id"], item["stance"], item["quote"], item["note"]) for item in body.get("evidence", [])] != quotes:
            yield Tampering(where, "its evidence is not the published one: run rebuild_documents")
        if {name: body.get("claim", {}).get(name) for name in FROZEN} != {
            name: content["claim"][name] for name in FROZEN
        }:
            yield Tampering(where, "its claim is not the published one: run rebuild_documents")
