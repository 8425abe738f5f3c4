"""Are changed passages found, and unchanged ones left alone? Real captures of real pages, labelled by people.

Passage level: every sentence of the earlier capture that is not on the later one (`changed`, from the pairs labelled as
changed wording) and a sample of those that are (`untouched`, from those pairs and from the noise) is quoted from the
earlier capture and judged on the later one by the code that judges evidence. Which is which is found by other means
(`passages`). Page level: does anything at all count as changed?
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from benchmarks import page_peers
from benchmarks.passages import Pair, Sentence, drawn, planted, sentences_of, stands_on
from benchmarks.tables import Findings, number, print_table, say
from benchmarks.watchers import NotMeasured, install
from sources.comparison import QuoteMatch, find_quote
from sources.extraction import Page, extract
from sources.outcomes import Answer, outcome_of
from sources.states import FOUND

# Of each pair; 12 make about 4,500.
UNTOUCHED_PER_PAIR = number("BENCH_UNTOUCHED", 12)
PLANTED = number("BENCH_PLANTED", 1000)
RECALL_AT_LEAST, FALSE_ALARMS_AT_MOST = 0.99, 0.001
KIND = "text/html; charset=utf-8"
PEERS = {
    "trafilatura 2.3.1": ("trafilatura", ["trafilatura==2.3.1", "lxml_html_clean==0.4.6"]),
    "changedetection.io (inscriptis 2.7.6)": ("inscriptis", ["inscriptis==2.7.6", "beautifulsoup4==4.15.0"]),
}
HOW_TO_GET_IT = """\
page_changes: no captures here. Name a folder in CLAIMTRACK_BENCH_DATA whose page-changes/ holds
  pages.tar.xz  NAME.html files
  pairs.csv     page,before,after,label   (before, after: NAMEs; label: change, change_markup_only or noise)
