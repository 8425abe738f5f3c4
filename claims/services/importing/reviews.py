"""Reviews by others, stored in bulk: new ones are added, changed ones change, unchanged ones are left alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from claims.importing.findings import FoundReview, Skipped, Withdrawn
from claims.importing.identity import fingerprint, page_key, review_key, same_claim
from claims.importing.reviews import same_site
from claims.importing.values import site_of
from claims.models import ExternalReview, ImportRun
from claims.rendering.search_words import searchable
from claims.services.importing.copying import merge_rows
from claims.services.importing.labels import LabelTable, keys_of

# An unchanged item's row is written again only to move its last day.
SEEN_EVERY = timedelta(days=1)
# What was read, longer than this even after cutting, is not kept.
LONGEST_RAW = 60_000
# A publisher's clock may be ahead of ours, or its day may have begun earlier.
CLOCKS_DIFFER = timedelta(days=1)
# Of a row that exists, an import leaves these alone; links are people's and not written at all.
_KEPT = ("first_seen",)


class Known(NamedTuple):
    """What must be known of a row to tell whether an item changes it."""

    pk: int
    key: str
    fingerprint: str
    modified_at: datetime | None
    withdrawn_at: datetime | None


class Item(NamedTuple):
    """One found review with what tells it apart."""

    key: str
    page: str
    fingerprint: str
    found: FoundReview


def identified(found: FoundReview) -> Item:
    page = page_key(found.url)
    return Item(review_key(page, found.claim_text), page, fingerprint(found), found)


def store_reviews(found: Iterable[FoundReview], *, run: ImportRun, table: LabelTable, at: datetime) -> Counter[str]:
    """Write these reviews in the caller's transaction; counts them as new, changed, unchanged or repeated.

    One that stands twice among them is taken once: the later, unless it says itself that it is older.
    """
    counts: Counter[str] = Counter()
    items: dict[str, Item] = {}
    for item in map(identified, found):
        if item.key in items:
            counts["repeated"] += 1
            if is_older(item.found, items[item.key].found.modified_at, at):
                continue
        items[item.key] = item
    known = _known(items)
    known |= _reworded(items, known, run)
    rows, unchanged = [], []
    for key in sorted(items):  # in one order everywhere: two imports never wait for each other crosswise
        item, row = items[key], known.get(key)
        if row is None:
            counts["new"] += 1
        elif row.fingerprint == item.fingerprint and row.withdrawn_at is None:
            counts["unchanged"] += 1
            unchanged.append(row.pk)
            continue
        elif is_older(item.found, row.modified_at, at):
            counts["repeated"] += 1
            continue
        else:
            counts["changed"] += 1
        rows.append(_row(item, run=run, table=table, at=at))
    if rows:
        merge_rows(ExternalReview, list(rows[0]), (list(row.values()) for row in rows), unique="key", kept=_KEPT)
    ExternalReview.objects.filter(pk__in=unchanged, last_seen__lt=at - SEEN_EVERY).update(last_seen=at)
    return counts


def is_older(found: FoundReview, modified_at: datetime | None, at: datetime) -> bool:
    """The item says that it is an earlier version than the one known; dates still to come prove nothing."""
    return found.modified_at is not None and modified_at is not None and found.modified_at < modified_at <= at


def _known(items: dict[str, Item]) -> dict[str, Known]:
    rows = ExternalReview.objects.filter(key__in=items).values_list(*Known._fields)
    return {row.key: row for row in (Known(*row) for row in rows)}


def _reworded(items: dict[str, Item], known: dict[str, Known], run: ImportRun) -> dict[str, Known]:
    """Rows whose claim was worded a little differently before; they get the new key, so that nothing is told twice."""
    fresh: dict[str, list[Item]] = defaultdict(list)
    for key, item in items.items():
        if key not in known:
            fresh[item.page].append(item)
    if not fresh:
        return {}
    found: dict[str, Known] = {}
    # Rows this run wrote itself are other claims on the page, however alike.
    rows = ExternalReview.objects.filter(page_key__in=list(fresh)).exclude(key__in=items).exclude(run=run)
    for page, text, *values in rows.order_by("pk").values_list("page_key", "claim_text", *Known._fields):
        row = Known(*values)
        for item in fresh[page]:
            if item.key not in found and same_claim(text, item.found.claim_text):
                ExternalReview.objects.filter(pk=row.pk).update(key=item.key)
                found[item.key] = row
                break
    return found


def _row(item: Item, *, run: ImportRun, table: LabelTable, at: datetime) -> dict[str, Any]:
    """The row's columns."""
    found = item.found
    key, lead = keys_of(found.rating_label)
    return {
        "key": item.key,
        "page_key": item.page,
        "fingerprint": item.fingerprint,
        "url": found.url,
        "publisher_site": found.publisher_site,
        "publisher_name": found.publisher_name,
        "headline": found.headline,
        "claim_text": found.claim_text,
        "claimant": found.claimant,
        "made_on": found.made_on,
        "published_at": found.published_at,
        "modified_at": found.modified_at,
        "language": found.language,
        "appearances": list(found.appearances),
        "rating_label": found.rating_label,
        "rating_value": found.rating_value,
        "rating_best": found.rating_best,
        "rating_worst": found.rating_worst,
        "label_key": key,
        "label_lead": lead,
        "rating_id": table.rating_of(key, lead, site=found.publisher_site, language=found.language),
        "taken_from": str(found.taken_from),
        "raw": _as_text(found.raw),
        "run_id": run.pk,
        "first_seen": at,
        "last_seen": at,
        "changed_at": at,
        "withdrawn_at": None,
        "search_text": searchable(found.claim_text, found.headline, found.claimant, found.publisher_name),
    }


