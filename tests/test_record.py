"""The newsroom's own record: every change by whom, when, from what to what; nobody edits it; one record, not two."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction

from claims import services
from claims.errors import NotAllowed
from claims.models import Activity, Claim, Claimant, Draft, Evidence, Rating, Topic, Translation, User
from claims.services.record import differences
from tests.desk import Desk
from tests.make import (
    make_claim,
    make_claimant,
    make_draft,
    make_offline_evidence,
    make_published_verdict,
    make_topic,
)

pytestmark = pytest.mark.django_db


def last(**fields: Any) -> Activity:
    line = Activity.objects.filter(**fields).order_by("-pk").first()
    assert line is not None
    return line


def change(line: Activity, field: str) -> tuple[Any, Any]:
    found = {one["field"]: one for one in line.changes}
    return found[field]["from"], found[field]["to"]


def test_a_changed_claim_is_on_record_from_what_to_what(checker: User, editor: User) -> None:
    claim = make_claim(checker, "Thousands came")
    topic = make_topic("Protests")
    services.update_claim(
        claim, by=editor, expected_revision=1, text="Hundreds came", topics=[topic], claimant=make_claimant("Ivan")
    )
    line = last(action="changed the claim")
    assert line.actor == editor
    assert change(line, "text") == ("Thousands came", "Hundreds came")
    assert change(line, "topics") == ([], ["Protests"]) and change(line, "claimant") == (None, "Ivan")
    assert {one["field"] for one in line.changes} == {"text", "topics", "claimant"}


def test_a_changed_draft_is_on_record_word_for_word(checker: User) -> None:
    claim = make_claim(checker)
    make_draft(claim, checker)
    services.save_draft(claim, by=checker, headline="Forty came", rating=Rating.objects.get(code="true"))
    line = last(action="changed the draft")
    assert change(line, "headline") == ("A few hundred people came, not thousands", "Forty came")
    assert change(line, "rating") == ("False", "True")


def test_evidence_is_on_record_when_it_comes_changes_and_goes(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_offline_evidence(claim, checker)
    assert change(last(action="attached evidence"), "stance") == (None, "refutes")
    services.change_evidence(evidence, by=checker, note="They counted twice.")
    assert change(last(action="changed evidence"), "note") == ("", "They counted twice.")
    services.drop_evidence(Evidence.objects.get(), by=checker)
    assert change(last(action="dropped evidence"), "note") == ("They counted twice.", None)


def test_an_appearance_and_a_translation_are_on_record(checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    row = services.add_appearance(claim, url="https://social.example/1", by=checker, audience=10)
    row.audience = 20  # As a form does before the service is asked.
    services.change_appearance(row, by=checker, audience=20)
    assert change(last(action="changed an appearance"), "audience") == (10, 20)
    row_ru = Translation(claim=claim, language="ru", claim_text="Тысячи", headline="Нет", summary="Сотни")
    services.save_translation(row_ru, by=checker)
    row_ru.headline = "Неправда"
    services.save_translation(row_ru, by=checker)
    assert change(last(action="translated the verdict"), "headline") == ("Нет", "Неправда")


def test_whoever_had_the_claim_before_is_on_record(checker: User, editor: User) -> None:
    claim = make_claim(checker)
    services.assign(claim, to=checker, by=checker)
    services.assign(Claim.objects.get(pk=claim.pk), to=editor, by=checker)
    assert change(last(action="assigned"), "assigned_to") == ("checker", "editor")


def test_a_dropped_draft_leaves_its_words_on_record(checker: User) -> None:
    claim = make_claim(checker)
    services.drop_draft(make_draft(claim, checker), by=checker, reason="Not worth it.")
    line = last(action="dropped the draft")
    assert change(line, "summary")[0].startswith("Police counted") and not Draft.objects.exists()


@pytest.mark.parametrize(
    ("path", "make", "field"),
    [
        ("claimant", lambda: make_claimant("Ivan"), "name"),
        ("topic", lambda: make_topic("Protests"), "name"),
        ("rating", lambda: Rating.objects.get(code="false"), "name"),
    ],
)
def test_what_is_changed_at_the_desk_is_on_the_row_s_own_record(admin: User, path: str, make: Any, field: str) -> None:
    row, desk = make(), Desk(admin)
    was = getattr(row, field)
    answer = desk.fill(f"/admin/claims/{path}/{row.pk}/change/", f"{path}_form", **{field: "Another name"})
    assert answer.status_code == 302
    line = last(about_kind=f"claims.{path}", about_id=str(row.pk))
    assert line.actor == admin and change(line, field) == (was, "Another name")
    shown = desk.get(f"/admin/claims/{path}/{row.pk}/history/")
    assert "Another" in shown and "<del>" in shown and not LogEntry.objects.exists()


def test_a_role_is_on_record_from_what_to_what_and_a_password_is_not(admin: User, checker: User) -> None:
    desk = Desk(admin)
    desk.fill(f"/admin/claims/user/{checker.pk}/change/", "user_form", role="reviewer", email="c@news.example")
    line = last(about_kind="claims.user", action="Person changed")
    assert change(line, "role") == ("fact_checker", "reviewer")
    assert {"field": "email"} in line.changes and "c@news.example" not in str(line.changes)


def test_an_unused_topic_that_is_deleted_stays_on_record(admin: User) -> None:
    topic = make_topic("Mistyped")
    Desk(admin).send(f"/admin/claims/topic/{topic.pk}/delete/", {"post": "yes"})
    assert not Topic.objects.exists()
    line = last(action="deleted topic")
    assert (line.about_name, change(line, "name")) == ("Mistyped", ("Mistyped", None))


def test_saving_without_a_change_leaves_no_line(admin: User) -> None:
    claimant = make_claimant("Ivan")
    Desk(admin).fill(f"/admin/claims/claimant/{claimant.pk}/change/", "claimant_form")
    assert not Activity.objects.exists() and Claimant.objects.get() == claimant


def test_the_record_of_a_claim_shows_the_words_that_changed(checker: User) -> None:
    claim = make_claim(checker, "Thousands came to the square")
    services.update_claim(claim, by=checker, expected_revision=1, text="Hundreds came to the square")
    shown = Desk(checker).get(f"/admin/claims/claim/{claim.pk}/history/")
    assert "<del>Thousands</del>" in shown.replace(" </del>", "</del>") and "Hundreds" in shown


def test_the_record_is_read_page_by_page_in_few_queries(checker: User, django_assert_max_num_queries: Any) -> None:
    claim = make_claim(checker)
    for number in range(60):
        claim = services.update_claim(claim, by=checker, expected_revision=claim.revision, text=f"Claim {number}")
    desk = Desk(checker)
    with django_assert_max_num_queries(20):
        first = desk.get(f"/admin/claims/claim/{claim.pk}/history/")
    assert first.count("changed the claim") == 25 and "Claim 59" not in first.split("Older")[1]
    older = desk.get(f"/admin/claims/claim/{claim.pk}/history/?before={claim.activities.order_by('-pk')[24].pk}")
    assert older.count("changed the claim") == 25 and "Newest" in older


def test_the_record_of_people_is_the_administrators(checker: User, admin: User) -> None:
    assert Desk(checker).client.get(f"/admin/claims/user/{admin.pk}/history/").status_code == 403


@pytest.mark.parametrize("sql", ["UPDATE claims_activity SET changes = '[]'", "DELETE FROM claims_activity"])
def test_the_database_lets_nobody_rewrite_the_record(checker: User, sql: str) -> None:
    make_claim(checker)
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_nothing_and_an_empty_text_are_the_same_and_no_is_not_nothing() -> None:
    assert differences({"a": None, "b": ""}, {"a": "", "b": None}) == []
    assert differences({}, {"a": False}) == [{"field": "a", "from": None, "to": False}]
    assert differences({"a": "x"}, {}) == [{"field": "a", "from": "x", "to": None}]


def test_a_claim_that_was_never_public_is_removed_and_its_record_stays(admin: User, checker: User) -> None:
    claim, desk = make_claim(checker, "Logged by mistake"), Desk(admin)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    services.add_note(claim, by=checker, text="What is this?")
    answer = desk.fill(desk.claim(claim, "remove"), "step_form", reason="It is a test.")
    assert answer.status_code == 302 and desk.get(answer.headers["Location"])
    assert not Claim.objects.exists() and not Evidence.objects.exists()
    line = last(action="removed a claim that was never public")
    assert (line.actor, line.detail, change(line, "text")) == (admin, "It is a test.", ("Logged by mistake", None))
    assert change(last(action="logged the claim"), "text") == (None, "Logged by mistake")


def test_what_was_public_is_not_removed(admin: User, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    with pytest.raises(NotAllowed, match="withhold it if the law demands"):
        services.remove_claim(claim, by=admin, reason="Away with it.")
    desk = Desk(admin)
    shown = desk.get(desk.claim(claim))
    assert "Claims are not deleted" in shown and desk.claim(claim, "withhold") in shown
