"""Pages that only lead on (meta refresh): followed as redirects are, under the same rules."""

from __future__ import annotations

import gzip
import random
import time

import pytest

from sources.choices import Availability, Outcome
from sources.extraction.markup import read_markup
from sources.fetching import FetchPolicy, stubs
from sources.models import Snapshot
from tests.sources_support.fetching import allowing, fetch
from tests.sources_support.helpers import DAY, START, make_source, visit
from tests.sources_support.server import Canary, Server, http, page

pytest_plugins = ["tests.sources_support.fixtures"]
O = Outcome  # noqa: E741


def stub(target: str, *, delay: int = 0, text: str = "One moment.", title: str = "A page", head: str = "") -> bytes:
    """A page that leads on."""
    refresh = head or f'<meta http-equiv="refresh" content="{delay}; url={target}">'
    return http(200, f"<html><head><title>{title}</title>{refresh}</head><body><p>{text}</p></body></html>")


@pytest.fixture
def policy(server: Server) -> FetchPolicy:
    server["/there"] = page("The article.")
    return allowing(server)


def followed(server: Server, policy: FetchPolicy) -> list[str]:
    """The paths of a visit to /page."""
    fetch(f"{server.url}/page", policy)
    return server.pages_asked


@pytest.mark.django_db
def test_a_page_that_leads_on_is_a_temporary_redirect(web: Server) -> None:
    web["/page"], web["/there"] = stub("/there"), page("The article.")
    source = make_source(web)
    check = visit(source, START)
    assert (check.outcome, source.availability) == (O.REDIRECT_TEMPORARY, Availability.LIVE)
    assert check.hops == [{"url": f"{web.url}/page", "status": 200}]
    assert (check.final_url, source.canonical_url) == (f"{web.url}/there", f"{web.url}/page")
    assert "The article." in Snapshot.objects.get().text


@pytest.mark.django_db
def test_a_page_that_begins_to_lead_on_stays_live_with_its_text(web: Server) -> None:
    web["/page"] = web["/there"] = page("The article.")
    source = make_source(web)
    visit(source, START)
    web["/page"] = stub("/there")
    assert visit(source, START + DAY).outcome == O.REDIRECT_TEMPORARY
    assert (source.availability, source.pending_since, Snapshot.objects.count()) == (Availability.LIVE, None, 1)


@pytest.mark.parametrize(
    "head",
    [
        "<META CONTENT=\"5;URL='/there'\" HTTP-EQUIV=Refresh>",
        "<meta http-equiv=refresh content='0,/there'/>",
        '<meta name="x" content="y"><meta http-equiv = "refresh" content = "0; url=/there">',
        '<!-- moved --><meta http-equiv="refresh" content="0; url=&#47;there">',
        "<script>if (1 < 2) location = '/nowhere'</script><meta http-equiv=refresh content='0;/there'>",
    ],
)
def test_every_way_of_writing_it_is_followed(head: str, server: Server, policy: FetchPolicy) -> None:
    server["/page"] = stub("", head=head)
    assert followed(server, policy) == ["/page", "/there"]


@pytest.mark.parametrize(
    "head",
    [
        '<!-- <meta http-equiv="refresh" content="0; url=/there"> -->',
        '<noscript><meta http-equiv="refresh" content="0; url=/there"></noscript>',
        '<script>document.write(\'<meta http-equiv="refresh" content="0; url=/there">\')</script>',
        '<meta http-equiv="refresh" content="600; url=/there">',
        '<meta http-equiv="refresh" content="0">',
        '<meta http-equiv="refresh" content="0; url=javascript:alert(1)">',
        '<meta name="refresh" content="0; url=/there">',
        "<p>http-equiv=refresh content='0; url=/there'</p>",
    ],
)
def test_what_leads_no_browser_with_scripts_on_is_not_followed(head: str, server: Server, policy: FetchPolicy) -> None:
    server["/page"] = stub("", head=head)
    assert followed(server, policy) == ["/page"]


def test_a_packed_page_that_leads_on_is_followed(server: Server, policy: FetchPolicy) -> None:
    body = gzip.compress(b"<meta http-equiv=refresh content='0;/there'>")
    server["/page"] = http(200, body, content_encoding="gzip")
    assert followed(server, policy) == ["/page", "/there"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (stub("/there", text="word " * 400), "much to read"),
        (stub("/there", head="<meta http-equiv=refresh content='0;/there'>" + "<!--" + "x" * 20_000 + "-->"), "large"),
        (stub("/there", title="404 Not Found"), "a “not found” page"),
        (stub("/there", text="Страница не найдена"), "a “not found” page"),
        (stub("/there", title="Just a moment..."), "a robot check"),
        (stub("/there").replace(b"200", b"404", 1), "an error page"),
        (stub("/there").replace(b"text/html", b"text/plain", 1), "plain text"),
        (http(200, gzip.compress(b"<meta http-equiv=refresh content='0;/there'>" + b" " * 10**7),
              content_encoding="gzip"), "a bomb"),
    ],
)  # fmt: skip
def test_a_page_of_its_own_is_not_left(answer: bytes, why: str, server: Server, policy: FetchPolicy) -> None:
    server["/page"] = answer
    assert followed(server, policy) == ["/page"], why


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (stub("/page"), O.BLOCKED),
        (stub("#top"), O.BLOCKED),
        (stub("/"), O.REDIRECT_TO_ROOT),
        (stub("/there", title="Page not found"), O.SOFT404_SUSPECT),
        (stub("", head="<script>location = '/there'</script>", text="Redirecting…"), O.SOFT404_SUSPECT),
    ],
)
def test_what_is_not_followed_keeps_its_outcome(answer: bytes, outcome: Outcome, web: Server) -> None:
    web["/page"], web["/there"] = answer, page("The article.")
    assert visit(make_source(web), START).outcome == outcome
    assert web.pages_asked == ["/page"] and not Snapshot.objects.exists()


