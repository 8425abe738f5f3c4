"""A site that has published nothing has a description and a page about its API too."""

from __future__ import annotations

from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.docs_page import page_of
from tests.feed_rows import get


def test_its_description_is_valid(client: Client, db: None) -> None:
    described = get(client, "/api/schema/")
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_it_has_the_page(client: Client, db: None) -> None:
    page = page_of(client)
    assert "until this site publishes something" in page
    assert "<code>/api/v1/verdicts/{id}/</code>" in page
