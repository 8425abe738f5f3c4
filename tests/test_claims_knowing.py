"""An address tells where it is cited already, whose account it is of, and how many followed it."""

from __future__ import annotations

from datetime import date

import pytest

from claims import services
from claims.intake.language import guess_language
from claims.intake.passages import MOST, passages_of
from claims.intake.platforms import account_of, platform_of
from claims.knowing import accounts_of, audience_at, claimants_called, claimants_found, claimants_of, uses_of
from claims.models import AudienceFigure, Claimant, ClaimantAccount, User
from tests.make import make_claim, make_claimant, make_evidence

POST = "https://www.facebook.com/mukhtar.example/posts/123"


def make_account(claimant: Claimant, **fields: str) -> ClaimantAccount:
    given = {"platform": "facebook", "handle": "mukhtar.example"} | fields
    account = ClaimantAccount.objects.create(claimant=claimant, **given)
    services.write_due_words()
    return account


@pytest.mark.django_db
@pytest.mark.parametrize("spelling", ["#top", "?utm_source=x", "?fbclid=1"])
def test_a_page_is_recognised_under_another_spelling(checker: User, spelling: str) -> None:
    claim = make_claim(checker)
    services.add_appearance(claim, url="https://news.example/a", by=checker)
    assert uses_of(f"HTTPS://News.example/a{spelling}").appears_in == [claim]
    assert not uses_of("https://news.example/b")


@pytest.mark.django_db
def test_a_page_that_is_evidence_is_recognised_until_it_is_left_out(checker: User) -> None:
    claim = make_claim(checker)
    evidence = make_evidence(claim, checker, url="https://news.example/a")
    assert uses_of("https://news.example/a").evidence_of == [claim]
    assert not uses_of("https://news.example/a", besides=claim.pk)
    services.drop_evidence(evidence, by=checker)
    assert not uses_of("https://news.example/a")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "nonsense", "ftp://x", "https://", "https://[", "javascript:alert(1)", "\x00"])
def test_what_is_no_address_is_known_by_nobody(address: str) -> None:
    assert not uses_of(address)
    assert accounts_of(address) == []
    assert audience_at(address, date(2019, 6, 9)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "account",
    [
        {"platform": "Facebook", "handle": "Mukhtar.Example"},
        {"platform": "other", "handle": "", "url": "https://facebook.com/mukhtar.example/"},
        {"platform": "other", "handle": "", "url": "http://m.facebook.com/Mukhtar.example"},
    ],
)
def test_a_post_is_of_the_account_by_its_handle_or_address(account: dict[str, str]) -> None:
    row = make_account(make_claimant(), **account)
    make_account(make_claimant("Another"), handle="another", platform="facebook")
    assert accounts_of(POST) == [row]


@pytest.mark.django_db
def test_the_audience_is_the_figure_nearest_in_time_and_none_when_all_are_far() -> None:
    account = make_account(make_claimant())
    for day, followers in ((date(2019, 6, 1), 124_000), (date(2019, 8, 1), 130_000), (date(2015, 1, 1), 5)):
        AudienceFigure.objects.create(account=account, measured_on=day, followers=followers)
    figure = audience_at(POST, date(2019, 6, 9))
    assert figure is not None and (figure.followers, figure.measured_on) == (124_000, date(2019, 6, 1))
    assert audience_at(POST, date(2017, 6, 9)) is None
    assert audience_at(POST, None) is None


@pytest.mark.django_db
def test_claimants_are_found_by_any_name_beginning_handle_or_post() -> None:
    claimant = make_claimant("Mukhtar Ablyazov", aliases=["Мухтар Аблязов"])
    make_account(claimant, handle="ablyazov_official", platform="telegram")
    make_claimant("Someone Else")
    for term in (
        "muk",
        "АБЛЯ",
        "аблязов мухтар",
        "ablyazov_off",
        "@ablyazov_official",
        "https://t.me/ablyazov_official/7",
    ):
        assert claimants_found(term) == [claimant.pk], term
    assert claimants_found("😀") == [] and claimants_found("nobody") == []


@pytest.mark.django_db
def test_an_author_is_a_claimant_only_by_the_whole_name() -> None:
    claimant = make_claimant("Mukhtar Ablyazov", aliases=["Мухтар Аблязов"])
    make_claimant("Mukhtar Ablyazov Junior")
    services.write_due_words()
    assert claimants_called(["МУХТАР  АБЛЯЗОВ", "nobody", ""]) == [claimant]
    assert claimants_called(["Mukhtar"]) == []


@pytest.mark.django_db
def test_the_account_comes_before_the_name() -> None:
    by_name, by_account = make_claimant("The Paper"), make_claimant("Mukhtar")
    make_account(by_account)
    assert claimants_of([POST], ["The Paper"]) == [by_account, by_name]


@pytest.mark.parametrize(
    ("url", "platform", "handle"),
    [
        (POST, "facebook", "mukhtar.example"),
        ("https://t.me/s/channel/5", "telegram", "channel"),
        ("https://x.com/Name/status/1", "x", "Name"),
        ("https://www.youtube.com/@Name/videos", "youtube", "Name"),
        ("https://www.tiktok.com/@name/video/1", "tiktok", "name"),
        ("https://www.instagram.com/p/abc/", "instagram", None),
        ("https://www.youtube.com/watch?v=1", "youtube", None),
        ("https://bsky.app/profile/a.example/post/1", "bluesky", "a.example"),
        ("https://notfacebook.com/name", "website", None),
        ("https://facebook.com.evil.example/name", "website", None),
        ("", "", None),
    ],
)
def test_platform_and_account_by_the_address(url: str, platform: str, handle: str | None) -> None:
    account = account_of(url)
    assert platform_of(url) == platform
    assert (account.handle if account else None) == handle


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thousands came to Алматы", "en"),
        ("Тысячи вышли на площадь", "ru"),
        ("Мыңдаған адам алаңға шықты", "kk"),
        (
            "Тысячи людей вышли на площадь перед акиматом города, сообщил Қайрат, и потребовали отставки правительства",
            "ru",
        ),
        ("Тисячі людей вийшли на площу ї", "ru"),
        ("مرحبا", ""),
        ("12345 😀", ""),
        ("", ""),
    ],
)
def test_the_language_by_the_letters(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_passages_are_what_is_quoted_then_what_is_counted_each_once() -> None:
    text = (
        "Short. The weather was fine on that day for all. He said: «Нас было больше, чем когда-либо раньше!» "
        "Police counted 300 people on the square. Dr. Smith saw thousands of protesters there.\n"
        "На площадь вышли не менее 2000 человек, сообщил г. Петров. Алаңға мыңдаған адам жиналды деп хабарлады."
    )
    assert passages_of(text, ["Police counted 300 people on the square."]) == [
        "Police counted 300 people on the square.",
        "He said: «Нас было больше, чем когда-либо раньше!»",
        "Dr. Smith saw thousands of protesters there.",
        "На площадь вышли не менее 2000 человек, сообщил г. Петров.",
        "Алаңға мыңдаған адам жиналды деп хабарлады.",
    ]


@pytest.mark.parametrize(
    "text", ["«" * 50_000, '"' * 50_000, ". " * 50_000, "1 " * 50_000, "A. B" * 20_000, " " * 90_000]
)
@pytest.mark.timeout(10)
def test_no_text_takes_long_or_gives_too_many_passages(text: str) -> None:
    assert len(passages_of(text)) <= MOST
