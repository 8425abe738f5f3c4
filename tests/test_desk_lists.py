"""Lists that stay fast, a front page that says what is due, and records nobody rewrites."""

from __future__ import annotations

import re

import pytest
from django.core.paginator import UnorderedObjectListWarning
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import services
from claims.models import Activity, Claim, Event, Review, User, Verdict, VerdictVersion
from sources.choices import Availability
from sources.services import pin
from tests.desk import CLAIMS, Desk
from tests.make import (
    PAGE,
    PASSWORD,
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
        ("who=me", {"Mine"}),
        ("who=nobody", {"Logged", "Drafted", "Sent back"}),
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


@pytest.mark.parametrize("model", [Verdict, VerdictVersion, Event, Review, Activity])
def test_records_are_written_by_nobody(model: type, admin: User) -> None:
    from django.contrib import admin as django_admin

    page = django_admin.site._registry[model]
    request = RequestFactory().get("/")
    request.user = admin
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request)
    assert not page.has_delete_permission(request)
    assert page.has_view_permission(request)


@pytest.mark.parametrize("name", ["checker", "editor", "admin"])
def test_no_claim_is_deleted(name: str, request: pytest.FixtureRequest, checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(request.getfixturevalue(name))
    assert desk.client.post(desk.claim(claim, "delete"), {"post": "yes"}).status_code == 403
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_claimant_somebody_is_quoted_by_is_not_deleted(admin: User) -> None:
    claimant = make_claimant()
    make_claim(admin, claimant=claimant)
    desk = Desk(admin)
    assert desk.client.post(f"/admin/claims/claimant/{claimant.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", ["outsider", "checker", "editor"])
@pytest.mark.parametrize("path", ["user/add/", "rating/add/", "ratingscale/add/"])
def test_people_and_ratings_are_the_administrators(name: str, path: str, request: pytest.FixtureRequest) -> None:
    assert Desk(request.getfixturevalue(name)).client.get(f"/admin/claims/{path}").status_code == 403


def test_a_new_colleague_signs_in_with_their_role(admin: User) -> None:
    secret = f"{PASSWORD} 7"
    Desk(admin).fill(
        "/admin/claims/user/add/", "user_form", username="newcomer", role="reviewer", password1=secret, password2=secret
    )
    user = User.objects.get(username="newcomer")
    assert user.is_staff and user.may_approve and user.check_password(secret)


def test_a_superuser_is_out_of_an_administrators_reach(admin: User) -> None:
    chief = User.objects.create_user("chief", password=PASSWORD, role="admin", is_staff=True)
    desk = Desk(chief)
    assert "user_form" in desk.get(f"/admin/claims/user/{chief.pk}/change/")
    assert 'name="role"' not in desk.get(f"/admin/claims/user/{admin.pk}/change/")
    assert desk.client.get(f"/admin/claims/user/{admin.pk}/password/").status_code == 403


def test_every_model_of_the_desk_opens(admin: User, checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    services.look_again(version.verdict.claim, by=checker, reason="A reader asked.")
    desk = Desk(admin)
    for model in (Verdict, VerdictVersion, Event, Review, Activity):
        row = model._default_manager.first()
        assert row is not None
        desk.get(f"/admin/claims/{model._meta.model_name}/{row.pk}/change/")


def test_the_side_bar_leads_everybody_to_what_they_may_see(outsider: User, admin: User) -> None:
    reading, running = Desk(outsider).get("/admin/"), Desk(admin).get("/admin/")
    assert "Needs me now" in reading and "/admin/claims/event/" in reading
    assert "/admin/claims/user/" in running and "/admin/claims/user/" not in reading


@pytest.mark.parametrize("name", ["outsider", "checker", "editor"])
def test_other_people_s_pages_are_the_administrators(
    name: str, request: pytest.FixtureRequest, admin: User, checker: User
) -> None:
    desk = Desk(request.getfixturevalue(name))
    for path in ("user/", f"user/{checker.pk}/change/", f"user/{admin.pk}/history/", f"user/{admin.pk}/password/"):
        assert desk.client.get(f"/admin/claims/{path}").status_code == 403, path


def test_an_administrator_sees_no_hash_of_a_superuser_s_password(admin: User) -> None:
    chief = User.objects.create_user("chief", password=PASSWORD, role="admin", is_staff=True)
    assert admin.password not in Desk(chief).get(f"/admin/claims/user/{admin.pk}/change/")


def test_the_desk_names_people_without_opening_their_pages(outsider: User, checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    claim = version.verdict.claim
    review = services.look_again(claim, by=checker, reason="A reader asked.")
    source = version.evidence.get().source
    assert source is not None
    pin(source, by=checker, reason="I read it.", availability=Availability.LIVE)
    last = claim.activities.first()
    assert last is not None
    desk = Desk(outsider)
    for path in (
        f"claims/claim/{claim.pk}", f"claims/verdictversion/{version.pk}", f"claims/review/{review.pk}",
        f"claims/activity/{last.pk}", f"sources/source/{source.pk}",
    ):  # fmt: skip
        text = desk.get(f"/admin/{path}/change/")
        assert "checker" in text and "/admin/claims/user/" not in text, path
    for path in ("claims/claim/", "claims/activity/", "claims/verdictversion/", "claims/review/", "sources/source/"):
        assert "/admin/claims/user/" not in desk.get(f"/admin/{path}"), path


def test_claims_are_assigned_to_people_whose_pages_one_may_not_open(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    assert f'value="{editor.pk}"' in Desk(checker).get(f"{CLAIMS}{claim.pk}/assign/")


@pytest.mark.parametrize("field", ["topics", "claimant"])
def test_autocompletes_come_in_order(field: str, checker: User, recwarn: pytest.WarningsRecorder) -> None:
    names = ["Beta", "Alpha", "Gamma"]
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


def test_a_quote_that_never_was_on_its_page_is_not_called_changed(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    source = make_evidence(claim, checker, quote="Nobody ever wrote this about whales").source
    assert source is not None
    make_page_say(source, PAGE)
    services.assess_changes()
    desk = Desk(checker)
    for path in (CLAIMS, desk.claim(claim), desk.claim(claim, "draft")):
        text = desk.get(path)
        assert "Not on the page as quoted" in text, path
        assert "No longer on the page" not in text and "Passage changed" not in text, path
    version = make_published_verdict(checker, editor)
    other = version.evidence.get().source
    assert other is not None
    make_page_say(other, "Something else altogether.")
    services.assess_changes()
    assert "No longer on the page" in desk.get(desk.claim(version.verdict.claim))
    assert "Passage changed" in desk.get(CLAIMS)


def test_a_failed_lookup_is_not_called_a_visit_that_is_due(checker: User) -> None:
    claim = make_claim(checker)
    source = make_evidence(claim, checker).source
    assert source is not None
    desk = Desk(checker)
    assert "the first visit is due now" in desk.get(desk.claim(claim))
    assert "not captured yet" in desk.get(desk.claim(claim, "draft"))
    source.last_checked_at = timezone.now()
    source.save()
    text = desk.get(desk.claim(claim))
    assert "the first visit is due now" not in text and "could not be looked up" in text
    assert "could not be captured" in desk.get(desk.claim(claim, "draft"))


def test_a_source_s_page_says_its_availability_in_a_word(checker: User) -> None:
    source = make_evidence(make_claim(checker), checker).source
    assert source is not None
    text = Desk(checker).get(f"/admin/sources/source/{source.pk}/change/")
    assert "(&#x27;new" not in text and "(&#39;new" not in text and "('new" not in text
