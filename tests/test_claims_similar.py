"""Claims like a text are found whether they are public or not, in three languages, and whatever is typed."""

from __future__ import annotations

from unittest import mock

import pytest
from django.db import OperationalError, connection

from claims import services, similar
from claims.matching import finding
from claims.models import Claim, ClaimantAccount, ClaimantWords, ClaimWords, User
from claims.searching import SearchTakesTooLong
from claims.similar import similar_claims
from tests.make import make_claim, make_claimant, make_published_verdict

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [hit.claim.text for hit in similar_claims(text).hits]


def test_a_claim_nobody_published_is_found_in_other_forms_of_its_words(checker: User) -> None:
    make_claim(checker, "Thousands of protesters filled the square")
    assert found("a thousand protests on squares") == ["Thousands of protesters filled the square"]


@pytest.mark.parametrize(
    ("logged", "typed"),
    [
        ("Тысячи протестующих вышли на площадь", "тысяча протестов на площади"),
        ("Мыңдаған наразы адам алаңға шықты", "алаңда мыңдаған наразылар шықты"),
        ("Ещё вчера всё было ЗАКРЫТО", "еще вчера закрыто"),
        ("70 000 people came to the café", "70,000 people in cafes"),
    ],
)
def test_it_forgives_inflection_and_spelling_in_each_language(checker: User, logged: str, typed: str) -> None:
    make_claim(checker, logged)
    make_claim(checker, "Nothing like it at all")
    assert found(typed) == [logged]


def test_a_published_one_comes_with_its_rating_in_few_queries(checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, text="Thousands of protesters filled the square")
    (hit,) = similar_claims("protesters filled the square").hits
    assert hit.claim.is_public and hit.claim.verdict.current_version is not None
    assert hit.words == ["protesters", "filled", "square"] and hit.is_much_alike


def test_the_likest_comes_first_and_there_are_ten_at_most(checker: User) -> None:
    for number in range(12):
        make_claim(checker, f"Protesters filled the square of town {'x' * (number + 3)}")
    same = make_claim(checker, "Protesters filled the square")
    assert found("Protesters filled the square")[0] == same.text
    assert len(found("Protesters filled the square")) == 10


def test_a_number_is_found_only_as_itself(checker: User) -> None:
    make_claim(checker, "It was 2019")
    assert found("20190") == [] and found("2019") == ["It was 2019"]


@pytest.mark.parametrize(
    "text", ["", " ", "a", "ө", "😀😀😀", "'", "& | !", "\\", "\x00", ":*", "the and", "x" * 100_000, "слово " * 20_000]
)
def test_whatever_is_typed_is_answered(checker: User, text: str) -> None:
    make_claim(checker)
    assert similar_claims(text).hits == []


def test_a_busy_database_is_said_so_and_not_waited_for(checker: User) -> None:
    make_claim(checker)
    with mock.patch.object(finding, "_candidates", autospec=True, side_effect=SearchTakesTooLong("1000 ms")):
        assert similar_claims("protesters filled the square") == similar.Similar(gave_up=True)


def test_a_statement_that_takes_too_long_is_given_up_and_the_transaction_goes_on() -> None:
    def slow(*_: object, public: bool) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    with mock.patch.object(finding, "_candidates", slow), mock.patch.object(finding, "TIME_LIMIT", 50):
        assert similar_claims("protesters filled the square").gave_up
    assert not Claim.objects.exists()


def test_other_troubles_of_the_database_are_not_hidden() -> None:
    with (
        mock.patch.object(finding, "_candidates", autospec=True, side_effect=OperationalError("gone")),
        pytest.raises(OperationalError),
    ):
        similar_claims("protesters filled the square")


def test_a_changed_claim_is_found_by_its_new_words_alone(checker: User) -> None:
    claim = make_claim(checker)
    services.update_claim(claim, by=checker, expected_revision=1, text="Nobody came to the stadium")
    assert found("protesters filled the square") == []
    assert found("nobody in stadiums") == ["Nobody came to the stadium"]


def test_words_that_are_gone_find_nothing_however_the_text_was_changed(checker: User) -> None:
    make_claim(checker)
    Claim.objects.update(text="Blanked")
    assert found("protesters filled the square") == []
    assert services.write_due_words() == 1
    assert found("blanked") == ["Blanked"]


def test_claims_that_came_another_way_get_their_words_soon() -> None:
    Claim.objects.bulk_create([Claim(text="Thousands of protesters filled the square", slug="x")])
    assert found("protesters filled the square") == []
    assert services.write_due_words() == 1
    assert len(found("protesters filled the square")) == 1
    assert services.write_due_words() == 0


def test_a_claimants_words_follow_their_names_and_accounts() -> None:
    claimant = make_claimant("Mukhtar Example", aliases=["Мұхтар Үлгі"])
    account = ClaimantAccount.objects.create(claimant=claimant, platform="facebook", handle="mukhtar.e")
    services.write_due_words()
    words = ClaimantWords.objects.get(claimant=claimant)
    assert words.search_text == "mukhtar example мұхтар үлгі mukhtar e"
    account.delete()
    assert ClaimantWords.objects.due().count() == 1
    claimant.delete()
    assert not ClaimantWords.objects.exists()


def test_a_claim_that_goes_takes_its_words_along() -> None:
    Claim.objects.bulk_create([Claim(text="Thousands", slug="x")])[0].delete()
    assert not ClaimWords.objects.exists()
