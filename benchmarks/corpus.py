"""Published verdicts in bulk: rows as the desk leaves them, documents rendered by the real renderer."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from claims.models import Claim, Claimant, Draft, Evidence, Rating, User, Verdict, VerdictDocument, VerdictVersion
from claims.rendering.content import canonical, freeze
from claims.services import store_documents
from sources.models import Source

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
CLAIMANTS = 500
EVIDENCE_EACH = 3
BATCH = 500
WORDS = "police counted the people on the square and the ministry published the figures of that evening in full "


def fill(count: int) -> None:
    """`count` published verdicts, an hour apart, each with a claimant, a rating and three quoted pages."""
    author = User.objects.create_user("author")
    approver = User.objects.create_user("approver")
    ratings = list(Rating.objects.select_related("scale"))
    claimants = Claimant.objects.bulk_create(
        [Claimant(name=f"Claimant {number}", slug=f"claimant-{number}") for number in range(CLAIMANTS)]
    )
    for begin in range(0, count, BATCH):
        with transaction.atomic():
            _batch(range(begin, min(begin + BATCH, count)), claimants, ratings, author, approver)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batch(numbers: range, claimants: list[Claimant], ratings: list[Rating], author: User, approver: User) -> None:
    claims = Claim.objects.bulk_create(
        [
            Claim(
                text=f"Claim {number}: thousands {WORDS}",
                slug=f"claim-{number}",
                claimant=claimants[number % CLAIMANTS],
                made_on=date(2020, 1, 1),
                location="Almaty",
            )
            for number in numbers
        ]
    )
    sources = Source.objects.bulk_create(
        [
            Source(url=url, canonical_url=url, host="news.example", title=f"Page {url[-12:]}", publisher="News")
            for number in numbers
            for url in (f"https://news.example/{number}/{place}" for place in range(EVIDENCE_EACH))
        ]
    )
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(
                claim=claims[place // EVIDENCE_EACH],
                kind="page",
                stance="refutes",
                load_bearing=True,
                source=source,
                quote=WORDS,
                quote_status="intact",
            )
            for place, source in enumerate(sources)
        ]
    )
    times = [BEGIN + timedelta(hours=number) for number in numbers]
    verdicts = Verdict.objects.bulk_create(
        [
            Verdict(claim=claim, status="published", published_at=at, updated_at=at, status_since=at)
            for claim, at in zip(claims, times, strict=True)
        ]
    )
    versions = []
    for place, (verdict, at) in enumerate(zip(verdicts, times, strict=True)):
        rating = ratings[numbers[place] % len(ratings)]
        draft = Draft(claim=claims[place], rating=rating, headline="A few hundred people came", summary=WORDS)
        draft.explanation = WORDS * 2
        content = canonical(freeze(draft, evidence[place * EVIDENCE_EACH : (place + 1) * EVIDENCE_EACH]))
        versions.append(
            VerdictVersion(
                verdict=verdict,
                number=1,
                rating=rating,
                content=content,
                content_salt="0" * 32,
                content_digest="sha256:" + hashlib.sha256(b"0" * 32 + content.encode()).hexdigest(),
                author=author,
                approved_by=approver,
                second_review_required=True,
                published_at=at,
            )
        )
    for verdict, version in zip(verdicts, VerdictVersion.objects.bulk_create(versions), strict=True):
        verdict.current_version = version
    Verdict.objects.bulk_update(verdicts, ["current_version"])
    store_documents([verdict.pk for verdict in verdicts])


def deep_place() -> str:
    """The time of the document nine tenths down the list, newest first."""
    count = VerdictDocument.objects.count()
    at = VerdictDocument.objects.order_by("-published_at").values_list("published_at", flat=True)[count * 9 // 10]
    return at.isoformat()
