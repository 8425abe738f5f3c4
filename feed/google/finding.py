"""Which claims a search finds, in which order, and their reviews: ours and those of other fact-checkers.

Of each kind the newest CANDIDATES matches are put in order; what lies beyond them is not found. A review that a person
linked to one of our claims stands under that claim.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import F, FloatField, Q, Value
from django.utils import timezone

from claims.matching.confidence import BOUNDS
from claims.matching.finding import find
from claims.models import ExternalReview, VerdictDocument
from claims.querysets import DocumentQuerySet, ExternalReviewQuerySet
from claims.rendering.search_words import MOST_WORDS as COPIED
from claims.rendering.search_words import words_of
from claims.searching import CANDIDATES, SearchTakesTooLong
from feed.google import shapes
from feed.google.parameters import LANGUAGE, MOST_WORDS, QUERY, SITE, oldest, page_size, searched
from feed.google.tokens import write_token
from feed.serving.filters import SearchTooBroad
from feed.serving.parameters import Asked

# Of one claim of ours: a page of claims stays a page.
MOST_LINKED = 20
# Ours that are found by likeness.
MOST_LIKE_IT = 50
LONG_AGO = datetime.min.replace(tzinfo=UTC)

OUR_NEWEST = ("-published_at", "-claim_id")
THEIR_NEWEST = ("-published_at", "-id")

# One of our claims, or one review by others that belongs to none of them.
Key = tuple[str, int]
OURS, THEIRS = "ours", "theirs"


@dataclass
class Found:
    """One entry of the list: its best match, and the newest date of what matched."""

    key: Key
    rank: float
    at: datetime

    @property
    def place(self) -> tuple[float, float, Key]:
        """Best first, then newest; without words every rank is 0."""
        return -self.rank, -(self.at - LONG_AGO).total_seconds(), self.key


def answer(asked: Asked) -> shapes.Shape:
    """The page of claims asked for, as Google shapes it; empty when nothing is found there."""
    start, size = asked["start"], page_size(asked)
    if start >= 2 * CANDIDATES:
        return {}
    found = sorted(_found(asked), key=lambda each: each.place)
    claims = _claims([each.key for each in found[start : start + size]], asked)
    if not claims:
        return {}
    page: shapes.Shape = {"claims": claims}
    if start + size < len(found):
        page["nextPageToken"] = write_token(start + size, searched(asked))
    return page


def _found(asked: Asked) -> list[Found]:
    entries: dict[Key, Found] = {}
    ours = _candidates(_ours(asked), VerdictDocument.objects.listed(), OUR_NEWEST, CANDIDATES, asked)
    theirs = _their_candidates(asked)
    linked = {claim for *_, claim in theirs if claim}
    standing = set(VerdictDocument.objects.listed().filter(pk__in=linked).values_list("pk", flat=True))
    matches = [((OURS, pk), rank, at) for pk, rank, at in ours.values_list("pk", "rank", "published_at")]
    matches += [
        ((OURS, claim) if claim in standing else (THEIRS, pk), rank, at or _midnight(made_on))
        for pk, rank, at, made_on, claim in theirs
    ]
    matches += _like_it(asked)
    for key, rank, at in matches:
        entry = entries.setdefault(key, Found(key, rank, at))
        entry.rank, entry.at = max(entry.rank, rank), max(entry.at, at)
    return list(entries.values())


def _like_it(asked: Asked) -> list[tuple[Key, float, datetime]]:
    """No verdict holds every word of a text that somebody copied: ours that are like it, as /api/v1/match/ finds."""
    text = asked.get(QUERY.name, "")
    if len(words_of(text)) <= COPIED:
        return []
    try:
        found = find(text, public=True, limit=MOST_LIKE_IT)
    except SearchTakesTooLong:
        raise SearchTooBroad from None
    scores = {each.claim_id: each.score for each in found if BOUNDS.word_for(each.score, len(each.words))}
    rows = _ours(asked).filter(pk__in=scores).values_list("pk", "published_at")
    return [((OURS, pk), scores[pk], at) for pk, at in rows]


def _midnight(day: date | None) -> datetime:
    return datetime.combine(day, time(), UTC) if day else LONG_AGO


def _ours(asked: Asked) -> DocumentQuerySet:
    """Our standing verdicts that pass the filters, whatever their words."""
    rows = VerdictDocument.objects.listed()
    if asked.get(SITE.name) not in (None, shapes.site_of(settings.SITE_URL)):
        return rows.none()
    if LANGUAGE.name in asked:
        rows = rows.written_in(asked[LANGUAGE.name])
    since = oldest(asked, timezone.now())
    if since is not None:
        rows = rows.filter(Q(published_at__gte=since) | Q(claim__made_on__gte=since.date()))
    return rows


def _theirs(asked: Asked) -> ExternalReviewQuerySet:
    """Other fact-checkers' reviews that pass the filters, whatever their words."""
    rows = ExternalReview.objects.standing()
    if SITE.name in asked:
        rows = rows.filter(publisher_site=asked[SITE.name])
    if LANGUAGE.name in asked:
        rows = rows.written_in(asked[LANGUAGE.name])
    since = oldest(asked, timezone.now())
    if since is not None:
        rows = rows.filter(Q(published_at__gte=since) | Q(made_on__gte=since.date()))
    return rows


