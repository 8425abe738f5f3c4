"""The methodology's checklist: ticked on the draft by people, insisted on where required, kept with the version."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from claims import services
from claims.errors import NotAllowed
from claims.models import Activity, ChecklistItem, ChecklistTick, Claim, Draft, User
from tests.desk import Desk
from tests.make import make_claim, make_correction, make_draft, make_offline_evidence, make_published_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def point(db: None) -> ChecklistItem:
    ChecklistItem.objects.update(is_active=False)
    return ChecklistItem.objects.create(text="The claimant was asked", required=True)


def ready(checker: User) -> Claim:
    claim = make_claim(checker)
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    return claim


def test_a_new_site_begins_with_points_that_hold_up_nobody(checker: User) -> None:
    assert ChecklistItem.objects.in_use().count() == 5
    assert not ChecklistItem.objects.filter(required=True).exists()
    with translation.override("kk"):
        assert all(item.shown_text != item.text and item.shown_help for item in ChecklistItem.objects.all())


def test_a_required_point_keeps_a_draft_from_being_handed_in(checker: User, point: ChecklistItem) -> None:
    draft = ready(checker).draft
    with pytest.raises(ValidationError, match="“The claimant was asked” is required. Do it, then tick it"):
        services.submit_for_review(draft, by=checker)
    services.tick_checklist(draft.claim, by=checker, ticks={point.pk: True})
    assert services.submit_for_review(draft, by=checker).state == "in_review"


def test_a_tick_says_who_and_when_and_is_taken_back_the_same_way(checker: User, point: ChecklistItem) -> None:
    claim, desk = ready(checker), Desk(checker)
    desk.fill(desk.claim(claim, "draft"), "draft_form", **{f"tick_{point.pk}": "on"})
    tick = ChecklistTick.objects.get()
    assert (tick.item, tick.by, tick.draft) == (point, checker, claim.draft)
    assert "ticked by checker" in desk.get(desk.claim(claim, "draft"))
    form = desk.form(desk.claim(claim, "draft"), "draft_form")
    del form[f"tick_{point.pk}"]
    desk.send(desk.claim(claim, "draft"), form)
    assert not ChecklistTick.objects.exists()
    assert Activity.objects.filter(action="ticked the checklist").count() == 2


def test_two_people_ticking_at_once_take_nothing_from_each_other(checker: User, editor: User) -> None:
    claim = ready(checker)
    first, second = ChecklistItem.objects.all()[:2]
    stale = Desk(editor).form(f"/admin/claims/claim/{claim.pk}/draft/", "draft_form")
    services.tick_checklist(claim, by=checker, ticks={first.pk: True})
    Desk(editor).send(f"/admin/claims/claim/{claim.pk}/draft/", stale | {f"tick_{second.pk}": "on"})
    assert {tick.item_id: tick.by for tick in ChecklistTick.objects.all()} == {first.pk: checker, second.pk: editor}


def test_a_script_that_knows_no_boxes_unticks_none(checker: User, point: ChecklistItem) -> None:
    claim, desk = ready(checker), Desk(checker)
    services.tick_checklist(claim, by=checker, ticks={point.pk: True})
    form = desk.form(desk.claim(claim, "draft"), "draft_form")
    desk.send(desk.claim(claim, "draft"), {name: value for name, value in form.items() if "tick_" not in name})
    assert ChecklistTick.objects.count() == 1


def test_whoever_ticks_counts_as_an_author(checker: User, editor: User, point: ChecklistItem) -> None:
    claim = ready(checker)
    services.tick_checklist(claim, by=editor, ticks={point.pk: True})
    draft = services.submit_for_review(claim.draft, by=checker)
    with pytest.raises(NotAllowed, match="You wrote part of this"):
        services.approve_and_publish(draft, by=editor)


def test_nothing_is_ticked_while_a_second_person_reads(checker: User, editor: User, point: ChecklistItem) -> None:
    claim = ready(checker)
    services.tick_checklist(claim, by=checker, ticks={point.pk: True})
    services.submit_for_review(claim.draft, by=checker)
    with pytest.raises(NotAllowed, match="is in review"):
        services.tick_checklist(claim, by=checker, ticks={point.pk: False})
    desk = Desk(editor)
    text = desk.get(desk.claim(claim, "approve"))
    assert "The claimant was asked" in text and "ticked by checker" in text


def test_an_observer_ticks_nothing(checker: User, outsider: User, point: ChecklistItem) -> None:
    claim = ready(checker)
    with pytest.raises(NotAllowed):
        services.tick_checklist(claim, by=outsider, ticks={point.pk: True})


def test_ticks_go_on_record_with_the_version_and_a_correction_starts_anew(checker: User, editor: User) -> None:
    item = ChecklistItem.objects.all()[0]
    version = make_published_verdict(checker, editor)
    claim = version.verdict.claim
    services.correct_verdict(claim, by=checker, kind="minor", reason="A date was wrong.")
    services.tick_checklist(claim, by=checker, ticks={item.pk: True})
    ChecklistItem.objects.update(text="Reworded since")
    draft = services.submit_for_review(services.save_draft(claim, by=checker, summary="Other."), by=checker)
    second = services.approve_and_publish(draft, by=editor)
    tick = second.ticks.get()
    assert (tick.draft, tick.text, tick.by) == (None, item.text, checker)
    assert item.text in Desk(editor).get(f"/admin/claims/verdictversion/{second.pk}/change/")
    services.correct_verdict(claim, by=checker, kind="minor", reason="Another.")
    assert not Draft.objects.get().ticks.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_the_ticks_of_a_version(checker: User, editor: User, change: str) -> None:
    item = ChecklistItem.objects.all()[0]
    claim = ready(checker)
    services.tick_checklist(claim, by=checker, ticks={item.pk: True})
    services.approve_and_publish(services.submit_for_review(claim.draft, by=checker), by=editor)
    with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
        rows = ChecklistTick.objects.filter(version__isnull=False)
        rows.update(text="Another") if change == "update" else rows.delete()


def test_a_tick_belongs_to_a_draft_or_to_a_version(checker: User, point: ChecklistItem) -> None:
    with pytest.raises(IntegrityError, match="claims_tick_of_draft_or_version"), transaction.atomic():
        ChecklistTick.objects.create(item=point, text="x", by=checker)


def test_a_point_is_ticked_once(checker: User, point: ChecklistItem) -> None:
    claim = ready(checker)
    services.tick_checklist(claim, by=checker, ticks={point.pk: True})
    with pytest.raises(IntegrityError, match="claims_tick_once_per_draft"), transaction.atomic():
        ChecklistTick.objects.create(draft=claim.draft, item=point, text="x", by=checker)


def test_administrators_alone_change_the_list(checker: User, admin: User) -> None:
    address = "/admin/claims/checklistitem/add/"
    assert Desk(checker).client.get(address).status_code == 403
    fields = {"text": "Maps were compared", "translations": '{"ru": {"text": "Карты сверены"}}', "position": "9"}
    Desk(admin).fill(address, "checklistitem_form", required="on", is_active="on", **fields)
    item = ChecklistItem.objects.get(text="Maps were compared")
    with translation.override("ru"):
        assert item.required and item.shown_text == "Карты сверены" and item.shown_help == ""


@pytest.mark.parametrize("wrong", ['["ru"]', '{"ru": "x"}', '{"ru": {"text": 5}}', '{"ru": {"words": "x"}}'])
def test_translations_that_would_show_nothing_are_refused(admin: User, wrong: str) -> None:
    answer = Desk(admin).fill("/admin/claims/checklistitem/add/", "checklistitem_form", text="X", translations=wrong)
    assert answer.status_code == 200 and "Write it like" in answer.content.decode()


def test_correcting_does_not_need_the_points_that_are_switched_off(checker: User, editor: User) -> None:
    version = make_published_verdict(checker, editor)
    ChecklistItem.objects.update(required=True, is_active=False)
    assert make_correction(version.verdict.claim, checker, editor).number == 2
