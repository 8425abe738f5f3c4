"""Documents to search in, by the hundred thousand: words drawn as natural texts use them, rows written by COPY.

No claim has a verdict behind it: only what search and the lists read is there.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.db import connection

from claims.choices import TakenFrom
from claims.models import ExternalReview, ImportRun
from claims.rendering.search_words import searchable

BEGIN = datetime(2010, 1, 1, tzinfo=UTC)
BATCH = 5_000
# As many different words as a large newspaper's archive of headlines; the n-th is used 1/n as often as the first.
VOCABULARY = 50_000
CLAIM, HEADLINE, SUMMARY, QUOTE = 15, 8, 35, 45
SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er", "is")]

# Planted, so that we know how many documents hold them.
EVERYWHERE, TENTH, ONCE, LONG_AGO = "everywhere", "tenth", "once", "longago"

CLAIM_COLUMNS = (
    "id, public_id, slug, text, language, location, quantity_as_stated, quantity_unit, created_at, revision, is_demo"
)
DOCUMENT_COLUMNS = (
    "claim_id, public_id, slug, status, language, rating_code, claimant_slug, topic_slugs, source_ids, headline,"
    " search_text, published_at, updated_at, is_demo, body, claimreview, change"
)
WORDS_INDEX = "claims_verdictdocument_words"

Row = list[object]


class Author:
    """Writes sentences; the same seed writes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        made = {"".join(self.random.choices(SYLLABLES, k=length)) for length in (2, 3, 4) for _ in range(30_000)}
        self.words = sorted(made)
        self.random.shuffle(self.words)
        del self.words[VOCABULARY:]
        self.weights = list(accumulate(1 / place for place in range(1, len(self.words) + 1)))

    def write(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))


def fill(count: int) -> Author:
    """`count` standing verdicts' documents, five minutes apart, and a tenth as many reviews by others; nothing else."""
    author = Author()
    with connection.cursor() as cursor:
        cursor.execute("SET claimtrack.allow_truncate = on")
        cursor.execute("TRUNCATE claims_claim, claims_importrun CASCADE")
        # An index is made faster than it is kept.
        cursor.execute(f"DROP INDEX {WORDS_INDEX}")
        for begin in range(0, count, BATCH):
            rows = [_rows(number, count, author) for number in range(begin, min(begin + BATCH, count))]
            _copy(cursor, "claims_claim", CLAIM_COLUMNS, (claim for claim, _ in rows))
            _copy(cursor, "claims_verdictdocument", DOCUMENT_COLUMNS, (document for _, document in rows))
        cursor.execute(f"CREATE INDEX {WORDS_INDEX} ON claims_verdictdocument USING gin (search_vector)")
        _others(count // 10, author)
        cursor.execute("VACUUM ANALYZE")
    return author


def _others(count: int, author: Author) -> None:
    run = ImportRun.objects.create(source="benchmark")
    for begin in range(0, count, BATCH):
        numbers = range(begin, min(begin + BATCH, count))
        ExternalReview.objects.bulk_create([_other(number, run, author) for number in numbers], batch_size=1000)


def _other(number: int, run: ImportRun, author: Author) -> ExternalReview:
    site, claim, headline = f"facts{number % 20}.example", author.write(CLAIM), author.write(HEADLINE)
    return ExternalReview(
        key=f"{number:064d}",
        page_key=f"{number:032d}",
        fingerprint="f",
        url=f"https://{site}/checks/{number}",
        publisher_site=site,
        publisher_name=site,
        headline=headline,
        claim_text=claim,
        rating_label="False",
        published_at=BEGIN + timedelta(minutes=50 * number) if number % 4 else None,
        taken_from=TakenFrom.FEED,
        search_text=searchable(claim, headline, EVERYWHERE),
        run=run,
    )


def _rows(number: int, count: int, author: Author) -> tuple[Row, Row]:
    """The claim and its document. A tenth of all are in Russian, as far as their tag goes."""
    public_id, language = f"{number:011d}", "ru" if number % 10 == 3 else "en"
    at = BEGIN + timedelta(minutes=5 * number)
    claim, headline, summary = author.write(CLAIM), author.write(HEADLINE), author.write(SUMMARY)
    planted = [EVERYWHERE]
    planted += [TENTH] if number % 10 == 0 else []
    planted += [ONCE] if number == count // 2 else []
    planted += [LONG_AGO] if number < count // 2 and number % 3 == 0 else []
    summary = f"{summary} {' '.join(planted)}"
    body = json.dumps(_document(public_id, language, at, claim, headline, summary, author.write(QUOTE)))
    words = searchable(claim, headline, summary)
    claim_row: Row = [number + 1, public_id, "claim", claim, language, "", "", "", at, 1, False]
    document_row: Row = [number + 1, public_id, "claim", "published", language, "false", "", "{}", "{}", headline]
    return claim_row, [*document_row, words, at, at, False, body, "", number]


def _document(
    public_id: str, language: str, at: datetime, claim: str, headline: str, summary: str, quote: str
) -> dict[str, object]:
    """As long as a real one, with what readers of documents look at."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    source = {"id": public_id, "url": f"https://news.example/{public_id}", "title": headline, "status": "live"}
    evidence = {"id": public_id, "kind": "page", "stance": "refutes", "quote": quote, "source": source}
    return {
        "id": public_id,
        "url": f"http://localhost/claims/{public_id}/claim/",
        "status": "published",
        "version": 1,
        "headline": headline,
        "summary": summary,
        "explanation": f"<p>{summary}</p>",
        "language": language,
        "rating": {"code": "false", "name": "False", "value": 1, "best": 5, "worst": 1},
        "claim": {"id": public_id, "text": claim, "language": language, "made_on": None, "claimant": None},
        "evidence": [evidence] * 3,
        "published_at": moment,
        "updated_at": moment,
    }


def _copy(cursor: Any, table: str, columns: str, rows: Iterable[Row]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, NULL '-')", text)