def _their_candidates(asked: Asked) -> list[tuple[Any, ...]]:
    """The newest; after those with a date, those that never say one."""
    columns = ("pk", "rank", "published_at", "made_on", "linked_claim")
    found: list[tuple[Any, ...]] = []
    for undated in (False, True):
        among = None if undated else ExternalReview.objects.standing().filter(published_at__isnull=False)
        rows = _theirs(asked).filter(published_at__isnull=undated)
        found += _candidates(rows, among, THEIR_NEWEST, CANDIDATES - len(found), asked).values_list(*columns)
    return found


def _candidates(rows: Any, among: Any, newest: tuple[str, ...], limit: int, asked: Asked) -> Any:
    """The newest matches, each with its `rank`. `among`: see SearchableQuerySet.first_matching()."""
    text = asked.get(QUERY.name, "")
    if not text.strip():
        first = list(rows.order_by(*newest).values_list("pk", flat=True)[:limit])
        return rows.model.objects.filter(pk__in=first).annotate(rank=Value(0.0, FloatField()))
    try:
        first = rows.first_matching(text, newest, limit=limit, among=among, most=MOST_WORDS)
    except SearchTakesTooLong:
        raise SearchTooBroad from None
    return rows.model.objects.filter(pk__in=first).ranked(text, most=MOST_WORDS)


def _claims(keys: list[Key], asked: Asked) -> list[shapes.Shape]:
    """These entries in this order, in a constant number of queries."""
    ours = [pk for kind, pk in keys if kind == OURS]
    theirs = _theirs(asked)
    alone = {(THEIRS, row.pk): [row] for row in theirs.filter(pk__in=[pk for kind, pk in keys if kind == THEIRS])}
    linked: dict[Key, list[ExternalReview]] = {(OURS, pk): [] for pk in ours}
    for row in theirs.filter(linked_claim__in=ours).order_by(F("published_at").desc(nulls_last=True), "-pk"):
        linked[OURS, row.linked_claim_id or 0].append(row)
    passing = set(_ours(asked).filter(pk__in=ours).values_list("pk", flat=True))
    bodies = VerdictDocument.objects.filter(pk__in=ours).values_list("pk", "body")
    documents = {(OURS, pk): json.loads(body) for pk, body in bodies}
    claims = []
    for key in keys:
        if key in documents:
            claims.append(_our_claim(documents[key], linked[key], with_ours=key[1] in passing))
        elif key in alone:
            claims.append(_their_claim(alone[key][0]))
    return [claim for claim in claims if claim.get("claimReview")]


def _our_claim(document: dict[str, Any], linked: Iterable[ExternalReview], *, with_ours: bool) -> shapes.Shape:
    claim = document["claim"]
    ours = shapes.review(
        publisher=settings.PUBLISHER_NAME,
        url=document["url"],
        title=document["headline"],
        reviewed_at=datetime.fromisoformat(document["published_at"]),
        textual_rating=document["rating"]["name"],
        language=document["language"],
    )
    others = [_their_review(row) for row in list(linked)[:MOST_LINKED]]
    return shapes.claim(
        text=claim["text"],
        claimant=(claim["claimant"] or {}).get("name", ""),
        made_on=date.fromisoformat(claim["made_on"]) if claim["made_on"] else None,
        reviews=[ours, *others] if with_ours else others,
    )


def _their_claim(row: ExternalReview) -> shapes.Shape:
    reviews = [_their_review(row)]
    return shapes.claim(text=row.claim_text, claimant=row.claimant, made_on=row.made_on, reviews=reviews)


def _their_review(row: ExternalReview) -> shapes.Shape:
    return shapes.review(
        publisher=row.publisher_name,
        url=row.url,
        title=row.headline,
        reviewed_at=row.published_at,
        textual_rating=row.rating_label,
        language=row.language,
    )
