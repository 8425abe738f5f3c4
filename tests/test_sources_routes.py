"""Every way of misbehaving that the fixture server knows, one by one: the outcome, and that every cap holds."""

from __future__ import annotations

import dataclasses
import re
import resource
import ssl
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sources.choices import Availability, Outcome
from sources.extraction import box
from sources.fetching import FetchPolicy, client
from sources.models import Snapshot
from tests.sources_support.fetching import QUICK, allowing, fetch
from tests.sources_support.helpers import DAY, START, make_source, visit
from tests.sources_support.routes import PATTERNS, ROUTES, builtin
from tests.sources_support.server import Server, TlsServer, page

pytest_plugins = ["tests.sources_support.fixtures"]
O = Outcome  # noqa: E741
# Tight, so that the slow routes end soon: no visit may take longer than a second.
TIGHT = {"total_time": 0.7, "connect_time": 0.4, "read_time": 0.4}

# What the connection alone says; None: an answer arrived whole, for better or worse.
CONNECTION: dict[str, Outcome | None] = {
    "/loop": O.REDIRECT_LOOP,
    "/to-root": None,
    "/moved": None,
    "/challenge": None,
    "/challenge/header": None,
    "/empty": None,
    "/drop": O.REFUSED,
    "/drop/headers": O.REFUSED,
    "/drop/body": O.BAD_CONTENT,
    "/reset": O.REFUSED,
    "/partial": O.BAD_CONTENT,
    "/hang": O.READ_TIMEOUT,
    "/hang/headers": O.READ_TIMEOUT,
    "/drip": O.READ_TIMEOUT,
    "/drip/headers": O.READ_TIMEOUT,
    "/chunks/broken": O.BAD_CONTENT,
    "/chunks/huge": O.BAD_CONTENT,
    "/nonsense": O.BAD_CONTENT,
    "/http09": O.BAD_CONTENT,
    "/status-line/huge": O.BAD_CONTENT,
    "/status-line/number": O.BAD_CONTENT,
    "/header/bad": O.BAD_CONTENT,
    "/header/nul": O.BAD_CONTENT,
    "/header/long": O.BAD_CONTENT,
    "/headers/many": O.BAD_CONTENT,
    "/headers/endless": O.BAD_CONTENT,
    "/1xx": O.READ_TIMEOUT,
    "/1xx/hints": O.READ_TIMEOUT,
    # Bytes after the end of an answer: nobody knows what they are.
    "/length/short": O.BAD_CONTENT,
    "/length/two": O.BAD_CONTENT,
    "/length/negative": O.BAD_CONTENT,
    "/length/huge": O.READ_TIMEOUT,
    "/length/and-chunks": O.BAD_CONTENT,
    "/gzip": None,
    "/gzip/broken": O.BAD_CONTENT,
    "/gzip/cut-off": O.BAD_CONTENT,
    "/gzip/twice": O.BAD_CONTENT,
    "/brotli": O.BAD_CONTENT,
    "/zstd": O.BAD_CONTENT,
    "/zip": None,
    "/pdf": None,
    "/adverts": None,
    "/cookies": None,
    "/delay/0.1": None,
    "/delay/1": O.READ_TIMEOUT,
    "/redirect/5": None,
    "/redirect/6": O.REDIRECT_LOOP,
    "/size/1000000": None,
    "/says-200/anything": None,
    "/status/304": O.BAD_CONTENT,
    **{f"/status/{number}": None for number in (200, 204, 400, 404, 410, 418, 429, 500, 503, 599, 999)},
}


@pytest.fixture
def tight(server: Server) -> FetchPolicy:
    return allowing(server, QUICK, **TIGHT)


@pytest.mark.parametrize(("path", "outcome"), CONNECTION.items())
def test_a_route_has_its_outcome_and_every_cap_holds(
    path: str, outcome: Outcome | None, server: Server, tight: FetchPolicy
) -> None:
    builtin(path)  # making a bomb takes longer than a visit may
    began = time.monotonic()
    fetched = fetch(f"{server.url}{path}", tight)
    assert (fetched.failure, fetched.failure is None or bool(fetched.error)) == (outcome, True), fetched.error
    assert time.monotonic() - began < 1.5
    assert len(fetched.body) <= tight.max_received and len(fetched.content) <= tight.max_decoded
    assert len(server.asked) <= 1 + tight.max_redirects
    assert all("cookie" not in asked.headers for asked in server.asked)


def test_every_route_of_the_fixture_server_is_tried() -> None:
    helpers = {"/", "/new-address", "/cookies/back"}
    assert set(ROUTES) - helpers <= set(CONNECTION)
    tried = set(CONNECTION) - set(ROUTES)
    assert all(any(re.fullmatch(pattern, path) for path in tried) for pattern, _ in PATTERNS)


