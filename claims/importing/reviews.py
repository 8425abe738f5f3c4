"""One ClaimReview object, read whole or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from claims.importing import values
from claims.importing.findings import FoundReview, TakenFrom, Unusable
from claims.importing.raw import bounded
from claims.importing.texts import cut
from sources.urls import UnusableURL

# What a row can hold (claims/models/external.py). Longer texts of these two are no claim and no rating; others are cut.
LONGEST_CLAIM = 10_000
LONGEST_LABEL = 500
LONGEST_HEADLINE = 500
LONGEST_NAME = 300
LONGEST_SUMMARY = 3000
LONGEST_BODY = 100_000
CLAIMANT_KINDS = ("Person", "Organization")
_SIGNERS = ("author", "publisher", "sdPublisher")


@dataclass(frozen=True)
class Origin:
    """Where an object stands: in words, on which page, and what its feed says of it."""

    where: str
    taken_from: TakenFrom = TakenFrom.FEED
    # Relative addresses are resolved against it: the page's own, or "".
    base: str = ""
    # Of a page fetched live: only its own site's reviews are believed (CR3).
    only_site: str = ""
    created: Any = None
    modified: Any = None
    # Nodes that others refer to by @id.
    named: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_review(node: values.Node, origin: Origin) -> FoundReview:
    """The review the object describes. Raises Unusable when it lacks what a review is (CR1, CR2, CR3, CR6)."""
    url = _url(node, origin)
    claimed = values.first_node(_known(node.get("itemReviewed"), origin))
    rating = values.first_node(_known(node.get("reviewRating"), origin))
    label = _label(node.get("reviewRating"), rating, url)
    numbers = {
        name: values.number_as_written(rating.get(name)) for name in ("ratingValue", "bestRating", "worstRating")
    }
    site = values.site_of(url)
    dates = _Dates(node, claimed, origin)
    claimants = _known(claimed.get("author") or claimed.get("creator"), origin)
    first = values.addresses(claimed.get("firstAppearance"), origin.base)[:1]
    appearances = values.addresses(
        [*values.each(claimed.get("firstAppearance")), *values.each(claimed.get("appearance")), *_older(claimed)],
        origin.base,
    )
    return FoundReview(
        where=origin.where,
        taken_from=origin.taken_from,
        url=url,
        claim_text=_claim_text(node, claimed, url),
        rating_label=label,
        rating_value=numbers["ratingValue"],
        rating_best=numbers["bestRating"],
        rating_worst=numbers["worstRating"],
        publisher_name=cut(_publisher(node, origin) or site, LONGEST_NAME),
        publisher_site=site,
        headline=cut(values.text(node.get("headline")) or values.text(node.get("name")), LONGEST_HEADLINE),
        claimant=cut(", ".join(values.names(claimants)), LONGEST_NAME),
        claimant_kind=_kind_of(claimants),
        claimant_same_as=values.addresses(values.first_node(claimants).get("sameAs")),
        made_on=dates.made_on,
        published_at=dates.published_at,
        modified_at=dates.modified_at,
        language=values.language(node.get("inLanguage")),
        appearances=appearances,
        first_appearance=first[0] if first else "",
        summary=cut(_summary(node, rating), LONGEST_SUMMARY),
        body=cut(values.prose(node.get("articleBody")), LONGEST_BODY),
        correction=cut(_correction(node), LONGEST_SUMMARY),
        raw=bounded(node),
        remarks=(*dates.remarks, *scale_remarks(**numbers)),
    )


def _known(value: Any, origin: Origin) -> Any:
    """The field with references to other nodes of the document ({"@id": "#author"}) followed once."""
    if isinstance(value, list):
        return [_known(one, origin) for one in value[: values.LONGEST_LIST]]
    if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
        return origin.named.get(value["@id"], value)
    return value


def _url(node: values.Node, origin: Origin) -> str:
    try:
        url = values.without_tracking(values.address(node.get("url"), origin.base, lambda: _hosts(node, origin)))
    except UnusableURL as problem:
        if not node.get("url"):
            raise Unusable("url is missing: nobody could say whose review it is (CR1)") from problem
        raise Unusable(f"url is unusable (CR3): {problem}", values.text(node.get("url"))[:200]) from problem
    site = values.site_of(url)
    if origin.only_site and not same_site(site, origin.only_site):
        raise Unusable(f"url is on another site than the page, {origin.only_site} (CR3)", url)
    return url


def _hosts(node: values.Node, origin: Origin) -> frozenset[str]:
    """Hosts that the page or its publisher name: an address without https:// may begin with one of them."""
    houses = (one for name in _SIGNERS for one in values.each(_known(node.get(name), origin)) if isinstance(one, dict))
    urls = [origin.base, *(one.get("url") for one in houses)]
    return frozenset(values.site_of(url) for url in urls if isinstance(url, str) and url) - {""}


