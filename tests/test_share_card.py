"""The card on other people's pages, oEmbed, and what the claim page offers to copy."""

from __future__ import annotations

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.test import Client

from claims import services
from claims.models import Rating, User, VerdictDocument
from tests.make import make_claim, make_correction, make_withheld
from tests.pages_rows import path_of, published, read
from tests.test_share_image import image_in, translated

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture
def path(checker: User, editor: User) -> str:
    return path_of(published(checker, editor))


def card_of(path: str) -> str:
    return f"/embed/{path.split('/')[2]}/"


def test_a_card_may_be_framed_by_anybody_also_as_a_304_and_nothing_else_may(client: Client, path: str) -> None:
    """A browser puts a 304's headers on the page it kept: the usual ones would close the frame on a second visit."""
    first = client.get(card_of(path))
    kept = client.get(card_of(path))
    again = client.get(card_of(path), headers={"If-None-Match": first["ETag"]})
    missing = client.get("/embed/nothing/")
    assert [answer.status_code for answer in (first, kept, again, missing)] == [200, 200, 304, 404]
    for answer in (first, kept, again, missing):
        assert "frame-ancestors *" in answer["Content-Security-Policy"] and "X-Frame-Options" not in answer
    for other in ("/", path, f"/oembed?url={HOST}{path}"):
        answer = client.get(other)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"] and answer["X-Frame-Options"] == "DENY"


def test_a_card_loads_our_own_files_only_sets_no_cookie_and_stays_out_of_search(client: Client, path: str) -> None:
    response = client.get(card_of(path))
    html = response.content.decode()
    assert not response.cookies and response["X-Robots-Tag"] == "noindex"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    assert all(
        address.startswith("/static/") for address in re.findall(r'(?:src|rel="stylesheet" href)="([^"]*)"', html)
    )
    assert f'<link rel="canonical" href="{HOST}{path}">' in html
    assert "False" in html and "A few hundred people came, not thousands" in html


def test_a_card_is_never_older_than_the_verdict(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    card = card_of(path_of(claim))
    before = client.get(card)
    make_correction(claim, checker, editor, rating=Rating.objects.get(code="true"), kind="substantive")
    after = client.get(card, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200 and "max-age=0" in after["Cache-Control"]
    html = after.content.decode()
    assert "tone-true" in html and "Corrected" in html and "tone-false" not in html


def test_a_card_says_that_a_verdict_is_looked_at_again_or_taken_back(
    client: Client, checker: User, editor: User
) -> None:
    claim = published(checker, editor)
    card = card_of(path_of(claim))
    services.look_again(claim, by=checker, reason="A reader wrote.")
    assert "Being looked at again" in read(client, card)
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    html = read(client, card)
    assert "We have taken this verdict back" in html and "We were wrong." in html and "<s>False</s>" in html


def test_a_card_of_what_is_withheld_or_unpublished_shows_nothing_of_it(
    client: Client, checker: User, editor: User
) -> None:
    read(client, f"/embed/{make_claim(checker).public_id}/", 404)
    claim = published(checker, editor)
    card = card_of(path_of(claim))
    make_withheld(claim)
    html = read(client, card, 451)
    assert "Withheld for legal reasons" in html and "protesters" not in html


def test_a_card_speaks_the_language_of_its_text(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim)
    html = read(client, f"/ru{card_of(path_of(claim))}")
    assert '<html lang="ru">' in html and "Тысячи протестующих" in html and "Опубликовано" in html
    assert '<html lang="en">' in read(client, f"/kk{card_of(path_of(claim))}")
    assert client.get(f"/en{card_of(path_of(claim))}")["Location"] == card_of(path_of(claim))


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_the_claim_page_leads_to_oembed(client: Client, path: str, kind: str) -> None:
    found = re.search(rf'type="[a-z]+/{kind}\+oembed" href="{HOST}([^"]+)"', read(client, path))
    assert found
    response = client.get(unescape(found[1]))
    assert response.status_code == 200 and response["Access-Control-Allow-Origin"] == "*"
    text = response.content.decode()
    answer = (
        json.loads(text) if kind == "json" else {part.tag: part.text or "" for part in ElementTree.fromstring(text)}
    )
    assert (answer["version"], answer["type"], str(answer["width"])) == ("1.0", "rich", "550")
    assert f'<iframe src="{HOST}{card_of(path)}"' in answer["html"] and 'sandbox="allow-scripts' in answer["html"]
    assert answer["thumbnail_url"] == HOST + image_in(read(client, path))


@pytest.mark.parametrize(("asked", "width", "height"), [("maxwidth=300", 300, 400), ("maxwidth=9&maxheight=7", 9, 7)])
def test_oembed_stays_within_the_room_it_is_given(
    client: Client, path: str, asked: str, width: int, height: int
) -> None:
    answer = client.get(f"/oembed?url={HOST}{path}&{asked}").json()
    assert (answer["width"], answer["height"]) == (width, height)
    assert "thumbnail_url" not in answer


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=x&maxwidth=wide", 400),
        ("url=x&maxheight=0", 400),
        ("url=x", 404),
        ("url=http://[", 404),
        ("url=http://testserver/", 404),
        ("url=http://testserver/claims/%00/x/", 404),
        ("url=http://testserver/claims/nothing/claim/", 404),
        ("url=http://elsewhere.example{path}", 404),
        ("url=ftp://testserver{path}", 404),
        ("url=http://testserver{path}&format=yaml", 501),
        ("url=http://testserver{path}history/", 404),
        ("url=http://testserver/claims/{id}/history/", 200),
        ("url=https://testserver/ru/claims/{id}/&format=xml", 200),
        ("url=http://testserver/embed/{id}/", 200),
    ],
)
def test_oembed_says_what_is_wrong(client: Client, path: str, query: str, status: int) -> None:
    response = client.get("/oembed?" + query.format(path=path, id=path.split("/")[2]))
    assert response.status_code == status
    if status != 200:
        assert response.json()["error"]


def test_oembed_knows_nothing_of_what_is_withheld(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    path = path_of(claim)
    make_withheld(claim)
    assert client.get(f"/oembed?url={HOST}{path}").status_code == 404


def test_the_claim_page_offers_words_and_code_without_a_script(client: Client, path: str) -> None:
    html = unescape(read(client, path))
    quotation = html.partition('id="share-quotation"')[2].partition(">")[2].partition("</textarea>")[0].splitlines()
    assert quotation[:2] == ["Claim: “Thousands of protesters filled the square”", "Rating: False"]
    assert quotation[-1] == HOST + path
    code = html.partition('id="share-frame"')[2].partition(">")[2].partition("</textarea>")[0]
    assert card_of(path) in code and "False" not in code, "what stands in others' pages cannot be corrected"
    assert html.count("data-share-buttons") == html.count("hidden data-share-buttons") > 0


def test_nobody_is_asked_to_spread_what_was_taken_back(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    services.retract_verdict(claim, by=editor, reason="We were wrong.")
    html = read(client, path_of(claim))
    assert "share-quotation" not in html and "share-frame" in html and "claimreview.jsonld" not in html
    read(client, f"/claims/{claim.public_id}/claimreview.jsonld", 404)


def test_the_markup_of_a_verdict_can_be_had_alone(client: Client, path: str) -> None:
    response = client.get(f"/claims/{path.split('/')[2]}/claimreview.jsonld")
    assert response["Content-Type"] == "application/ld+json"
    row = VerdictDocument.objects.get()
    assert response.content.decode() == row.claimreview and response.json()["@type"] == "ClaimReview"
