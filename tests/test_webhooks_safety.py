"""Addresses webhooks must not be posted to: refused when typed in, and again whenever they are dialled."""

from __future__ import annotations

import dataclasses
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import trustme
from django.core.exceptions import ValidationError

from feed.models import Attempt, Endpoint
from sources.fetching import Exemptions, FetchPolicy, Poster, post_once, usable_address
from sources.urls import UnusableURL
from tests.sources_support.server import Canary, TlsServer, http
from tests.sources_support.ssrf import DIRECT, LOOKUPS, NAMED, PUBLIC, Attack, Range, resolving
from tests.webhook_receiver import deliver, happen, make_endpoint, receiving


@pytest.fixture(scope="module")
def ground() -> Iterator[Range]:
    ground = Range.open()
    yield ground
    ground.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("attack", DIRECT + NAMED, ids=lambda attack: ascii(attack.name))
def test_not_a_byte_reaches_loopback(attack: Attack, scheme: str, ground: Range) -> None:
    """Port rules out of the way, and the form's check as well: the dialled address alone has to do."""
    url = attack.url.format(port=ground.public.port).replace("http://", f"{scheme}://", 1)
    with resolving(attack.lookups):
        posted = post_once(url, b"{}", {}, ground.policy)
    led_to_the_harmless_site = scheme == "http" and attack.lookups is not None and PUBLIC in attack.lookups[0]
    assert (posted.status is not None) == led_to_the_harmless_site, posted
    assert (ground.canary.connections, ground.canary.bytes) == (0, 0)


def test_without_the_address_rules_they_would_get_through() -> None:
    canary = Canary()
    policy = dataclasses.replace(FetchPolicy(), exemptions=Exemptions.parse((f"127.0.0.0/8:{canary.port}",)))
    with resolving([["127.0.0.1"]]), Poster(policy) as poster:
        poster.post(f"http://looks-public.example:{canary.port}/", b"{}", {})
        for _ in range(100):
            if canary.bytes:
                break
            canary.settle(0.01)
    assert canary.received.startswith(b"POST / HTTP/1.1")
    canary.close()


@pytest.mark.parametrize("name", [name for name in LOOKUPS if "rebinds" in name])
def test_a_name_that_rebinds_is_refused_when_it_is_dialled(name: str, ground: Range) -> None:
    lookups = LOOKUPS[name]
    with resolving(lookups):
        ends = [post_once(f"http://x.example:{ground.public.port}/", b"{}", {}, ground.policy) for _ in lookups]
    assert "refused by our rules" in ends[-1].error
    assert [end.status for end in ends[:-1]] == [200] * (len(lookups) - 1)
    assert ground.canary.bytes == 0


def test_clear_text_leaves_for_no_public_address_whatever_a_name_says() -> None:
    """Ports are no excuse here: port 80 may be fetched from, and may not be posted to."""
    with resolving([["93.184.216.34"]]):
        posted = post_once("http://herald.example/", b"{}", {}, FetchPolicy())
    assert "refused by our rules" in posted.error


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://herald.example/hook", "begins with https://"),
        ("herald.example/hook", "https://"),
        ("", "https://"),
        ("ftp://herald.example/", "https://"),
        ("https://user:password@herald.example/", "user name"),
        ("https://herald.example:5432/", "Use one of these: 80, 443"),
        ("https://127.0.0.1/", "public internet"),
        ("https://[::1]/", "public internet"),
        ("https://169.254.169.254/latest", "public internet"),
        ("https://10.0.0.7/", "public internet"),
        ("https://0x7f.1/", "IPv4"),
        ("https://her ald.example/", "space"),
        ("https://herald.example/" + "x" * 3000, "2048"),
    ],
)
@pytest.mark.django_db
def test_an_address_that_cannot_be_used_is_refused_with_what_to_write_instead(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        make_endpoint(url=url)
    assert not Endpoint.objects.exists()


@pytest.mark.django_db
def test_clear_text_is_for_exempt_addresses(settings: Any) -> None:
    settings.CLAIMTRACK_FETCH_ALLOW = ["127.0.0.1:9000", "localhost:9001"]
    for number, url in enumerate(("http://127.0.0.1:9000/hook", "http://LOCALHOST:9001/hook")):
        assert make_endpoint(name=str(number), url=url).url == url.lower()
    with pytest.raises(ValidationError, match="https://"):
        make_endpoint(url="http://127.0.0.1:9002/hook")


def test_every_attack_is_refused_by_the_form_or_left_to_the_guard() -> None:
    refused = 0
    for attack in DIRECT:
        try:
            usable_address(attack.url.format(port=443), FetchPolicy())
        except UnusableURL as problem:
            assert len(str(problem)) > 20
            refused += 1
    assert refused == len(DIRECT)  # all of them are http


@pytest.mark.django_db
def test_a_redirect_inwards_is_not_followed(settings: Any) -> None:
    canary = Canary()
    with receiving(settings, always=http(307, location=f"http://127.0.0.1:{canary.port}/")) as receiver:
        make_endpoint(receiver)
        happen()
        deliver()
        assert "redirects are not followed" in Attempt.objects.get().error
    assert canary.connections == 0
    canary.close()


@pytest.mark.django_db
def test_an_exemption_that_was_taken_back_holds_for_endpoints_that_are_there(settings: Any) -> None:
    with receiving(settings) as receiver:
        make_endpoint(receiver)
        happen()
        settings.CLAIMTRACK_FETCH_ALLOW = []
        deliver()
        assert receiver.got == [] and "refused by our rules" in Attempt.objects.get().error


def test_a_certificate_nobody_vouches_for_is_refused() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    server = TlsServer(context)
    policy = dataclasses.replace(FetchPolicy(), exemptions=Exemptions.parse((f"127.0.0.1:{server.port}",)))
    posted = post_once(f"{server.url}/", b"{}", {}, policy)
    assert posted.status is None and "certificate" in posted.error.lower()
    server.close()


@pytest.mark.django_db
def test_no_cookie_is_kept_and_nothing_of_ours_is_told(settings: Any) -> None:
    with receiving(settings, always=http(200, set_cookie="visitor=1; Path=/")) as receiver:
        make_endpoint(receiver)
        happen("verdict.published", "verdict.corrected")
        deliver()
        for got in receiver.got:
            assert "cookie" not in got.headers and "authorization" not in got.headers
            assert set(got.headers) == {
                "host", "user-agent", "accept", "accept-encoding", "content-type", "content-length",
                "webhook-id", "webhook-timestamp", "webhook-signature",
            }  # fmt: skip
