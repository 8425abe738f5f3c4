"""Claimants are chosen by whatever name, handle or post somebody has at hand."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import services
from claims.models import Claimant, ClaimantAccount, User
from tests.desk import Desk
from tests.make import make_claimant

pytestmark = pytest.mark.django_db
SHOWN = "Mukhtar Ablyazov — also: Мухтар Аблязов, Мұхтар Әблязов"


@pytest.fixture
def claimant(db: None) -> Claimant:
    made = make_claimant("Mukhtar Ablyazov", aliases=["Мухтар Аблязов", "Мұхтар Әблязов"])
    ClaimantAccount.objects.create(claimant=made, platform="facebook", handle="ablyazov.official")
    services.write_due_words()
    make_claimant("Somebody Else")
    return made


def chosen_from(desk: Desk, term: str, field: str = "claimant") -> list[str]:
    place = {"app_label": "claims", "model_name": "claim", "field_name": field, "term": term}
    return [row["text"] for row in desk.client.get("/admin/autocomplete/", place).json()["results"]]


@pytest.mark.parametrize(
    "term",
    [
        "mukh",
        "АБЛЯЗОВ",
        "әбляз",
        "ablyazov mukhtar",
        "@ablyazov.official",
        "https://m.facebook.com/Ablyazov.official/posts/1",
    ],
)
def test_a_claimant_is_found_by_any_name_or_post_and_shown_with_the_other_names(
    checker: User, claimant: Claimant, term: str
) -> None:
    assert chosen_from(Desk(checker), term) == [SHOWN]


def test_without_a_word_everybody_is_offered_by_name(checker: User, claimant: Claimant) -> None:
    assert chosen_from(Desk(checker), "") == [SHOWN, "Somebody Else"]


@pytest.mark.parametrize("term", ["😀", "'", "x" * 5000, "https://", "https://[", "a & b", ":*"])
def test_no_term_however_strange_breaks_the_choice(checker: User, claimant: Claimant, term: str) -> None:
    assert chosen_from(Desk(checker), term) == []


def test_the_list_is_searched_the_same_way(checker: User, claimant: Claimant) -> None:
    page = Desk(checker).get("/admin/claims/claimant/?q=аблязов")
    assert "Mukhtar Ablyazov" in page and "Somebody Else" not in page and "— also" not in page


def test_an_alias_that_was_just_saved_is_found_at_once(admin: User) -> None:
    claimant = make_claimant("Mukhtar")
    desk = Desk(admin)
    path = f"/admin/claims/claimant/{claimant.pk}/change/"
    assert desk.fill(path, "claimant_form", aliases="Мұхтар").status_code == 302
    assert chosen_from(desk, "мұхт") == ["Mukhtar — also: Мұхтар"]


def test_choosing_counts_no_claims(checker: User, claimant: Claimant) -> None:
    desk = Desk(checker)
    for field in ("claimant", "topics"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            chosen_from(desk, "mukh", field)
        assert not [query["sql"] for query in queries if "COUNT" in query["sql"]]
        assert len(queries) <= 20
