"""What no form of the desk sends is answered all the same, and nobody reads others' rows by guessing keys."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from claims.choices import NoticeKind
from claims.models import Claim, Notice, UnsavedWords, User
from claims.services.notices import notify
from tests.accounts_desk import Browser
from tests.desk import Desk
from tests.make import PASSWORD, make_claim, make_draft

pytestmark = pytest.mark.django_db
# Python refuses to read numbers of so many digits.
ENDLESS = "9" * 5000


@pytest.fixture
def claim(checker: User) -> Claim:
    claim = make_claim(checker)
    make_draft(claim, checker)
    return claim


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/admin/claims/log/address", {"url": "https://example.org/", "row": ENDLESS, "claim": ENDLESS}),
        ("/admin/claims/log", {"text": "Thousands came", "claimant": ENDLESS, "topics": ENDLESS, "_look": "1"}),
        ("/admin/claims/log", {"text": "Thousands came", "_same": ENDLESS}),
        ("/admin/claims/notice/read/", {"notice": ENDLESS}),
        ("/admin/account/sessions/end/", {"session": ENDLESS}),
        ("/admin/language/", {"language": "xx", "next": "nowhere"}),
    ],
)
def test_what_no_form_sends_is_answered(checker: User, path: str, fields: dict[str, Any]) -> None:
    assert Desk(checker).client.post(path, fields).status_code < 500


@pytest.mark.parametrize("key", ["abc", "a%00b", ENDLESS])
def test_the_record_of_no_row_is_not_found(checker: User, key: str) -> None:
    assert Desk(checker).client.get(f"/admin/claims/claim/{key}/history/").status_code == 404


def test_unsaved_words_are_kept_without_what_the_database_cannot_hold(checker: User, claim: Claim) -> None:
    answer = Desk(checker).client.post(
        f"/admin/claims/claim/{claim.pk}/draft/keep/", {"headline": "Many\x00 came", "_age": ENDLESS}
    )
    assert answer.status_code == 200 and UnsavedWords.objects.get().words["headline"] == ["Many came"]


def test_the_record_of_a_colleagues_notice_is_theirs_alone(checker: User, outsider: User) -> None:
    notify([checker], kind=NoticeKind.ACCOUNT, key="one", title="Somebody knows your password", at=timezone.now())
    path = f"/admin/claims/notice/{Notice.objects.get().pk}/history/"
    assert Desk(outsider).client.get(path).status_code == 404
    assert Desk(checker).client.get(path).status_code == 200


def test_signing_in_with_a_next_that_is_no_address_lets_in(checker: User) -> None:
    browser = Browser()
    answer = browser.post("/admin/login/?next=nowhere", {"username": checker.username, "password": PASSWORD})
    assert answer.status_code == 302
