"""An id that is none is not found, and the answer says why."""

from __future__ import annotations

import pytest
from django.test import Client

from claims.models import User
from tests.feed_problems import refused
from tests.held import held
from tests.make import make_published_verdict

pytestmark = pytest.mark.django_db


@held
def public_id(checker: User, editor: User) -> str:
    return make_published_verdict(checker, editor).verdict.claim.public_id


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
