"""Publish what was imported, many at a time: one version, one event and one stored document each, or nothing at all."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from claims.choices import CorrectionKind, EventType, Role, VerdictStatus
from claims.importing.findings import FoundReview
from claims.models import (
    Activity,
    Appearance,
    Claim,
    Claimant,
    Draft,
    ImportedVerdict,
    ImportRun,
    User,
    Verdict,
    VerdictVersion,
)
from claims.models.identity import make_slug
from claims.rendering.claimreview import CLAIMANT_TYPES
from claims.rendering.content import canonical, freeze, freeze_decision
from claims.rendering.times import rfc3339
from claims.services.documents import store_documents
from claims.services.history import NewEvent, append_events, digest

# Who signs imported versions: an account nobody can log in to.
AUTHOR = "imported"
LONGEST_NAME = 200
LONGEST_ADDRESS = 2000
KINDS = {name: kind for kind, name in CLAIMANT_TYPES.items()}


@dataclass
class Publication:
    """One verdict to publish. `row` is what is known of it since an earlier import; None: it is new."""

    key: str
    page: str
    fingerprint: str
    found: FoundReview
    draft: Draft
    row: ImportedVerdict | None
    kind: str
    reason: str
    before: VerdictVersion | None = None
    version: VerdictVersion = field(init=False)


def import_author() -> User:
    """The account that imported versions name as their author; made at the first import. Never one that is in use."""
    known = User.objects.filter(username__startswith=AUTHOR, is_active=False, password__startswith="!").first()
    if known is not None:
        return known
    name, number = AUTHOR, 1
    while User.objects.filter(username=name).exists():
        number += 1
        name = f"{AUTHOR}-{number}"
    account = User(username=name, is_active=False, role=Role.OBSERVER, notify_by_mail=False)
    account.set_unusable_password()
    account.save()
    return account


def publish_imported(publications: list[Publication], *, run: ImportRun, author: User, at: datetime) -> None:
    """Write them all, in the caller's transaction. The document counter and the event log are locked last."""
    if not publications:
        return
    _name_claimants(publications)
    _save_claims([one for one in publications if one.row is None])
    _save_changes([one for one in publications if one.row is not None])
    verdicts = _verdicts(publications, at)
    _save_versions(publications, verdicts, author=author, at=at)
    _remember(publications, run=run, at=at)
    store_documents([one.draft.claim.pk for one in publications])
    append_events([_event(one) for one in publications], at=at)


def _name_claimants(publications: list[Publication]) -> None:
    """People known by exactly this name or alias are who is meant; others are new."""
    names = {one.found.claimant[:LONGEST_NAME] for one in publications} - {""}
    known = {name: row for row in Claimant.objects.filter(aliases__overlap=list(names)) for name in row.aliases}
    known |= {row.name: row for row in Claimant.objects.filter(name__in=names).order_by("-pk")}
    for one in publications:
        name = one.found.claimant[:LONGEST_NAME]
        if name and name not in known:
            same_as = [url for url in one.found.claimant_same_as if len(url) <= 500]
            kind = KINDS.get(one.found.claimant_kind, "")
            known[name] = Claimant.objects.create(name=name, kind=kind, same_as=same_as)
        one.draft.claim.claimant = known.get(name)


def _save_claims(new: list[Publication]) -> None:
    for one in new:
        claim = one.draft.claim
        claim.slug = make_slug(claim.text, fallback="claim")
    Claim.objects.bulk_create([one.draft.claim for one in new])
    Appearance.objects.bulk_create(
        [row for one in new for row in _appearances(one)],
        ignore_conflicts=True,
    )


def _appearances(one: Publication) -> list[Appearance]:
    urls = [url for url in one.found.appearances if len(url) <= LONGEST_ADDRESS]
    return [Appearance(claim=one.draft.claim, url=url, is_first=url == one.found.first_appearance) for url in urls]


def _save_changes(changed: list[Publication]) -> None:
    """What is logged of a known claim follows the original; its address stays."""
    for one in changed:
        assert one.row is not None
        claim, said = one.row.claim, one.draft.claim
        claim.text, claim.language, claim.made_on = said.text, said.language, said.made_on
        claim.claimant, claim.revision = said.claimant, claim.revision + 1
        claim.save(update_fields=["text", "language", "made_on", "claimant", "revision"])
        one.draft.claim = claim
        known = set(claim.appearances.values_list("url", flat=True))
        has_first = claim.appearances.filter(is_first=True).exists()
        for row in _appearances(one):
            if row.url not in known:
                row.is_first = row.is_first and not has_first
                row.save()


