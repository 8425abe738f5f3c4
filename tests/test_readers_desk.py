"""Messages of readers on the desk: one press opens a review, logs a claim, answers or puts aside."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from claims import services
from claims.choices import ReaderMessageKind
from claims.models import Claim, ReaderMessage, User
from tests.desk import Desk, html
from tests.make import make_claim
from tests.pages_rows import published

pytestmark = pytest.mark.django_db

LIST = "/admin/claims/readermessage/"


@pytest.fixture
def claim(checker: User, editor: User) -> Claim:
    return published(checker, editor)


@pytest.fixture
def report(claim: Claim) -> ReaderMessage:
    return services.receive_message(
        ReaderMessageKind.REPORT, claim=claim, text="It was <b>June</b>.", nonce="1", contact="a@mail.example"
    )


@pytest.fixture
def suggestion() -> ReaderMessage:
    return services.receive_message(
        ReaderMessageKind.SUGGESTION, text="Frogs rained on the old town", nonce="2", where="https://tv.example/7",
        language="ru",
    )  # fmt: skip


def page_of(message: ReaderMessage) -> str:
    return f"{LIST}{message.pk}/change/"


def test_messages_wait_on_the_front_page_and_in_the_list(
    report: ReaderMessage, suggestion: ReaderMessage, checker: User
) -> None:
    desk = Desk(checker)
    for path in ("/admin/", LIST, f"{LIST}?state__exact=new"):
        assert "Frogs rained" in desk.get(path)
    assert "Frogs rained" not in desk.get(f"{LIST}?state__exact=answered")


@pytest.mark.parametrize(
    ("button", "state"),
    [("_answer", "answered"), ("_review", "taken"), ("_dismiss", "dismissed"), ("_duplicate", "duplicate")],
)
def test_each_button_does_what_it_says(button: str, state: str, report: ReaderMessage, checker: User) -> None:
    desk = Desk(checker)
    assert "It was &lt;b&gt;June" in desk.get(page_of(report))
    desk.fill(page_of(report), "message_form", words="Our words.", **{button: ""})
    report.refresh_from_db()
    assert report.state == state


def test_nothing_is_decided_without_a_button_or_without_words(report: ReaderMessage, checker: User) -> None:
    desk = Desk(checker)
    assert "Press one of the buttons" in html(desk.fill(page_of(report), "message_form", words="Our words."))
    assert "required" in html(desk.fill(page_of(report), "message_form", words="", _answer=""))
    report.refresh_from_db()
    assert report.state == "new"


def test_a_refused_step_says_why_and_keeps_the_words(report: ReaderMessage, claim: Claim, checker: User) -> None:
    services.look_again(claim, by=checker, reason="Begun already.")
    answer = html(Desk(checker).fill(page_of(report), "message_form", words="A reader doubts it.", _review=""))
    assert "being looked at already" in answer and "A reader doubts it." in answer


def test_one_press_leads_to_the_log_page_with_the_suggestion_in_it(suggestion: ReaderMessage, checker: User) -> None:
    desk = Desk(checker)
    answer = desk.send(page_of(suggestion), {"_log": ""})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked["text"] == ["Frogs rained on the old town"] and asked["language"] == ["ru"]
    content = desk.get(answer["Location"])
    assert "Frogs rained on the old town" in content and "https://tv.example/7" in content
    suggestion.refresh_from_db()
    assert suggestion.state == "taken"


def test_the_logged_claim_is_offered_and_linked_with_one_press(suggestion: ReaderMessage, checker: User) -> None:
    logged, desk = make_claim(checker, "Frogs rained on the old town"), Desk(checker)
    assert f'name="_same" value="{logged.pk}"' in desk.get(page_of(suggestion))
    desk.send(page_of(suggestion), {"_same": str(logged.pk)})
    suggestion.refresh_from_db()
    assert suggestion.claim == logged


def test_observers_see_messages_but_neither_contacts_nor_buttons(report: ReaderMessage, outsider: User) -> None:
    desk = Desk(outsider)
    content = desk.get(page_of(report))
    assert "June" in content and "a@mail.example" not in content and "_answer" not in content
    assert desk.send(page_of(report), {"_answer": "", "words": "No"}).status_code == 403
