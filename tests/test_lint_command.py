"""lint_claimreview: what is published as the readers get it, and anybody's markup; and the desk's list of findings."""

from __future__ import annotations

import contextlib
import json
import sys
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from claims import services
from claims.admin import markup as desk_markup
from claims.models import Claim, Rating, User, VerdictDocument
from claims.rendering.lint_html import Page
from claims.services.documents import next_change
from tests.make import make_claimant, make_published_verdict
from tests.pages_rows import path_of, published, read

pytestmark = pytest.mark.django_db
SOUND = {
    "@type": "ClaimReview", "url": "https://facts.example/a", "claimReviewed": "The moon is a cheese",
    "datePublished": "2026-01-02", "dateModified": "2026-01-02",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
    "author": {"@type": "Organization", "name": "Facts"}, "itemReviewed": {"@type": "Claim"},
}  # fmt: skip


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON of one lint_claimreview."""
    out = StringIO()
    try:
        call_command("lint_claimreview", *arguments, "--json", stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def rules(report: dict[str, Any]) -> set[str]:
    return {row["rule"] for row in report["findings"]}


def tampered(claim: Claim, **changes: Any) -> None:
    """The stored markup, changed behind the renderer's back."""
    row = VerdictDocument.objects.get(claim=claim)
    row.claimreview = json.dumps(json.loads(row.claimreview) | changes)
    row.change = next_change()
    row.save()


def test_what_is_published_breaks_no_rule(checker: User, editor: User) -> None:
    published(checker, editor)
    status, report = run()
    assert (status, report["claims"]) == (0, 1)
    assert not any(rule.startswith("CR") for rule in rules(report))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"url": "http://testserver/claims/elsewhere/"}, "CR3"),
        ({"url": "https://elsewhere.example/check"}, "CR3"),
        ({"claimReviewed": "Something that nobody can read there"}, "CR8"),
        ({"reviewRating": {"alternateName": "Wrong", "ratingValue": 1, "bestRating": 5, "worstRating": 1}}, "CR5"),
    ],
)  # fmt: skip
def test_an_error_is_exit_1_with_the_rule(checker: User, editor: User, changes: dict[str, Any], rule: str) -> None:
    tampered(published(checker, editor), **changes)
    status, report = run()
    assert status == 1
    assert rule in rules(report)
    assert all(row["mend"] for row in report["findings"])


def test_an_address_that_redirects_is_found(checker: User, editor: User) -> None:
    claim = published(checker, editor)
    tampered(claim, url=f"http://testserver/claims/{claim.public_id}/an-old-slug/")
    assert any("redirects" in row["message"] for row in run()[1]["findings"])


def test_two_verdicts_with_one_address_are_found(checker: User, editor: User) -> None:
    first, second = published(checker, editor), published(checker, editor, text="Another claim")
    tampered(second, url=f"http://testserver{path_of(first)}")
    assert {row["claim"] for row in run()[1]["findings"] if row["rule"] == "CR9"} == {second.public_id}