def same_site(one: str, other: str) -> bool:
    """Hosts without “www.”: the same, or one a sub-domain of the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _claim_text(node: values.Node, claimed: values.Node, url: str) -> str:
    text = values.text(node.get("claimReviewed")) or values.text(claimed.get("text"))
    if not any(character.isalnum() for character in text):
        raise Unusable("claimReviewed is missing or empty (CR1)", url)
    if len(text) > LONGEST_CLAIM:
        raise Unusable(f"claimReviewed has {len(text):,} characters; {LONGEST_CLAIM:,} are read at most", url)
    return text


def _label(written: Any, rating: values.Node, url: str) -> str:
    """The rating as a word. A number alone is none: what 1 means differs from scale to scale."""
    label = _word(rating.get("alternateName")) or _word(rating.get("name"))
    if not label and not rating:
        label = _word(written)
    if not label or values.number(label) is not None:
        number = values.text(rating.get("ratingValue")) or label
        why = f", only the number {number[:20]}" if number else ""
        raise Unusable(f"reviewRating has no word for the rating (alternateName){why} (CR2)", url)
    if len(label) > LONGEST_LABEL:
        raise Unusable(f"the rating has {len(label):,} characters: that is a text, not a rating (CR2)", url)
    return label


def _word(value: Any) -> str:
    """JSON's own true and false, written by mistake instead of the words, are the words."""
    one = values.first(value)
    return str(one) if isinstance(one, bool) else values.text(value)


def _publisher(node: values.Node, origin: Origin) -> str:
    """Who signs: the house before the people who work there; the author before the publisher."""
    signers = [one for name in _SIGNERS for one in values.each(_known(node.get(name), origin))]
    houses = [one for one in signers if isinstance(one, dict) and "rganization" in str(one.get("@type"))]
    by_author = list(values.each(_known(node.get("author"), origin)))
    for those in (houses[:1], by_author, signers):
        found = [name for name in values.names(those) if not name.startswith(("http://", "https://"))]
        if found:
            return ", ".join(found)
    return ""


def _kind_of(claimants: Any) -> str:
    """The schema.org type of the one claimant, where it is one that our claimants have too."""
    those = list(values.each(claimants))
    kind = those[0].get("@type") if len(those) == 1 and isinstance(those[0], dict) else ""
    kind = kind.rpartition("/")[2].rpartition(":")[2] if isinstance(kind, str) else ""
    return kind if kind in CLAIMANT_KINDS else ""


def _older(claimed: values.Node) -> list[Any]:
    """Before `appearance` existed, the place was the reviewed work's own address."""
    return [] if claimed.get("appearance") else [*values.each(claimed.get("url")), *values.each(claimed.get("sameAs"))]


def _summary(node: values.Node, rating: values.Node) -> str:
    return (
        values.text(node.get("reviewBody"))
        or values.text(node.get("description"))
        or values.text(rating.get("ratingExplanation"))
    )


def _correction(node: values.Node) -> str:
    """The reason of the newest CorrectionComment."""
    comments = [one for one in values.each(node.get("correction")) if isinstance(one, dict)]
    if not comments:
        return values.text(node.get("correction"))
    newest = max(comments, key=lambda one: str(values.moment(one.get("datePublished")) or ""))
    return values.text(newest.get("text"))


class _Dates:
    """The three dates; one that cannot be read stays empty, with a remark."""

    def __init__(self, node: values.Node, claimed: values.Node, origin: Origin) -> None:
        self.remarks: list[str] = []
        self.made_on = values.day(self._told("itemReviewed.datePublished", claimed.get("datePublished"), values.day))
        published = node.get("datePublished") or node.get("dateCreated") or origin.created
        self.published_at = values.moment(self._told("datePublished", published, values.moment))
        modified = node.get("dateModified") or origin.modified
        self.modified_at = values.moment(self._told("dateModified", modified, values.moment))

    def _told(self, name: str, written: Any, read: Any) -> Any:
        if written and read(written) is None:
            self.remarks.append(f"{name} {str(written)[:40]!r} is no date we can be sure of: left empty")
        return written


def scale_remarks(ratingValue: str, bestRating: str, worstRating: str) -> list[str]:
    """What is wrong with the numbers (CR4). They are kept as written and decide nothing."""
    written = [ratingValue, worstRating, bestRating]
    if not any(written):
        return []
    value, worst, best = (values.number(one) for one in written)
    if value is None or worst is None or best is None:
        return ["the rating's numbers are incomplete or no numbers (CR4)"]
    if worst < 1 or worst >= best:
        return [f"worstRating {worstRating} and bestRating {bestRating} are no scale (CR4)"]
    return (
        []
        if worst <= value <= best
        else [f"ratingValue {ratingValue} lies outside {worstRating} to {bestRating} (CR4)"]
    )
