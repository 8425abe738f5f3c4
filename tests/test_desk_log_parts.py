"""What the log page fetches, and what becomes of a form whose session has ended."""

from __future__ import annotations

import json
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.admin.kept import LONGEST
from claims.admin.log.values import parted
from claims.matching import finding
from claims.models import Claim, User
from claims.searching import SearchTakesTooLong
from sources.archive import store_capture
from sources.extraction import Details
from sources.extraction.details import read_details as read_body
from sources.models import Snapshot, Source
from sources.services import register_source
from sources.services.rereading import read_details
from tests.desk import Desk, fields_of
from tests.make import PASSWORD, make_claim, make_claimant, make_published_verdict, make_snapshot

pytestmark = pytest.mark.django_db
LOG = "/admin/claims/log"
URL = "https://news.example/square"
CLAIM = "Thousands of protesters filled the square"


def like(desk: Desk, text: str, language: str = "en") -> dict[str, Any]:
    answer = desk.client.post(f"{LOG}/text", {"text": text, "language": language})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    return dict(answer.json())


def state(desk: Desk, source: Source) -> dict[str, Any]:
    answer = desk.client.get(f"{LOG}/page", {"source": source.public_id})
    assert answer.status_code == 200
    return dict(answer.json())


def test_claims_like_it_come_with_rating_day_state_and_shared_words(checker: User, editor: User) -> None:
    make_published_verdict(checker, editor, text=CLAIM)
    make_claim(checker, "Protesters came to a square elsewhere")
    first, second = like(Desk(checker), "protesters filled a square")["claims"]
    assert (first["text"], first["rating"], first["state"], first["is_public"]) == (CLAIM, "False", ["Published"], True)
    assert first["matched"] == ["protesters", "filled", "square"]
    assert (second["is_public"], second["state"], second["rating"]) == (False, ["Logged"], "")


def test_an_observer_may_look_and_is_offered_no_button(outsider: User, checker: User) -> None:
    make_claim(checker)
    assert "_same" not in like(Desk(outsider), CLAIM)["similar"]
    assert "_same" in like(Desk(checker), CLAIM)["similar"]


@pytest.mark.parametrize("part", ["text", "address", "page?source=x"])
def test_without_a_session_a_script_is_told_so_and_nothing_else(part: str) -> None:
    client = Client()
    answer = client.get(f"{LOG}/{part}") if "?" in part else client.post(f"{LOG}/{part}", {"text": CLAIM})
    assert answer.status_code == 403 and answer.json() == {"detail": "Sign in again."}


@pytest.mark.parametrize("text", ["", "a", "😀" * 3000, "слово " * 20_000, "x" * 100_000, "\x00", "<script>", "':*&|!"])
def test_whatever_is_typed_is_answered_in_bounds(checker: User, text: str) -> None:
    make_claim(checker)
    desk = Desk(checker)
    with CaptureQueriesContext(connection) as queries:
        found = like(desk, text)
    assert found["claims"] == [] and len(queries) <= 20


def test_a_busy_database_is_told_of_instead_of_failing(checker: User) -> None:
    with mock.patch.object(finding, "_candidates", autospec=True, side_effect=SearchTakesTooLong("late")):
        assert "could not be looked up in time" in like(Desk(checker), CLAIM)["similar"]


def test_numbers_are_read_in_the_language_of_the_claim(checker: User) -> None:
    html = like(Desk(checker), "На площадь вышли не менее 2000 человек", "ru")["quantities"]
    assert "2000 or more" in html and "quantity_low" in html


def test_the_claims_own_form_says_the_numbers_too_until_one_is_entered(checker: User) -> None:
    desk = Desk(checker)
    assert "In the claim: “Thousands of protesters”: 2000 or more" in desk.get(desk.claim(make_claim(checker)))
    entered = make_claim(checker, quantity_as_stated="Thousands", quantity_low=2000)
    assert "In the claim:" not in desk.get(desk.claim(entered))
    assert desk.client.post(f"{LOG}/text", {"text": CLAIM, "only": "numbers"}).json()["claims"] == []


def test_a_page_that_is_not_there_yet_is_waited_for(checker: User) -> None:
    answer = state(Desk(checker), register_source(URL))
    assert answer["is_waiting"] and "being captured" in answer["words"]
    assert "language" not in answer["guesses"]