def test_stored_markup_alone_is_linted_without_pages(
    checker: User, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    claim = published(checker, editor)
    tampered(claim, claimReviewed="Something that nobody can read there")
    assert run("--no-pages")[0] == 0
    with django_assert_num_queries(3):
        run("--no-pages")


def test_one_claim_alone(checker: User, editor: User) -> None:
    first, second = published(checker, editor), published(checker, editor, text="Another claim")
    tampered(second, claimReviewed="")
    assert run("--claim", first.public_id)[0] == 0
    assert run("--claim", second.public_id)[0] == 1


def test_a_retracted_verdict_carries_no_markup_anywhere(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    assert "ld+json" not in read(client, path_of(claim))
    assert run() == (0, {"claims": 0, "findings": []})
    status, report = run("--claim", claim.public_id)
    assert status == 2 and "Retracted" in report["error"]


def test_the_page_and_the_stored_feed_object_are_the_same_bytes(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor, text="“</script>” & \u2028 <b>claims</b>", claimant=make_claimant("A & B"))
    html = read(client, path_of(claim))
    stored = VerdictDocument.objects.get(claim=claim).claimreview
    assert html.count("ld+json") == 1
    assert html.partition('<script type="application/ld+json">')[2].partition("</script>")[0] == stored
    for prefix in ("/ru", "/kk"):
        assert "ld+json" not in read(client, f"{prefix}{path_of(claim)}")


def test_a_file_of_anybodys_markup_is_linted(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonld"
    feed.write_text(
        json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": [SOUND]}, {"item": [{"@type": "ClaimReview"}]}]})
    )
    status, report = run("--file", str(feed))
    assert (status, report["claims"]) == (1, 2)
    assert {row["claim"] for row in report["findings"]} == {"2"}


def test_lines_of_json_and_pages_are_linted_too(tmp_path: Path) -> None:
    lines = tmp_path / "lines.ndjson"
    lines.write_text("\n".join([json.dumps(SOUND), "", json.dumps(SOUND)]))
    assert run("--file", str(lines)) == (0, {"claims": 2, "findings": []})
    page = tmp_path / "page.html"
    page.write_text(f'<script type="application/ld+json">{json.dumps(SOUND)}</script><p>The moon is a cheese</p>')
    assert rules(run("--file", str(page))[1]) == {"CR8"}


def test_markup_is_read_from_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(json.dumps(SOUND).encode())))
    assert run("--file", "-") == (0, {"claims": 1, "findings": []})


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{", "is no JSON: line 1"), ("{}\n{", "entry 2"),
        ('{"@type": "Article"}', "holds no object"), (None, "cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_linted_is_a_usage_error_that_says_why(tmp_path: Path, written: str | None, says: str) -> None:
    file = tmp_path / "x"
    if written is not None:
        file.write_text(written)
    status, report = run("--file", str(file))
    assert status == 2 and says in report["error"]


def test_a_claim_and_a_file_at_once_is_a_usage_error() -> None:
    with pytest.raises(Exception, match="not allowed with"):
        run("--claim", "x", "--file", "-")


def test_it_works_for_a_site_behind_https(checker: User, editor: User, settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://facts.example", ["facts.example"]
    published(checker, editor)
    assert not any(rule.startswith("CR") for rule in rules(run()[1]))


def test_a_rating_no_longer_in_use_stays_explained_while_a_verdict_bears_it(
    client: Client, checker: User, editor: User
) -> None:
    published(checker, editor)
    Rating.objects.update(is_active=False)
    assert run()[0] == 0
    html = client.get("/methodology/").content.decode()
    assert '<data value="1">False</data>' in html and "Not used for new verdicts." in html
    assert "Mostly true" not in html


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("errors@facts.example", "mailto:errors@facts.example"), ("https://facts.example/us", "https://facts.example/us")],
)  # fmt: skip
def test_readers_learn_where_to_report_an_error(client: Client, settings: Settings, contact: str, shown: str) -> None:
    settings.CLAIMTRACK_CONTACT = contact
    assert f'href="{shown}"' in read(client, "/about/")
    assert "/about/" in read(client, "/methodology/") and "/corrections/" in read(client, "/methodology/")


FINDINGS = "/admin/claims/claim/markup/"


def test_the_desk_lists_what_is_to_be_mended(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor, claimant=make_claimant("Nobody Known"))
    published(checker, editor, text="A claim by nobody")
    client.force_login(checker)
    html = read(client, FINDINGS)
    assert "2 verdicts looked at" in html
    assert "CW7 · warning" in html and "Nothing says who Nobody Known is." in html and "Wikidata" in html
    assert html.count("desk-bullets") == 1 and f"/admin/claims/claim/{claim.pk}/change/" in html
    assert "Nothing to mend among these." in read(client, f"{FINDINGS}?rule=CR")
    assert "CW7 · warning" in read(client, f"{FINDINGS}?rule=CW7&before=999999999999999999999999")


def test_the_desks_list_is_worked_off_in_parts(
    client: Client, checker: User, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_markup, "VERDICTS_A_PAGE", 1)
    claims = [published(checker, editor, text=f"{number} " + "long " * 20) for number in range(2)]
    client.force_login(checker)
    first = read(client, FINDINGS)
    assert f"/claim/{claims[1].pk}/change/" in first and f"/claim/{claims[0].pk}/change/" not in first
    second = read(client, f"{FINDINGS}?rule=&before={claims[1].pk}")
    assert f'href="?rule=&amp;before={claims[1].pk}"' in first
    assert f"/claim/{claims[0].pk}/change/" in second and "Older verdicts" not in second


def test_the_desks_list_is_for_the_desk(client: Client) -> None:
    assert client.get(FINDINGS).status_code == 302


def test_the_checker_sees_the_rules_beside_the_draft(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor, "x" * 90).verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="A date.")
    client.force_login(checker)
    html = read(client, f"/admin/claims/claim/{claim.pk}/draft/")
    assert "CW1 · warning" in html and "Shorten it if it stays the claim" in html


def test_the_feed_carries_the_pages_object(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor, text="“</script>” & \u2028 <b>claims</b>")
    page = Page(read(client, path_of(claim)))
    response = client.get("/feeds/claimreview.jsonld")
    feed = b"".join(response)
    assert [element["item"] for element in json.loads(feed)["dataFeedElement"]] == [page.claim_reviews]
    assert len(page.scripts) == 1 and feed.count(page.scripts[0].encode()) == 1


def test_a_site_that_takes_no_reports_of_errors_is_not_fit_for_the_public(settings: Settings) -> None:
    def found() -> bool:
        out = StringIO()
        with pytest.raises(SystemExit):
            call_command("check_deployment", "--json", stdout=out)
        return "report an error" in out.getvalue()

    assert found()
    settings.CLAIMTRACK_CONTACT = "errors@facts.example"
    assert not found()


def test_what_it_quotes_steers_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"@type": "ClaimReview", "itemReviewed": {"author": {"name": "a\\u001b[2J\\ud800"}}}')
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("lint_claimreview", "--file", str(path), stdout=out)
    assert "a\ufffd[2J\ufffd" in out.getvalue()
