"""Numbers read out of claims: three languages, and silence where a number may mean something else."""

from decimal import Decimal

import pytest

from claims.quantities import Quantity, parse, suggest


def bounds(one: Quantity) -> tuple[str, str | None, str | None, str]:
    def plain(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    return one.comparator, plain(one.low), plain(one.high), one.unit


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "thousands of protesters", ("vague", "2000", None, "protesters")),
        ("en", "a few hundred", ("vague", "200", "500", "")),
        ("en", "70.96 %", ("", "70.96", "70.96", "%")),
        ("en", "10k-15k", ("range", "10000", "15000", "")),
        ("ru", "не менее 2000", ("at_least", "2000", None, "")),
        ("ru", "10\u202f000 человек", ("", "10000", "10000", "человек")),
        ("ru", "2–3 тыс. человек", ("range", "2000", "3000", "человек")),
        ("kk", "жүзден астам адам", ("more_than", "100", None, "адам")),
        ("kk", "70,96 пайыз", ("", "70.96", "70.96", "%")),
    ],
)
def test_a_quantity_is_read(language: str, text: str, expected: tuple[str, str | None, str | None, str]) -> None:
    assert [bounds(one) for one in parse(text, language)] == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "June 9, 2019"),
        ("en", "call +7 701 123 45 67"),
        ("en", "In 2019 people took to the streets"),
        ("ru", "10,000 человек"),
        ("ru", "в 2019 году"),
        ("kk", "12-бап"),
    ],
)
def test_it_keeps_silent_when_unsure(language: str, text: str) -> None:
    assert parse(text, language) == []


def test_a_claim_with_one_quantity_suggests_it() -> None:
    one = suggest("On June 9, 2019 thousands of protesters marched for 3 hours.", "en")
    assert one is not None
    assert one.text == "thousands of protesters"


def test_a_claim_with_two_quantities_suggests_none() -> None:
    assert suggest("Police counted 300 people, the organisers 5,000 people.", "en") is None


def test_another_language_is_not_read() -> None:
    assert parse("10 000 Menschen", "de") == []
