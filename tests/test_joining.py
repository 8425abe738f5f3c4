"""The same message, logged by several people at once, is one claim."""

from __future__ import annotations

from claims.models import Claim, User
from tests.desk import Desk
from tests.test_desk_log import save, second


def test_the_same_message_logged_by_three_people_is_one_claim_with_three_appearances(
    checker: User, editor: User, admin: User
) -> None:
    forms = []
    for number, user in enumerate((checker, editor, admin)):
        desk = Desk(user)
        forms.append((desk, second(desk, f"https://social.example/{number}")))
    for desk, fields in forms:
        assert save(desk, fields, text="Thousands of PROTESTERS filled the square!").status_code == 302
    claim = Claim.objects.get()
    assert claim.appearances.count() == 3
