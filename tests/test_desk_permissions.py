"""Records nobody rewrites, people only administrators manage, and pages everybody may read."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from claims import services
from claims.models import Activity, Claim, Event, Review, User, Verdict, VerdictVersion
from sources.choices import Availability
from sources.services import pin
from tests.desk import CLAIMS, Desk
from tests.make import PASSWORD, make_claim, make_claimant, make_published_verdict

pytestmark = pytest.mark.django_db


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