def test_a_captured_page_gives_its_details_passages_and_claimant(checker: User) -> None:
    source = register_source(URL)
    make_claimant("Айгүл Сәрсенова")
    head = (
        '<html lang="en"><title>Алаң</title><meta name="author" content="Айгүл Сәрсенова">'
        '<meta property="article:published_time" content="2019-06-09T10:00:00+06:00">'
        "<blockquote>Алаңға мыңдаған адам жиналды деп айтты</blockquote></html>"
    )
    make_snapshot(source, "Алаңға мыңдаған адам жиналды деп айтты")
    with mock.patch(
        "claims.admin.log.page.read_details",
        autospec=True,
        return_value=read_body(head.encode(), "text/html; charset=utf-8"),
    ):
        answer = state(Desk(checker), source)
    assert not answer["is_waiting"]
    assert answer["guesses"]["language"] == "kk"
    assert answer["guesses"]["made_on"] == answer["guesses"]["appearances-0-published_on"] == "2019-06-09"
    for told in ("Айгүл Сәрсенова", "Алаңға мыңдаған адам жиналды деп айтты", "data-passage", "Who may have said it"):
        assert told in answer["html"]


@pytest.mark.parametrize("day", ["2099-01-01", "2019-02-30", "tomorrow"])
def test_a_day_that_cannot_be_is_not_suggested(checker: User, day: str) -> None:
    source = register_source(URL)
    make_snapshot(source, "Some text of a page")
    details = Details(published_on=day)
    with mock.patch("claims.admin.log.page.read_details", autospec=True, return_value=details):
        assert "made_on" not in state(Desk(checker), source)["guesses"]


def test_a_capture_that_is_damaged_still_gives_its_text(checker: User) -> None:
    source = register_source(URL)
    make_snapshot(source, "Police counted 300 people on the square that evening.")
    assert "Police counted 300 people" in state(Desk(checker), source)["html"]


def test_what_a_page_says_is_text_wherever_it_is_shown(checker: User) -> None:
    source = register_source(URL)
    evil = "</button><script>alert(1)</script> said that 300 people came \"'>"
    make_snapshot(source, evil)
    page = Desk(checker).get(f"{LOG}?source={source.public_id}&title=%3Cscript%3Ealert(2)%3C/script%3E")
    assert "<script>alert(" not in page and "<script>alert(" not in state(Desk(checker), source)["html"]


def test_a_source_that_is_not_there_is_404_and_the_page_begins_anew(checker: User) -> None:
    desk = Desk(checker)
    for strange in ("nothing", "", "x" * 5000, "\x00"):
        assert desk.client.get(f"{LOG}/page", {"source": strange}).status_code == 404
        assert "paste_form" in desk.get(f"{LOG}?source=nothing")


STRANGE = [
    {"_fill": "{"},
    {"_fill": "[1]"},
    {"_fill": "[" * 50_000},
    {"_fill": json.dumps({"text": 7, "nothing": "x", "ticket": "forged", "appearances-99-url": "x"})},
    {"guessed": "[]", "_look": ""},
    {"guessed": "{" * 10_000, "_look": ""},
    {"claimant": "x", "topics": ["x", "9" * 40], "_look": ""},
    {"claimant": "9" * 40},
    {"appearances-TOTAL_FORMS": "x"},
    {"appearances-TOTAL_FORMS": "100000"},
    {"ticket": "forged"},
    {"made_on": "yesterday", "quantity_low": "many", "appearances-0-audience": "-5", "_more": ""},
    {"source": "\x00", "text": "\x00", "_look": ""},
    {"text": "a\x00b"},
    {"language": "x" * 300, "_look": ""},
]


@pytest.mark.parametrize("sent", STRANGE, ids=range(len(STRANGE)))
def test_no_form_however_strange_breaks_the_page(checker: User, sent: dict[str, Any]) -> None:
    desk = Desk(checker)
    source = register_source(URL)
    fields = desk.form(f"{LOG}?source={source.public_id}", "log_form")
    assert desk.send(LOG, fields | sent).status_code == 200
    assert not Claim.objects.exists()


