"""Published verdicts in bulk: rows as the desk leaves them, every document what the real renderer makes of its row.

The first SEEDS verdicts go through the models and the renderer. The others are copies of these, made by PostgreSQL:
each carries its own number wherever the original carries its (ids, slugs, addresses, texts), and its own day. check()
has the renderer make a sample anew and compares it with what is stored.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

from benchmarks import copies
from benchmarks.tables import say
from claims.choices import Role
from claims.models import Claim, Claimant, Draft, Evidence, Rating, User, Verdict, VerdictDocument, VerdictVersion
from claims.rendering.content import canonical, freeze, freeze_decision
from claims.services import store_documents
from claims.services.documents import stale_documents
from claims.services.history import digest
from sources.models import Source

# The seeds share this day; a copy's whole block has a later one.
BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2019, 6, 1, tzinfo=UTC)
RestsOn = VerdictVersion.evidence.through
CLAIMANTS = 500
EVIDENCE_EACH = 3
SEEDS = copies.SEEDS
BATCH = 500
SAMPLE = 300
WORDS = "police counted the people on the square and the ministry published the figures of that evening in full "


def fill(count: int) -> None:
    """Make it `count` published verdicts, 1,000 a day, each with a claimant, a rating and three quoted pages."""
    have = VerdictDocument.objects.count()
    if not have:
        _seed(min(count, SEEDS))
        have = min(count, SEEDS)
    if count > have:
        with _without_word_indexes(many=count - have > 50_000):
            copies.copy(have, count, evidence_each=EVIDENCE_EACH)
    copies.append_events(count)
    with connection.cursor() as cursor:
        # What the usual ways sort by; ours need it not.
        cursor.execute("CREATE INDEX IF NOT EXISTS bench_newest ON claims_verdict (published_at DESC)")
        cursor.execute("VACUUM ANALYZE")
    check()


def check() -> None:
    """Raises AssertionError when a stored document is not what the renderer makes of its rows today."""
    ids = list(VerdictDocument.objects.order_by("pk").values_list("pk", flat=True))
    sample = random.Random(4).sample(ids, min(SAMPLE, len(ids)))
    stale = stale_documents(sample)
    assert not stale, f"{len(stale)} of {len(sample)} documents differ from what the renderer makes of their rows"


def _seed(count: int) -> None:
    author = User.objects.create_user("author")
    approver = User.objects.create_user("approver", role=Role.REVIEWER)
    ratings = list(Rating.objects.select_related("scale"))
    claimants = Claimant.objects.bulk_create(
        [Claimant(name=f"Claimant {number}", slug=f"claimant-{number}") for number in range(CLAIMANTS)]
    )
    for begin in range(0, count, BATCH):
        with transaction.atomic():
            _batch(range(begin, min(begin + BATCH, count)), claimants, ratings, author, approver)


@contextmanager
def _without_word_indexes(*, many: bool) -> Iterator[None]:
    """GIN indexes are made behind many rows: to keep them row by row takes longer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes"
            " WHERE tablename = 'claims_verdictdocument' AND indexdef LIKE '%USING gin%'"
        )
        indexes = cursor.fetchall() if many else []
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for name, definition in indexes:
            say(f"  index {name} …")
            cursor.execute(definition)


def _batch(numbers: range, claimants: list[Claimant], ratings: list[Rating], author: User, approver: User) -> None:
    claims = Claim.objects.bulk_create(
        [
            Claim(
                public_id=f"c{copies.mark(number)}",
                text=f"Claim {copies.mark(number)}: thousands {WORDS}",
                slug=f"claim-{copies.mark(number)}",
                claimant=claimants[number % CLAIMANTS],
                made_on=date(2019, 6, 9),
                location="Almaty",
            )
            for number in numbers
        ]
    )
    sources = Source.objects.bulk_create(
        [
            Source(
                public_id=f"s{place}{copies.mark(number)}",
                url=f"https://news.example/{copies.mark(number)}/{place}",
                canonical_url=f"https://news.example/{copies.mark(number)}/{place}",
                host="news.example",
                title=f"Page {copies.mark(number)}",
                publisher="News",
                availability="live",
                availability_since=LONG_AGO,
            )
            for number in numbers
            for place in range(EVIDENCE_EACH)
        ]
    )
    evidence = Evidence.objects.bulk_create(
        [
            Evidence(
                public_id=f"e{place % EVIDENCE_EACH}{claims[place // EVIDENCE_EACH].public_id[1:]}",
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
    times = [BEGIN + timedelta(minutes=number) for number in numbers]
    verdicts = Verdict.objects.bulk_create(
        [
            Verdict(claim=claim, status="published", published_at=at, updated_at=at, status_since=at)
            for claim, at in zip(claims, times, strict=True)
        ]
    )
    quoted = [evidence[begin : begin + EVIDENCE_EACH] for begin in range(0, len(evidence), EVIDENCE_EACH)]
    versions = []
    for place, (verdict, at) in enumerate(zip(verdicts, times, strict=True)):
        rating = ratings[numbers[place] % len(ratings)]
        draft = Draft(claim=claims[place], rating=rating, headline="A few hundred people came", summary=WORDS)
        draft.explanation = WORDS * 2
        version = VerdictVersion(
            verdict=verdict,
            number=1,
            rating=rating,
            claimant=claims[place].claimant,
            content_salt="0" * 32,
            author=author,
            approved_by=approver,
            second_review_required=True,
            published_at=at,
        )
        version.content = canonical(freeze(draft, quoted[place]) | freeze_decision(version))
        version.content_digest = digest(version.content_salt + version.content)
        versions.append(version)
    for verdict, version in zip(verdicts, VerdictVersion.objects.bulk_create(versions), strict=True):
        verdict.current_version = version
    Verdict.objects.bulk_update(verdicts, ["current_version"])
    pairs = [(version, row) for version, rows in zip(versions, quoted, strict=True) for row in rows]
    RestsOn.objects.bulk_create([RestsOn(verdictversion=version, evidence=row) for version, row in pairs])
    store_documents([verdict.pk for verdict in verdicts])


def places(count: int) -> list[tuple[datetime, str]]:
    """Time and public id of documents here and there in the list, each with a full page behind it; always the same."""
    total = VerdictDocument.objects.count()
    ids = random.Random(4).choices(range(total // 10, total - total // 10), k=count)
    known = {f"c{copies.mark(number)}" for number in ids}
    rows = VerdictDocument.objects.filter(public_id__in=known).values_list("published_at", "public_id")
    return list(rows.order_by("public_id"))
