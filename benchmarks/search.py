"""What does a search cost, at which size, for which words? Milliseconds, and how many unfiltered first pages that is.

Measured where the work is done, behind the cache of finished pages: reading a page of the API, and finding Google's.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.core.management import call_command  # noqa: E402
from rest_framework.exceptions import APIException  # noqa: E402

from benchmarks.search_rows import EVERYWHERE, LONG_AGO, ONCE, TENTH, Author, fill  # noqa: E402
from benchmarks.tables import Findings, print_table, say  # noqa: E402
from claims.models import VerdictDocument  # noqa: E402
from feed.google.finding import answer  # noqa: E402
from feed.serving.stored import read_stored  # noqa: E402

SIZES = [int(size) for size in os.environ.get("BENCH_SEARCH_SIZES", "10000,100000").split(",")]
ROUNDS = 9
FIRST_PAGE = "first page, no words"
# A rare and an omnipresent word may cost so many unfiltered first pages.
AT_MOST = 15.0

Case = Callable[[], object]


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    findings = Findings()
    for size in SIZES:
        say(f"Filling with {size} documents …")
        measured = _measure(_cases(fill(size)))
        unit = statistics.median(measured[FIRST_PAGE])
        rows = [
            (name, f"{statistics.median(each):.1f}", f"{max(each):.1f}", f"{statistics.median(each) / unit:.1f}")
            for name, each in measured.items()
        ]
        print_table(f"{size} documents", ("search", "median ms", "worst ms", "first pages"), rows)
        for word in (ONCE, EVERYWHERE):
            cost = statistics.median(measured[f"q={word}"]) / unit
            findings.expect(cost <= AT_MOST, f"{size}: q={word} costs {cost:.1f} of at most {AT_MOST} first pages")
    return findings.status


def _cases(author: Author) -> dict[str, Case]:
    words = author.words
    planted = {f"q={word}": _page([word]) for word in (ONCE, TENTH, EVERYWHERE, LONG_AGO)}
    by_relevance = {
        f"q={word}, by relevance": _page([word], ordering="relevance") for word in (ONCE, TENTH, EVERYWHERE, LONG_AGO)
    }
    deep = VerdictDocument.objects.order_by("published_at")[VerdictDocument.objects.count() // 10].published_at
    return {
        FIRST_PAGE: _page([]),
        **planted,
        "q, a common word (of the 20 most frequent)": _page(words[:20]),
        "q, a usual word (place 200 to 2,000)": _page(words[200:2000:90]),
        "q, a rare word (place 20,000 to 40,000)": _page(words[20_000:40_000:1000]),
        "q, a common word that no document holds beside a rare one": _page([f"{words[3]} nowhere"]),
        "q, two usual words": _page([f"{words[n]} {words[n + 1]}" for n in range(100, 900, 40)]),
        "q, a beginning of three letters": _page([word[:3] for word in words[:400:20]]),
        f"q={EVERYWHERE}, nine tenths down": _page([EVERYWHERE], published_before=deep),
        **by_relevance,
        "q, a usual word, by relevance": _page(words[200:2000:90], ordering="relevance"),
        f"claims:search {EVERYWHERE}": _google([EVERYWHERE]),
        f"claims:search {ONCE}": _google([ONCE]),
        "claims:search, a usual word": _google(words[200:2000:90]),
        "claims:search, a claim's 15 words": _google([author.write(15) for _ in range(ROUNDS)]),
        "claims:search, a publisher alone": lambda: answer({"reviewPublisherSiteFilter": "facts3.example", "start": 0}),
    }


def _page(words: Sequence[str], **asked: object) -> Case:
    """Reads a page of 50; another of the words each time."""
    turn = cycle(words)
    return lambda: read_stored({**asked, **({"q": next(turn)} if words else {})}, path="/", query={})


def _google(words: Sequence[str]) -> Case:
    turn = cycle(words)
    return lambda: answer({"query": next(turn), "start": 0})


def _measure(cases: dict[str, Case]) -> dict[str, list[float]]:
    """Milliseconds of rounds in which the cases alternate, after one to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(ROUNDS + 1):
        for name, case in cases.items():
            began = time.perf_counter()
            try:
                case()
            except APIException as refusal:
                say(f"{name}: {refusal}")
            if number:
                taken[name].append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    sys.exit(main())
