"""Lists that stay fast and answer what is asked, and a front page that says what is due."""

from __future__ import annotations

import re

import pytest
from django.core.paginator import UnorderedObjectListWarning
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import services
from claims.models import User
from tests.desk import CLAIMS, Desk
from tests.make import (
    PAGE,
    make_claim,
    make_claimant,
    make_draft,
    make_evidence,
    make_offline_evidence,
    make_page_say,
    make_published_verdict,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["hold", "notice", "alarm"])
def test_an_empty_list_asks_nobody_to_create_what_nobody_can(checker: User, model: str) -> None:
    content = Desk(checker).get(f"/admin/claims/{model}/")
    assert "Nothing here yet" in content and "Create a new item" not in content


def test_holds_are_called_what_the_menu_calls_them(checker: User) -> None:
    content = Desk(checker).get("/admin/claims/hold/")
    assert "Held changes" in content and "Holds" not in content


def some_of_everything(checker: User, editor: User, number: int) -> None:
    for index in range(number):
        claimant = make_claimant(f"Claimant {number} {index}")
        if index % 3 == 0:
            claim = make_published_verdict(checker, editor, claimant=claimant).verdict.claim
            source = claim.evidence.get().source
            assert source is not None
            make_page_say(source, PAGE.replace("hundred", "thousand"))
            services.assess_changes()
        else:
            claim = make_claim(checker, f"Claim {index}", claimant=claimant, topics=[make_topic(f"Topic {index}")])
            make_offline_evidence(claim, checker)
            services.assign(claim, to=checker, by=checker)
            if index % 3 == 1:
                services.submit_for_review(make_draft(claim, checker), by=checker)


def queries_for(desk: Desk, path: str) -> int:
    desk.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        desk.get(path)
    return len(queries)


LISTS = [
    "/admin/",
    CLAIMS,
    f"{CLAIMS}?place=in_review",
    f"{CLAIMS}?evidence=disturbed",
    f"{CLAIMS}?q=claim",
    "/admin/claims/claimant/",
    "/admin/claims/topic/",
    "/admin/claims/verdict/",
    "/admin/claims/verdictversion/",
    "/admin/claims/review/",
    "/admin/claims/event/",
    "/admin/claims/activity/",
    "/admin/claims/user/",
    "/admin/claims/rating/",
]


def test_lists_ask_as_many_questions_for_thirty_rows_as_for_three(checker: User, editor: User, admin: User) -> None:
    desk = Desk(admin)
    some_of_everything(checker, editor, 3)
    few = {path: queries_for(desk, path) for path in LISTS}
    some_of_everything(checker, editor, 30)
    assert {path: queries_for(desk, path) for path in LISTS} == few


def test_the_claims_page_asks_as_many_questions_for_many_rows_as_for_few(checker: User) -> None:
    desk, counts = Desk(checker), []
    claim = make_claim(checker)
    for number in (2, 12):
        for index in range(number):
            make_evidence(claim, checker, url=f"https://news.example/{number}/{index}")
        counts.append(queries_for(desk, desk.claim(claim)))
    assert counts[0] == counts[1]


def test_the_list_never_counts_the_table(checker: User) -> None:
    make_claim(checker)
    desk = Desk(checker)
    with CaptureQueriesContext(connection) as queries:
        desk.get(CLAIMS)
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"] and '"claims_claim"' in query["sql"]]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("place=logged", {"Logged"}),
        ("place=drafted", {"Drafted"}),
        ("place=in_review", {"Handed in"}),
        ("place=sent_back", {"Sent back"}),
        ("place=under_review", {"Shaken"}),
        ("evidence=disturbed", {"Shaken"}),
        ("rating=unproven", {"Drafted"}),
        ("who=me", {"Mine", "Sent back"}),
        ("who=nobody", {"Logged", "Drafted"}),
        ("q=Hand", {"Handed in"}),
    ],
)
def test_the_list_answers(filters: str, found: set[str], checker: User, editor: User) -> None:
    make_claim(checker, "Logged")
    make_draft(make_claim(checker, "Drafted"), checker, rating="unproven")
    for name in ("Handed in", "Sent back"):
        claim = make_claim(checker, name)
        make_offline_evidence(claim, checker)
        draft = services.submit_for_review(make_draft(claim, checker), by=checker)
        if name == "Sent back":
            services.send_back(draft, by=editor, because="Shorter.")
    services.assign(make_claim(checker, "Mine"), to=checker, by=checker)
    shaken = make_published_verdict(checker, editor, "Shaken").verdict.claim.evidence.get()
    assert shaken.source is not None
    make_page_say(shaken.source, PAGE.replace("hundred", "thousand"))
    services.assess_changes()

    text = Desk(checker).get(f"{CLAIMS}?{filters}")
    table = text[text.index('id="result_list"') :]
    every = {"Logged", "Drafted", "Handed in", "Sent back", "Mine", "Shaken"}
    assert {name for name in every if f">{name}</a>" in table} == found


