from __future__ import annotations

import getpass
import time
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandParser

from claims.importing.findings import Skipped
from claims.importing.values import language
from claims.models import ImportRun
from claims.services.importing import Progress, begin_import, interrupted_import, preview_import, run_import
from claims.services.importing.sources import Given, UnusableSource, given_sources, passed_over
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand, counted

# Skipped items named on the terminal and in --json; --report has them all.
NAMED_AT_MOST = 50
NAMED_IN_JSON = 1000
# Files of another kind that the terminal names.
OTHERS_NAMED = 5


class Command(ClaimtrackCommand):
    help = (
        "Take in fact-checks from ClaimReview files, feeds, web pages and answers of Google's Fact Check Tools API. "
        "Other publishers' become reviews by others; with --own, those of this site become verdicts. Importing again "
        "updates what changed. Exit 1 when something was skipped; each skipped item is named with its reason."
    )
    example = (
        "python manage.py import_claimreview ./past --own --language en --report skipped.txt\n"
        "  python manage.py import_claimreview https://facts.example/claimreview.jsonld"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "sources",
            nargs="+",
            metavar="SOURCE",
            help="a file, a folder, an https:// address, or - for standard input",
        )
        parser.add_argument("--own", action="store_true", help="make verdicts of what is published on SITE_URL's host")
        parser.add_argument(
            "--language",
            metavar="TAG",
            default="",
            help="with --own: language of items that do not say theirs",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report, store nothing")
        parser.add_argument("--resume", action="store_true", help="go on with the interrupted import of these sources")
        parser.add_argument("--report", metavar="FILE", help="write every skipped item and remark into this file")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        self._counts: Counter[str] = Counter()
        self._skipped: list[Skipped] = []
        self._began = time.monotonic()
        if problem := _problem(options):
            return self._refuse(problem)
        try:
            given = given_sources(options["sources"])
            report = _opened(options["report"])
        except UnusableSource as error:
            return self._refuse(str(error))
        except OSError as error:
            return self._refuse(f"--report {options['report']} cannot be written: {error.strerror}.")
        run = None if options["dry_run"] else self._run_of(options)
        if isinstance(run, str):
            return self._refuse(run)
        self._total = sum(one.size or 0 for one in given) if all(one.size is not None for one in given) else 0
        with report as self._report:
            try:
                if run is None:
                    preview_import(given, own=options["own"], language=language(options["language"]), told=self._told)
                else:
                    run_import(given, run, language=language(options["language"]), told=self._told)
            except KeyboardInterrupt:
                self.stderr.write("Interrupted. What is told below is stored; --resume goes on behind it.")
                return FINDINGS, self._summed_up(run, options)[1]
        return self._summed_up(run, options)

    def _run_of(self, options: dict[str, Any]) -> ImportRun | str:
        """A new import, or the interrupted one; in words why there is none."""
        if not options["resume"]:
            return begin_import(options["sources"], own=options["own"], started_by=_login())
        run = interrupted_import(options["sources"], own=options["own"])
        return run or "No import of these sources was interrupted. Leave --resume out; what is known stays as it is."

    def _told(self, one: Given, progress: Progress) -> None:
        self._counts += progress.counts
        self._skipped += progress.skipped[: max(0, NAMED_IN_JSON - len(self._skipped))]
        if self._report is not None:
            _write(self._report, progress)
        items = sum(self._counts.values())
        rate = items / max(time.monotonic() - self._began, 0.001)
        what = f"bytes, {items:,} items, {rate:,.0f} a second"
        if self._total:
            self.progress(min(one.done(), self._total - 1), self._total, what)
        elif not self.as_json and self.stdout.isatty():
            self.stdout.write(f"\r{items:,} items, {rate:,.0f} a second", ending="")
            self.stdout.flush()

    def _summed_up(self, run: ImportRun | None, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.stdout.isatty() and not self.as_json:
            self.stdout.write("")
        counts = {name: self._counts[name] for name in (_PREVIEWED if run is None else _STORED)}
        seconds = time.monotonic() - self._began
        self.say(", ".join(f"{number:,} {name}" for name, number in counts.items()) + f" in {seconds:.1f} s.")
        if run is None:
            self.say("Nothing was stored (--dry-run).")
        if counts["skipped"] and not self.as_json:
            self._name_skipped(options["report"])
        if others := passed_over(options["sources"]):
            named = ", ".join(others[:OTHERS_NAMED]) + (", …" if len(others) > OTHERS_NAMED else "")
            self.say(f"Not read, being of another kind: {counted(len(others), 'file')} ({named}).")
        figures = {
            **counts,
            "dry_run": run is None,
            "import": run.pk if run else None,
            "seconds": round(seconds, 3),
            "files_not_read": others[:NAMED_IN_JSON],
            "skipped_items": [vars(one) for one in self._skipped],
        }
        return (FINDINGS if counts["skipped"] else OK), figures

    def _name_skipped(self, report: str | None) -> None:
        for one in [] if report else self._skipped[:NAMED_AT_MOST]:
            self.stderr.write(_line(one))
        left = self._counts["skipped"] - (0 if report else min(NAMED_AT_MOST, len(self._skipped)))
        if report:
            self.stderr.write(f"What was skipped, and why, is in {report}.")
        elif left:
            self.stderr.write(f"… and {counted(left, 'item')} more: --report FILE writes them all down.")

    def _refuse(self, why: str) -> tuple[int, dict[str, Any]]:
        if not self.as_json:
            self.stderr.write(why)
        return USAGE, {"error": why}


_STORED = ("new", "changed", "unchanged", "withdrawn", "repeated", "skipped")
_PREVIEWED = ("readable", "withdrawn", "skipped")


def _problem(options: dict[str, Any]) -> str:
    if options["language"] and not options["own"]:
        return "--language is for --own: reviews by others keep what they say of their language, if anything."
    if options["language"] and not language(options["language"]):
        return f"--language {options['language']}: no language. Write a tag such as en, ru, kk or pt-BR."
    if options["resume"] and options["dry_run"]:
        return "--resume goes on storing, --dry-run stores nothing: use one of them."
    return ""


def _opened(path: str | None) -> AbstractContextManager[TextIO | None]:
    return Path(path).open("w", encoding="utf-8") if path else nullcontext()


def _write(report: TextIO, progress: Progress) -> None:
    report.writelines(f"{_line(one)}\n" for one in progress.skipped)
    report.writelines(f"{where}: taken, but {remark}\n" for where, remark in progress.remarks)
    report.flush()


def _line(one: Skipped) -> str:
    return f"{one.where}: skipped, {one.reason}" + (f" ({one.url})" if one.url else "")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such account: containers run under bare numbers
        return ""
