"""What all public pages share: caching, no cookies, errors, languages, and the pages about the site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from claims.models import Rating, User
from pages.templatetags.pages import moment
from pages.views import errors
from tests.make import make_correction, make_published_verdict

PAGES = [
    "/",
    "/claims/",
    "/corrections/",
    "/methodology/",
    "/about/",
    "/privacy/",
    "/developers/",
    "/ru/",
    "/kk/claims/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PAGES, "/robots.txt", "/sitemap.xml", "/sitemaps/news.xml", "/ru/methodology/"])
def test_a_reader_gets_a_cacheable_page_and_no_cookie(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"].startswith("public")
    assert not response.cookies and "Cookie" not in response.get("Vary", "")


@pytest.mark.django_db
def test_an_unchanged_page_is_304_and_a_correction_is_not(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    for path in ("/", f"/claims/{claim.public_id}/history/", "/ru/claims/"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    before = client.get("/")["ETag"]
    make_correction(claim, checker, editor)
    assert client.get("/", headers={"If-None-Match": before}).status_code == 200


@pytest.mark.django_db
def test_each_language_and_query_has_its_own_etag(client: Client) -> None:
    etags = {client.get(path)["ETag"] for path in ("/", "/ru/", "/kk/", "/claims/", "/claims/?q=a")}
    assert len(etags) == 5


@pytest.mark.django_db
def test_pages_only_answer_reading(client: Client) -> None:
    assert client.post("/claims/").status_code == 405
    assert client.head("/").status_code == 200


@pytest.mark.django_db
def test_a_failing_database_gives_503_and_a_time_to_come_back(client: Client) -> None:
    with patch("pages.responses._etag", side_effect=OperationalError("gone")):
        response = client.get("/ru/")
    assert response.status_code == 503
    assert response["Retry-After"] and response["Cache-Control"] == "no-store"
    assert "База данных сейчас не отвечает" in response.content.decode()


@pytest.mark.parametrize(("path", "words"), [("/x/", "There is no such page"), ("/ru/x/", "Такой страницы нет")])
def test_a_missing_page_is_styled_in_the_readers_language_without_a_database(path: str, words: str) -> None:
    response = errors.not_found(RequestFactory().get(path), Exception())
    assert response.status_code == 404
    assert words in response.content.decode() and "site.css" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_gets_our_page(client: Client) -> None:
    response = client.get("/kk/nothing/here/")
    assert response.status_code == 404 and "Мұндай бет жоқ" in response.content.decode()


def test_a_crash_has_a_page_of_its_own_that_needs_nothing() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong on our side" in html and "site.css" in html


@pytest.mark.django_db
def test_every_page_offers_the_skip_link_the_languages_and_the_head_of_the_log(
    client: Client, checker: User, editor: User
) -> None:
    make_published_verdict(checker, editor)
    for path in PAGES:
        html = client.get(path).content.decode()
        assert 'class="skip" href="#content"' in html and 'id="content"' in html
        assert all(f'hreflang="{code}"' in html for code in ("en", "ru", "kk"))
        assert "sha256:" in html and html.count("<h1") == 1


@pytest.mark.django_db
def test_the_methodology_explains_every_rating_in_use(client: Client) -> None:
    html = client.get("/methodology/").content.decode()
    for rating in Rating.objects.filter(is_active=True):
        assert rating.meaning.replace("'", "&#x27;") in html and f'id="{rating.code}"' in html


@pytest.mark.django_db
def test_robots_txt_names_the_sitemap_and_keeps_robots_off_the_desk(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text and "Disallow: /admin/" in text


def test_a_browser_finds_the_icon_at_the_root(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert response.status_code == 302 and not response.cookies
    icon = finders.find(response["Location"].removeprefix(settings.STATIC_URL))
    assert icon and Path(icon).read_bytes().startswith(b"\0\0\1\0")


@pytest.mark.parametrize(
    ("value", "machine"),
    [
        (datetime(2026, 3, 4, 10, 0, 0, 123456, tzinfo=UTC), "2026-03-04T10:00:00+00:00"),
        ("2026-03-04T10:00:00.123Z", "2026-03-04T10:00:00+00:00"),
        ("2026-03-04", "2026-03-04"),
    ],
)
def test_moments_are_written_as_html_allows(value: object, machine: str) -> None:
    assert f'<time datetime="{machine}">4 March 2026' in moment(value)


LOCALE = Path(__file__).resolve().parent.parent / "pages" / "locale"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_string_of_the_interface_is_translated(language: str) -> None:
    catalog = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text()
    assert 'msgstr ""\n\n' not in catalog.partition("\n\n")[2]
    assert "fuzzy" not in catalog


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "words"), [("/ru/", "Новые вердикты"), ("/kk/", "Жаңа қорытындылар")])
def test_compiled_catalogs_are_in_place(client: Client, path: str, words: str) -> None:
    html = client.get(path).content.decode()
    assert words in html and f'<html lang="{path.strip("/")}">' in html