def signed_in_again(desk: Desk, user: User, fields: dict[str, Any]) -> tuple[str, HttpResponse]:
    """The session ends, the form is sent, its person signs in."""
    desk.client.logout()
    login = str(desk.send(LOG, fields)["Location"])
    assert login.startswith("/admin/login/?next=")
    after = parse_qs(urlsplit(login).query)["next"][0]
    assert after == LOG, "what was typed stands in no address"
    answer = desk.client.post(login, {"username": user.username, "password": PASSWORD, "next": after})
    return after, answer  # type: ignore[return-value]


def test_a_session_that_ended_costs_nothing_that_was_written(checker: User) -> None:
    desk = Desk(checker)
    source = register_source(URL)
    typed = {"text": "Мои слова", "made_on": "2019-06-09", "location": "Almaty", "quantity_low": "2000"}
    fields = desk.form(f"{LOG}?source={source.public_id}", "log_form") | typed | {"appearances-0-audience": "7"}
    after, answer = signed_in_again(desk, checker, fields)
    assert answer["Location"] == after
    page = desk.get(after)
    assert "Your session had ended" in page
    back = fields_of(page, "log_form")
    for name in (*typed, "appearances-0-audience", "appearances-0-url", "ticket"):
        assert back[name] == fields[name], name
    assert desk.send(LOG, back).status_code == 302
    assert Claim.objects.get().text == "Мои слова"


def test_a_long_text_comes_back_whole_and_what_no_form_holds_is_not_kept(checker: User) -> None:
    desk = Desk(checker)
    fields = desk.form(f"{LOG}?text=x", "log_form") | {"text": "Длинный текст " * 250}
    after, _ = signed_in_again(desk, checker, fields)
    assert fields_of(desk.get(after), "log_form")["text"].strip() == fields["text"].strip()
    after, _ = signed_in_again(desk, checker, fields | {"text": "x" * LONGEST})
    assert "Your session had ended" not in desk.get(after)


def test_a_pasted_address_comes_through_the_login_too(checker: User) -> None:
    after, _ = signed_in_again(desk := Desk(checker), checker, {"pasted": URL})
    assert desk.form(after, "paste_form")["pasted"] == URL
    assert not Source.objects.exists()


def test_the_manifest_lets_a_phone_share_a_page_without_writing(client: Client) -> None:
    answer = client.get("/admin/claims/log/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    share = answer.json()["share_target"]
    assert (share["action"], share["method"]) == (LOG, "GET")
    assert share["params"] == {"title": "title", "text": "text", "url": "url"}


def test_the_desk_names_its_manifest_and_the_bookmark_its_address(checker: User) -> None:
    page = Desk(checker).get(LOG)
    assert '<link rel="manifest" href="/admin/claims/log/manifest.webmanifest"' in page
    assert "javascript:(function(){" in page and "http://testserver/admin/claims/log?url=" in page


@pytest.mark.parametrize(
    ("pasted", "url", "text"),
    [
        (URL, URL, ""),
        (f" {URL}\n", URL, ""),
        ("www.news.example/a", "https://www.news.example/a", ""),
        ("news.example/a", "https://news.example/a", ""),
        (f"«Тысячи» {URL}.", URL, "«Тысячи»  ."),
        ("ftp://files.example/a", "ftp://files.example/a", ""),
        ("Thousands came", "", "Thousands came"),
        (f"{URL} and {URL}2", "", f"{URL} and {URL}2"),
        ("10/10 people", "", "10/10 people"),
        ("", "", ""),
    ],
)
def test_what_was_pasted_is_an_address_or_a_text(pasted: str, url: str, text: str) -> None:
    found, rest = parted(pasted)
    assert found == url
    assert rest.split() == text.split() or (url and rest.strip(" .") == text.strip(" ."))


def test_a_stored_capture_says_of_itself_what_its_page_said(tmp_path: Any, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "snapshots": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    key = store_capture(
        url=URL, status=200, reason="OK", headers=[("Content-Type", "text/html; charset=windows-1251")],
        request_headers=[], body='<meta name="author" content="Пётр">'.encode("windows-1251"), peer="",
        truncated=False, at=timezone.now(),
    )  # fmt: skip
    assert read_details(key, "text/html", time_limit=5).author == "Пётр"
    assert not Snapshot.objects.exists()
