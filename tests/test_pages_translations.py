"""A verdict's page in other languages: translations, prefixes without one, names and letters."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from claims import services
from claims.models import Claim, Event, Rating, Translation, User
from tests.make import make_correction
from tests.pages_rows import path_of, published, read

pytestmark = pytest.mark.django_db


def test_a_translation_has_its_own_address_and_no_markup(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim, of_version=1)
    html = read(client, path_of(claim))
    address = re.search(r'hreflang="ru" href="http://testserver(/ru/[^"]+)"', html)
    assert address
    russian = read(client, address[1])
    assert "Пришли сотни, а не тысячи" in russian and '<html lang="ru">' in russian
    assert "Это перевод." in russian
    assert "application/ld+json" not in russian
    assert f'<link rel="canonical" href="http://testserver{address[1]}">' in russian


def test_an_old_translation_says_that_the_verdict_has_moved_on(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim, of_version=1)
    make_correction(claim, checker, editor)
    html = client.get(f"/ru/claims/{claim.public_id}/", follow=True).content.decode()
    assert "Этот перевод старее вердикта" in html


def test_the_history_says_which_translation_was_taken_off(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim, of_version=1)
    services.remove_translation(claim.translations.get(), by=checker)
    assert "The translation was taken off: Русский." in read(client, f"/claims/{claim.public_id}/history/")
    event = Event.objects.order_by("-sequence")[0]
    assert (event.type, json.loads(event.entry)["data"]) == (
        "verdict.updated", {"changed": ["translations"], "translations_removed": ["ru"]},
    )  # fmt: skip
    line = claim.activities.get(action="removed a translation")
    assert {"field": "headline", "from": "Пришли сотни, а не тысячи", "to": None} in line.changes


def test_a_prefix_without_a_translation_shows_the_original_and_points_at_it(
    client: Client, checker: User, editor: User
) -> None:
    claim = published(checker, editor)
    html = read(client, f"/kk{path_of(claim)}")
    assert "A few hundred people came" in html and '<html lang="kk">' in html
    assert f'<link rel="canonical" href="http://testserver{path_of(claim)}">' in html
    assert "application/ld+json" not in html


def translated(claim: Claim, *, of_version: int) -> None:
    Translation.objects.create(
        claim=claim,
        language="ru",
        of_version=of_version,
        claim_text="Тысячи протестующих заполнили площадь",
        headline="Пришли сотни, а не тысячи",
        summary="Полиция насчитала несколько сотен человек.",
    )
    services.store_documents([claim.pk])


def test_kazakh_words_and_very_long_ones_are_served_as_they_are(client: Client, checker: User, editor: User) -> None:
    text = "Ұлттық қауіпсіздік өңірлік әкімдіктің " + "қ" * 400
    claim = published(checker, editor, text=text, language="kk")
    html = read(client, path_of(claim))
    assert text in html and 'lang="kk"' in html


def test_rating_names_come_in_the_readers_language(client: Client, checker: User, editor: User) -> None:
    Rating.objects.filter(code="false").update(name_translations={"ru": "Неправда"})
    claim = published(checker, editor)
    assert "Неправда" in read(client, f"/ru{path_of(claim)}")


def test_pages_in_three_languages_name_each_other_and_searches_do_not(client: Client) -> None:
    links = [(code, f"http://testserver{path}") for code, path in (
        ("en", "/claims/"), ("x-default", "/claims/"), ("ru", "/ru/claims/"), ("kk", "/kk/claims/")
    )]  # fmt: skip
    for path in ("/claims/", "/ru/claims/", "/kk/claims/"):
        html = read(client, path)
        assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', html) == links
    assert "hreflang" not in read(client, "/claims/?q=square").partition("</head>")[0]
