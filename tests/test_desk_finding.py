"""What the lists of the desk find, and that they find it by an index."""

from __future__ import annotations

import pytest
from django.db import connection

from claims.admin.searching import NEWEST, claims_found
from claims.models import Activity, Claim, User
from sources.finding import holding, values_of, words_of
from sources.models import Source
from tests.desk import CLAIMS, Desk
from tests.make import make_claim, make_claimant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("square", {"Thousands filled the square", "Nobody filled the square"}),
        ("THOUS fill", {"Thousands filled the square"}),
        ("площад", {"Площадь была пуста"}),
        ("almaty", {"Thousands filled the square"}),
        ("ablyazov", {"Nobody filled the square"}),
        ("' | ! & :*", set()),
    ],
)
def test_claims_are_found_by_beginnings_of_words_by_place_and_by_who_said_it(
    typed: str, found: set[str], checker: User
) -> None:
    make_claim(checker, "Thousands filled the square", location="Almaty")
    make_claim(checker, "Nobody filled the square", claimant=make_claimant("Mukhtar Ablyazov"))
    make_claim(checker, "Площадь была пуста", language="ru")
    response = Desk(checker).client.get(CLAIMS, {"q": typed})
    assert {claim.text for claim in response.context["cl"].result_list} == found


def test_a_claim_is_found_by_the_id_of_its_page(checker: User) -> None:
    claim = make_claim(checker)
    make_claim(checker, "Another")
    response = Desk(checker).client.get(CLAIMS, {"q": claim.public_id})
    assert list(response.context["cl"].result_list) == [claim]


def test_a_source_is_found_by_any_part_of_its_address() -> None:
    for path in ("protests-in-almaty", "weather"):
        Source.objects.create(url="x", canonical_url=f"https://news.example/2026/{path}.html", host="news.example")
    assert (
        holding(Source.objects.all(), words_of("title", "publisher", addresses=["canonical_url"]), "almaty").count()
        == 1
    )


def test_the_page_of_a_list_has_the_rows_of_its_place_in_its_order(checker: User) -> None:
    for number in range(53):
        make_claim(checker, f"Claim {number}")
    desk = Desk(checker)
    first, second = (desk.client.get(CLAIMS, {"p": page}).context["cl"].result_list for page in (1, 2))
    assert [claim.text for claim in [*first, *second]] == [f"Claim {number}" for number in range(52, -1, -1)]


def test_the_values_of_a_column_come_once_each_and_in_order(checker: User) -> None:
    for action in ("b", "a", "b", "c"):
        Activity.objects.create(action=action)
    assert values_of(Activity, "action", most=2) == ["a", "b"]


def test_a_filter_by_value_offers_what_there_is(checker: User) -> None:
    make_claim(checker, "Английский")
    make_claim(checker, "Русский", language="ru")
    desk = Desk(checker)
    response = desk.client.get(CLAIMS, {"language": "ru"})
    assert [claim.text for claim in response.context["cl"].result_list] == ["Русский"]
    assert "language=en" in response.content.decode()


@pytest.mark.parametrize("index", ["claims_claim_holds_words", "claims_claim_newest"])
def test_the_search_is_answered_from_an_index(index: str, checker: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    if index == "claims_claim_newest":
        plan = Claim.objects.order_by(*NEWEST)[:10].explain()
    else:
        plan = claims_found("square")[0].order_by().explain()
    assert index in plan
