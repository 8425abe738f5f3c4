"""What is found in other people's data, whatever shape it has."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.choices import TakenFrom
from claims.importing.findings import FoundReview, Skipped, Withdrawn
from tests.import_items import SITE, item, read, refused, taken


def test_a_clean_review_is_taken_whole() -> None:
    found = taken(item())
    assert (found.url, found.claim_text, found.rating_label) == (
        f"{SITE}/checks/1/", "The bridge of village 1 fell down", "False",
    )  # fmt: skip
    assert (found.publisher_name, found.publisher_site, found.claimant) == ("Facts", "facts.example", "Ann")
    assert (found.made_on, found.published_at) == (date(2020, 4, 30), datetime(2020, 5, 1, tzinfo=UTC))
    assert (found.rating_value, found.rating_best, found.rating_worst) == ("1", "5", "1")
    assert found.remarks == ()


@pytest.mark.parametrize(
    "wrapped",
    [
        [item()],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "x"}, item()]},
        {"@type": "NewsArticle", "review": item()},
        {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [item()]}]},
        {"@type": "DataFeed", "dataFeedElement": {"@type": "DataFeedItem", "item": item()}},
        {"@type": "DataFeedItem", "dateModified": "2020-06-01", "item": item()},
        item() | {"@type": ["Review", "ClaimReview"]},
        item() | {"@type": "https://schema.org/ClaimReview"},
        item() | {"@type": "schema:ClaimReview"},
    ],
)
def test_a_review_is_found_in_whatever_holds_it(wrapped: Any) -> None:
    assert taken(wrapped).claim_text == "The bridge of village 1 fell down"


def test_keys_may_carry_their_vocabulary() -> None:
    prefixed = {key if key[0] == "@" else f"http://schema.org/{key}": value for key, value in item().items()}
    assert taken(prefixed).url == f"{SITE}/checks/1/"


def test_what_a_graph_says_elsewhere_is_followed() -> None:
    graph = [{"@type": "Organization", "@id": "#us", "name": "The house"}, item(author={"@id": "#us"})]
    assert taken({"@graph": graph}).publisher_name == "The house"


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("A newspaper", "A newspaper"),
        ([{"@type": "Person", "name": "Eve"}, {"@type": "Organization", "name": "Paper"}], "Paper"),
        ({"@type": "Person", "name": "Eve"}, "Eve"),
        ([], "facts.example"),
        (None, "facts.example"),
        ({"name": ["Paper", "Paper"]}, "Paper"),
    ],
)
def test_the_publisher_is_found_however_it_is_written(author: Any, name: str) -> None:
    assert taken(item(author=author)).publisher_name == name


@pytest.mark.parametrize(
    "appearance",
    [
        "https://social.example/p/1",
        ["https://social.example/p/1"],
        {"@type": "CreativeWork", "url": "https://social.example/p/1"},
        [{"@type": "CreativeWork", "url": "https://social.example/p/1"}, {"url": "javascript:alert(1)"}],
    ],
)
def test_appearances_may_be_one_or_many(appearance: Any) -> None:
    found = taken(item(itemReviewed={"@type": "Claim", "appearance": appearance}))
    assert found.appearances == ("https://social.example/p/1",)


def test_texts_are_plain() -> None:
    dirty = (
        "<p>The bridge &amp;quot;of\x00 the\n\tvillage&amp;quot;</p><script>alert(1)</script><p>fell <b>d</b>own\ud800"
    )
    assert taken(item(claimReviewed=dirty)).claim_text == 'The bridge "of the village" fell down'


def test_a_comparison_is_no_tag() -> None:
    assert taken(item(claimReviewed="5 <6, a<b, <3")).claim_text == "5 <6, a<b, <3"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": None}, "url is missing"),
        ({"url": "/checks/1/"}, "url is unusable"),
        ({"url": "javascript:alert(1)"}, "url is unusable"),
        ({"url": "ftp://facts.example/1"}, "url is unusable"),
        ({"claimReviewed": None}, "claimReviewed is missing"),
        ({"claimReviewed": " \u200b<p></p>"}, "claimReviewed is missing"),
        ({"claimReviewed": "x" * 10_001}, "10,001 characters"),
        ({"reviewRating": None}, "no word for the rating"),
        ({"reviewRating": {"ratingValue": 1}}, "only the number 1"),
        ({"reviewRating": {"alternateName": "1"}}, "only the number 1"),
        ({"reviewRating": {"alternateName": "x" * 501}}, "501 characters"),
    ],
)
def test_half_a_review_is_skipped_with_the_reason(fields: dict[str, Any], reason: str) -> None:
    assert reason in refused(item(**fields)).reason


def test_a_relative_address_belongs_to_its_page() -> None:
    assert taken(item(url="/checks/9/#claim"), base=f"{SITE}/list/").url == f"{SITE}/checks/9/#claim"


def test_an_address_that_lacks_only_its_scheme_gets_it() -> None:
    author = {"@type": "Organization", "name": "Facts", "url": SITE}
    assert taken(item(url="facts.example/checks/9", author=author)).url == f"{SITE}/checks/9"


@pytest.mark.parametrize(
    ("rating", "remark"),
    [
        ({"ratingValue": "4,5", "bestRating": "5", "worstRating": "1"}, ""),
        ({"ratingValue": -1, "bestRating": -1, "worstRating": -1}, "no scale"),
        ({"ratingValue": 0, "bestRating": 5, "worstRating": 1}, "outside"),
        ({"ratingValue": 2, "bestRating": 1, "worstRating": 5}, "no scale"),
        ({"ratingValue": "four"}, "incomplete"),
    ],
)
def test_numbers_are_kept_as_written_and_decide_nothing(rating: dict[str, Any], remark: str) -> None:
    found = taken(item(reviewRating={"alternateName": "Half true"} | rating))
    assert found.rating_value == str(rating["ratingValue"]) and found.rating_label == "Half true"
    assert remark in " ".join(found.remarks) and bool(remark) == bool(found.remarks)


def test_a_date_that_is_none_is_left_empty_and_told() -> None:
    found = taken(item(datePublished="sometime in May"))
    assert found.published_at is None and "datePublished" in found.remarks[0]


def test_the_feeds_dates_stand_in_for_missing_ones() -> None:
    feed = {"@type": "DataFeedItem", "dateCreated": "2020-05-02", "item": item(datePublished=None)}
    assert taken(feed).published_at == datetime(2020, 5, 2, tzinfo=UTC)


def test_a_feed_tells_what_is_gone() -> None:
    (gone,) = read({"@type": "DataFeedItem", "dateDeleted": "2021-01-01", "item": [{"url": f"{SITE}/checks/1/"}]})
    assert (
        isinstance(gone, Withdrawn) and gone.url == f"{SITE}/checks/1/" and gone.at == datetime(2021, 1, 1, tzinfo=UTC)
    )


@pytest.mark.parametrize("nothing", [None, [], {}])
def test_a_feeds_empty_item_is_skipped_where_it_stands(nothing: Any) -> None:
    feed = {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": nothing}, item()]}
    empty, found = read(feed)
    assert isinstance(empty, Skipped) and empty.where == "it, item 1" and isinstance(found, FoundReview)


def test_answers_of_googles_api_are_read() -> None:
    claim = {
        "text": "The bridge fell",
        "claimant": "Ann",
        "claimDate": "2020-04-30T00:00:00Z",
        "claimReview": [
            {"publisher": {"name": "Facts", "site": "x.example"}, "url": f"{SITE}/1", "textualRating": "False",
             "languageCode": "en", "reviewDate": "2020-05-01T10:00:00Z", "title": "It stands"},
            {"publisher": {}, "url": "https://www.other.example/1", "textualRating": "Falsch"},
            {"publisher": {"name": "Third"}, "url": "https://third.example/1"},
        ],
    }  # fmt: skip
    first, second, third = read({"claims": [claim], "nextPageToken": "CAo"})
    assert isinstance(first, FoundReview) and first.taken_from == TakenFrom.GOOGLE
    assert (first.publisher_site, first.claimant, first.made_on) == ("facts.example", "Ann", date(2020, 4, 30))
    assert isinstance(second, FoundReview) and second.publisher_name == "other.example"
    assert isinstance(third, Skipped) and third.where == "it, review 3"


def test_the_last_line_of_our_own_exports_is_understood() -> None:
    assert read({"complete": True, "count": 2, "after": "x"}) == []
    assert "broke off" in refused({"complete": False, "count": 2, "detail": "the database went away"}).reason


def test_nothing_at_all_is_told_too() -> None:
    assert "only WebSite" in refused({"@type": "WebSite"}).reason
    assert "it is empty" in refused([]).reason
    assert "it is empty" in refused(b" \n").reason
    assert "no JSON object" in refused("12").reason


def test_a_bomb_of_brackets_is_refused() -> None:
    assert "nested too deeply" in refused("[" * 100_000 + "]" * 100_000).reason


def test_a_bomb_of_wrappers_is_refused() -> None:
    value: Any = item()
    for _ in range(40):
        value = {"mainEntity": value}
    assert "deep" in refused(value).reason


def test_a_number_of_ten_thousand_digits_is_refused() -> None:
    assert "a number in it is too long" in refused('{"x": ' + "9" * 10_000 + "}").reason


def test_a_self_reference_ends() -> None:
    node = item(author={"@id": "#a"}) | {"@id": "#a"}
    assert taken({"@graph": [node]}).publisher_name == "facts.example"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_in_each_of_its_forms(encoding: str) -> None:
    text = json.dumps(item(claimReviewed="Көпір құлады"), ensure_ascii=False)
    assert taken(text.encode(encoding)).claim_text == "Көпір құлады"


def test_bytes_that_are_no_unicode_are_refused() -> None:
    assert "not UTF-8" in refused(json.dumps(item()).encode().replace(b"bridge", b"br\xfccke")).reason


def test_packed_files_are_read() -> None:
    assert taken(gzip.compress(json.dumps(item()).encode())).claim_text == "The bridge of village 1 fell down"


def test_a_damaged_packed_file_is_told() -> None:
    packed = gzip.compress("\n".join(json.dumps(item(number)) for number in range(20_000)).encode())
    *found, last = read(packed[: len(packed) // 2])
    assert len(found) > 100 and isinstance(last, Skipped) and "damaged" in last.reason


def test_languages_are_tags_or_nothing() -> None:
    written = {"en": "en", "pt_br": "pt-BR", "KK-cyrl": "kk-Cyrl", "English": "", "xx": "", "": ""}
    assert {tag: taken(item(inLanguage=tag)).language for tag in written} == written
    assert taken(item(inLanguage={"@type": "Language", "name": "French", "alternateName": "fr"})).language == "fr"


def test_the_kept_original_is_bounded() -> None:
    found = taken(item(articleBody="x" * 10_000, extra=[[[[[[[[[["deep"]]]]]]]]]], keywords=["k"] * 1000))
    assert len(json.dumps(found.raw)) < 5000
