"""Lint what is published: the stored ClaimReview, and each page as this very installation would answer it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import urljoin

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from claims.models import VerdictDocument
from claims.rendering.lint import lint
from claims.rendering.lint_html import Page
from claims.rendering.lint_page import lint_other_page, lint_page
from claims.rendering.lint_rules import Finding, in_order
from claims.rendering.lint_values import text
from claims.services.own_server import OwnServer


def stored_findings(document: VerdictDocument) -> list[Finding]:
    """What the stored markup says of itself. Nothing for a verdict that carries none."""
    return lint(json.loads(document.claimreview)) if document.claimreview else []


def with_findings(documents: Iterable[VerdictDocument]) -> list[tuple[VerdictDocument, list[Finding]]]:
    """Those of the documents with something to mend."""
    found = ((document, stored_findings(document)) for document in documents)
    return [(document, findings) for document, findings in found if findings]


class SiteLint:
    """Lints verdict after verdict, and remembers what may stand only once on the whole site."""

    def __init__(self) -> None:
        self._server = OwnServer()
        self._claim_of: dict[int, str] = {}

    def findings(self, document: VerdictDocument) -> list[Finding]:
        """On the stored markup, on the page it names, on that page in other languages, and beside other verdicts."""
        markup = json.loads(document.claimreview)
        found = [*lint(markup), *self._stands_once(document, markup)]
        url = text(markup.get("url"))
        if not self._server.has(url):
            return in_order([*found, _elsewhere(url)])
        page = self._server.get(url.partition("#")[0])
        found += lint_page(page, robots=self._robots, numbers=self._numbers, waive_indexing=document.is_demo)
        found += _is_as_stored(page, document)
        for other in self._other_pages(page):
            found += lint_other_page(other, markup)
        return in_order(found)

    def _stands_once(self, document: VerdictDocument, markup: dict[str, object]) -> Iterator[Finding]:
        """CR9 between verdicts. Hashes of the addresses: a million of them fit into memory."""
        for key in ("@id", "url"):
            if name := text(markup.get(key)):
                first = self._claim_of.setdefault(hash((key, name)), document.public_id)
                if first != document.public_id:
                    yield Finding("CR9", f"Claim {first} has the same {key}.", "Run rebuild_documents.")

    def _other_pages(self, page: Page) -> Iterator[Page]:
        addresses = {urljoin(page.address, link) for link in page.in_other_languages()} - {page.address}
        for url in sorted(addresses):
            if self._server.has(url):
                yield self._server.get(url)

    @cached_property
    def _robots(self) -> str:
        page = self._server.get(urljoin(settings.SITE_URL, "/robots.txt"))
        return page.html if page.status == 200 else ""

    @cached_property
    def _numbers(self) -> Mapping[float, set[str]]:
        """The published list of ratings (CR5); empty when there is no such page."""
        try:
            with translation.override("en"):
                path = reverse("pages:methodology")
        except NoReverseMatch:
            return {}
        return self._server.get(urljoin(settings.SITE_URL, path)).numbers()


def _elsewhere(url: str) -> Finding:
    return Finding("CR3", f"url {url[:200]} is not on {settings.SITE_URL}.", "Run rebuild_documents.")


def _is_as_stored(page: Page, document: VerdictDocument) -> Iterator[Finding]:
    """CR8: page and feed carry one and the same object."""
    if page.status == 200 and page.claim_reviews and page.scripts != [document.claimreview]:
        yield Finding("CR8", "The page's markup is not the feed's, byte for byte.", "Ask for the page again uncached.")
