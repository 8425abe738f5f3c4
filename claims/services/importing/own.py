"""A newsroom's own past: its ClaimReviews become verdicts, marked as imported, with one event each."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from claims.choices import CorrectionKind, VerdictStatus
from claims.importing.findings import FoundReview, Skipped
from claims.importing.identity import same_claim
from claims.models import Claim, Draft, ImportedVerdict, ImportRun, Rating, Verdict, VerdictVersion
from claims.rendering.content import freeze_claim
from claims.rendering.markdown import of_plain
from claims.services.importing.labels import LabelTable, keys_of
from claims.services.importing.lint import errors_of
from claims.services.importing.publishing import Publication, import_author, publish_imported
from claims.services.importing.reviews import Item, identified, is_older
from claims.services.public_changes import lock_verdicts

# Why a claim of ours changes when the item does not say (CorrectionComment).
NO_REASON = "The original was changed after it was imported."
LONGEST_CLAIM = 4000
LONGEST_HEADLINE = 200
LONGEST_CLAIMANT = 200


class OwnResult(NamedTuple):
    counts: Counter[str]
    skipped: list[Skipped]


class _Refused(Exception):
    """This item is not taken; the text says why."""


class _Older(Exception):
    """What is known is a newer state of it."""


@dataclass(frozen=True)
class OwnImport:
    """What holds for every item of one import. `language`: of items that do not say theirs; "" skips them."""

    run: ImportRun
    table: LabelTable
    ratings: dict[int, Rating]
    language: str
    at: datetime


def publish_own(found: Iterable[FoundReview], own: OwnImport) -> OwnResult:
    """Publish these as verdicts in the caller's transaction, at most MAX_BATCH of them.

    A known one is published as a new version when it changed and nobody here has worked on it since.
    """
    result, publications = plan_own(found, own)
    publish_imported(publications, run=own.run, author=import_author(), at=own.at)
    return result


def plan_own(found: Iterable[FoundReview], own: OwnImport) -> tuple[OwnResult, list[Publication]]:
    """What publish_own() would publish, and what it would skip. Writes nothing; locks what it would change."""
    result = OwnResult(Counter(), [])
    items = _once(found, own, result)
    known = _known(items)
    publications = []
    for key in sorted(items):
        try:
            publication = _planned(items[key], known.get(key), own)
        except _Older:
            result.counts["repeated"] += 1
            continue
        except _Refused as reason:
            result.counts["skipped"] += 1
            result.skipped.append(Skipped(where=items[key].found.where, reason=str(reason), url=items[key].found.url))
            continue
        if publication is None:
            result.counts["unchanged"] += 1
        else:
            result.counts["changed" if publication.row else "new"] += 1
            publications.append(publication)
    return result, publications


def _once(found: Iterable[FoundReview], own: OwnImport, result: OwnResult) -> dict[str, Item]:
    items: dict[str, Item] = {}
    for item in map(identified, found):
        if item.key in items:
            result.counts["repeated"] += 1
            if is_older(item.found, items[item.key].found.modified_at, own.at):
                continue
        items[item.key] = item
    return items


def _known(items: dict[str, Item]) -> dict[str, ImportedVerdict]:
    """What was imported before, by key; also under a slightly different wording of the claim."""
    rows = ImportedVerdict.objects.select_related("claim__verdict")
    known = {row.key: row for row in rows.filter(key__in=items)}
    fresh = {item.page: item for key, item in items.items() if key not in known}
    for row in rows.filter(page_key__in=list(fresh)).exclude(key__in=items).order_by("pk") if fresh else []:
        item = fresh[row.page_key]
        if item.key not in known and same_claim(row.claim.text, item.found.claim_text):
            known[item.key] = row
    _lock([row for key, row in known.items() if row.fingerprint != items[key].fingerprint])
    return known


def _lock(changed: list[ImportedVerdict]) -> None:
    """Claims before verdicts, as everywhere; from here on nobody at the desk changes what we are about to change."""
    ids = [row.pk for row in changed]
    claims = Claim.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").in_bulk()
    verdicts = {verdict.pk: verdict for verdict in lock_verdicts(ids)}
    for row in changed:
        row.claim = claims[row.pk]
        verdicts[row.pk].claim = row.claim


def _planned(item: Item, row: ImportedVerdict | None, own: OwnImport) -> Publication | None:
    """What to publish; None when nothing changed. Raises _Older, _Refused."""
    if row is not None and row.fingerprint == item.fingerprint:
        return None
    verdict = row.claim.verdict if row else None
    if verdict is not None:
        _may_be_corrected(verdict, item.found, own.at)
    elif _is_a_verdict_here(item.found.url):
        raise _Refused("it is a verdict of this site already")
    draft = _draft(item.found, own)
    publication = Publication(
        key=item.key,
        page=item.page,
        fingerprint=item.fingerprint,
        found=item.found,
        draft=draft,
        row=row,
        kind=_kind(verdict, draft),
        reason=item.found.correction or NO_REASON,
    )
    if errors := errors_of(publication, at=own.at):
        raise _Refused("; ".join(errors))
    return publication


def _may_be_corrected(verdict: Verdict, found: FoundReview, at: datetime) -> None:
    """Only what people here have not touched follows the original, and never back to an older state of it."""
    version = verdict.current_version
    if version is None or not version.imported:
        raise _Refused("it was corrected on the desk since it was imported: correct it there again")
    known = json.loads(version.content)["imported"].get("modified_at") if version.content else None
    if is_older(found, datetime.fromisoformat(known) if known else None, at):
        raise _Older
    if verdict.status != VerdictStatus.PUBLISHED:
        raise _Refused(f"the verdict is {verdict.get_status_display().lower()}: settle that on the desk first")
    if Draft.objects.filter(claim=verdict.claim_id).exists():
        raise _Refused("a draft of it is open on the desk: finish that first")
    if _was_worked_on(verdict.claim, version):
        raise _Refused("its claim was changed or got evidence on the desk: publish that as a correction there")


def _was_worked_on(claim: Claim, version: VerdictVersion) -> bool:
    """What one person noted on the claim would be published by the import, which no second person sees."""
    published, now = json.loads(version.content)["claim"], freeze_claim(claim)
    for one in (published, now):
        one["claimant"] = one["claimant"] and one["claimant"]["id"]  # names follow their own row
    return published != now or claim.evidence.attached().exists()


def _is_a_verdict_here(url: str) -> bool:
    """One of our own claim pages, as our own exports name them."""
    place, mark, rest = url.partition("/claims/")
    return bool(mark) and Claim.objects.public().filter(public_id=rest.partition("/")[0]).exists()


def _draft(found: FoundReview, own: OwnImport) -> Draft:
    """The texts of the version, on a claim that is not saved yet. Raises _Refused for what a verdict needs."""
    key, lead = keys_of(found.rating_label)
    rating = own.ratings.get(own.table.rating_of(key, lead, site=found.publisher_site, language=found.language) or 0)
    language = found.language or own.language
    if rating is None:
        raise _Refused(
            f"its rating “{found.rating_label}” is none of ours: add the word to the rating labels on the desk"
        )
    if not rating.is_active:
        raise _Refused(f"its rating is our “{rating}”, which is no longer in use: change the rating labels on the desk")
    if not language:
        raise _Refused("it has no inLanguage: say with --language which language such items are in")
    if found.published_at is None:
        raise _Refused("it has no datePublished that could be read: a verdict needs its day")
    if found.published_at > own.at:
        raise _Refused(f"its datePublished, {found.published_at:%Y-%m-%d}, is still to come")
    if len(found.claim_text) > LONGEST_CLAIM:
        raise _Refused(f"the claim has {len(found.claim_text):,} characters, at most {LONGEST_CLAIM:,} fit")
    claim = Claim(text=found.claim_text, language=language, made_on=found.made_on, created_at=own.at)
    headline = found.headline or found.claim_text
    return Draft(
        claim=claim,
        rating=rating,
        language=language,
        headline=headline if len(headline) <= LONGEST_HEADLINE else headline[: LONGEST_HEADLINE - 1].rstrip() + "…",
        summary=found.summary,
        explanation=of_plain(found.body),
    )


def _kind(verdict: Verdict | None, draft: Draft) -> str:
    """By the ratings themselves; of changed texts nobody told us which matter, so they count as substantive."""
    if verdict is None or verdict.current_version is None:
        return ""
    changed = verdict.current_version.rating_id != draft.rating_id
    return CorrectionKind.RATING_CHANGED if changed else CorrectionKind.SUBSTANTIVE
