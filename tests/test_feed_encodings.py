"""Compressed answers, and finished ones that are kept: fewer bytes and less work, and never another answer."""

from __future__ import annotations

import gzip
from threading import Thread
from typing import Any

import pytest
from django.test import Client

from claims import services
from claims.models import User
from claims.serving.conditions import encoded, held_etag, takes_gzip
from claims.serving.page_cache import MIN_COMPRESSED, OVERHEAD, Answer, PageCache, page_cache
from feed.serving.filters import filtered, keyset_of
from feed.serving.paging import read_page
from feed.serving.stored import read_stored
from feed.views import verdicts
from tests.feed_rows import ids, store_documents
from tests.make import make_published_verdict

VERDICTS = "/api/v1/verdicts/"
GZIP = {"accept-encoding": "gzip"}


@pytest.fixture
def many(db: None) -> list[str]:
    """Enough documents for a page that is worth compressing."""
    return store_documents(50)


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*, gzip;q=0", False),
        ("*;q=0", False),
        ("br", False),
        ("identity", False),
        ("", False),
        ("gzip;q=0.01", True),
        ("deflate;q=0, gzip", True),
        (",;=;q", False),
        ("gzip" + "," * 1000, False),
    ],
)
def test_gzip_is_sent_to_whoever_takes_it(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


def test_a_compressed_page_holds_the_same_bytes_under_an_etag_of_its_own(client: Client, many: list[str]) -> None:
    plain, compressed = client.get(VERDICTS), client.get(VERDICTS, headers=GZIP)
    assert compressed["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain
    assert gzip.decompress(compressed.content) == plain.content
    assert int(compressed["Content-Length"]) == len(compressed.content) < len(plain.content)
    assert compressed["ETag"] == plain["ETag"][:-1] + '-gzip"'
    assert compressed["Vary"] == plain["Vary"] == "Accept-Encoding"


def test_a_short_answer_is_not_compressed(client: Client, db: None) -> None:
    store_documents(1)
    response = client.get(VERDICTS, headers=GZIP)
    assert len(response.content) < MIN_COMPRESSED and "Content-Encoding" not in response
    assert response["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("held", [{}, GZIP])
@pytest.mark.parametrize("asking", [{}, GZIP])
def test_a_client_that_holds_either_form_hears_304_with_the_etag_it_knows(
    client: Client, many: list[str], held: dict[str, str], asking: dict[str, str]
) -> None:
    etag = client.get(VERDICTS, headers=held)["ETag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}'):
        response = client.get(VERDICTS, headers=asking | {"if-none-match": header})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
        assert response["Vary"] == "Accept-Encoding" and "Content-Encoding" not in response


def test_another_etag_is_not_mistaken_for_ours() -> None:
    etag = '"abc"'
    assert held_etag('"abc-gzip-gzip"', etag) is held_etag("abc", etag) is held_etag("", etag) is None
    assert held_etag("*", etag) == etag
    assert encoded('W/"abc"') == 'W/"abc-gzip"'


def test_head_tells_the_length_of_the_form_it_would_send(client: Client, many: list[str]) -> None:
    whole, head = client.get(VERDICTS, headers=GZIP), client.head(VERDICTS, headers=GZIP)
    assert head.content == b""
    for name in ("Content-Length", "Content-Encoding", "ETag", "Vary", "Link", "Cache-Control"):
        assert head.get(name) == whole.get(name)


def test_links_stand_in_the_header_too(client: Client, many: list[str]) -> None:
    for _ in range(2):  # made, and kept
        page = client.get(VERDICTS, {"page_size": 20})
        assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'
    second = client.get(page.json()["next"])
    assert f'<{second.json()["previous"]}>; rel="prev"' in second["Link"]
    assert "Link" not in client.get(VERDICTS, {"page_size": 50})


def test_a_page_asked_for_twice_is_not_read_again(
    client: Client, many: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(VERDICTS)
    client.get(VERDICTS)

    def read(*args: object, **kwargs: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(verdicts, "read_stored", read)
    assert client.get(VERDICTS).content == first.content
    assert gzip.decompress(client.get(VERDICTS, headers=GZIP).content) == first.content


def test_a_page_is_compressed_once(client: Client, many: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(VERDICTS, headers=GZIP)
    client.get(VERDICTS, headers=GZIP)
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: b"again")
    assert client.get(VERDICTS, headers=GZIP).content == first.content


def test_a_kept_page_hides_no_change(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    for _ in range(3):
        assert ids(client.get(VERDICTS).json()) == [claim.public_id]
    assert len(page_cache._answers) == 1
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    assert ids(client.get(VERDICTS).json()) == []


def test_a_parameter_that_means_nothing_makes_no_page_of_its_own(client: Client, checker: User, editor: User) -> None:
    make_published_verdict(checker, editor)
    plain, marked = client.get("/feeds/verdicts.json"), client.get("/feeds/verdicts.json?utm_source=mail")
    assert marked["ETag"] == plain["ETag"] and "utm" not in marked.content.decode()
    assert len(page_cache._answers) == 1


def answer(length: int) -> Answer:
    return Answer('"x"', b"x" * length)


def keep(cache: PageCache, address: str, answer: Answer) -> None:
    """As two requests for one address leave it."""
    cache.put(address, answer)
    cache.put(address, answer)


def test_what_is_asked_for_once_is_not_kept() -> None:
    """So a walk through the whole list drives nobody's page out."""
    cache = PageCache()
    keep(cache, "first page", answer(10))
    for number in range(10_000):
        cache.put(str(number), answer(10_000))
    assert cache.get("9999") is None and cache.get("first page") is not None
    assert len(cache._asked_once) <= 4096


def test_the_least_lately_used_pages_leave_first_and_the_bound_holds() -> None:
    cache = PageCache(capacity=12 * answer(1000).size)
    for number in range(12):
        keep(cache, str(number), answer(1000))
    assert cache.get("0") is not None  # used just now
    keep(cache, "12", answer(1000))
    assert cache.get("1") is None and cache.get("0") is not None and cache.get("12") is not None
    assert cache.size <= cache.capacity


def test_one_page_is_never_kept_at_the_cost_of_all_others() -> None:
    cache = PageCache(capacity=100_000)
    keep(cache, "small", answer(10))
    keep(cache, "huge", answer(99_000))
    assert cache.get("huge") is None and cache.get("small") is not None


def test_a_newer_answer_takes_the_place_of_the_older_one() -> None:
    cache = PageCache(capacity=1_000_000)
    keep(cache, "page", answer(1000))
    cache.put("page", answer(10))
    assert cache.size == answer(10).size == 12 + OVERHEAD


def test_many_threads_leave_the_count_of_bytes_right() -> None:
    cache = PageCache(capacity=20 * answer(100).size)

    def work(thread: int) -> None:
        for number in range(500):
            cache.put(str((thread * 7 + number) % 40), answer(number % 100))
            cache.get(str(number % 40))

    threads = [Thread(target=work, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < cache.size == sum(each.size for each in cache._answers.values()) <= cache.capacity


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"rating": "false", "ordering": "updated_at"},
        {"page_size": 3, "topic": "x", "language": "en", "claimant": "ivan", "status": "published"},
    ],
)
def test_the_quick_way_reads_what_the_ordinary_way_reads(
    client: Client, many: list[str], asked: dict[str, Any]
) -> None:
    keyset = keyset_of(asked)
    rows = filtered(asked).values("body", *(column.name for column in keyset.columns))
    usual = read_page(rows, keyset, asked, path="/", query={})
    _, documents, page = read_stored(asked, path="/", query={})
    assert [document.decode() for document in documents] == [row["body"] for row in usual.rows]
    assert (page.next, page.previous) == (usual.next, usual.previous)
