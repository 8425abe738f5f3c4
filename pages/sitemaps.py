"""What the sitemaps list. Verdicts are parted by the claim's number: a part never moves on to another file, and each is
one walk along the primary key, however many claims there are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from claims.models import Translation, VerdictDocument
from claims.rendering.addresses import claim_url
from pages.links import INTERFACE_LANGUAGES

# Claim numbers in one file. The protocol allows 50,000 addresses; translations are addresses of their own, and a file
# of 10,000 is made in a fraction of a second.
PART = 10_000
# Of the verdicts that changed last, how many tell the index which files changed.
LATELY = 1_000
# Google News: articles of the last two days, at most 1,000.
NEWS_AGE = timedelta(hours=48)
MOST_NEWS = 1_000


@dataclass(frozen=True)
class Address:
    location: str
    changed: datetime | None = None


@dataclass(frozen=True)
class News:
    location: str
    language: str
    published: datetime
    title: str


def findable() -> QuerySet[VerdictDocument]:
    """What search engines may list: whatever can be read, also what was retracted. No demonstrations."""
    return VerdictDocument.objects.readable().filter(is_demo=False)


def parts() -> dict[int, datetime | None]:
    """The files that have an address in them, with the last change where it was lately. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT part FROM generate_series(0, (SELECT max(claim_id) FROM claims_verdictdocument) / %(part)s) AS part
            WHERE EXISTS (
                SELECT FROM claims_verdictdocument
                WHERE claim_id >= part * %(part)s AND claim_id < (part + 1) * %(part)s
                AND status <> 'withheld' AND NOT is_demo
            )
            """,
            {"part": PART},
        )
        found: dict[int, datetime | None] = {part: None for (part,) in cursor.fetchall()}
    newest = VerdictDocument.objects.order_by("-updated_at", "-public_id").values_list("claim_id", "updated_at")
    for claim_id, changed in reversed(newest[:LATELY]):
        if claim_id // PART in found:
            found[claim_id // PART] = changed
    return found


def addresses(part: int) -> Iterator[Address]:
    """The verdicts of one file with their translations, oldest claim first. Two queries."""
    within = {"claim_id__gte": part * PART, "claim_id__lt": (part + 1) * PART}
    translated = defaultdict(list)
    for claim_id, language in Translation.objects.filter(**within).values_list("claim_id", "language"):
        if language in INTERFACE_LANGUAGES:
            translated[claim_id].append(language)
    rows = findable().filter(**within).order_by("claim_id")
    for claim_id, public_id, slug, language, changed in rows.values_list(
        "claim_id", "public_id", "slug", "language", "updated_at"
    ):
        # reverse() takes a hundred times as long for each, which adds up to seconds.
        yield Address(claim_url(settings.SITE_URL, public_id, slug or "claim"), changed)
        for other in translated.get(claim_id, ()):
            if other != language:
                yield Address(claim_url(settings.SITE_URL, public_id, slug or "claim", language=other), changed)


def news(now: datetime) -> list[News]:
    """Verdicts published in the last two days that stand, newest first."""
    rows = VerdictDocument.objects.listed().filter(is_demo=False, published_at__gte=now - NEWS_AGE)
    return [
        News(claim_url(settings.SITE_URL, public_id, slug or "claim"), language.split("-")[0].lower(), published, title)
        for public_id, slug, language, published, title in rows.order_by("-published_at", "-public_id").values_list(
            "public_id", "slug", "language", "published_at", "headline"
        )[:MOST_NEWS]
    ]
