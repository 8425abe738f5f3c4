"""Is what was claimed before found, how soon, and what does its index cost? Beside PostgreSQL's own ways.

Real claims and posts about them come from CLAIMTRACK_BENCH_DATA/claim-matching. Larger bases are filled up with claims
put together of halves of two real ones.
"""

from __future__ import annotations

import csv
import os
import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.matching_peers import PEERS, prepare  # noqa: E402
from benchmarks.tables import Findings, print_table, say  # noqa: E402
from claims.matching.finding import find  # noqa: E402
from claims.matching.terms import terms_of  # noqa: E402
from claims.models import Claim, MatchText  # noqa: E402
from claims.services.matching import count_shares, same_digest  # noqa: E402

FOLDER = Path(os.environ.get("CLAIMTRACK_BENCH_DATA", "missing")) / "claim-matching"
SIZES = [int(size) for size in os.environ.get("BENCH_MATCHING_SIZES", "100000").split(",")]
SPLITS = os.environ.get("BENCH_MATCHING_SPLITS", "train,dev").split(",")
WITHOUT = (
    "matching: no claims here. Name a folder in CLAIMTRACK_BENCH_DATA whose claim-matching/ holds claims and posts."
)
# Words of a query whose time is taken, and queries.
LONG, QUERIES = 29, 100
BATCH = 2000
PLACES = 10


def main() -> int:
    if not (FOLDER / "verified_claims.docs.tsv").exists():
        say(WITHOUT)
        return 0
    call_command("migrate", interactive=False, verbosity=0)
    findings = Findings()
    rows = [(text, title) for _, text, title in read("verified_claims.docs.tsv")]
    names = [name for name, *_ in read("verified_claims.docs.tsv")]
    began = time.perf_counter()
    keys = dict(zip(store(rows), names, strict=True))
    say(f"{len(rows)} real claims indexed in {time.perf_counter() - began:.0f} s")
    for split in SPLITS:
        precision, recall = quality(split, lambda text: [keys[hit.claim_id] for hit in find(text, public=False)])
        print_table(f"{split}, {len(rows)} claims", ("MAP@5", "recall@10"), [(f"{precision:.4f}", f"{recall:.4f}")])
        if split == "dev":
            findings.expect(precision >= 0.80, f"MAP@5 on dev is {precision:.4f} of at least 0.80")
            findings.expect(recall >= 0.89, f"recall@10 on dev is {recall:.4f} of at least 0.89")
    have = len(rows)
    for size in SIZES:
        began = time.perf_counter()
        store(halves(rows, size - have))
        built = time.perf_counter() - began
        prepare()
        speed(size, built, findings)
        have = size
    return findings.status


def read(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t")
        next(reader)
        return list(reader)


def halves(rows: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    chance = random.Random(7)
    made = []
    for _ in range(max(count, 0)):
        (one, title), (other, _ignored) = chance.choice(rows), chance.choice(rows)
        left, right = one.split(), other.split()
        made.append((" ".join(left[: len(left) // 2] + right[len(right) // 2 :]), title))
    return made


def store(rows: list[tuple[str, str]]) -> list[int]:
    """Claims with these texts and titles, indexed as public ones are; their keys."""
    keys: list[int] = []
    for begin in range(0, len(rows), BATCH):
        part = rows[begin : begin + BATCH]
        claims = Claim.objects.bulk_create([Claim(text=text or "-") for text, _ in part])
        texts = []
        for claim, (text, title) in zip(claims, part, strict=True):
            terms = terms_of(f"{text}\n{title}")
            texts.append(
                MatchText(claim=claim, is_public=False, language="en", words=terms.words, digest=str(claim.pk),
                          beginnings=terms.beginnings, grams=terms.grams, same=same_digest(text))
            )  # fmt: skip
        MatchText.objects.bulk_create(texts)
        keys += [claim.pk for claim in claims]
    count_shares()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE claims_matchtext, claims_matchposting, claims_matchshare")
    return keys


def quality(split: str, rank: Callable[[str], list[str]]) -> tuple[float, float]:
    """Mean average precision at 5 and recall at 10."""
    right: dict[str, set[str]] = defaultdict(set)
    for line in (FOLDER / f"{split}.qrels").read_text().splitlines():
        query, _, claim, grade, *_ = line.split()
        if grade == "1":
            right[query].add(claim)
    precisions, recalls = [], []
    for query, text in read(f"{split}.queries.tsv"):
        if wanted := right.get(query):
            found = rank(text)[:PLACES]
            hits, total = 0, 0.0
            for place, claim in enumerate(found[:5], start=1):
                if claim in wanted:
                    hits += 1
                    total += hits / place
            precisions.append(total / min(len(wanted), 5))
            recalls.append(len(wanted & set(found)) / len(wanted))
    return statistics.mean(precisions), statistics.mean(recalls)


def speed(size: int, built: float, findings: Findings) -> None:
    texts = [text for _, text in read("train.queries.tsv")]
    words = " ".join(texts).split()
    chance = random.Random(3)
    queries = [" ".join(words[at : at + LONG]) for at in chance.sample(range(len(words) - LONG), QUERIES)]
    ways = {"claimtrack": lambda text: find(text, public=False), **PEERS}
    measured: dict[str, list[float]] = defaultdict(list)
    for text in queries[:10] + queries:
        for name, way in ways.items():
            began = time.perf_counter()
            way(text)
            measured[name].append((time.perf_counter() - began) * 1000)
    p95 = {name: statistics.quantiles(taken[10:], n=20)[-1] for name, taken in measured.items()}
    rows = [
        (name, f"{statistics.median(taken[10:]):.1f}", f"{p95[name]:.1f}", f"{p95[name] / p95['claimtrack']:.1f}")
        for name, taken in measured.items()
    ]
    print_table(f"{size} claims, {LONG} words", ("way", "median ms", "p95 ms", "p95 of ours"), rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) / 1e6 FROM unnest(ARRAY['claims_matchtext',"
            " 'claims_matchposting', 'claims_matchshare']) AS name"
        )
        megabytes = cursor.fetchone()[0]
    print_table(f"{size} claims", ("index MB", "built in s"), [(f"{megabytes:.0f}", f"{built:.0f}")])
    best = p95["OR, the best 500 by ts_rank, BM25 in SQL"]
    findings.expect(p95["claimtrack"] <= best, f"{size}: p95 {p95['claimtrack']:.1f} ms, of at most {best:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
