"""What holds between a ClaimReview and the page that carries it, rule by rule. Pure: the caller fetched the page.

The rules in words: lint_rules.py. Rules about the object alone: lint.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from protego import Protego

from claims.rendering.lint import lint, word_of
from claims.rendering.lint_html import Page
from claims.rendering.lint_rules import Finding, in_order
from claims.rendering.lint_values import Markup, address, first_object, host, is_below, number, text

# Whose reading of robots.txt counts.
ROBOT = "Googlebot"
LOGIN = re.compile(r"/(login|log-in|signin|sign-in|anmelden|auth)\b", re.IGNORECASE)
Numbers = Mapping[float, set[str]]


def lint_page(
    page: Page, *, robots: str = "", numbers: Numbers | None = None, waive_indexing: bool = False
) -> list[Finding]:
    """Every finding on the page and on each ClaimReview it carries.

    `robots`: the site's robots.txt. `numbers`: the published map of number -> words; None when it is not known, and
    then CR5 is not judged. `waive_indexing`: a demonstration is kept from search engines on purpose (CR11 is waived).
    """
    findings = [*_answers(page), *_may_be_read(page, robots, waived=waive_indexing)]
    if page.status == 200:
        findings += [*_carries_one(page), *(one for markup in page.claim_reviews for one in lint(markup))]
        for markup in page.claim_reviews:
            findings += [*_is_of_this_site(page, markup), *_can_be_read(page, markup)]
            findings += _number_is_explained(markup, numbers) if numbers is not None else []
    return in_order(findings)


def _answers(page: Page) -> Iterator[Finding]:
    """CR3; a login is CR11."""
    if 300 <= page.status < 400 and not LOGIN.search(page.location):
        yield Finding("CR3", f"{page.address} redirects to {page.location}.", "Give the address it leads to as url.")
    elif page.status >= 400 and page.status not in {401, 403}:
        yield Finding("CR3", f"{page.address} answers {page.status}.", "Give the address of the page with the check.")


def _may_be_read(page: Page, robots: str, *, waived: bool) -> Iterator[Finding]:
    """CR11."""
    if page.status in {401, 403} or (300 <= page.status < 400 and LOGIN.search(page.location)):
        yield Finding("CR11", "The page asks for a login.", "Let everybody read it.")
    if page.forbids_indexing():
        finding = Finding("CR11", "The page says noindex.", "Take it out of the meta element or header named robots.")
        yield replace(finding, mend="A demonstration stays out of search engines.", waived=True) if waived else finding
    if robots and address(page.address) and not Protego.parse(robots).can_fetch(page.address, ROBOT):
        yield Finding("CR11", f"robots.txt keeps {ROBOT} from the page.", "Allow its path there.")


def _carries_one(page: Page) -> Iterator[Finding]:
    """CR9 and CW2."""
    for reason in page.broken:
        yield Finding("CR1", f"A block of JSON-LD is broken: {reason}.", "Write valid JSON.")
    if not page.claim_reviews:
        yield Finding("CR9", "The page carries no ClaimReview.", "Put it on the page of the check.")
    elif len(page.claim_reviews) > 1:
        yield Finding(
            "CW2",
            f"The page carries {len(page.claim_reviews)} ClaimReviews; search engines show none of several.",
            "Keep one to a page.",
        )


def _is_of_this_site(page: Page, markup: Markup) -> Iterator[Finding]:
    """CR3."""
    url, here = address(markup.get("url")), address(page.address)
    if url is not None and here is not None and not is_below(host(url), host(here)):
        yield Finding("CR3", f"url is on {host(url)}, the page on {host(here)}.", "Give an address on the page's site.")


def _can_be_read(page: Page, markup: Markup) -> Iterator[Finding]:
    """CR8."""
    for key in ("claimReviewed", "reviewBody"):
        words = text(markup.get(key))
        if words and _unspaced(words) not in _unspaced(page.visible_text):
            yield Finding("CR8", f"{key} cannot be read on the page.", "Show the same words to people and machines.")
    word = word_of(markup)
    if word and not any(_stands_in(one, page.visible_text) for one in (word, word.upper())):
        yield Finding("CR8", f"The rating “{word[:80]}” cannot be read on the page.", "Show it as the markup has it.")


def _unspaced(words: str) -> str:
    """Line breaks and markup inside words change blanks and nothing else."""
    return "".join(words.split())


def _stands_in(word: str, words: str) -> bool:
    """As whole words, in capitals as written: “true” in a sentence is no rating."""
    return re.search(rf"(?<!\w){re.escape(' '.join(word.split()))}(?!\w)", words) is not None


def _number_is_explained(markup: Markup, numbers: Numbers) -> Iterator[Finding]:
    """CR5."""
    value, word = number(first_object(markup.get("reviewRating")).get("ratingValue")), word_of(markup)
    if value is None:
        return
    if value not in numbers:
        yield Finding(
            "CR5", f"Nothing published says what the number {value:g} means.", "Put it into the list of ratings."
        )
    elif word and word not in numbers[value]:
        known = ", ".join(sorted(numbers[value]))
        yield Finding(
            "CR5",
            f"The check calls {value:g} “{word[:80]}”, the list of ratings “{known[:80]}”.",
            "Let both say the same.",
        )


def lint_other_page(page: Page, markup: Markup) -> list[Finding]:
    """CR9 on a page that is not the check's own: it may not carry the same ClaimReview."""
    same = (text(markup.get("@id")), text(markup.get("url")))
    for other in page.claim_reviews:
        if any(one and one in (text(other.get("@id")), text(other.get("url"))) for one in same):
            return [Finding("CR9", f"{page.address} carries it too.", "Keep it on the page of the check alone.")]
    return []
