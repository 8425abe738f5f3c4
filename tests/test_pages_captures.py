"""How much of our captures readers see, and how machines find them."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from claims import services
from claims.choices import VerdictStatus
from claims.models import Claim, User, VerdictDocument
from sources.archive import storage
from sources.models import Snapshot, Source
from tests.make import make_claim, make_draft, make_evidence
from tests.sources_support.attacks import ATTACKS
from tests.sources_support.helpers import make_source, visit
from tests.sources_support.server import Server, page

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
NOW = timezone.now()
WORDS = "Police counted a few hundred people on the square."
OPEN = ["text", "full"]


@pytest.fixture
def source(web: Server, checker: User, editor: User) -> Source:
    """In two versions, quoted by a published verdict."""
    attack = "".join(ATTACKS[name] for name in ("script", "onerror", "form", "frame"))
    web["/page"] = page(WORDS + attack, title="The square")
    source = make_source(web, "/page", at=NOW - timedelta(days=2))
    visit(source, NOW - timedelta(days=2))
    web["/page"] = page(WORDS + " It rained." + attack, title="The square")
    for hours in (3, 2):
        visit(source, NOW - timedelta(hours=hours))
    publish(source, checker, editor)
    return source


def publish(source: Source, checker: User, editor: User) -> Claim:
    claim = make_claim(checker)
    make_evidence(claim, checker, url=source.canonical_url, quote="a few hundred people")
    services.assess_changes()
    services.approve_and_publish(services.submit_for_review(make_draft(claim, checker), by=checker), by=editor)
    return claim


def versions(source: Source) -> list[Snapshot]:
    return list(source.snapshots.order_by("taken_at"))


def path(source: Source, part: str = "") -> str:
    return f"/sources/{source.public_id}/captures/{versions(source)[0].public_id}/{part}"


def test_readers_see_no_capture_by_default(client: Client, source: Source) -> None:
    for address in (path(source), path(source, "page/"), f"/sources/{source.public_id}/timemap/"):
        assert client.get(address).status_code == 404
    assert "/captures/" not in client.get(f"/sources/{source.public_id}/").content.decode()


def test_in_the_mode_text_readers_see_the_text_we_read(client: Client, source: Source, settings: Settings) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "text"
    response = client.get(path(source))
    html = response.content.decode()
    assert WORDS in html and "<iframe" not in html and "steal" not in html
    assert '<meta name="robots" content="noindex">' in html
    assert client.get(path(source, "page/")).status_code == 404


def test_in_the_mode_full_readers_see_the_page_in_a_sandbox(client: Client, source: Source, settings: Settings) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "full"
    html = client.get(path(source)).content.decode()
    assert f'<iframe sandbox src="{path(source, "page/")}"' in html
    framed = client.get(path(source, "page/"))
    assert framed.status_code == 200
    policy = framed["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'") and "allow-" not in policy
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert framed["X-Content-Type-Options"] == "nosniff"
    body = framed.content.decode()
    assert WORDS in body
    assert not re.search(r"<(script|img|form|iframe|input)", body)


@pytest.mark.parametrize("mode", OPEN)
def test_the_source_s_page_leads_to_its_captures(client: Client, source: Source, settings: Settings, mode: str) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    html = client.get(f"/ru/sources/{source.public_id}/").content.decode()
    links = re.findall(r'href="(/sources/[^"]+/captures/[^"]+)"', html)
    assert len(links) == 2
    assert {client.get(link).status_code for link in links} == {200}
    assert f'href="/sources/{source.public_id}/timemap/"' in html


@pytest.mark.parametrize("mode", OPEN)
def test_a_capture_says_when_it_was_taken_and_of_what(
    client: Client, source: Source, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    first = versions(source)[0]
    for part in ("", "page/") if mode == "full" else ("",):
        response = client.get(path(source, part))
        assert response["Memento-Datetime"] == f"{first.taken_at:%a, %d %b %Y %H:%M:%S} GMT"
        assert f'<{source.canonical_url}>; rel="original"' in response["Link"]
        assert f'<http://testserver/sources/{source.public_id}/timemap/>; rel="timemap"' in response["Link"]
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies


@pytest.mark.parametrize("mode", OPEN)
def test_the_timemap_lists_every_capture_oldest_first(
    client: Client, source: Source, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    response = client.get(f"/sources/{source.public_id}/timemap/")
    assert response["Content-Type"] == "application/link-format"
    entries = [
        (link[1], dict(re.findall(r'; (\w+)="([^"]*)"', link[2])))
        for link in re.finditer(r"<([^>]+)>((?:; \w+=\"[^\"]*\")+)", response.content.decode())
    ]
    assert response.content.decode().count(",\n") == len(entries) - 1
    (original, relation), (itself, about), *mementos = entries
    assert (original, relation) == (source.canonical_url, {"rel": "original"})
    assert itself == f"http://testserver/sources/{source.public_id}/timemap/"
    assert [fields["rel"] for _, fields in mementos] == ["first memento", "last memento"]
    assert (about["rel"], about["from"], about["until"]) == ("self", *(fields["datetime"] for _, fields in mementos))
    for (address, fields), version in zip(mementos, versions(source), strict=True):
        assert version.public_id in address
        answer = client.get(address.removeprefix("http://testserver"))
        assert (answer.status_code, answer["Memento-Datetime"]) == (200, fields["datetime"])


@pytest.mark.parametrize("mode", OPEN)
def test_captures_of_a_source_no_published_verdict_cites_are_404(
    client: Client, source: Source, settings: Settings, mode: str, web: Server, checker: User
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    web["/draft"] = page("Not yet.")
    other = make_source(web, "/draft")
    visit(other, NOW)
    make_evidence(make_claim(checker), checker, url=other.canonical_url, quote="Not yet")
    for address in (path(other), path(other, "page/"), f"/sources/{other.public_id}/timemap/"):
        assert client.get(address).status_code == 404
    # Nor by way of a source that is public.
    mixed = f"/sources/{source.public_id}/captures/{versions(other)[0].public_id}/"
    assert client.get(mixed).status_code == 404


@pytest.mark.parametrize("mode", OPEN)
def test_what_only_a_withheld_verdict_cites_is_withheld_too(
    client: Client, source: Source, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    VerdictDocument.objects.update(status=VerdictStatus.WITHHELD)
    for address in (path(source), path(source, "page/"), f"/sources/{source.public_id}/timemap/"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("mode", OPEN)
def test_an_erased_capture_is_gone_and_the_others_stay(
    client: Client, source: Source, settings: Settings, mode: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = mode
    first, second = versions(source)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'on'")
        Snapshot.objects.filter(pk=first.pk).update(text="", storage_key="")
        cursor.execute("SET LOCAL claimtrack.allow_erasure = 'off'")
    assert [client.get(path(source, part)).status_code for part in ("", "page/")] == [404, 404]
    listed = client.get(f"/sources/{source.public_id}/timemap/").content.decode()
    assert first.public_id not in listed and second.public_id in listed
    assert 'rel="first last memento"' in listed


def test_a_damaged_capture_is_404_and_heard_of(
    client: Client, source: Source, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "full"
    key = versions(source)[0].storage_key
    Path(storage().path(key)).write_bytes(b"")
    assert client.get(path(source, "page/")).status_code == 404
    assert key in caplog.text


@pytest.mark.parametrize("prefix", ["/ru", "/kk"])
def test_the_page_around_a_capture_is_translated(
    client: Client, source: Source, settings: Settings, prefix: str
) -> None:
    settings.CLAIMTRACK_PUBLIC_SNAPSHOTS = "full"
    html = client.get(prefix + path(source)).content.decode()
    assert "Our capture" not in html and "What the page said" not in html
