"""Readers' pages that need not be made: kept by this process, compressed, never older than what PostgreSQL says."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims import services
from claims.models import User
from tests.make import make_published_verdict

pytestmark = pytest.mark.django_db


def test_a_page_asked_for_again_is_kept_until_something_changes(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    for _ in range(2):
        first = client.get("/")
    with CaptureQueriesContext(connection) as seen:
        again = client.get("/")
    assert len(seen) == 1 and again.content == first.content
    assert dict(again.headers) == dict(first.headers)
    services.look_again(claim, by=editor, reason="A reader sent another count.")
    assert "A reader sent another count." in client.get("/").content.decode()


def test_pages_travel_compressed_under_an_etag_of_their_own(client: Client) -> None:
    plain = client.get("/methodology/")
    packed = client.get("/methodology/", headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content and packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in plain["Vary"] and "Accept-Encoding" in packed["Vary"]
    whole, small = client.get("/"), client.get("/", headers={"accept-encoding": "gzip"})
    assert small["ETag"] != whole["ETag"]
    for etag in (whole["ETag"], small["ETag"]):
        assert client.get("/", headers={"if-none-match": etag}).status_code == 304


def test_a_kept_page_is_not_served_to_a_host_that_is_not_ours(client: Client) -> None:
    for _ in range(2):
        client.get("/")
    assert client.get("/", headers={"host": "elsewhere.example"}).status_code == 400
