"""How fast are other people's fact-checks taken in, how much memory does it need, and what of real dirt is taken?"""

from __future__ import annotations

import csv
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks.tables import Findings, number, print_table, say  # noqa: E402
from claims import services  # noqa: E402
from claims.importing.findings import Found, FoundReview, Skipped  # noqa: E402
from claims.importing.pages import read_block  # noqa: E402
from claims.importing.reading import read_bytes, read_stream  # noqa: E402
from claims.importing.reviews import Origin  # noqa: E402
from claims.models import ExternalReview, ImportRun, Rating, Verdict  # noqa: E402
from claims.rendering.search_words import searchable  # noqa: E402
from claims.services.importing.labels import LabelTable, keys_of  # noqa: E402
from claims.services.importing.reviews import identified  # noqa: E402
from claims.services.importing.sources import given_sources  # noqa: E402

OBJECTS = number("BENCH_IMPORT", 100_000)
ONE_BY_ONE = number("BENCH_IMPORT_ONE_BY_ONE", 2000)
OWN = number("BENCH_IMPORT_OWN", 5000)
ROUNDS = number("BENCH_ROUNDS", 3)
# Objects a second, reading included; printed beside the figure.
TARGET = 2000
# An import in bulk takes a row in at most this part of the time that a row of its own takes.
TIMES_AS_FAST = 4
MOST_MEMORY_MIB = 100
WORDS = "police counted the people on the square and the ministry published the figures of that evening in full"
LABELS = ("False", "Mostly false", "Half true", "True", "Misleading", "Ложь", "Faux", "Three shovels")
# Classes of the collection, and which of our ratings says the same.
CLASSES = {
    "true": {"true"},
    "mostly true": {"mostly-true"},
    "partly true/misleading": {"half-true"},
    "mostly false": {"mostly-false"},
    "false": {"false"},
    "complicated/hard to categorise": {"unproven"},
    "other": {"satire", "opinion", ""},
}
HOW_TO_GET_IT = """\
real data: none here. Name a folder in CLAIMTRACK_BENCH_DATA that holds
  claimreview/objects.json       a list of real ClaimReview objects
  claimreview/raw_blocks.jsonl   {"raw": …} a line: JSON-LD blocks as found in pages, broken ones too
  rating-labels/…/label_maps/    rating words of fact-checkers and their classes (github.com/utahnlp/x-fact, MIT)"""


def main() -> int:
    call_command("migrate", interactive=False, verbosity=0)
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="claimtrack-import-") as folder:
        speeds(Path(folder), findings)
        own_past(Path(folder))
    real_data()
    return findings.status


# Speed.


def speeds(folder: Path, findings: Findings) -> None:
    """All at once against one by one, on the same objects and in turns."""
    many, few = folder / "many.ndjson", folder / "few.ndjson"
    write(many, OBJECTS)
    write(few, ONE_BY_ONE)
    taken: dict[str, list[float]] = {"first": [], "again": [], "one by one": []}
    before = memory()
    for round_number in range(ROUNDS):
        say(f"round {round_number + 1} of {ROUNDS}")
        empty()
        taken["one by one"].append(timed(lambda: one_by_one(few)) / ONE_BY_ONE)
        empty()
        taken["first"].append(timed(lambda: bring(many)) / OBJECTS)
        taken["again"].append(timed(lambda: bring(many)) / OBJECTS)
    grown = memory() - before
    seconds = {name: statistics.median(values) for name, values in taken.items()}
    print_table(
        f"{OBJECTS:,} objects, reading included; target {TARGET:,} a second",
        ["import", "objects/s", "times as fast as one by one"],
        [[name, f"{1 / one:,.0f}", f"{seconds['one by one'] / one:.1f}"] for name, one in seconds.items()],
    )
    ratio = seconds["one by one"] / seconds["first"]
    findings.expect(ratio >= TIMES_AS_FAST, f"at least {TIMES_AS_FAST} times as fast as one by one: {ratio:.1f}")
    findings.expect(seconds["again"] <= seconds["first"], "importing again is no slower than the first time")
    findings.expect(grown <= MOST_MEMORY_MIB, f"memory grows by at most {MOST_MEMORY_MIB} MiB: {grown} MiB")


def own_past(folder: Path) -> None:
    """Verdicts: a version, an event of the chain and a rendered document each."""
    path = folder / "own.ndjson"
    write(path, OWN, site=settings.SITE_URL)
    seconds = timed(lambda: bring(path, own=True))
    done = Verdict.objects.count()
    print(f"\nour own past: {done:,} of {OWN:,} became verdicts, {OWN / seconds:,.0f} a second")
    report = services.verify_history()
    print(f"verify_history: {report.checked:,} events, {report.tampering or 'nothing amiss'}")


