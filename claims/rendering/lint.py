"""What one ClaimReview object says of itself, rule by rule. Also for markup that others wrote: nothing here raises.

The rules in words: lint_rules.py. Rules about the page around the object: lint_page.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag

from django.utils.translation import gettext as _

from claims.default_scale import RATINGS
from claims.rendering.lint_rules import Finding, in_order
from claims.rendering.lint_values import (
    Markup,
    address,
    addresses,
    first_object,
    host,
    is_below,
    listed,
    number,
    objects,
    origin,
    text,
    types,
)

# Google asks for claims shorter than this (CW1).
CLAIM_LENGTH = 75
# Our own figure: what a line of a search result shows of the rating beside the claim (CW8).
WORD_LENGTH = 40
NUMBERS = ("ratingValue", "bestRating", "worstRating")
SIGNERS = {"Organization", "Person", "NewsMediaOrganization", "Corporation", "NGO", "GovernmentOrganization"}
# Hosts that do nothing but redirect (CR3).
SHORTENERS = (
    "bit.ly", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "t.co",
    "t.ly", "tinyurl.com", "trib.al", "v.gd", "wp.me", "youtu.be",
)  # fmt: skip
# Ratings that say nothing about truth: those of the default scale in its languages, and what others call them (CW10).
WITHOUT_TRUTH_VALUE = {
    name.casefold() for rating in RATINGS if rating.value is None for name in (rating.name, rating.ru, rating.kk)
} | {
    "unverifiable", "unverified", "not verifiable", "cannot be verified", "not provable", "unsubstantiated",
    "unsupported", "no evidence", "insufficient evidence", "not enough evidence", "research in progress", "satirical",
    "parody", "humor", "humour", "commentary", "not a claim", "not a factual claim", "unrated", "legend", "missing",
    "недоказуемо", "непроверяемо", "мало данных", "не проверено", "юмор", "пародия",
}  # fmt: skip
DAY = re.compile(r"\d{4}-\d\d-\d\d")

Rule = Callable[[Markup], Iterator[Finding]]


def lint(markup: object) -> list[Finding]:
    """Every finding on one ClaimReview, errors first. Anything but an object is one CR1."""
    if not isinstance(markup, dict):
        return [
            Finding(
                "CR1",
                _("This is no object but %(kind)s.") % {"kind": _kind(markup)},
                _("Give one ClaimReview as a JSON object."),
            )
        ]
    return in_order([finding for rule in RULES_OF_AN_OBJECT for finding in rule(markup)])


def _kind(value: object) -> str:
    return {list: _("a list"), str: _("a text"), type(None): "null"}.get(type(value), _("a bare value"))


def _says_what_it_is(markup: Markup) -> Iterator[Finding]:
    if "ClaimReview" not in types(markup):
        yield Finding("CR1", _("@type is not ClaimReview."), _("Set it to exactly that word."))
    if not text(markup.get("claimReviewed")):
        yield Finding("CR1", _("claimReviewed is missing or empty."), _("Write the claim that was checked."))
    if not text(markup.get("url")):
        yield Finding("CR1", _("url is missing or empty."), _("Give the address of the page with the check."))
    if not objects(markup.get("reviewRating")):
        yield Finding("CR1", _("reviewRating is missing or no object."), _("Give a Rating with an alternateName."))


def _has_a_word(markup: Markup) -> Iterator[Finding]:
    if objects(markup.get("reviewRating")) and not word_of(markup):
        yield Finding("CR2", _("reviewRating.alternateName is empty or no text."), _("Write the rating as a word."))


def word_of(markup: Markup) -> str:
    """The rating as a word; `name` is read where `alternateName` is missing."""
    rating = first_object(markup.get("reviewRating"))
    return text(rating.get("alternateName")) or text(rating.get("name"))


def _leads_to_the_check(markup: Markup) -> Iterator[Finding]:
    url = text(markup.get("url"))
    if not url:
        return
    parts = address(url)
    if parts is None:
        yield Finding("CR3", _("url is no absolute http(s) address."), _("Give the full address of the page."))
    elif parts.path in {"", "/"} and not parts.query:
        yield Finding("CR3", _("url is a home page."), _("Give the address of the page that holds this one check."))
    elif any(is_below(host(parts), shortener) for shortener in SHORTENERS):
        yield Finding(
            "CR3", _("url is a short link of %(host)s.") % {"host": host(parts)}, _("Give the address it leads to.")
        )


def _numbers_fit(markup: Markup) -> Iterator[Finding]:
    rating = first_object(markup.get("reviewRating"))
    given = [key for key in NUMBERS if rating.get(key) is not None]
    if not given:
        return
    value, best, worst = (number(rating.get(key)) for key in NUMBERS)
    if value is None or best is None or worst is None:
        wrong = ", ".join(key for key in NUMBERS if number(rating.get(key)) is None)
        yield Finding(
            "CR4",
            _("%(wrong)s: no number.") % {"wrong": wrong},
            _("Give all three as digits with a decimal point, or none of them."),
        )
    elif not 1 <= worst < best:
        yield Finding(
            "CR4",
            _("The scale goes from %(worst)s to %(best)s.") % {"worst": f"{worst:g}", "best": f"{best:g}"},
            _("Begin at 1 or above; better is a higher number."),
        )
    elif not worst <= value <= best:
        yield Finding(
            "CR4",
            _("ratingValue %(value)s is not on the scale %(worst)s to %(best)s.")
            % {"value": f"{value:g}", "worst": f"{worst:g}", "best": f"{best:g}"},
            _("Give one that is."),
        )


def _is_signed(markup: Markup) -> Iterator[Finding]:
    authors = listed(markup.get("author"))
    if not authors:
        yield Finding("CR6", _("Nobody signs the check."), _("Give its author (here: set PUBLISHER_NAME)."))
    for author in authors:
        if not isinstance(author, dict):
            yield Finding("CR6", _("author is a bare value."), _("Make it an object of type Organization or Person."))
        elif not types(author) & SIGNERS:
            yield Finding("CR6", _("author is neither Organization nor Person."), _("Set its @type to one of the two."))
        elif not (text(author.get("name")) or text(author.get("url"))):
            yield Finding(
                "CR6", _("author has neither name nor url."), _("Give one of them (here: set PUBLISHER_NAME).")
            )


def _claimant_has_a_name(markup: Markup) -> Iterator[Finding]:
    item = first_object(markup.get("itemReviewed"))
    if "author" not in item:
        return
    for claimant in listed(item["author"]) or [None]:
        if not isinstance(claimant, dict) or not text(claimant.get("name")):
            yield Finding("CR7", _("The claimant has no name."), _("Name them, or leave itemReviewed.author out."))


def _claim_is_short(markup: Markup) -> Iterator[Finding]:
    claim, word = text(markup.get("claimReviewed")), word_of(markup)
    if len(claim) >= CLAIM_LENGTH:
        yield Finding(
            "CW1",
            _("claimReviewed has %(count)s characters; search engines show fewer than %(claim_length)s.")
            % {"count": len(claim), "claim_length": CLAIM_LENGTH},
            _("Shorten it if it stays the claim in the words it was made in; else leave it."),
        )
    if word and re.search(rf"(?<!\w){re.escape(word.casefold())}(?!\w)", claim.casefold()):
        yield Finding(
            "CW1", _("claimReviewed contains the rating, “%(word)s”.") % {"word": word[:80]}, _("Give the claim alone.")
        )


def _numbers_are_whole(markup: Markup) -> Iterator[Finding]:
    rating = first_object(markup.get("reviewRating"))
    read = {key: number(rating.get(key)) for key in NUMBERS}
    broken = [key for key, value in read.items() if value is not None and not value.is_integer()]
    if broken:
        yield Finding(
            "CW3", _("%(fields)s: not whole.") % {"fields": ", ".join(broken)}, _("Use a scale of whole numbers.")
        )


def _reviews_a_claim(markup: Markup) -> Iterator[Finding]:
    if "Claim" not in types(first_object(markup.get("itemReviewed"))):
        yield Finding("CW4", _("itemReviewed is not of type Claim."), _("Give a Claim; CreativeWork is the old way."))


def _appears_once(markup: Markup) -> Iterator[Finding]:
    item = first_object(markup.get("itemReviewed"))
    named = [urldefrag(one)[0] for key in ("firstAppearance", "appearance") for one in addresses(item.get(key))]
    twice = min((one for one, times in Counter(named).items() if times > 1), default="")
    if twice:
        yield Finding(
            "CW5",
            _("%(twice)s is named more than once.") % {"twice": twice[:200]},
            _("Give each address of an appearance once."),
        )
    if len(listed(item.get("firstAppearance"))) > 1:
        yield Finding(
            "CW5", _("There are several firstAppearances."), _("Keep the first; give the others as appearance.")
        )


def _date_is_the_claims(markup: Markup) -> Iterator[Finding]:
    made = _day(first_object(markup.get("itemReviewed")).get("datePublished"))
    checked = _day(markup.get("datePublished"))
    if made and checked and made > checked:
        yield Finding(
            "CW6",
            _("The claim of %(made)s is younger than its check of %(checked)s.") % {"made": made, "checked": checked},
            _("Correct one of the dates."),
        )
    elif made and made == checked:
        yield Finding(
            "CW6",
            _("Claim and check are of the same day, %(made)s.") % {"made": made},
            _("Give the day the claim was made, not of the check."),
        )


def _day(value: object) -> str:
    found = DAY.match(text(value))
    return found.group() if found else ""


def _claimant_is_identified(markup: Markup) -> Iterator[Finding]:
    for claimant in objects(first_object(markup.get("itemReviewed")).get("author")):
        if text(claimant.get("name")) and not any(address(one) for one in addresses(claimant.get("sameAs"))):
            yield Finding(
                "CW7",
                _("Nothing says who %(name)s is.") % {"name": text(claimant["name"])[:80]},
                _("Add an address that identifies them: home page, Wikipedia, Wikidata."),
            )


def _word_is_short(markup: Markup) -> Iterator[Finding]:
    if len(word_of(markup)) > WORD_LENGTH:
        yield Finding(
            "CW8",
            _("The rating's word has %(count)s characters and will be cut.") % {"count": len(word_of(markup))},
            _("Put its meaning first."),
        )


def _says_when(markup: Markup) -> Iterator[Finding]:
    missing = [key for key in ("datePublished", "dateModified") if not _day(markup.get(key))]
    if missing:
        yield Finding(
            "CW9",
            _("No usable %(fields)s.") % {"fields": " and ".join(missing)},
            _("Give both as ISO 8601: aggregators order by them."),
        )


def _no_truth_no_number(markup: Markup) -> Iterator[Finding]:
    rating = first_object(markup.get("reviewRating"))
    if word_of(markup).casefold() in WITHOUT_TRUTH_VALUE and any(rating.get(key) is not None for key in NUMBERS):
        yield Finding(
            "CW10",
            _("“%(word)s” says nothing about truth but carries a number.") % {"word": word_of(markup)},
            _("Leave the numbers out."),
        )


def _appeared_elsewhere(markup: Markup) -> Iterator[Finding]:
    own = address(markup.get("url"))
    item = first_object(markup.get("itemReviewed"))
    seen = [address(one) for key in ("firstAppearance", "appearance") for one in addresses(item.get(key))]
    if own is not None and any(there is not None and origin(there) == origin(own) for there in seen):
        yield Finding(
            "CW11", _("An appearance is on the site of the check."), _("Link the place where the claim was made.")
        )


RULES_OF_AN_OBJECT: tuple[Rule, ...] = (
    _says_what_it_is,  # CR1
    _has_a_word,  # CR2
    _leads_to_the_check,  # CR3
    _numbers_fit,  # CR4
    _is_signed,  # CR6
    _claimant_has_a_name,  # CR7
    _claim_is_short,  # CW1
    _numbers_are_whole,  # CW3
    _reviews_a_claim,  # CW4
    _appears_once,  # CW5
    _date_is_the_claims,  # CW6
    _claimant_is_identified,  # CW7
    _word_is_short,  # CW8
    _says_when,  # CW9
    _no_truth_no_number,  # CW10
    _appeared_elsewhere,  # CW11
)
