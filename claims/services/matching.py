"""Keep the index that claims are matched by true, within the transaction that logs, publishes or withholds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from claims.matching.terms import same_text, terms_of
from claims.models import Claim, MatchText, VerdictDocument

BATCH = 500
# Runs of letters are counted in so many texts: their shares need no more.
SAMPLE = 20_000
COUNT_SHARES = """
TRUNCATE claims_matchshare;
INSERT INTO claims_matchshare (term, share)
WITH total AS (SELECT greatest(count(*), 1)::float AS texts FROM claims_matchtext),
     sample AS (SELECT grams FROM claims_matchtext ORDER BY id DESC LIMIT %(sample)s),
     sampled AS (SELECT greatest(count(*), 1)::float AS texts FROM sample)
SELECT term, count(*) / (SELECT texts FROM total) FROM (
    SELECT DISTINCT id, unnest(words || beginnings) AS term FROM claims_matchtext
) AS each GROUP BY term HAVING count(*) > 1
UNION ALL
SELECT term, count(*) / (SELECT texts FROM sampled) FROM sample, unnest(grams) AS term GROUP BY term HAVING count(*) > 1
UNION ALL SELECT 0, texts FROM total
ON CONFLICT (term) DO NOTHING
"""


@dataclass(frozen=True)
class _Source:
    claim_id: int
    is_public: bool
    language: str
    text: str
    headline: str = ""

    @property
    def key(self) -> tuple[int, bool, str]:
        return self.claim_id, self.is_public, self.language

    @property
    def digest(self) -> str:
        return _digest(f"{self.text}\n{self.headline}")

    def row(self) -> MatchText:
        terms = terms_of(f"{self.text}\n{self.headline}", self.language)
        return MatchText(
            claim_id=self.claim_id,
            is_public=self.is_public,
            language=self.language,
            words=terms.words,
            beginnings=terms.beginnings,
            grams=terms.grams,
            same=same_digest(self.text),
            digest=self.digest,
        )


def same_digest(text: str) -> str:
    """Equal for texts that differ in capitals, marks, addresses and ways to write digits alone; "" without a word."""
    same = same_text(text)
    return _digest(same) if same else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def index_claims(claim_ids: Iterable[int], *, anew: bool = False) -> int:
    """Write what these claims are matched by, in the caller's transaction; returns how many texts were written.

    What has not changed is left alone, unless `anew`.
    """
    ids = sorted(claim_ids)
    wanted = {source.key: source for source in _sources(ids)}
    stored = {
        (claim, public, language): (pk, digest)
        for pk, claim, public, language, digest in MatchText.objects.filter(claim__in=ids).values_list(
            "pk", "claim_id", "is_public", "language", "digest"
        )
    }
    gone = [pk for key, (pk, _) in stored.items() if key not in wanted]
    if gone:
        MatchText.objects.filter(pk__in=gone).delete()
    due = [each for key, each in wanted.items() if anew or stored.get(key, (0, ""))[1] != each.digest]
    if due:
        MatchText.objects.bulk_create(
            [source.row() for source in due],
            update_conflicts=True,
            unique_fields=["claim", "is_public", "language"],
            update_fields=["words", "beginnings", "grams", "same", "digest"],
        )
    return len(due)


def _sources(claim_ids: list[int]) -> Iterator[_Source]:
    claims = Claim.objects.filter(pk__in=claim_ids).order_by("pk")
    for pk, language, text in claims.values_list("pk", "language", "text"):
        yield _Source(pk, False, language, text)
    documents = VerdictDocument.objects.listed().filter(pk__in=claim_ids).order_by("pk")
    for pk, body in documents.values_list("pk", "body"):
        document = json.loads(body)
        claim = document["claim"]
        yield _Source(pk, True, claim["language"], claim["text"], document["headline"])
        for row in document["translations"]:
            if row["language"] != claim["language"]:
                yield _Source(pk, True, row["language"], row["claim_text"], row["headline"])


def rebuild_index(*, batch_size: int = BATCH) -> Iterator[int]:
    """Every claim anew, batch by batch, while the site serves; yields how many are done. Then the words are counted."""
    done = 0
    for ids in _batches(batch_size):
        with transaction.atomic():
            index_claims(ids, anew=True)
        done += len(ids)
        yield done
    count_shares()


def untrue_claims(*, batch_size: int = BATCH) -> Iterator[tuple[int, list[int]]]:
    """For each batch: how many claims are looked at so far, and which of it a fresh writing would make otherwise."""
    done = 0
    fields = ("words", "beginnings", "grams", "same", "digest")
    for ids in _batches(batch_size):
        with transaction.atomic():
            fresh = {source.key: source.row() for source in _sources(ids)}
            rows = MatchText.objects.filter(claim__in=ids)
            stored = {(row.claim_id, row.is_public, row.language): row for row in rows}
        keys = fresh.keys() | stored.keys()
        wrong = {
            key[0]
            for key in keys
            if key not in fresh
            or key not in stored
            or any(getattr(fresh[key], name) != getattr(stored[key], name) for name in fields)
        }
        done += len(ids)
        yield done, sorted(wrong | _without_postings(ids))


def _without_postings(claim_ids: list[int]) -> set[int]:
    """Claims a word of which does not lead to them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT text.claim_id FROM claims_matchtext AS text, unnest(text.words || text.beginnings) AS word"
            " WHERE text.claim_id = ANY(%s) AND NOT EXISTS (SELECT FROM claims_matchposting AS posting"
            " WHERE posting.term = claims_match_term(word, text.is_public) AND posting.text_id = text.id)",
            [claim_ids],
        )
        return {row[0] for row in cursor.fetchall()}


def _batches(size: int) -> Iterator[list[int]]:
    last = 0
    while ids := list(Claim.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        yield ids
        last = ids[-1]


@transaction.atomic
def count_shares() -> None:
    """How common each word is: what makes the rare ones count for more. Need not be of today."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SHARES, {"sample": SAMPLE})