def test_the_front_page_shows_each_person_what_is_theirs(checker: User, editor: User) -> None:
    claim = make_claim(checker, "Handed in by the checker")
    make_offline_evidence(claim, checker)
    services.submit_for_review(make_draft(claim, checker), by=checker)
    services.assign(make_claim(checker, "The checker has this"), to=checker, by=checker)
    make_claim(checker, "Nobody has this")
    reading, writing = Desk(editor).get("/admin/"), Desk(checker).get("/admin/")
    assert "Handed in by the checker" in reading and "Handed in by the checker" not in writing
    assert "The checker has this" in writing and "The checker has this" not in reading
    assert "Nobody has this" in reading and "Nobody has this" in writing


def test_the_front_page_names_sources_in_trouble(checker: User) -> None:
    evidence = make_evidence(make_claim(checker), checker, url="https://gone.example/page")
    assert evidence.source is not None
    evidence.source.availability = "suspect"
    evidence.source.save()
    assert "https://gone.example/page" in Desk(checker).get("/admin/")


@pytest.mark.parametrize("field", ["topics", "claimant"])
def test_autocompletes_come_in_order(field: str, checker: User, recwarn: pytest.WarningsRecorder) -> None:
    names = ["Alpha Beta", "Alpha Alpha", "Alpha Gamma"]
    for name in names:
        make_topic(name) if field == "topics" else make_claimant(name)
    query = f"app_label=claims&model_name=claim&field_name={field}&term=a"
    found = Desk(checker).client.get(f"/admin/autocomplete/?{query}").json()["results"]
    assert [row["text"] for row in found] == sorted(names)
    assert not [warning for warning in recwarn if issubclass(warning.category, UnorderedObjectListWarning)]


def test_a_list_cut_short_on_the_front_page_leads_to_the_rest(checker: User) -> None:
    for number in range(10):
        make_claim(checker, f"Claim {number}")
    desk = Desk(checker)
    assert "who=nobody" not in desk.get("/admin/")
    make_claim(checker, "The eleventh")
    assert "?who=nobody" in desk.get("/admin/")


def test_the_badge_counts_or_is_not_there(checker: User, editor: User) -> None:
    badge = re.compile(r"Needs me now</span>\s*(<span[^>]*>\s*(\d*)\s*</span>)?")
    desk = Desk(checker)

    def shown() -> str | None:
        found = badge.search(desk.get("/admin/"))
        assert found
        return found.group(2) if found.group(1) else None

    assert shown() is None
    services.look_again(make_published_verdict(checker, editor).verdict.claim, by=checker, reason="A reader asked.")
    assert shown() == "1"


def test_a_source_s_page_leads_to_the_claims_that_quote_it(checker: User) -> None:
    source = make_evidence(make_claim(checker, "Quotes it"), checker).source
    make_offline_evidence(make_claim(checker, "Does not"), checker)
    desk = Desk(checker)
    address = f"{CLAIMS}?source={source.pk if source else 0}"
    assert address in desk.get(f"/admin/sources/source/{source.pk if source else 0}/change/")
    text = desk.get(address)
    assert "Quotes it" in text and "Does not" not in text


@pytest.mark.parametrize("junk", ["0", "x", "99999999999999999999"])
def test_a_source_that_is_not_there_narrows_nothing(checker: User, junk: str) -> None:
    make_claim(checker, "Any claim")
    assert "Any claim" in Desk(checker).get(f"{CLAIMS}?source={junk}")


@pytest.mark.parametrize("path", ["claim/", "claim/?q=protest", "notice/", "claim/?place=logged"])
def test_a_list_that_counts_nothing_claims_no_number_of_results(checker: User, path: str) -> None:
    make_claim(checker)
    content = Desk(checker).get(f"/admin/claims/{path}")
    assert "9999999" not in content and "result (" not in content and "results (" not in content


@pytest.mark.parametrize(
    "path",
    ["", "claims/log", "claims/claim/", "claims/claim/markup/", "claims/notice/preferences/", "sources/source/health/",
     "claims/claimfile/add/", "account/", "claims/claim/%d/change/", "claims/claim/%d/note/", "claims/claim/%d/draft/"],
)  # fmt: skip
def test_every_page_of_the_desk_has_one_heading_of_the_first_level(checker: User, path: str) -> None:
    claim = make_claim(checker)
    content = Desk(checker).get(f"/admin/{path % claim.pk if '%' in path else path}")
    assert content.count("<h1") == 1
