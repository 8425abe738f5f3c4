"""Whatever somebody sends to any address: an answer in 4xx that says what is allowed, never a fault of ours."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from feed.describing.examples import Known
from feed.describing.operations import OPERATIONS
from tests.feed_problems import refused
from tests.feed_rows import get, store_documents

VERDICTS, EVENTS = "/api/v1/verdicts/", "/api/v1/events/"
LISTS = (VERDICTS, "/api/v1/claims/", "/api/v1/claimants/", "/api/v1/topics/", "/api/v1/ratings/", "/api/v1/sources/")
EVERY = tuple(operation.sample(Known()) for operation in OPERATIONS)
GOOGLE = "/v1alpha1/claims:search"

few = hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spelled(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def a_cursor(client: Client, **query: str) -> str:
    store_documents(3)
    link = get(client, VERDICTS, page_size=1, **query)["next"]
    return str(link.split("cursor=")[1].split("&")[0])


def test_a_cursor_cut_short_is_refused_wherever_it_is_cut(client: Client, db: None) -> None:
    cursor = a_cursor(client)
    for length in range(1, len(cursor), 3):
        errors = refused(client.get(VERDICTS, {"cursor": cursor[:length]}), 404)["errors"]
        assert "`next` or `previous`" in errors["cursor"][0] or "another ordering" in errors["cursor"][0]


def test_a_cursor_of_another_ordering_is_refused(client: Client, db: None) -> None:
    cursor = a_cursor(client, ordering="updated_at")
    assert "another ordering" in refused(client.get(VERDICTS, {"cursor": cursor}), 404)["errors"]["cursor"][0]


def test_a_cursor_of_another_list_is_refused(client: Client, db: None) -> None:
    cursor = a_cursor(client)
    for path in LISTS[2:]:
        refused(client.get(path, {"cursor": cursor}), 404)


@pytest.mark.parametrize(
    "place",
    [
        [], {}, None, 0, "next", [["-published_at"]], ["-published_at", "next", "2026-01-01", {}],
        ["-published_at", "next", "2026-13-01", "x"], ["-published_at", "next", "0000-01-01", "x"],
        ["-published_at", "next", "9999-12-31T23:59:59-14:00", "x"], ["-published_at", "next", "NaN", "x"],
        ["-published_at", "next", "2026-01-01", "x" * 300], ["-published_at", "next", "2026-01-01", "\ud800"],
        ["relevance", "next", "nan", "2026-01-01", "x"], ["relevance", "next", "1e999", "2026-01-01", "x"],
        ["relevance", "next", "-inf", "2026-01-01", "x"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("query", [{}, {"q": "claim", "ordering": "relevance"}])
def test_a_forged_cursor_is_refused_or_leads_nowhere(
    client: Client, db: None, place: Any, query: dict[str, str]
) -> None:
    store_documents(1)
    text = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    response = client.get(VERDICTS, {"cursor": text, **query})
    if response.status_code != 200:
        refused(response, 400, 404)


@few
@given(st.one_of(st.text(), st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_no_text_in_place_of_a_cursor_is_a_fault(client: Client, db: None, cursor: str) -> None:
    refused(client.get(VERDICTS, {"cursor": cursor}), 400, 404)


@pytest.mark.parametrize(
    "size",
    ["0", "-1", "-0", "201", "NaN", "inf", "1e2", "1.0", " 5", "5 ", "0x10", "٣", "9" * 5000, "", "[]"],
)
@pytest.mark.parametrize("path", [*LISTS, EVENTS, "/feeds/verdicts.rss"])
def test_a_page_size_that_is_none_is_told_the_range(client: Client, db: None, path: str, size: str) -> None:
    errors = refused(client.get(path, {"page_size": size}), 400)["errors"]
    assert "from 1 to 200" in errors["page_size"][0]


BAD_MOMENTS = [
    "2026-13-01", "2026-00-10", "2026-02-30", "0000-01-01", "2016-12-31T23:59:60Z", "2026-01-01T24:00:01Z",
    "2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00+24:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59",
    "+2026-01-01", "26-01-01", "2026-W01-1", "2026-001", "20260101", "yesterday", "1767225600", "2026-01-01T", "null",
    "2026-01-01\n", "٢٠٢٦-٠١-٠١", "2026-01-01T00:00:00[Asia/Almaty]", "12026-01-01", "2026-1-1", "NaN", "-1",
]  # fmt: skip


@pytest.mark.parametrize("name", ["published_after", "published_before", "updated_since"])
def test_a_moment_that_never_was_is_told_the_format(client: Client, db: None, name: str) -> None:
    for moment in BAD_MOMENTS:
        assert "RFC 3339" in refused(client.get(VERDICTS, {name: moment}), 400)["errors"][name][0], moment


@pytest.mark.parametrize("language", ["e", "english language", "en_GB", "en-", "-", "12", "xx" * 200, "en\n", "қазақ"])
def test_a_language_that_is_no_tag_is_told_what_one_is(client: Client, db: None, language: str) -> None:
    assert "BCP 47" in refused(client.get(VERDICTS, {"language": language}), 400)["errors"]["language"][0]


@pytest.mark.parametrize("language", ["xx", "ZZ", "zz-ZZ", "jp", "english", "klingon"])
@pytest.mark.parametrize("path", [VERDICTS, "/api/v1/claims/", "/feeds/verdicts.atom"])
def test_a_language_there_is_not_is_told_what_begins_a_tag(client: Client, db: None, path: str, language: str) -> None:
    """Else a slip of the pen (jp for ja, kz for kk) looks like a newsroom that has published nothing."""
    assert "ISO 639" in refused(client.get(path, {"language": language}), 400)["errors"]["language"][0]


@pytest.mark.parametrize("language", ["en", "EN", "kk-Cyrl-KZ", "iw", "fil", "tlh", "es-419", "qaa"])
def test_a_language_there_is_may_be_asked_for(client: Client, db: None, language: str) -> None:
    assert get(client, VERDICTS, language=language)["results"] == []


def test_a_language_nobody_writes_in_finds_nothing(client: Client, db: None) -> None:
    store_documents(1)
    assert get(client, VERDICTS, language="tlh")["results"] == []


# Bytes as they come: NUL, Latin-1, overlong and surrogate UTF-8, percent signs that encode nothing.
RAW = ["%00", "%FF", "caf%E9", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%80", "%E2%82", "%", "%G1", "%%", "%u0041"]


@pytest.mark.parametrize("raw", RAW)
@pytest.mark.parametrize(
    "name", ["q", "rating", "topic", "claimant", "language", "cursor", "updated_since", "page_size"]
)
def test_bytes_that_are_no_text_are_no_fault(client: Client, db: None, name: str, raw: str) -> None:
    response = client.get(f"{VERDICTS}?{name}={raw}")
    if response.status_code != 200:
        assert name in refused(response, 400, 404)["errors"]
    else:
        # Percent signs that encode nothing stand for themselves (WHATWG URL): two words nobody has.
        assert raw in {"%", "%G1", "%%", "%u0041"} and response.json()["results"] == []


@pytest.mark.parametrize("raw", [raw for raw in RAW if raw not in {"%", "%G1", "%%", "%u0041"}])
def test_text_in_another_encoding_is_told_so(client: Client, db: None, raw: str) -> None:
    [sentence] = refused(client.get(f"{VERDICTS}?topic={raw}"), 400)["errors"]["topic"]
    assert raw == "%00" or "UTF-8" in sentence


@pytest.mark.parametrize("path", EVERY)
def test_a_query_of_a_megabyte_is_refused(client: Client, db: None, path: str) -> None:
    refused(client.get(f"{path}?q={'x' * 1_000_000}"), 400, 404, 414)


@pytest.mark.parametrize("path", EVERY)
def test_ten_thousand_parameters_are_refused(client: Client, db: None, path: str) -> None:
    refused(client.get(f"{path}?{'&'.join(f'p{number}=1' for number in range(10_000))}"), 400, 404, 414)


@pytest.mark.parametrize("path", EVERY)
def test_a_few_hundred_unknown_parameters_never_fail(client: Client, db: None, path: str) -> None:
    response: Any = client.get(f"{path}?{'&'.join(f'utm_{number}=%00' for number in range(300))}")
    assert response.status_code < 500 and response.getvalue()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["page_size=1&page_size=1", "page_size[]=1", "page_size=1;page_size=2", "page_size"])
def test_a_parameter_repeated_or_misspelt_is_refused(client: Client, db: None, path: str, query: str) -> None:
    assert refused(client.get(f"{path}?{query}"), 400)["errors"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "QUERY", "X"])
@pytest.mark.parametrize("path", [*EVERY, "/api/docs/"])
def test_a_method_that_is_not_answered_is_told_which_are(client: Client, db: None, path: str, method: str) -> None:
    response = client.generic(method, path)
    if (method, path) == ("POST", "/api/v1/match/"):
        refused(response, 415)
    elif response.status_code == 404:  # nothing public there, whatever the method
        refused(response)
    else:
        refused(response, 405)
        assert {"GET", "HEAD", "OPTIONS"} <= set(response["Allow"].split(", "))


@pytest.mark.parametrize("path", EVERY)
def test_a_body_nobody_asked_for_is_no_fault(client: Client, db: None, path: str) -> None:
    for kind in ("application/json", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense", ""):
        response: Any = client.generic("GET", path, b"\x00\xff{" * 1000, content_type=kind)
        assert response.status_code < 500 and response.getvalue(), kind


WRONG_HEADERS = {
    "accept": ["\xff", "a/b;q=NaN", "*/*;q=", ",,,;;;", "x" * 20_000, "application/json;q=-1", "*", "/"],
    "accept-encoding": ["\xff", "gzip;q=NaN", "gzip;q=", "x" * 20_000, ",;,", "gzip, " * 5000],
    "if-none-match": ["\xff", '"', "W/", '"' * 1000, "*, *", "x" * 20_000, '"\x00"', "W/W/\"x\"", ","],
    "if-match": ["\xff", '"', "nonsense", "x" * 20_000],
    "if-modified-since": ["yesterday", "Thu, 99 Feb 2026 00:00:00 GMT", "Thu, 01 Jan 0000 00:00:00 GMT", "9" * 5000],
    "range": ["bytes=0-0", "bytes=-1", "bytes=9-1", "lines=1-2", "bytes=" + "0-1," * 5000, "\xff"],
    "authorization": ["Api-Key", "Api-Key \xff", "Bearer x", "Basic eDp5", "Api-Key " + "x" * 20_000, "\x00", "ctk_"],
    "content-length": ["-1", "x", "9" * 40],
    "host": ["", "a b", "[::1", "x" * 5000],
    "x-http-method-override": ["DELETE", "\xff", "GET"],
    "origin": ["null", "\xff", "https://evil.example"],
    "cookie": ["sessionid=\xff;;=", "x" * 20_000],
    "x-forwarded-for": ["nonsense", "\xff", "1.2.3.4, " * 5000],
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_HEADERS)
def test_no_header_is_a_fault(client: Client, db: None, name: str) -> None:
    for path in (VERDICTS, EVENTS, f"{VERDICTS}nothing/", "/feeds/verdicts.rss", f"{GOOGLE}?query=x", "/api/schema/"):
        for value in WRONG_HEADERS[name]:
            response = client.get(path, headers={name: value})
            assert response.status_code < 500, (path, value[:40])
            if response.status_code >= 400:
                refused(response, 400, 401, 404, 406, 412)


def test_part_of_an_answer_is_not_given_and_the_whole_is_right(client: Client, db: None) -> None:
    """RFC 9110, 14.2: a server may pass over Range."""
    response = client.get(VERDICTS, headers={"range": "bytes=0-0"})
    assert (response.status_code, response.json()["results"]) == (200, [])


@few
@given(
    st.dictionaries(st.text(max_size=8), st.text(max_size=60), max_size=4), st.sampled_from([*LISTS, EVENTS, GOOGLE])
)
def test_no_parameters_are_a_fault(client: Client, db: None, query: dict[str, str], path: str) -> None:
    response = client.get(path, query)
    if response.status_code != 200:
        refused(response, 400, 404)


@few
@given(
    st.sampled_from(["q", "rating", "topic", "claimant", "language", "status", "ordering", "updated_since"]), st.text()
)
def test_no_value_of_a_filter_is_a_fault(client: Client, db: None, name: str, value: str) -> None:
    response = client.get(VERDICTS, {name: value})
    if response.status_code != 200:
        assert refused(response, 400)["errors"][name]


@few
@given(st.text(min_size=1))
def test_no_path_is_a_fault(client: Client, db: None, rest: str) -> None:
    for base in ("/api/", "/api/v1/", VERDICTS, "/feeds/", "/v1alpha1/"):
        assert client.get(base + rest.replace("?", "")).status_code in (200, 301, 400, 404, 501)
