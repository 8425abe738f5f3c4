"""What a stranger's server puts into its headers can break no visit, let alone a sweep."""

from __future__ import annotations

import pytest

from sources.choices import Outcome
from sources.services import recheck_due_sources, register_source
from tests.sources_support.server import Server, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db(transaction=True)

HEAD_ENDS = b"\r\n\r\n"


def with_head(line: bytes, answer: bytes, status: bytes = b"200 OK") -> bytes:
    head, _, body = answer.partition(HEAD_ENDS)
    _, _, lines = head.partition(b"\r\n")
    return b"HTTP/1.1 " + status + b"\r\n" + lines + (b"\r\n" + line if line else b"") + HEAD_ENDS + body


@pytest.mark.parametrize(
    "line",
    [
        b"server: caf\xe9",
        b'etag: "caf\xe9"',
        b"last-modified: \xe9",
        b"content-language: \xe9",
        b"x-anything: \xcf\xf0\xe8\xe2\xe5\xf2",
        b"retry-after: Mon, 01 Jan 99999999999 00:00:00 GMT",
        b"retry-after: Mon, 01 Jan 2024 00:00:00 +99999999999999",
    ],
)
def test_a_page_with_a_strange_header_is_captured(line: bytes, web: Server) -> None:
    web["/x"] = with_head(line, page("Some words."))
    source = register_source(f"{web.url}/x")
    assert [check.outcome for check in recheck_due_sources()] == [Outcome.OK]
    source.refresh_from_db()
    assert source.current_snapshot is not None


def test_a_reason_in_another_encoding_is_no_obstacle(web: Server) -> None:
    web["/x"] = with_head(b"", page("Some words."), status=b"200 \xc4\xe0")
    register_source(f"{web.url}/x")
    assert [check.outcome for check in recheck_due_sources()] == [Outcome.OK]


def test_a_redirect_in_another_encoding_is_written_down(web: Server) -> None:
    web["/x"] = with_head(b"location: /caf\xe9", page("x"), status=b"301 Moved")
    register_source(f"{web.url}/x")
    assert [check.outcome for check in recheck_due_sources()] != [Outcome.INTERNAL_ERROR]


def test_an_impossible_date_in_retry_after_does_not_end_the_sweep(web: Server) -> None:
    web["/x"] = with_head(
        b"retry-after: Mon, 01 Jan 99999999999 00:00:00 GMT", page("Later."), status=b"429 Too Many Requests"
    )
    register_source(f"{web.url}/x")
    assert [check.outcome for check in recheck_due_sources()] == [Outcome.RATE_LIMITED]