def write(path: Path, count: int, site: str = "https://facts{}.example") -> None:
    """Objects of some fifty publishers, about 1 kB each."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(made_up(one, site), ensure_ascii=False) + "\n" for one in range(count))


def made_up(one: int, site: str) -> dict[str, object]:
    label = LABELS[one % (len(LABELS) - 1)]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{site.format(one % 50)}/checks/{one}/",
        "claimReviewed": f"Claim {one}: thousands came, {WORDS}",
        "headline": f"A few hundred people came on evening {one}",
        "reviewBody": WORDS,
        "author": {"@type": "Organization", "name": f"Facts {one % 50}", "url": site.format(one % 50)},
        "datePublished": f"20{10 + one % 15}-0{1 + one % 9}-1{one % 10}T10:00:00+02:00",
        "inLanguage": "en",
        "reviewRating": {
            "@type": "Rating", "alternateName": label, "ratingValue": "1", "bestRating": "5", "worstRating": "1"
        },
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": f"Claimant {one % 500}"},
            "appearance": [{"@type": "CreativeWork", "url": f"https://social.example/posts/{one}"}],
        },
    }  # fmt: skip


def bring(path: Path, *, own: bool = False) -> None:
    run = services.begin_import([str(path)], own=own)
    services.run_import(given_sources([str(path)]), run, told=lambda *_: None)
    run.refresh_from_db()
    if (skipped := run.skipped) and not own:
        raise SystemExit(f"{skipped} of the made-up objects were skipped: {run.skipped_items[:3]}")


def one_by_one(path: Path) -> None:
    """The usual way: the same reading, then update_or_create for each."""
    run, table = ImportRun.objects.create(source=str(path)), LabelTable()
    for found in findings_of(path):
        assert isinstance(found, FoundReview)
        item, (key, lead) = identified(found), keys_of(found.rating_label)
        ExternalReview.objects.update_or_create(
            key=item.key,
            defaults={
                "page_key": item.page,
                "fingerprint": item.fingerprint,
                "url": found.url,
                "publisher_site": found.publisher_site,
                "publisher_name": found.publisher_name,
                "headline": found.headline,
                "claim_text": found.claim_text,
                "claimant": found.claimant,
                "published_at": found.published_at,
                "language": found.language,
                "appearances": list(found.appearances),
                "rating_label": found.rating_label,
                "label_key": key,
                "label_lead": lead,
                "rating_id": table.rating_of(key, lead, site=found.publisher_site, language=found.language),
                "taken_from": found.taken_from,
                "raw": json.dumps(found.raw),
                "run": run,
                "search_text": searchable(found.claim_text, found.headline, found.claimant, found.publisher_name),
            },
        )


def findings_of(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        yield from read_stream(stream, Origin(path.name), name=path.name)


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE claims_externalreview")


def timed(what: Callable[[], None]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def memory() -> int:
    """The most this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


# Real data.


def real_data() -> None:
    folder = Path(os.environ.get("CLAIMTRACK_BENCH_DATA", "missing"))
    objects, blocks = folder / "claimreview" / "objects.json", folder / "claimreview" / "raw_blocks.jsonl"
    if not objects.is_file():
        print(f"\n{HOW_TO_GET_IT}")
        return
    told("real ClaimReview objects", read_bytes(objects.read_bytes(), Origin("objects")))
    raw = [json.loads(line)["raw"] for line in blocks.read_text(encoding="utf-8").splitlines()]
    told(
        "real JSON-LD blocks, broken ones too",
        (found for place, text in enumerate(raw, 1) for found in read_block(text, Origin(f"block {place}"))),
    )
    for maps in sorted(folder.glob("rating-labels/**/label_maps")):
        labels(maps)


def told(what: str, found: Iterable[Found]) -> None:
    """How many are taken, and why the others are not."""
    all_found = list(found)
    skipped = [one for one in all_found if isinstance(one, Skipped)]
    print(f"\n{what}: {len(all_found) - len(skipped)} of {len(all_found)} taken")
    for reason, count in Counter(one.reason[:100] for one in skipped).most_common():
        print(f"  {count} × {reason}")


def labels(folder: Path) -> None:
    """Which of the words of many fact-checkers the table knows at the start, and whether it says what they say."""
    classes = {
        word: row[0]
        for row in csv.reader((folder / "master_mapping.tsv").open(encoding="utf-8"), delimiter="\t")
        for word in row[1].split("|")
    }
    table, codes = LabelTable(), dict(Rating.objects.values_list("pk", "code"))
    counts: Counter[str] = Counter()
    for path in sorted(folder.glob("*.txt")):
        for row in csv.reader(path.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
            theirs = classes.get(row[-1].strip().lower()) if len(row) > 1 else None
            if theirs is None:
                continue
            counts["labels"] += 1
            key, lead = keys_of(row[0])
            rating = table.rating_of(key, lead, site="", language="")
            if rating is not None:
                counts["mapped"] += 1
                counts["agreed"] += codes[rating] in CLASSES[theirs]
    print(
        f"\nrating words of {len(list(folder.glob('*.txt')))} fact-checkers: {counts['mapped']} of {counts['labels']}"
        f" mapped ({counts['mapped'] / counts['labels']:.0%}), of these"
        f" {counts['agreed'] / max(counts['mapped'], 1):.0%} to the same class"
    )


if __name__ == "__main__":
    sys.exit(main())
