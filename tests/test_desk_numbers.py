"""The number that a quote gives is offered beside it, and written by nobody but a person."""

from __future__ import annotations

import pytest

from claims.models import User
from claims.quantities import guess_language
from tests.desk import Desk, html
from tests.make import make_claim, make_evidence

pytestmark = pytest.mark.django_db


def offered(desk: Desk, quote: str) -> str:
    return html(desk.client.post("/admin/number/", {"quote": quote}))


@pytest.mark.parametrize(
    ("quote", "low"),
    [
        ("Police said only a few hundred had actually turned up.", "200"),
        ("По данным полиции, вышли не менее 2000 человек.", "2000"),
        ("Полиция жүзден астам адам болды деді.", "100"),
    ],
)
def test_the_number_of_a_quote_is_offered_in_its_language(checker: User, quote: str, low: str) -> None:
    assert f'data-low="{low}"' in offered(Desk(checker), quote)


@pytest.mark.parametrize("quote", ["", "It rained on 9 June 2019.", "300 people here, 5,000 people there"])
def test_a_quote_without_one_number_offers_none(checker: User, quote: str) -> None:
    assert offered(Desk(checker), quote).strip() == ""


def test_the_words_of_a_quote_are_no_markup(checker: User) -> None:
    assert "<b>" not in offered(Desk(checker), "about 300 <b>people</b>")


def test_a_stranger_is_offered_nothing(client: object) -> None:
    assert client.post("/admin/number/", {"quote": "300 people"}).status_code == 302  # type: ignore[attr-defined]


def test_a_row_without_a_number_says_what_its_quote_gives(checker: User) -> None:
    claim = make_claim(checker)
    row = make_evidence(claim, checker)
    desk = Desk(checker)
    assert "Suggested from the quote: “a few hundred” (200–500)." in desk.get(desk.claim(claim))
    row.refresh_from_db()
    assert row.quantity is None


def test_a_row_with_a_number_is_offered_none(checker: User) -> None:
    claim = make_claim(checker)
    make_evidence(claim, checker, quantity_as_stated="250", quantity_low=250, quantity_high=250)
    desk = Desk(checker)
    assert "Suggested from the quote" not in desk.get(desk.claim(claim))


def test_the_letters_tell_the_language() -> None:
    assert [guess_language(text) for text in ("people", "людей", "жүз адам", "70 %")] == ["en", "ru", "kk", "en"]
