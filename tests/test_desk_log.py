"""The log page without a script: paste, look again, pick, save; nothing written by looking, nothing typed lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from claims.models import Activity, Appearance, AudienceFigure, Claim, ClaimantAccount, User
from sources.choices import Availability, Outcome
from sources.models import Source, SourceCheck
from sources.services import register_source
from tests.desk import Desk, fields_of, html
from tests.make import make_claim, make_claimant, make_evidence, make_snapshot

pytestmark = pytest.mark.django_db
LOG = "/admin/claims/log"
URL = "https://news.example/square"
PAGE = "The mayor spoke. Police counted 300 people on the square that evening. It rained."
PASSAGE = "Police counted 300 people on the square that evening."


def paste(desk: Desk, pasted: str = URL) -> str:
    """The address of the second step."""
    answer = desk.client.post(LOG, {"pasted": pasted})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def second(desk: Desk, pasted: str = URL) -> dict[str, Any]:
    return fields_of(desk.get(paste(desk, pasted)), "log_form")


def save(desk: Desk, fields: dict[str, Any], **changes: Any) -> HttpResponse:
    return desk.send(LOG, fields | changes | {"_save": ""})


def visited(source: Source, outcome: str, availability: str) -> None:
    SourceCheck.objects.create(source=source, outcome=outcome)
    Source.objects.filter(pk=source.pk).update(availability=availability, next_check_at="2100-01-01T00:00Z")


@pytest.mark.parametrize("path", [LOG, f"{LOG}/"])
def test_the_page_asks_for_one_thing(checker: User, path: str) -> None:
    fields = Desk(checker).form(path, "paste_form")
    assert set(fields) == {"csrfmiddlewaretoken", "pasted"}


def test_a_bookmark_fills_in_and_writes_nothing(checker: User) -> None:
    desk = Desk(checker)
    fields = desk.form(f"{LOG}?url={URL}&title=The+square&text=Thousands+came", "paste_form")
    assert (fields["pasted"], fields["title"], fields["text"]) == (URL, "The square", "Thousands came")
    assert not Source.objects.exists() and not Claim.objects.exists()
    place = desk.client.post(LOG, fields)["Location"]
    assert "Thousands+came" in place
    assert fields_of(desk.get(place), "log_form")["text"] == "Thousands came"


def test_a_phone_that_shares_the_address_within_a_text_is_understood(checker: User) -> None:
    fields = Desk(checker).form(f"{LOG}?title=x&text=Look+at+this+{URL}", "paste_form")
    assert (fields["pasted"], fields["text"]) == (URL, "Look at this")


def test_a_pasted_address_is_watched_and_is_due_now(checker: User) -> None:
    register_source(URL)
    Source.objects.update(next_check_at="2100-01-01T00:00Z")
    page = Desk(checker).get(paste(Desk(checker), f"  {URL}?utm_source=x "))
    source = Source.objects.get()
    assert source.next_check_at.year < 2100
    assert "The page is being captured" in page and "Look again" in page


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("ftp://x.example/a", "Write the full address"),
        ("https://", "The address has no host"),
        ("https://user@x.example/", "Leave that part out"),
        ("", "Paste an address"),
        ("   ", "Paste an address"),
    ],
)
def test_what_cannot_be_used_comes_back_with_the_reason(checker: User, pasted: str, told: str) -> None:
    assert told in html(Desk(checker).client.post(LOG, {"pasted": pasted}))
    assert not Source.objects.exists()


def test_a_pasted_text_is_the_claim_in_the_language_of_its_letters(checker: User) -> None:
    desk = Desk(checker)
    fields = fields_of(html(desk.client.post(LOG, {"pasted": "Алаңға мыңдаған адам шықты"})), "log_form")
    assert (fields["text"], fields["language"]) == ("Алаңға мыңдаған адам шықты", "kk")
    assert save(desk, fields).status_code == 302
    claim = Claim.objects.get()
    assert (claim.language, claim.appearances.count()) == ("kk", 0)


def test_the_whole_path_logs_a_claim_with_its_appearance_and_lands_on_it(checker: User) -> None:
    desk = Desk(checker)
    make_snapshot(register_source(URL), PAGE)
    place = paste(desk)
    page = desk.get(place)
    assert PASSAGE in page
    fields = fields_of(page, "log_form")
    picked = html(desk.send(LOG, fields | {"_fill": json.dumps({"text": PASSAGE})}))
    fields = fields_of(picked, "log_form")
    assert (fields["text"], fields["language"], fields["appearances-0-platform"]) == (PASSAGE, "en", "website")
    answer = save(desk, fields, **{"appearances-0-published_on": "2019-06-09"})
    claim = Claim.objects.get()
    assert answer["Location"] == f"/admin/claims/claim/{claim.pk}/change/"
    assert claim.text == PASSAGE
    appearance = claim.appearances.get()
    assert (appearance.url, str(appearance.published_on), appearance.source) == (
        URL,
        "2019-06-09",
        Source.objects.get(),
    )
    assert Activity.objects.filter(claim=claim, actor=checker).count() == 2


def test_what_arrives_later_changes_nothing_that_was_typed(checker: User) -> None:
    desk = Desk(checker)
    fields = second(desk)
    make_snapshot(Source.objects.get(), "Тысячи людей вышли на площадь перед зданием вчера.")
    typed = fields | {"text": "Мои слова", "language": "uk", "appearances-0-platform": "telegram", "_look": ""}
    shown = fields_of(html(desk.send(LOG, typed)), "log_form")
    assert (shown["text"], shown["language"]) == ("Мои слова", "uk")
    assert shown["appearances-0-platform"] == "telegram"


def test_what_was_only_guessed_follows_the_page(checker: User) -> None:
    desk = Desk(checker)
    fields = second(desk)
    make_snapshot(Source.objects.get(), "Тысячи людей вышли на площадь перед зданием вчера.")
    shown = fields_of(html(desk.send(LOG, fields | {"_look": ""})), "log_form")
    assert shown["language"] == "ru"


def test_a_passage_is_added_to_typed_words_and_replaces_a_picked_one(checker: User) -> None:
    desk = Desk(checker)
    other = "The mayor said there were 500 people there."
    make_snapshot(register_source(URL), f"{PAGE} {other}")
    fields = second(desk)
    picked = fields_of(
        html(desk.send(LOG, fields | {"text": PASSAGE, "_fill": json.dumps({"text": other})})), "log_form"
    )
    assert picked["text"] == other
    added = fields_of(
        html(desk.send(LOG, fields | {"text": "Typed", "_fill": json.dumps({"text": other})})), "log_form"
    )
    assert added["text"].split() == f"Typed {other}".split()


@pytest.mark.parametrize(
    ("outcome", "availability", "told"),
    [
        (Outcome.NOT_FOUND, Availability.SUSPECT, "not found"),
        (Outcome.BLOCKED, Availability.BLOCKED, "blocked"),
        (Outcome.AUTH_REQUIRED, Availability.PAYWALLED, "login required"),
        (Outcome.POLICY_DENIED, Availability.DENIED, "refused by our rules"),
        (Outcome.DNS_NXDOMAIN, Availability.SUSPECT, "domain does not exist"),
    ],
)
def test_a_page_that_cannot_be_captured_says_why_and_one_goes_on_by_hand(
    checker: User, outcome: str, availability: str, told: str
) -> None:
    desk = Desk(checker)
    fields = second(desk)
    visited(Source.objects.get(), outcome, availability)
    page = html(desk.send(LOG, fields | {"_look": ""}))
    assert f"could not be captured: {told}" in page and "data-poll" not in page
    assert save(desk, fields_of(page, "log_form"), text="By hand").status_code == 302
    assert Claim.objects.get().text == "By hand"


def test_an_author_with_an_account_is_offered_as_the_claimant_with_the_audience_then(checker: User) -> None:
    claimant = make_claimant()
    account = ClaimantAccount.objects.create(claimant=claimant, platform="facebook", handle="mukhtar")
    AudienceFigure.objects.create(account=account, followers=124000, measured_on="2019-06-01")
    desk = Desk(checker)
    fields = second(desk, "https://www.facebook.com/mukhtar/posts/1")
    page = html(desk.send(LOG, fields | {"_fill": json.dumps({"claimant": str(claimant.pk)})}))
    assert "Mukhtar Example" in page
    known = desk.client.post(
        f"{LOG}/address", {"url": fields["appearances-0-url"], "published_on": "2019-06-09", "row": "0"}
    ).json()
    assert "124\u202f000 followers" in known["html"] and "June 1, 2019" in known["html"]
    save(desk, fields_of(page, "log_form"), text="Thousands came", **{"appearances-0-audience": "99"})
    claim = Claim.objects.get()
    assert (claim.claimant, claim.appearances.get().audience) == (claimant, 99)


def test_numbers_in_the_text_are_offered_and_filled_in_only_by_their_button(checker: User) -> None:
    desk = Desk(checker)
    page = html(desk.client.post(LOG, {"pasted": "Thousands of protesters filled the square"}))
    fields = fields_of(page, "log_form")
    assert fields["quantity_low"] == "" and "2000 or more" in page
    fill = json.dumps({"quantity_low": "2000", "quantity_as_stated": "Thousands"})
    filled = fields_of(html(desk.send(LOG, fields | {"_fill": fill})), "log_form")
    assert (filled["quantity_low"], filled["quantity_as_stated"]) == ("2000", "Thousands")
    save(desk, filled)
    assert Claim.objects.get().quantity_low == 2000


def test_several_appearances_are_logged_at_once(checker: User) -> None:
    desk = Desk(checker)
    fields = fields_of(html(desk.send(LOG, second(desk) | {"_more": ""})), "log_form")
    assert fields["appearances-TOTAL_FORMS"] == "2"
    save(desk, fields, text="Thousands came", **{"appearances-1-url": "https://t.me/channel/1"})
    assert Appearance.objects.count() == 2


def test_a_form_that_arrives_twice_logs_one_claim(checker: User) -> None:
    desk = Desk(checker)
    fields = second(desk) | {"text": "Thousands came"}
    first, again = save(desk, fields), save(desk, fields)
    assert first["Location"] == again["Location"]
    assert Claim.objects.count() == Appearance.objects.count() == 1


def test_a_refused_appearance_comes_back_and_nothing_is_half_written(checker: User) -> None:
    desk = Desk(checker)
    page = html(save(desk, second(desk), text="Thousands came", **{"appearances-0-url": "ftp://x.example"}))
    assert "Write the full address" in page and "Thousands came" in page
    assert not Claim.objects.exists()


def test_the_same_page_twice_on_one_form_is_refused_at_its_row(checker: User) -> None:
    desk = Desk(checker)
    fields = fields_of(html(desk.send(LOG, second(desk) | {"_more": ""})), "log_form")
    page = html(save(desk, fields, text="Thousands came", **{"appearances-1-url": f"{URL}?utm_source=x"}))
    assert "This page is an appearance of this claim already" in page
    assert not Claim.objects.exists()


def test_a_page_that_is_known_is_said_so_before_anything_is_logged(checker: User) -> None:
    claim = make_claim(checker, "Nobody came to it")
    make_evidence(claim, checker, url=URL)
    desk = Desk(checker)
    for page in (desk.get(f"{LOG}?url={URL}%23top"), desk.get(paste(desk))):
        assert "This page is known already" in page and f"/admin/claims/claim/{claim.pk}/change/" in page


def test_the_claims_own_form_says_once_that_a_page_is_known(checker: User) -> None:
    known = make_claim(checker, "Nobody came to it")
    make_evidence(known, checker, url=URL)
    desk = Desk(checker)
    path = "/admin/claims/claim/add/"
    page = html(desk.fill(path, text="Another claim", **{"appearances-0-url": f"{URL}#x"}))
    assert "This page is known already" in page and f"/admin/claims/claim/{known.pk}/change/" in page
    assert desk.send(path, fields_of(page, "claim_form")).status_code == 302
    assert Appearance.objects.get().claim.text == "Another claim"


def test_a_claim_much_like_one_that_was_not_shown_is_asked_about_once(checker: User) -> None:
    make_claim(checker)
    desk = Desk(checker)
    page = html(save(desk, second(desk), text="Thousands of protesters are filling the square!"))
    assert "much like this one" in page and Claim.objects.count() == 1
    assert save(desk, fields_of(page, "log_form")).status_code == 302
    assert Claim.objects.count() == 2


def test_the_same_claim_gets_the_page_as_another_appearance(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    fields = second(desk) | {"appearances-0-published_on": "2019-06-09", "_same": str(claim.pk)}
    for _ in range(2):
        assert desk.send(LOG, fields)["Location"] == f"/admin/claims/claim/{claim.pk}/change/"
    assert str(claim.appearances.get().published_on) == "2019-06-09"
    assert Claim.objects.count() == 1


def test_the_same_claim_needs_an_address_and_a_claim(checker: User) -> None:
    claim = make_claim(checker)
    desk = Desk(checker)
    fields = fields_of(html(desk.client.post(LOG, {"pasted": "protesters filled the square"})), "log_form")
    assert "Write the address where the claim appeared" in html(desk.send(LOG, fields | {"_same": str(claim.pk)}))
    for key in ("0", "x", "9" * 30, "-1"):
        assert "no longer there" in html(desk.send(LOG, fields | {"_same": key}))


def test_an_observer_may_not_log_and_a_stranger_is_asked_to_sign_in(outsider: User) -> None:
    client = Desk(outsider).client
    assert client.get(LOG).status_code == 403
    assert client.post(LOG, {"pasted": URL}).status_code == 403
    assert not Source.objects.exists()
    assert "Log a claim" not in Desk(outsider).get("/admin/")
    assert Client().get(f"{LOG}?url={URL}")["Location"].startswith("/admin/login/?next=/admin/claims/log%3Furl")


def test_the_front_page_and_the_side_bar_lead_there(checker: User) -> None:
    assert Desk(checker).get("/admin/").count(f'href="{LOG}"') >= 2