Such pairs are made from the Open Terms Archive demo collection (ODC-BY 1.0): raw HTML from
github.com/OpenTermsArchive/demo-snapshots, and from its versions, which people review, whether the wording changed."""


def main() -> int:
    folder = Path(os.environ.get("CLAIMTRACK_BENCH_DATA", "missing")) / "page-changes"
    if not (folder / "pairs.csv").is_file():
        print(HOW_TO_GET_IT)
        return 0
    pairs = [Pair(**row) for row in csv.DictReader((folder / "pairs.csv").open(encoding="utf-8"))]
    findings = Findings()
    with (
        tempfile.TemporaryDirectory(prefix="claimtrack-pages-") as unpacked,
        tarfile.open(folder / "pages.tar.xz") as tar,
    ):
        for member in tar:
            # By hand: extractall's filters are younger than the oldest Python 3.11.
            if file := tar.extractfile(member):
                Path(unpacked, Path(member.name).name).write_bytes(file.read())
        bench = Bench(Path(unpacked))
        bench.passages(pairs, findings)
        bench.pages(pairs)
    return findings.status


class Bench:
    """One run over the captures in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spent = self._read = 0.0
        self.page: Callable[[str], Page | None] = cache(self._page)
        self.pinned: Callable[[str, str], QuoteMatch | None] = cache(self._pinned)

    def raw(self, name: str) -> bytes:
        return (self._folder / f"{name}.html").read_bytes()

    def _page(self, name: str) -> Page | None:
        """The version a visit would make of the capture; None when it would make none."""
        started = time.perf_counter()
        page = extract(self.raw(name), KIND)
        self._spent, self._read = self._spent + time.perf_counter() - started, self._read + 1
        url = "https://example.org/page"
        outcome, _ = outcome_of(Answer(url, url, 200, title=page.title, text=page.text, leads_to=page.leads_to))
        return page if outcome in FOUND else None

    def passages(self, pairs: list[Pair], findings: Findings) -> None:
        """The passage level."""
        say("Reading both captures of every pair …")
        changed: list[Sentence] = []
        untouched: list[Sentence] = []
        gone_in_noise: list[Sentence] = []
        for pair in pairs:
            sentences = sentences_of(
                pair, *(self.raw(name).decode(errors="replace") for name in (pair.before, pair.after))
            )
            gone = [sentence for sentence in sentences if not sentence.stands]
            if pair.label == "change":
                changed += gone
            if pair.label == "noise":
                gone_in_noise += gone
            if pair.label != "change_markup_only":
                standing = [sentence for sentence in sentences if sentence.stands]
                untouched += drawn(standing, UNTOUCHED_PER_PAIR, seed=pair.before)
        say(f"Judging {len(changed) + len(untouched) + len(gone_in_noise)} quotes …")
        rows = [
            self._row("changed sentences of changed pages: found", changed, disturbed=True),
            self._row("untouched sentences: disturbed", untouched, disturbed=False),
            self._row("sentences gone from pages labelled noise: disturbed", gone_in_noise, disturbed=None),
            self._planted_row(drawn(untouched, PLANTED, seed="planted")),
        ]
        print_table(
            "Passage level",
            [
                "quotes",
                "judged",
                "disturbed",
                "share",
                "95 % interval",
                "altered",
                "missing",
                "not quotable",
                "no version",
            ],
            [row.cells() for row in rows],
        )
        found, alarms = rows[0], rows[1]
        findings.expect(found.share >= RECALL_AT_LEAST, f"of changed passages at least {RECALL_AT_LEAST:.0%} are found")
        findings.expect(alarms.judged >= 3000, "at least 3,000 untouched passages are judged")
        findings.expect(alarms.share <= FALSE_ALARMS_AT_MOST, "of untouched passages at most 0.1 % are disturbed")

    def _row(self, name: str, sentences: Iterable[Sentence], *, disturbed: bool | None) -> Row:
        row = Row(name)
        for sentence in sentences:
            status = self._judge(sentence, sentence.text)
            row.statuses[status] += 1
            if disturbed is not None and status in Row.JUDGED and (status != "intact") != disturbed:
                say(f"  {status}: {sentence.pair.page} {sentence.pair.before}: {sentence.text[:200]}")
        return row

    def _planted_row(self, sentences: Iterable[Sentence]) -> Row:
        """As if the page said something else than was quoted: the quote is edited instead of the page."""
        row = Row("one number, negation or word planted otherwise: found")
        for sentence in sentences:
            if self._judge(sentence, sentence.text) != "intact":
                continue
            quote = planted(sentence.text, sentence.pair.before)
            if stands_on(quote, self.raw(sentence.pair.after).decode(errors="replace")):
                continue  # the page says that too, or only an end was lost
            row.statuses[status := self._judge(sentence, quote)] += 1
            if status == "intact":
                say(f"  {status}: {sentence.pair.page} {sentence.pair.before}: {quote[:200]}")
        return row

    def _judge(self, sentence: Sentence, quote: str) -> str:
        """As evidence is: pinned in the earlier capture, then looked for in the later one with its context."""
        pinned, after = self.pinned(sentence.pair.before, sentence.text), self.page(sentence.pair.after)
        if pinned is None:
            return "not quotable"
        if after is None:
            return "no version"  # what arrived would be no version of the page: the evidence is left alone
        return find_quote(after.text or "", quote, prefix=pinned.prefix, suffix=pinned.suffix).status

    def _pinned(self, name: str, quote: str) -> QuoteMatch | None:
        page = self.page(name)
        match = find_quote(page.text or "", quote) if page else None
        return match if match and match.status == "intact" else None

    def pages(self, pairs: list[Pair]) -> None:
        """The page level, beside other people's ways."""
        names = sorted({name for pair in pairs for name in (pair.before, pair.after)})
        digests: dict[str, dict[str, str]] = {"raw HTML": {name: _sha256(self.raw(name)) for name in names}}
        ours = {name: self.page(name) for name in names}
        digests["claimtrack: visible text"] = {name: page.digest("") for name, page in ours.items() if page}
        cost = {"claimtrack: visible text": f"{1000 * self._spent / self._read:.1f}"}
        for title, (detector, requirements) in PEERS.items():
            try:
                digests[title], cost[title] = self._peer(detector, requirements, names)
            except NotMeasured as why:
                print(f"{title}: not measured, {why}")
        rows = []
        for title, known in digests.items():
            cells: list[object] = [title]
            for label in ("change", "noise"):
                ends = [(known.get(pair.before), known.get(pair.after)) for pair in pairs if pair.label == label]
                cells.append(share(sum(None not in end and end[0] != end[1] for end in ends), len(ends)))
            rows.append([*cells, cost.get(title, "0.1")])
        print_table("Page level", ["digest of", "changed wording: found", "noise: called changed", "ms/page"], rows)

    def _peer(self, detector: str, requirements: list[str], names: list[str]) -> tuple[dict[str, str], str]:
        with tempfile.TemporaryDirectory(prefix="claimtrack-peer-") as folder:
            python = install(Path(folder), requirements[0])
            for more in requirements[1:]:
                subprocess.run([python, "-m", "pip", "install", "-q", more], check=True, capture_output=True)
            say(f"Reading {len(names)} pages with {requirements[0]} …")
            files = "\n".join(str(self._folder / f"{name}.html") for name in names)
            run = subprocess.run([python, page_peers.__file__, detector], input=files, capture_output=True, text=True)
        if run.returncode:
            raise NotMeasured(run.stderr.strip()[-300:])
        answer = json.loads(run.stdout)
        return answer["digests"], f"{answer['ms']:.1f}"


class Row:
    """How the quotes of one kind were judged."""

    JUDGED = ("intact", "altered", "missing")

    def __init__(self, name: str) -> None:
        self.name, self.statuses = name, Counter[str]()

    @property
    def judged(self) -> int:
        return sum(self.statuses[status] for status in self.JUDGED)

    @property
    def share(self) -> float:
        """Of the judged, those that would disturb a verdict."""
        return 1 - self.statuses["intact"] / self.judged if self.judged else 0.0

    def cells(self) -> list[object]:
        counts = self.statuses
        disturbed = self.judged - counts["intact"]
        low, high = interval(disturbed, self.judged)
        return [self.name, self.judged, disturbed, f"{self.share:.2%}", f"{low:.2%} to {high:.2%}", counts["altered"],
                counts["missing"], counts["not quotable"], counts["no version"]]  # fmt: skip


def share(found: int, of: int) -> str:
    """A share with its interval."""
    low, high = interval(found, of)
    return f"{found}/{of} = {found / max(of, 1):.1%} ({low:.1%} to {high:.1%})"


def interval(found: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval for a share."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, found / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    width = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - width), min(1.0, middle + width)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