@pytest.mark.parametrize("path", ["/gzip", "/size/1000000"])
def test_what_is_larger_than_a_cap_is_cut_and_marked(path: str, server: Server, tight: FetchPolicy) -> None:
    builtin(path)
    fetched = fetch(f"{server.url}{path}", tight)
    assert fetched.truncated
    assert len(fetched.body) == tight.max_received or len(fetched.content) == tight.max_decoded


def test_a_bomb_never_stands_in_memory_whole(server: Server, tight: FetchPolicy) -> None:
    builtin("/gzip")  # the server is in this process too: what it needs to make the bomb is not the client's
    generous = dataclasses.replace(tight, max_decoded=8 * 1024 * 1024)
    tracemalloc.start()
    fetched = fetch(f"{server.url}/gzip", generous)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(fetched.content) == generous.max_decoded
    assert peak < 30 * 1024 * 1024


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "outcome", "availability"),
    [
        ("/challenge", O.BLOCKED, Availability.BLOCKED),
        ("/challenge/header", O.BLOCKED, Availability.BLOCKED),
        ("/to-root", O.REDIRECT_TO_ROOT, Availability.SUSPECT),
        ("/says-200/some/page", O.SOFT404_SUSPECT, Availability.SUSPECT),
        ("/empty", O.EMPTY_TEXT, Availability.SUSPECT),
    ],
)
def test_what_stands_in_for_the_page_is_never_captured(
    path: str, outcome: Outcome, availability: Availability, web: Server
) -> None:
    source = make_source(web, path)
    assert (visit(source, START).outcome, source.availability) == (outcome, availability)
    assert not Snapshot.objects.exists()


@pytest.mark.django_db
def test_adverts_that_change_on_every_visit_are_no_change_of_the_page(web: Server) -> None:
    source = make_source(web, "/adverts")
    checks = [visit(source, START + day * DAY) for day in range(4)]
    assert {check.outcome for check in checks} == {O.OK} and source.pending_since is None
    assert len({check.raw_sha256 for check in checks}) == 4
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db
def test_cookies_never_come_back_from_one_visit_to_the_next(web: Server) -> None:
    source = make_source(web, "/cookies")
    for day in range(3):
        assert visit(source, START + day * DAY).outcome == O.REDIRECT_TEMPORARY
    assert all("cookie" not in asked.headers for asked in web.asked)
    assert Snapshot.objects.get().text.endswith("Cookies: none.")


@pytest.mark.django_db
def test_not_modified_is_believed_only_where_we_asked_for_it(web: Server) -> None:
    source = make_source(web, "/status/304")
    check = visit(source, START)
    assert (check.outcome, check.counted, source.availability) == (O.BAD_CONTENT, True, Availability.SUSPECT)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/zip", "/pdf"])
def test_an_archive_or_pdf_that_swells_costs_the_worker_nothing(path: str, web: Server) -> None:
    web["/page"] = page()
    bomb, honest = make_source(web, path), make_source(web)
    builtin(path)  # the server is in this process too: what it needs to make the bomb is not the worker's
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    assert visit(bomb, START).outcome in (O.OK, O.TOO_LARGE, O.EMPTY_TEXT, O.BAD_CONTENT, O.INTERNAL_ERROR)
    assert time.monotonic() - began < box.TIME_LIMIT
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
    assert bomb.next_check_at > START
    assert visit(honest, START).outcome == O.OK


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    """A certificate authority that this machine trusts for the length of a test."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    client._trusted.cache_clear()
    yield authority
    client._trusted.cache_clear()


def behind_tls(certificate: trustme.LeafCert) -> TlsServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server = TlsServer(context)
    server["/page"] = page()
    return server


def test_a_certificate_in_order_is_accepted(authority: trustme.CA) -> None:
    server = behind_tls(authority.issue_cert("127.0.0.1"))
    fetched = fetch(f"{server.url}/page", allowing(server))
    assert (fetched.failure, fetched.status) == (None, 200), fetched.error


@pytest.mark.parametrize("fault", ["expired", "not yet valid", "another host's", "of nobody we trust"])
def test_a_certificate_that_is_not_in_order_ends_the_visit_before_anything_is_asked(
    fault: str, authority: trustme.CA
) -> None:
    now = datetime.now(UTC)
    certificate = {
        "expired": lambda: authority.issue_cert("127.0.0.1", not_after=now - timedelta(days=1)),
        "not yet valid": lambda: authority.issue_cert("127.0.0.1", not_before=now + timedelta(days=1)),
        "another host's": lambda: authority.issue_cert("other.example"),
        "of nobody we trust": lambda: trustme.CA().issue_cert("127.0.0.1"),
    }[fault]()
    server = behind_tls(certificate)
    fetched = fetch(f"{server.url}/page", allowing(server))
    assert (fetched.failure, server.asked) == (O.TLS_ERROR, []), fetched.error
    server.close()


def test_plain_http_where_tls_should_be_is_a_certificate_problem(server: Server) -> None:
    url = server.url.replace("http:", "https:")
    assert fetch(f"{url}/page", allowing(server)).failure == O.TLS_ERROR
