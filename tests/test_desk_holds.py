"""Held changes, notices and alarms on the desk."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.choices import AlarmKind, NoticeKind
from claims.models import Alarm, Evidence, Hold, Notice, Review, User
from claims.services.notices import notify
from sources.models import Source
from tests.desk import Desk, html
from tests.drifting import GONE, SIX, change, six_held

__all__ = ["six_held"]

pytestmark = pytest.mark.django_db

MAY_DECIDE = {"editor", "admin"}


def desk_of(name: str) -> Desk:
    return Desk(User.objects.get(username=name))


def page() -> str:
    return Hold.objects.get().get_absolute_url()


@pytest.mark.parametrize("name", ["outsider", "checker", "editor", "admin"])
def test_everybody_sees_what_is_held_and_who_may_decide_sees_the_buttons(name: str) -> None:
    desk = desk_of(name)
    assert "Changes held: news.example" in desk.get("/admin/")
    assert "news.example" in desk.get("/admin/claims/hold/")
    text = desk.get(page())
    assert "6 quotes from news.example" in text
    assert text.count("<del>hundred") == text.count("<ins>thousand") == SIX
    assert ('name="_release"' in text) == (name in MAY_DECIDE)


@pytest.mark.parametrize("name", ["outsider", "checker"])
def test_nobody_else_decides_by_posting(name: str) -> None:
    answer = desk_of(name).client.post(page(), {"reason": "x", "seen": "99", "_release": ""})
    assert answer.status_code == 403
    assert Hold.objects.open().count() == 1


def test_nobody_reads_it_without_signing_in(client: object) -> None:
    assert client.get(page()).status_code == 302  # type: ignore[attr-defined]


def test_a_reviewer_releases_it(django_assert_max_num_queries: object) -> None:
    answer = desk_of("editor").fill(page(), "hold_form", reason="The site did rewrite them.", _release="")
    assert answer.status_code == 302
    assert (Review.objects.count(), Hold.objects.get().outcome) == (SIX, "released")


def test_a_hold_that_was_decided_does_not_say_that_readers_see_nothing() -> None:
    desk = desk_of("editor")
    assert "Readers see nothing of it" in desk.get(page())
    desk.fill(page(), "hold_form", reason="The site did rewrite them.", _release="")
    assert "Readers see nothing of it" not in desk.get(page())


def test_a_reviewer_dismisses_it() -> None:
    desk = desk_of("editor")
    desk.fill(page(), "hold_form", reason="A consent wall.", _dismiss="")
    assert (Review.objects.count(), Hold.objects.get().outcome) == (0, "dismissed")
    text = desk.get(page())
    assert "A consent wall." in text and 'name="_release"' not in text


def test_without_a_reason_nothing_is_decided() -> None:
    text = html(desk_of("editor").fill(page(), "hold_form", reason="", _dismiss=""))
    assert "This field is required" in text
    assert Hold.objects.open().count() == 1


@pytest.mark.parametrize("pressed", [{}, {"_release": "", "_dismiss": ""}])
def test_nothing_is_decided_without_the_press_of_one_button(pressed: dict[str, str]) -> None:
    text = html(desk_of("editor").fill(page(), "hold_form", reason="The site did rewrite them.", **pressed))
    assert "Press either Release or Dismiss." in text
    assert Hold.objects.open().count() == 1


def test_the_second_of_two_reviewers_is_told_who_decided() -> None:
    first, second = desk_of("editor"), desk_of("admin")
    form = second.form(page(), "hold_form")
    first.fill(page(), "hold_form", reason="A consent wall.", _dismiss="")
    text = html(second.send(page(), form | {"reason": "Real.", "_release": ""}))
    assert "editor has decided about these changes already" in text
    assert Review.objects.count() == 0


def test_what_changed_while_the_page_was_open_stays_held() -> None:
    desk = desk_of("editor")
    form = desk.form(page(), "hold_form")
    change(list(Source.objects.order_by("pk")[:1]), GONE)
    desk.send(page(), form | {"reason": "A consent wall.", "_dismiss": ""})
    assert Hold.objects.open().get().touches.count() == 1
    assert "it is held anew" in desk.get("/admin/")


@pytest.mark.parametrize("path", ["/admin/claims/hold/999999/change/", "/admin/claims/hold/x/change/"])
def test_a_hold_that_is_not_there_is_not_found(path: str) -> None:
    assert desk_of("editor").client.get(path).status_code == 404


def test_the_page_of_a_hold_shows_what_its_pages_say_now() -> None:
    change(list(Source.objects.order_by("pk")[:1]), "Nothing here any longer, sorry.")
    text = desk_of("outsider").get(page())
    assert "No longer on the page" in text
    assert f"<del>{Evidence.objects.order_by('pk')[0].quote}</del>" in text


# Notices and alarms.


def tell(name: str, key: str = "one") -> Notice:
    person = User.objects.get(username=name)
    notify(
        [person], kind=NoticeKind.QUOTE_CHANGED, key=key, title=f"<b>For {name}</b>", text="What", at=timezone.now(),
    )  # fmt: skip
    return Notice.objects.get(recipient=person, key=key)


def test_the_front_page_lists_one_s_own_unread_notices() -> None:
    tell("checker")
    tell("editor")
    text = desk_of("checker").get("/admin/")
    assert "&lt;b&gt;For checker" in text and "For editor" not in text


def test_a_notice_that_is_read_leaves_the_front_page() -> None:
    notice, desk = tell("checker"), desk_of("checker")
    assert desk.send("/admin/claims/notice/read/", {"notice": str(notice.pk)}).status_code == 302
    assert "For checker" not in desk.get("/admin/")
    assert "For checker" in desk.get("/admin/claims/notice/")


@pytest.mark.parametrize("sent", ["x", "", "9" * 30])
def test_a_number_that_names_no_notice_ticks_nothing_off(sent: str) -> None:
    notice, desk = tell("checker"), desk_of("checker")
    assert desk.send("/admin/claims/notice/read/", {"notice": sent}).status_code == 302
    notice.refresh_from_db()
    assert notice.is_unread


def test_all_notices_are_ticked_off_at_once() -> None:
    tell("checker")
    tell("checker", key="two")
    desk_of("checker").send("/admin/claims/notice/read/", {})
    assert not Notice.objects.unread().filter(recipient__username="checker").exists()


def test_reading_is_posted_not_followed() -> None:
    assert desk_of("checker").client.get("/admin/claims/notice/read/").status_code == 405


def test_other_people_s_notices_are_the_administrators() -> None:
    notice = tell("checker")
    path = f"/admin/claims/notice/{notice.pk}/change/"
    assert desk_of("editor").client.get(path).status_code == 302
    assert "For checker" not in desk_of("editor").get("/admin/claims/notice/")
    assert "What" in desk_of("admin").get(path)


def test_everybody_switches_their_own_mail() -> None:
    desk = desk_of("checker")
    User.objects.update(email="somebody@newsroom.example")
    assert "Also mailed to somebody@newsroom.example" in desk.get("/admin/")
    desk.send("/admin/claims/notice/mail/", {})
    assert "Switch mail on" in desk.get("/admin/")
    assert User.objects.get(username="editor").notify_by_mail
    desk.send("/admin/claims/notice/mail/", {"on": ""})
    assert User.objects.get(username="checker").notify_by_mail


def test_an_open_alarm_is_on_the_front_page() -> None:
    alarm = Alarm.objects.create(kind=AlarmKind.SWEEP_LATE, started_at=timezone.now(), text="90 minutes late.")
    assert "90 minutes late." in desk_of("outsider").get("/admin/")
    assert "90 minutes late." in desk_of("outsider").get("/admin/claims/alarm/")
    desk_of("outsider").get(f"/admin/claims/alarm/{alarm.pk}/change/")
    Alarm.objects.update(ended_at=timezone.now())
    assert "90 minutes late." not in desk_of("outsider").get("/admin/")
