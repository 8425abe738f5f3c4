"""The demonstration breaks no rule of ClaimReview, and a planted break of every rule is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker

from claims.models import VerdictDocument
from claims.rendering.lint import lint
from claims.rendering.lint_html import Page
from claims.rendering.lint_page import lint_other_page, lint_page
from claims.rendering.lint_rules import RULES, Finding
from demo import dossier
from tests.newsroom import loaded_demo
from tests.schema_org import misused

pytestmark = pytest.mark.django_db

Markup = dict[str, Any]
NOINDEX = '<meta name="robots" content="noindex">'


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    with loaded_demo(tmp_path_factory.mktemp("newsroom"), django_db_blocker):
        yield


class Case:
    """One verdict of the demonstration, sound as it is, to be broken: its markup and the page around it."""

    def __init__(self, client: Client) -> None:
        document = VerdictDocument.objects.get(claim__text=dossier.VOTES.text)
        self.markup: Markup = json.loads(document.claimreview)
        self.address = self.markup["url"]
        # As if it were no demonstration, which is noindex.
        self.html = client.get(self.address).content.decode().replace(NOINDEX, "")
        self.stored = document.claimreview
        self.block = f'<script type="application/ld+json">{self.stored}</script>'
        self.robots = client.get("/robots.txt").content.decode()
        self.numbers = Page(client.get("/methodology/").content.decode()).numbers()

    def object(self, **changes: Any) -> list[Finding]:
        return lint(self.markup | changes)

    def rating(self, **changes: Any) -> list[Finding]:
        return self.object(reviewRating=self.markup["reviewRating"] | changes)

    def item(self, **changes: Any) -> list[Finding]:
        return self.object(itemReviewed=self.markup["itemReviewed"] | changes)

    def page(self, html: str = "", **changes: Any) -> list[Finding]:
        robots, numbers = changes.pop("robots", self.robots), changes.pop("numbers", self.numbers)
        page = Page(**({"html": html or self.html, "address": self.address} | changes))
        return lint_page(page, robots=robots, numbers=numbers)

    def page_without(self, *words: str) -> list[Finding]:
        """The markup still says them."""
        html = self.html.replace(self.stored, "@")
        for one in words:
            assert one in html
            html = html.replace(one, "…")
        return self.page(html.replace("@", self.stored))

    def other_page(self) -> list[Finding]:
        return lint_other_page(Page(self.html, "http://testserver/ru/"), self.markup)


PLANTED: list[tuple[str, str, Callable[[Case], list[Finding]]]] = [
    ("CR1", "another type", lambda case: case.object(**{"@type": "Review"})),
    ("CR1", "no claim", lambda case: case.object(claimReviewed=" ")),
    ("CR1", "no rating", lambda case: case.object(reviewRating=None)),
    ("CR1", "broken JSON", lambda case: case.page(case.html.replace(case.stored, case.stored[:-1]))),
    ("CR2", "no word", lambda case: case.rating(alternateName="")),
    ("CR2", "a number for a word", lambda case: case.rating(alternateName=5)),
    ("CR3", "the home page", lambda case: case.object(url="https://facts.example/")),
    ("CR3", "a path alone", lambda case: case.object(url="/claims/1/")),
    ("CR3", "a short link", lambda case: case.object(url="https://bit.ly/3xY")),
    ("CR3", "a redirect", lambda case: case.page(status=301, location="/claims/")),
    ("CR3", "nothing there", lambda case: case.page(status=404)),
    ("CR3", "another site's page", lambda case: case.page(address="https://elsewhere.example/check")),
    ("CR4", "zero on a scale from one", lambda case: case.rating(ratingValue=0)),
    ("CR4", "a scale from zero", lambda case: case.rating(worstRating=0)),
    ("CR4", "a scale upside down", lambda case: case.rating(worstRating=5, bestRating=1)),
    ("CR4", "minus one", lambda case: case.rating(ratingValue=-1)),
    ("CR4", "a decimal comma", lambda case: case.rating(ratingValue="3,5")),
    ("CR4", "a value without a scale", lambda case: case.rating(bestRating=None)),
    ("CR5", "an unexplained number", lambda case: case.page(numbers={})),
    ("CR5", "a number explained otherwise", lambda case: case.page(numbers={5.0: {"Correct"}})),
    ("CR6", "a bare name", lambda case: case.object(author="Newsroom")),
    ("CR6", "nobody", lambda case: case.object(author=None)),
    ("CR6", "a thing", lambda case: case.object(author={"@type": "Thing", "name": "Newsroom"})),
    ("CR6", "no name and no address", lambda case: case.object(author={"@type": "Organization"})),
    ("CR7", "a claimant without a name", lambda case: case.item(author={"@type": "Person"})),
    ("CR7", "a claimant who is a text", lambda case: case.item(author="somebody")),
    ("CR8", "the claim is not on the page", lambda case: case.page_without(dossier.VOTES.text)),
    ("CR8", "the rating is not on the page", lambda case: case.page_without("<span>True</span>", "Rating: True")),
    ("CR8", "the answer is not on the page", lambda case: case.page_without("The two agree, and nothing")),
    ("CR9", "on a second page", lambda case: case.other_page()),
    ("CR9", "on no page", lambda case: case.page(case.html.replace(case.stored, "{}"))),
    ("CR11", "a meta element", lambda case: case.page(case.html.replace("<head>", f"<head>{NOINDEX}"))),
    ("CR11", "a header", lambda case: case.page(robots_tag="googlebot: noindex, nofollow")),
    ("CR11", "robots.txt", lambda case: case.page(robots="User-agent: *\nDisallow: /claims/")),
    ("CR11", "a login", lambda case: case.page(status=302, location="/admin/login/?next=/")),
    ("CR11", "forbidden", lambda case: case.page(status=403)),
    ("CW1", "a long claim", lambda case: case.object(claimReviewed="x" * 75)),
    ("CW1", "the rating in the claim", lambda case: case.object(claimReviewed="True: he won")),
    ("CW2", "two on one page", lambda case: case.page(case.html.replace("</body>", case.block + "</body>"))),
    ("CW3", "a half", lambda case: case.rating(ratingValue=4.5)),
    ("CW4", "a creative work", lambda case: case.item(**{"@type": "CreativeWork"})),
    ("CW5", "one address as both", lambda case: case.item(appearance=case.markup["itemReviewed"]["firstAppearance"])),
    ("CW6", "made after the check", lambda case: case.item(datePublished="2999-01-01")),
    ("CW6", "made on the day of the check", lambda case: case.item(datePublished=case.markup["datePublished"])),
    ("CW7", "somebody unidentified", lambda case: case.item(author={"@type": "Person", "name": "Tokayev"})),
    ("CW8", "a sentence for a word", lambda case: case.rating(alternateName="It depends " * 5)),
    ("CW9", "no dates", lambda case: case.object(dateModified="yesterday")),
    ("CW10", "a number for satire", lambda case: case.rating(alternateName="Satire")),
    ("CW10", "a number for «не доказано»", lambda case: case.rating(alternateName="Не доказано")),
    ("CW11", "on our own site", lambda case: case.item(appearance={"@type": "CreativeWork", "url": "http://testserver:80/x"})),
]  # fmt: skip


def test_a_defect_is_planted_for_every_rule_there_is() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


@pytest.mark.parametrize(("rule", "what", "plant"), PLANTED, ids=[f"{rule} {what}" for rule, what, _ in PLANTED])
def test_a_planted_defect_is_found(
    demo: None, client: Client, rule: str, what: str, plant: Callable[[Case], list[Finding]]
) -> None:
    case = Case(client)
    assert rule not in {finding.rule for finding in [*case.object(), *case.page()]}
    found = [finding for finding in plant(case) if finding.rule == rule]
    assert found, what
    assert all(finding.message and finding.mend.endswith(".") for finding in found)


def test_the_demonstration_breaks_no_rule_on_any_page(demo: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("lint_claimreview", "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["claims"] == 10
    errors = [row for row in report["findings"] if row["rule"].startswith("CR")]
    # Demonstrations are kept out of search engines, visibly so.
    assert {(row["rule"], row["waived"]) for row in errors} == {("CR11", True)}
    assert len(errors) == 10


def test_what_is_no_demonstration_is_not_waived(demo: None, client: Client) -> None:
    case = Case(client)
    noindex = Page(case.html.replace("<head>", f"<head>{NOINDEX}"), case.address)
    assert [one.rule for one in lint_page(noindex) if one.is_error] == ["CR11"]
    assert [one.rule for one in lint_page(noindex, waive_indexing=True) if one.is_error] == []


def test_every_key_of_the_demonstrations_markup_is_a_property_of_its_type(demo: None) -> None:
    texts = VerdictDocument.objects.exclude(claimreview="").values_list("claimreview", flat=True)
    assert [wrong for text in texts for wrong in misused(json.loads(text))] == []


def test_a_key_that_schema_org_does_not_know_is_noticed() -> None:
    assert list(misused({"@type": "Place", "name": "Almaty", "jobTitle": "x"})) == ["Place has no jobTitle"]
    assert list(misused({"@type": "CreativeWork", "url": "x"})) == ["CreativeWork.url may not be 'x'"]
