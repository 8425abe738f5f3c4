"""Evidence picked from the captured page: sentences ticked, passages pasted, both compared with the capture at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client

from claims import services
from claims.choices import QuoteStatus
from claims.models import Claim, Evidence, User
from sources.models import Source
from sources.services import register_source
from tests.desk import CLAIMS, Desk, html
from tests.make import PAGE, make_claim, make_draft, make_evidence, make_snapshot

pytestmark = pytest.mark.django_db
URL = "https://news.example/square"
CHECK = f"{CLAIMS}evidence/check/"


@pytest.fixture
def claim(checker: User) -> Claim:
    return make_claim(checker)


def captured(text: str = PAGE, url: str = URL) -> Source:
    source = register_source(url)
    make_snapshot(source, text)
    return source


def pick(claim: Claim, source: Source) -> str:
    return f"{CLAIMS}{claim.pk}/evidence/{source.pk}/"


def sentence(text: str, words: str) -> str:
    """The value of the box before the sentence with these words."""
    start = text.index(words)
    return f"{start}-{start + len(words)}"


def test_an_address_leads_to_the_reading_view_of_its_page(checker: User, claim: Claim) -> None:
    source = captured()
    answer = Desk(checker).fill(f"{CLAIMS}{claim.pk}/evidence/", "page_form", url=f" {URL} ")
    assert answer.headers["Location"] == pick(claim, source)


def test_a_new_address_is_registered_and_waits_for_its_capture(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    answer = desk.fill(f"{CLAIMS}{claim.pk}/evidence/", "page_form", url="https://new.example/page")
    text = desk.get(answer.headers["Location"])
    assert Source.objects.get().canonical_url == "https://new.example/page"
    assert "Not captured yet" in text and 'http-equiv="refresh"' in text


def test_an_address_nobody_can_use_is_refused_beside_the_field(checker: User, claim: Claim) -> None:
    text = html(Desk(checker).fill(f"{CLAIMS}{claim.pk}/evidence/", "page_form", url="not an address"))
    assert Source.objects.count() == 0 and "not an address" in text


def test_a_ticked_sentence_is_attached_and_pinned_in_the_same_moment(checker: User, claim: Claim) -> None:
    source, desk = captured(), Desk(checker)
    words = "Police said only a few hundred had actually turned up."
    desk.fill(pick(claim, source), "passage_form", sentence=[sentence(PAGE, words)], stance="refutes", origin="primary")
    row = Evidence.objects.get()
    assert (row.quote, row.quote_status, row.origin, row.load_bearing) == (words, QuoteStatus.INTACT, "primary", True)
    assert row.snapshot == source.current_snapshot
    assert (row.quote_prefix, row.quote_suffix) == ("On Saturday the square filled slowly. ", " It rained.")


def test_the_first_and_the_last_of_several_sentences_bring_those_between(checker: User, claim: Claim) -> None:
    source = captured()
    ends = [sentence(PAGE, "On Saturday the square filled slowly."), sentence(PAGE, "It rained.")]
    Desk(checker).fill(pick(claim, source), "passage_form", sentence=ends, stance="context")
    row = Evidence.objects.get()
    assert row.quote == PAGE and row.load_bearing is False


def test_of_two_passages_alike_the_one_that_was_ticked_is_pinned(checker: User, claim: Claim) -> None:
    text = "Morning count.\nNobody came.\nEvening count.\nNobody came.\nThe end."
    source = captured(text)
    second = text.rindex("Nobody came.")
    Desk(checker).fill(pick(claim, source), "passage_form", sentence=[f"{second}-{second + 12}"], stance="refutes")
    assert Evidence.objects.get().quote_prefix.endswith("Evening count.\n")


def test_a_pasted_passage_that_differs_is_kept_and_told_with_the_nearest(checker: User, claim: Claim) -> None:
    source, desk = captured(), Desk(checker)
    desk.fill(pick(claim, source), "passage_form", quote="only a few thousand had actually turned up", stance="refutes")
    assert Evidence.objects.get().quote_status == QuoteStatus.ALTERED
    assert "is not on the page. The nearest passage there" in desk.get(desk.claim(claim))


def test_nothing_ticked_and_nothing_pasted_is_told_at_the_field(checker: User, claim: Claim) -> None:
    text = html(Desk(checker).fill(pick(claim, captured()), "passage_form", stance="refutes"))
    assert "Tick the sentences to quote, or paste the passage here." in text
    assert not Evidence.objects.exists()


def test_without_a_stance_what_was_ticked_stays_ticked(checker: User, claim: Claim) -> None:
    ticked = sentence(PAGE, "It rained.")
    text = html(Desk(checker).fill(pick(claim, captured()), "passage_form", sentence=[ticked], note="Wet"))
    assert f'value="{ticked}" checked' in text and "Wet" in text


def test_pressing_twice_attaches_once(checker: User, claim: Claim) -> None:
    source, desk = captured(), Desk(checker)
    sent = desk.form(pick(claim, source), "passage_form") | {"quote": "It rained.", "stance": "context"}
    for _press in range(2):
        assert desk.send(pick(claim, source), sent).status_code == 302
    assert Evidence.objects.count() == 1


POLICE, RAIN = "Police said only a few hundred had actually turned up.", "It rained."


def apart(claim: Claim, by: User, source: Source, **fields: str) -> Any:
    ticked = [sentence(PAGE, RAIN), sentence(PAGE, POLICE)]
    return Desk(by).fill(pick(claim, source), "passage_form", sentence=ticked, stance="refutes", _each="", **fields)


def test_ticked_sentences_are_attached_each_by_itself(checker: User, claim: Claim) -> None:
    source = captured()
    for _press in range(2):
        assert apart(claim, checker, source).status_code == 302
    rows = Evidence.objects.order_by("pk")
    assert [(row.quote, row.quote_status) for row in rows] == [(POLICE, "intact"), (RAIN, "intact")]


def test_one_number_is_not_given_to_several_passages(checker: User, claim: Claim) -> None:
    text = html(apart(claim, checker, captured(), quantity_as_stated="a few hundred", quantity_low="200"))
    assert "A number belongs to one passage" in text
    assert not Evidence.objects.exists()


def test_of_several_passages_all_are_attached_or_none(checker: User, claim: Claim) -> None:
    source = captured()
    sent = {"sentence": [sentence(PAGE, RAIN), "5-999999"], "stance": "refutes", "_each": ""}
    assert "pick it again" in html(Desk(checker).fill(pick(claim, source), "passage_form", **sent))
    assert not Evidence.objects.exists()


def test_the_verdict_follows_the_evidence_as_long_as_none_of_it_is_written(checker: User, claim: Claim) -> None:
    source, desk = captured(), Desk(checker)
    sent = desk.form(pick(claim, source), "passage_form") | {"stance": "context"}
    assert desk.send(pick(claim, source), sent | {"quote": RAIN})["Location"] == desk.claim(claim, "draft")
    make_draft(claim, checker)
    assert desk.send(pick(claim, source), sent | {"quote": POLICE})["Location"] == desk.claim(claim)


def test_a_claim_is_logged_and_its_page_quoted_with_one_button(checker: User) -> None:
    source, desk = captured(), Desk(checker)
    log = "/admin/claims/log"
    sent = desk.form(f"{log}?source={source.public_id}", "log_form") | {"text": "Thousands came", "_pick": ""}
    answers = [desk.send(log, sent)["Location"] for _press in range(2)]
    assert answers == [pick(Claim.objects.get(), source)] * 2


def test_the_same_words_from_the_same_page_are_not_logged_a_second_time(checker: User) -> None:
    source, desk = captured(), Desk(checker)
    log = "/admin/claims/log"
    place = f"{log}?source={source.public_id}"
    first = desk.form(place, "log_form") | {"text": "Thousands came", "_save": ""}
    assert desk.send(log, first).status_code == 302
    again = desk.form(place, "log_form") | {
        "text": " Thousands  came",
        "seen": str(Claim.objects.get().pk),
        "_save": "",
    }
    assert "in these words and from this page" in html(desk.send(log, again))
    assert desk.send(log, again | {"text": "Thousands came home"}).status_code == 302
    assert Claim.objects.count() == 2


@pytest.mark.parametrize("value", ["0-999999", "-5-3", "9-2", "x-y", "١-٢", "0-" + "9" * 40, "5"])
def test_boxes_that_nobody_drew_attach_nothing(checker: User, claim: Claim, value: str) -> None:
    html(Desk(checker).fill(pick(claim, captured()), "passage_form", sentence=[value], stance="refutes"))
    assert not Evidence.objects.exists()


def test_a_capture_of_another_page_is_not_quoted_from(checker: User, claim: Claim) -> None:
    source, other = captured(), captured("Another page says this.", "https://other.example/")
    assert other.current_snapshot is not None
    sent = {"snapshot": str(other.current_snapshot.pk), "sentence": ["0-12"], "stance": "refutes"}
    Desk(checker).fill(pick(claim, source), "passage_form", **sent)
    assert Evidence.objects.get().quote == PAGE[:12].strip()


def test_what_a_page_says_is_shown_and_never_run(checker: User, claim: Claim) -> None:
    text = Desk(checker).get(pick(claim, captured("<script>alert(1)</script> & more. Next one.")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more." in text


def test_words_are_found_anywhere_in_a_long_page(checker: User, claim: Claim) -> None:
    long = "\n".join(f"Paragraph {number} says nothing. It goes on." for number in range(3000))
    source = captured(f"{long}\nАлматы қаласында  жүздеген адам болды. Соңы.")
    desk = Desk(checker)
    assert "portion 1 of" in desk.get(pick(claim, source))
    found = desk.get(f"{pick(claim, source)}?q=АЛМАТЫ қаласында")
    place = found.split('class="desk-hits"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "<mark>Алматы қаласында" in desk.get(pick(claim, source) + place.partition("#")[0])


def test_two_megabytes_are_read_and_searched_in_a_blink(checker: User, claim: Claim) -> None:
    source = captured("\n".join(["Он сказал, что пришло 200 человек. Никто не спорил. The end."] * 35_000))
    desk = Desk(checker)
    small = captured("Short. Page.", "https://short.example/")
    begun = time.process_time()
    desk.get(f"{pick(claim, small)}?q=short")
    quick, begun = time.process_time() - begun, time.process_time()
    text = desk.get(f"{pick(claim, source)}?q=никто")
    assert time.process_time() - begun < 20 * quick + 1
    assert len(text) < 2_000_000


def test_an_observer_attaches_nothing(outsider: User, claim: Claim) -> None:
    source, desk = captured(), Desk(outsider)
    sent = {"quote": "It rained.", "stance": "context"}
    assert desk.send(pick(claim, source), sent).status_code == 403
    assert desk.send(f"{CLAIMS}{claim.pk}/evidence/", {"url": URL}).status_code == 403
    assert desk.send(CHECK, {"url": URL, "quote": "It rained."}).status_code == 403
    assert not Evidence.objects.exists()


def test_while_a_second_person_reads_nothing_is_attached(checker: User, claim: Claim) -> None:
    make_evidence(claim, checker, kind="offline", url="", quote="", description="Interview")
    services.submit_for_review(make_draft(claim, checker), by=checker)
    source = captured()
    html(Desk(checker).send(pick(claim, source), {"quote": "It rained.", "stance": "context"}))
    assert Evidence.objects.count() == 1


def test_pages_that_are_not_there_are_404(checker: User, claim: Claim) -> None:
    desk = Desk(checker)
    assert desk.client.get(f"{CLAIMS}{claim.pk}/evidence/{2**40}/").status_code == 404
    assert desk.client.get(f"{CLAIMS}{2**40}/evidence/").status_code == 404


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("only a few hundred had actually turned up", "Stands on the page"),
        ("only a few thousand had actually turned up", "Not on the page as quoted"),
        ("something else entirely, unheard of", "Nothing like it is there"),
        ("x" * 6000, "at most 5000 characters"),
    ],
)
def test_a_quote_is_compared_while_it_is_typed(checker: User, quote: str, told: str) -> None:
    captured()
    assert told in html(Desk(checker).send(CHECK, {"url": URL, "quote": quote}))


def test_a_quote_of_a_page_nobody_has_seen_is_told_to_wait(checker: User) -> None:
    desk = Desk(checker)
    assert "captured once this is saved" in html(desk.send(CHECK, {"url": URL, "quote": "It rained."}))
    seen = {"availability": "blocked", "last_checked_at": "2026-01-01T00:00Z"}
    Source.objects.filter(pk=register_source(URL).pk).update(**seen)
    assert "turns our robot away" in html(desk.send(CHECK, {"url": URL, "quote": "It rained."}))
    assert "Not compared" in html(desk.send(CHECK, {"url": "javascript:alert(1)", "quote": "It rained."}))


def test_comparing_asks_for_a_sign_in_and_a_token(checker: User) -> None:
    assert Client().post(CHECK, {"url": URL, "quote": "It rained."}).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(checker)
    assert strict.post(CHECK, {"url": URL, "quote": "It rained."}).status_code == 403
    assert Desk(checker).client.get(CHECK).status_code == 405