@pytest.mark.django_db
def test_a_home_page_that_an_address_was_led_to_is_not_left(web: Server) -> None:
    web["/page"], web["/"], web["/news"] = http(301, location="/"), stub("/news"), page("Today's news.")
    assert visit(make_source(web), START).outcome == O.REDIRECT_TO_ROOT
    assert web.pages_asked == ["/page", "/"]


def test_a_loop_is_found(server: Server, policy: FetchPolicy) -> None:
    server["/page"], server["/two"] = stub("/two"), http(302, location="/page")
    assert fetch(f"{server.url}/page", policy).failure == O.REDIRECT_LOOP
    assert server.pages_asked == ["/page", "/two"]


def test_a_chain_has_at_most_five_steps(server: Server, policy: FetchPolicy) -> None:
    for step in range(9):
        server[f"/{step}"] = stub(f"/{step + 1}")
    assert fetch(f"{server.url}/0", policy).failure == O.REDIRECT_LOOP
    assert len(server.pages_asked) == 1 + policy.max_redirects


def test_a_private_address_is_refused(server: Server, policy: FetchPolicy, canary: Canary) -> None:
    server["/page"] = stub(f"http://127.0.0.1:{canary.port}/secret")
    fetched = fetch(f"{server.url}/page", policy)
    assert (fetched.failure, fetched.body) == (O.POLICY_DENIED, b"")
    canary.settle()
    assert (canary.connections, canary.bytes) == (0, 0)


@pytest.mark.django_db
def test_another_host_s_robots_txt_is_obeyed(web: Server, settings: object) -> None:
    other = Server("127.0.0.2", beside=0)
    settings.CLAIMTRACK_FETCH_ALLOW += [f"127.0.0.2:{other.port}"]  # type: ignore[attr-defined]
    web["/page"], other["/there"] = stub(f"{other.url}/there"), page("The article.")
    source = make_source(web)
    assert visit(source, START).outcome == O.REDIRECT_TEMPORARY
    other["/robots.txt"] = http(200, "User-agent: *\nDisallow: /there", content_type="text/plain")
    assert visit(source, START + 2 * DAY).outcome == O.ROBOTS_DISALLOWED
    assert other.pages_asked == ["/there"]
    other.close()


@pytest.mark.django_db
def test_the_validators_of_a_page_are_not_shown_to_where_it_leads(web: Server) -> None:
    web["/page"] = page("The article.", etag='"v1"')
    source = make_source(web)
    visit(source, START)
    web["/page"], web["/there"] = stub("/there"), page("The article.")
    visit(source, START + DAY)
    asked = [asked for asked in web.asked if asked.path != "/robots.txt"][-2:]
    assert [("if-none-match" in one.headers) for one in asked] == [True, False]


@pytest.mark.parametrize(
    "unit",
    ["<", "<a ", '<a "', "<a '", "<!", "<!--", "</", "<title>", "<meta ", "<meta http-equiv=refresh content='",
     "&", "&#", "<meta a", "= ", "a=", "0 ", "<meta http-equiv=refresh content=' "],
)  # fmt: skip
@pytest.mark.parametrize("tail", ["", ">", "<x>"])
def test_hostile_markup_costs_no_more_than_its_length(unit: str, tail: str) -> None:
    markup = "refresh" + unit * (stubs.STUB_AT_MOST // len(unit)) + tail
    began = time.perf_counter()
    stubs.skim(markup)
    assert time.perf_counter() - began < 0.2


def test_skimming_finds_what_the_parser_finds() -> None:
    """Whatever is not hidden or odd: the two ways of looking at a page agree on where it leads."""
    pieces = [
        "<p>Text.</p>", "<!-- c -->", "<br/>", "<a href='/x>y'>l</a>", "<title>T</title>", "<style>a>b</style>",
        '<meta http-equiv="refresh" content="0; url=/there">', "<meta charset=utf-8>", "&lt;meta&gt;", "3 < 4",
        "<script>'<meta http-equiv=refresh content=0;/no>'</script>",
        "<!-- <meta http-equiv=refresh content=0;/no> -->",
        "<noscript><meta http-equiv=refresh content=0;/no></noscript>",
    ]  # fmt: skip
    draw = random.Random(7)
    for _ in range(300):
        markup = "".join(draw.choices(pieces, k=6))
        parsed, skimmed = read_markup(markup.encode(), "; charset=utf-8"), stubs.skim(markup)
        assert skimmed.leads_to == parsed.leads_to, markup
        assert len(skimmed.text or "") >= len(" ".join((parsed.text or "").split())), markup