def _as_text(raw: dict[str, Any]) -> str:
    """JSON that a text column holds: lone surrogates stay escaped."""
    text = json.dumps(raw, ensure_ascii=False, separators=(",", ":"))
    text = text.encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= LONGEST_RAW else ""


def withdraw_reviews(
    found: Iterable[Withdrawn], *, run: ImportRun, by_site: str, at: datetime, counts: Counter[str]
) -> list[Skipped]:
    """Mark what feeds say is gone; returns the tombstones that are not believed.

    Counts the reviews as withdrawn, what was known as gone as unchanged, what changed after the tombstone as repeated.
    `by_site`: whose word it is; "" for a file, whose importer vouches for it.
    """
    skipped = []
    for gone in found:
        try:
            counts[_withdraw(gone, run=run, by_site=by_site, at=at)] += 1
        except _NotBelieved as why:
            skipped.append(Skipped(where=gone.where, reason=str(why), url=gone.url))
    return skipped


class _NotBelieved(Exception):
    """The text says why."""


def _withdraw(gone: Withdrawn, *, run: ImportRun, by_site: str, at: datetime) -> str:
    """How it ended, in the words of the counts. Raises _NotBelieved."""
    if gone.at > at + CLOCKS_DIFFER:
        raise _NotBelieved(f"its dateDeleted, {gone.at:%Y-%m-%d}, is still to come")
    page = page_key(gone.url)
    rows = ExternalReview.objects.filter(page_key=page)
    if gone.claim_text:
        rows = rows.filter(key=review_key(page, gone.claim_text))
    if by_site and not same_site(site_of(gone.url), by_site):
        brought = rows.filter(run__source=run.source)
        if rows.exists() and not brought.exists():
            raise _NotBelieved(
                f"{by_site} says that it is deleted, but neither published nor brought it: "
                "if that is so, save the feed as a file and import the file"
            )
        rows = brought
    standing = rows.filter(withdrawn_at__isnull=True)
    when = min(gone.at, at)
    if standing.exclude(modified_at__gt=when, modified_at__lte=at).update(withdrawn_at=when, changed_at=at):
        return "withdrawn"
    return "repeated" if standing.exists() else "unchanged"
