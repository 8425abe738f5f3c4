"""PostgreSQL's own ways to find claims like a text, as one would write them first."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.db import connection

PREPARE = """
DROP TABLE IF EXISTS bench_texts, bench_words;
CREATE TABLE bench_texts AS SELECT id, to_tsvector('english', text) AS words FROM claims_claim;
CREATE INDEX ON bench_texts USING gin (words);
CREATE TABLE bench_words AS SELECT word, ndoc FROM ts_stat('SELECT words FROM bench_texts');
CREATE INDEX ON bench_words (word);
"""
LEXEMES = "SELECT array_agg(lexeme) FROM unnest(to_tsvector('english', %s))"
BY_RANK = "SELECT id FROM bench_texts WHERE words @@ %s::tsquery ORDER BY ts_rank(words, %s::tsquery, 1) DESC LIMIT 10"
BM25 = """
WITH best AS MATERIALIZED (
    SELECT id, words FROM bench_texts WHERE words @@ %s::tsquery ORDER BY ts_rank(words, %s::tsquery, 1) DESC LIMIT 500
), total AS (SELECT reltuples AS texts FROM pg_class WHERE relname = 'bench_texts')
SELECT best.id FROM best, total, unnest(best.words) AS each JOIN bench_words ON bench_words.word = each.lexeme
WHERE each.lexeme = ANY(%s)
GROUP BY best.id, best.words
ORDER BY sum(ln(1 + (texts - ndoc + 0.5) / (ndoc + 0.5)) * cardinality(each.positions) * 1.9
    / (cardinality(each.positions) + 0.9 * (0.6 + 0.4 * length(best.words) / 12.0))) DESC LIMIT 10
"""
RAREST = "SELECT array_agg(word) FROM (SELECT word FROM bench_words WHERE word = ANY(%s) ORDER BY ndoc LIMIT 16) AS few"


def prepare() -> None:
    with connection.cursor() as cursor:
        cursor.execute(PREPARE)
        cursor.execute("VACUUM ANALYZE bench_texts, bench_words")


def _lexemes(text: str, statement: str = "") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(LEXEMES, [re.sub(r"[^\w ]|https?\S+", " ", text)])
        found = cursor.fetchone()[0] or []
        if statement:
            cursor.execute(statement, [found])
            found = cursor.fetchone()[0] or []
    return [str(word) for word in found]


def _fetch(statement: str, *values: str | list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def _either(lexemes: list[str]) -> str:
    return " | ".join(f"'{word}'" for word in lexemes)


def by_rank(text: str) -> list[int]:
    query = _either(_lexemes(text))
    return _fetch(BY_RANK, query, query)


def by_bm25(text: str) -> list[int]:
    lexemes = _lexemes(text)
    return _fetch(BM25, _either(lexemes), _either(lexemes), lexemes)


def by_rarest(text: str) -> list[int]:
    lexemes = _lexemes(text, RAREST)
    return _fetch(BM25, _either(lexemes), _either(lexemes), lexemes)


PEERS: dict[str, Callable[[str], list[int]]] = {
    "OR, by ts_rank": by_rank,
    "OR, the best 500 by ts_rank, BM25 in SQL": by_bm25,
    "the same of the 16 rarest words": by_rarest,
}
