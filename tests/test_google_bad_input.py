"""Google's address asked wrongly: Google's error body, with what is allowed, never a 500."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from pytest_django import Settings

from feed.describing.openapi_parts import GOOGLE_PARAMETERS
from feed.google import masks, tokens
from feed.google.errors import BAD_REQUEST
from feed.services.keys import create_key
from feed.views.google import FORM
from tests.google_rows import SEARCH, make_external, refused, search

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ({}, "query", "Required unless reviewPublisherSiteFilter is specified"),
        ({"query": ""}, "query", "Required unless"),
        ({"query": "  ", "languageCode": "en"}, "query", "Required unless"),
        ({"query": "x" * 10_001}, "query", "at most 10000 characters"),
        ({"query": "x", "pageSize": "-1"}, "pageSize", "a whole number from 0"),
        ({"query": "x", "pageSize": "ten"}, "pageSize", "a whole number from 0"),
        ({"query": "x", "pageSize": ""}, "pageSize", "a whole number from 0"),
        ({"query": "x", "pageSize": "2147483648"}, "pageSize", "to 2147483647"),
        ({"query": "x", "offset": "-10"}, "offset", "a whole number from 0"),
        ({"query": "x", "offset": "٣"}, "offset", "a whole number from 0"),
        ({"query": "x", "maxAgeDays": "1.5"}, "maxAgeDays", "a whole number from 0"),
        ({"query": "x", "languageCode": "english please"}, "languageCode", "BCP 47"),
        ({"query": "x", "languageCode": "e\x00"}, "languageCode", "BCP 47"),
        ({"query": "x", "languageCode": "xx-US"}, "languageCode", "ISO 639"),
        ({"query": "a\x00b"}, "query", "no NUL"),
        ({"query": "a\ufffdb"}, "query", "in UTF-8"),
        ({"query": "x", "reviewPublisherSiteFilter": "not a site"}, "reviewPublisherSiteFilter", "such as nytimes.com"),
        ({"query": "x", "reviewPublisherSiteFilter": "\x00"}, "reviewPublisherSiteFilter", "such as nytimes.com"),
        ({"query": "x", "pageToken": "%%%"}, "pageToken", "nextPageToken"),
        ({"query": "x", "pageToken": "CA"}, "pageToken", "nextPageToken"),
        ({"query": "x", "pageToken": "EAo"}, "pageToken", "nextPageToken"),
        ({"query": "x", "pageToken": "CP////////8B"}, "pageToken", "nextPageToken"),
        ({"query": "x", "pageToken": "C" * 5000}, "pageToken", "nextPageToken"),
        ({"query": "x", "callback": "alert"}, "callback", "CORS"),
        ({"query": "x", "alt": "proto"}, "alt", "json"),
        ({"query": "x", "alt": ""}, "alt", "json"),
        ({"query": "x", "prettyPrint": "maybe"}, "prettyPrint", "true or false"),
        ({"query": "x", "$.xgafv": "3"}, "$.xgafv", "1 or 2"),
        ({"query": "x", "fields": "claims(rating)"}, "fields", "text, claimant, claimDate, claimReview"),
        ({"query": "x", "fields": "claims((("}, "fields", "Invalid field selection"),
        ({"query": "x", "nonsense": "1"}, "nonsense", "Unknown name"),
        ({"query": "x", "claimantName": "1"}, "claimantName", "reviewPublisherSiteFilter"),
        ({"query": ["x", "y"]}, "query", "more than once"),
        ({"query": "x", "pageSize": "1", "page_size": "1"}, "pageSize", "more than once"),
    ],
)
def test_it_says_which_parameter_cannot_be_used_and_what_can(
    client: Client, asked: dict[str, Any], field: str, told: str
) -> None:
    error = refused(client.get(SEARCH, asked))
    [details] = error["details"]
    assert details["@type"] == BAD_REQUEST
    [violation] = details["fieldViolations"]
    assert violation["field"] == field and told in violation["description"]
    assert error["message"].startswith("Request contains an invalid argument.") and told in error["message"]


@pytest.mark.parametrize(
    "value", ["", "en", "EN-us", "en_US", "iw", "xx", "english", "1", "TRUE", "json", "10000"]
)
@pytest.mark.parametrize("parameter", GOOGLE_PARAMETERS, ids=lambda parameter: str(parameter["name"]))
def test_what_the_description_allows_is_taken_and_nothing_else(
    client: Client, parameter: dict[str, Any], value: str
) -> None:
    schema = parameter["schema"]
    meant = int(value) if schema["type"] == "integer" and value.isdecimal() else value
    response = client.get(SEARCH, {"query": "x", parameter["name"]: value})
    assert (response.status_code == 200) == Draft202012Validator(schema).is_valid(meant), response.content


def test_every_violation_is_told_at_once(client: Client) -> None:
    error = refused(client.get(SEARCH, {"pageSize": "a", "offset": "b", "what": "c"}))
    assert {each["field"] for each in error["details"][0]["fieldViolations"]} == {"pageSize", "offset", "what"}


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize(
    ("path", "code", "status"),
    [
        ("claims:imageSearch", 501, "UNIMPLEMENTED"),
        ("pages", 501, "UNIMPLEMENTED"),
        ("pages/12", 501, "UNIMPLEMENTED"),
        ("claims:search/", 404, "NOT_FOUND"),
        ("claims", 404, "NOT_FOUND"),
        ("", 404, "NOT_FOUND"),
    ],
)
def test_other_addresses_are_refused_in_the_same_shape(
    client: Client, method: str, path: str, code: int, status: str
) -> None:
    error = refused(getattr(client, method)(f"/v1alpha1/{path}"), code, status)
    assert error["message"].endswith(".")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_get_is_allowed(client: Client, method: str) -> None:
    response = getattr(client, method)(SEARCH, headers={"x-http-method-override": "DELETE"})
    assert "X-HTTP-Method-Override: GET" in refused(response, 405, "UNIMPLEMENTED")["message"]
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_a_form_in_place_of_a_long_address_needs_no_token() -> None:
    make_external("They came")
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        SEARCH,
        "query=came&key=anything",
        content_type=FORM,
        headers={"x-http-method-override": "get"},
    )
    assert response.json()["claims"][0]["text"] == "They came"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"query=" + b"x" * 200, FORM),
        (b"query=x&" * 20, FORM),
        (b"query=\xff&pageSize=\xff", FORM),
        (b'{"query": "x"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary="),
        (b"query=x", ""),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(client: Client, settings: Settings, body: bytes, kind: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 100, 10
    refused(client.generic("POST", SEARCH, body, kind, headers={"x-http-method-override": "GET"}))


def test_a_state_that_is_not_ours_is_refused(client: Client) -> None:
    refused(client.get(SEARCH, {"query": "x"}, headers={"if-match": '"x"'}), 412, "FAILED_PRECONDITION")


def test_too_long_an_address_is_refused(client: Client) -> None:
    refused(client.get(f"{SEARCH}?query={'x' * 20_000}"), 414)


@pytest.mark.parametrize("authorization", ["Bearer ya29.google", "bearer x"])
def test_googles_own_credentials_open_nothing_and_break_nothing(client: Client, authorization: str) -> None:
    response = client.get(SEARCH, {"query": "x"}, headers={"authorization": authorization})
    assert response.status_code == 200


def test_a_broken_key_of_ours_in_the_header_is_refused_in_googles_shape(client: Client) -> None:
    response = client.get(SEARCH, {"query": "x"}, headers={"authorization": "Api-Key nonsense"})
    refused(response, 401, "UNAUTHENTICATED")


def test_limits_are_told_in_googles_shape_and_a_key_of_ours_raises_them(settings: Settings) -> None:
    settings.RATE_ANONYMOUS = 2
    # Redis remembers who asked: somebody new.
    client = Client(REMOTE_ADDR=f"2001:db8:{secrets.randbelow(65536):x}:{secrets.randbelow(65536):x}::1")
    assert search(client, query="x", key="AIza-whatever") == {}
    client.get(SEARCH, {"query": "x"})
    response = client.get(SEARCH, {"query": "x", "key": "AIza-another"})
    refused(response, 429, "RESOURCE_EXHAUSTED")
    assert int(response["Retry-After"]) > 0 and "RateLimit" in response
    _, key = create_key("A newsroom", by=None)
    assert search(client, query="x", key=key) == {}


def test_answers_are_conditional_and_pretty_unless_asked_not_to(client: Client) -> None:
    make_external("They came")
    pretty = client.get(SEARCH, {"query": "came"})
    assert pretty.content.startswith(b'{\n  "claims": [\n    {\n      "text"')
    assert pretty["Content-Type"] == "application/json" and "s-maxage" in pretty["Cache-Control"]
    compact = client.get(SEARCH, {"query": "came", "prettyPrint": "false"})
    assert compact.content.startswith(b'{"claims":[{"text":"They came"')
    assert compact["ETag"] != pretty["ETag"]
    again = client.get(
        SEARCH, {"query": "came", "key": "other", "quotaUser": "me"}, headers={"if-none-match": pretty["ETag"]}
    )
    assert again.status_code == 304
    assert client.head(SEARCH, {"query": "came"}).status_code == 200
    assert client.options(SEARCH).status_code == 204


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("claims/text,nextPageToken", {"claims": [{"text": "a"}], "nextPageToken": "t"}),
        ("claims(text,claimReview(url))", {"claims": [{"text": "a", "claimReview": [{"url": "u"}, {"url": "v"}]}]}),
        ("claims/claimReview/publisher/site", {"claims": [{"claimReview": [{"publisher": {"site": "s"}}, {}]}]}),
        ("claims.text", {"claims": [{"text": "a"}]}),
        ("claims/text, claims/claimDate", {"claims": [{"text": "a"}]}),
        ("nextPageToken", {"nextPageToken": "t"}),
        ("claims/claimReview/*/x", None),
    ],
)
def test_masks_leave_what_they_name(mask: str, left: Any) -> None:
    reviews: list[Any] = [{"url": "u", "publisher": {"name": "n", "site": "s"}}, {"url": "v"}]
    answer = {"claims": [{"text": "a", "claimReview": reviews}], "nextPageToken": "t"}
    for everything in ("*", "claims,nextPageToken", "claims(*),nextPageToken,claims/text"):
        assert masks.masked(answer, masks.read_mask(everything)) == answer
    if left is None:
        with pytest.raises(ValueError, match="parentheses"):
            masks.read_mask(mask)
    else:
        assert masks.masked(answer, masks.read_mask(mask)) == left


def test_partial_answers(client: Client) -> None:
    make_external("They came", headline="No")
    assert search(client, query="came", fields="claims/text,nextPageToken") == {"claims": [{"text": "They came"}]}


@pytest.mark.parametrize("token", ["", "=", "CAoV", "CAoVAAAA", "AA", "CIGAgIAQ", "CIGAgICAAQ", "CAoVAAAAAAAA", "Ω"])
def test_what_is_no_token_is_known(token: str) -> None:
    with pytest.raises(ValueError, match="no page token"):
        tokens.read_token(token, "")