def _verdicts(publications: list[Publication], at: datetime) -> dict[int, Verdict]:
    new = [one for one in publications if one.row is None]
    made = Verdict.objects.bulk_create(
        [
            Verdict(
                claim=one.draft.claim,
                status=VerdictStatus.PUBLISHED,
                published_at=one.found.published_at or at,
                updated_at=at,
                status_since=at,
            )
            for one in new
        ]
    )
    known = [one.draft.claim.pk for one in publications if one.row is not None]
    locked = Verdict.objects.select_for_update(of=("self",)).select_related("current_version__rating")
    return {verdict.pk: verdict for verdict in [*made, *locked.filter(pk__in=known).order_by("pk")]}


def _save_versions(
    publications: list[Publication], verdicts: dict[int, Verdict], *, author: User, at: datetime
) -> None:
    for one in publications:
        verdict = verdicts[one.draft.claim.pk]
        one.before = verdict.current_version
        one.version = _version(one, verdict, author=author, at=at)
    VerdictVersion.objects.bulk_create([one.version for one in publications])
    newest = VerdictVersion.objects.filter(verdict=OuterRef("pk")).order_by("-number").values("pk")[:1]
    Verdict.objects.filter(pk__in=list(verdicts)).update(current_version=Subquery(newest), updated_at=at)


def _version(one: Publication, verdict: Verdict, *, author: User, at: datetime) -> VerdictVersion:
    draft, before = one.draft, one.before
    assert draft.rating is not None, "a draft without a rating is not planned"
    version = VerdictVersion(
        verdict=verdict,
        number=before.number + 1 if before else 1,
        rating=draft.rating,
        claimant=draft.claim.claimant,
        author=author,
        second_review_required=False,
        imported=True,
        correction_kind=one.kind,
        correction_reason=one.reason if before else "",
        published_at=_when(one, at),
    )
    content = freeze(draft, []) | freeze_decision(version) | {"imported": _original(one.found, at)}
    version.content = canonical(content)
    version.content_salt = secrets.token_hex(16)
    version.content_digest = digest(version.content_salt + version.content)
    return version


def _original(found: FoundReview, at: datetime) -> dict[str, str]:
    """Where it stood, and which state of it this is, when it says so: an older one never replaces it."""
    told = found.modified_at
    return {"url": found.url} | ({"modified_at": rfc3339(told)} if told and told <= at else {})


def _when(one: Publication, at: datetime) -> datetime:
    """When it was published where it stood; a correction when they say they made it, if that can be."""
    if one.before is None:
        return one.found.published_at or at
    told = one.found.modified_at
    return told if told and one.before.published_at <= told <= at else at


def _remember(publications: list[Publication], *, run: ImportRun, at: datetime) -> None:
    for one in publications:
        known = one.row or ImportedVerdict(claim=one.draft.claim)
        known.key, known.page_key, known.fingerprint = one.key, one.page, one.fingerprint
        known.url, known.run, known.changed_at = one.found.url, run, at
        one.row = known
    rows = [one.row for one in publications if one.row is not None]
    ImportedVerdict.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=["key", "page_key", "fingerprint", "url", "run", "changed_at"],
    )
    Activity.objects.bulk_create(
        [
            Activity(
                claim=one.draft.claim, at=at, action=f"imported version {one.version.number}", detail=one.found.url
            )
            for one in publications
        ]
    )


def _event(one: Publication) -> NewEvent:
    """As for any other publication, with the word that it was imported."""
    version, before = one.version, one.before
    data: dict[str, Any] = {
        "rating": version.rating.code,
        "content_digest": version.content_digest,
        "imported": True,
    }
    kind = EventType.PUBLISHED
    if before is not None:
        data |= {"kind": str(version.correction_kind), "previous_rating": before.rating.code}
        changed = version.correction_kind == CorrectionKind.RATING_CHANGED
        kind = EventType.RATING_CHANGED if changed else EventType.CORRECTED
    return NewEvent(claim=one.draft.claim, type=kind, version=version.number, data=data)
