from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from claims.importing.findings import shown
from claims.models import VerdictDocument
from claims.rendering.lint import lint
from claims.rendering.lint_html import Page
from claims.rendering.lint_page import lint_page
from claims.rendering.lint_rules import Finding
from claims.rendering.lint_values import NotJSON, claim_reviews, read_json
from claims.services.markup import SiteLint, stored_findings
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand, counted

# Of somebody's file, at most; no page and no single feed is larger.
MOST_BYTES = 100 * 1024 * 1024


class Unusable(Exception):
    """What was named cannot be linted; the text says why and what to do."""


class Command(ClaimtrackCommand):
    help = (
        "Check the published ClaimReview markup: what is stored, and each page as this installation answers it. "
        "CR findings are errors (exit 1), CW findings are warnings."
    )
    example = (
        "python manage.py lint_claimreview --claim 7fQk2mXr9Lp\n"
        "  curl -s https://example.org/fact-check | python manage.py lint_claimreview --file -"
    )

    def add_options(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--claim", metavar="ID", help="only this claim (the id in its address)")
        what.add_argument(
            "--file", metavar="PATH", help="anybody's markup instead of ours: JSON-LD, NDJSON or HTML; - is the input"
        )
        parser.add_argument("--no-pages", action="store_true", help="the stored markup alone, without its pages")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        try:
            if options["file"] is not None:
                return self._report(*self._lint_file(options["file"]), "ClaimReview", "")
            documents = self._documents(options["claim"])
        except Unusable as error:
            self.say(str(error))
            return USAGE, {"error": str(error)}
        findings = self._lint_published(documents, stored_only=options["no_pages"])
        return self._report(documents.count(), findings, "claim", "s")

    def _documents(self, public_id: str | None) -> QuerySet[VerdictDocument]:
        documents = VerdictDocument.objects.exclude(claimreview="").order_by("pk")
        if public_id is None:
            return documents
        found = documents.filter(public_id=public_id)
        if not found.exists():
            raise Unusable(
                f"No standing verdict has the id {public_id}: it is the part after /claims/ in its address. "
                "Retracted and withheld ones carry no markup."
            )
        return found

    def _lint_published(
        self, documents: QuerySet[VerdictDocument], *, stored_only: bool
    ) -> Iterator[tuple[str, Finding]]:
        total = documents.count()
        find = stored_findings if stored_only else SiteLint().findings
        for done, document in enumerate(documents.defer("body", "search_text").iterator(chunk_size=200), start=1):
            for finding in find(document):
                yield document.public_id, finding
            self.progress(done, total, "claims")

    def _lint_file(self, name: str) -> tuple[int, Iterator[tuple[str, Finding]]]:
        """How many ClaimReviews there are, and what is wrong with them. Raises Unusable."""
        written = _read(name)
        if written.lstrip("\ufeff \t\r\n").startswith("<"):
            page = Page(html=written)
            return len(page.claim_reviews), (("page", finding) for finding in lint_page(page))
        found = claim_reviews(_parsed(written, name))
        if not found:
            raise Unusable(f"{name} holds no object of type ClaimReview: give JSON-LD, NDJSON or an HTML page.")
        return len(found), (
            (str(number), finding) for number, markup in enumerate(found, start=1) for finding in lint(markup)
        )

    def _report(
        self, total: int, findings: Iterator[tuple[str, Finding]], one: str, plural: str
    ) -> tuple[int, dict[str, Any]]:
        rows, errors = [], 0
        for where, finding in findings:
            self.say(shown(f"{where} {finding}"))
            errors += finding.is_error
            rows.append(
                {
                    "claim": where,
                    "rule": finding.rule,
                    "message": finding.message,
                    "mend": finding.mend,
                    "waived": finding.waived,
                }
            )
        waived = sum(row["waived"] is True for row in rows)
        warnings = len(rows) - errors - waived
        self.say(
            f"{counted(total, one, one + plural)}: {counted(errors, 'error')}, {counted(warnings, 'warning')}, "
            f"{waived} waived."
        )
        return (FINDINGS if errors else OK), {"claims": total, "findings": rows}


def _read(name: str) -> str:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unusable(f"{name} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise Unusable(f"{name} is larger than {MOST_BYTES // 1024 // 1024} MB: lint it in parts.")
    return content.decode("utf-8-sig", "replace")


def _parsed(written: str, name: str) -> object:
    """JSON, or one JSON value on each line."""
    try:
        return read_json(written)
    except NotJSON as error:
        lines = [line for line in written.splitlines() if line.strip()]
        if len(lines) < 2:
            raise Unusable(f"{name} is no JSON: {error}.") from error
    values = []
    for number, line in enumerate(lines, start=1):
        try:
            values.append(read_json(line))
        except NotJSON as error:
            raise Unusable(f"{name} is neither JSON nor NDJSON: entry {number}, {error}.") from error
    return values
