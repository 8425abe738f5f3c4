"""An id that is none is not found, and the answer says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.feed_problems import refused
from tests.held import held
from tests.make import make_published_verdict


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with held(django_db_blocker) as cast:
        yield make_published_verdict(*cast).verdict.claim.public_id


@pytest.fixture
def public_id(db: None, made: str) -> str:
    return made


@pytest.mark.parametrize(
    "wrong",
    ["{id}%0A", "%0A{id}", "{id}%00", "{id}%2F", "{id}/..", "../{id}", "{id}%20", "{id}.json", "{id}'", "{id}" * 3,
     "%E2%80%AE{id}", "{id};", "-", "null", "0", "-1", "%2e%2e%2f"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["verdicts", "claims", "sources"])
def test_an_id_that_is_none_is_not_found(client: Client, public_id: str, kind: str, wrong: str) -> None:
    refused(client.get(f"/api/v1/{kind}/{wrong.format(id=public_id)}/"), 404)


def test_ids_are_case_sensitive_and_the_answer_says_so(client: Client, public_id: str) -> None:
    assert "case-sensitive" in refused(client.get(f"/api/v1/verdicts/{public_id.swapcase()}/"), 404)["detail"]


@pytest.mark.parametrize("number", ["0", "-1", "1.0", "٣", "99999999999", "1%0A", "one", "%00"])
def test_a_version_that_is_no_number_is_not_found(client: Client, public_id: str, number: str) -> None:
    refused(client.get(f"/api/v1/verdicts/{public_id}/versions/{number}/"), 404)
