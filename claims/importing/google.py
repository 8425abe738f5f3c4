"""Answers of Google's Fact Check Tools API (v1alpha1 claims:search), and of everybody who answers like it.

Fields: the discovery document of the API, revision 20240929. What it does not know it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from claims.importing import values
from claims.importing.findings import Found, FoundReview, Skipped, TakenFrom, Unusable
from claims.importing.raw import bounded
from claims.importing.reviews import (
    LONGEST_CLAIM,
    LONGEST_HEADLINE,
    LONGEST_LABEL,
    LONGEST_NAME,
    Origin,
)
from claims.importing.texts import cut
from sources.urls import UnusableURL


def is_claim(node: dict[str, Any]) -> bool:
    """One of the answer's `claims`: what was said, and the reviews of it."""
    return "claimReview" in node and "@type" not in node


def read_claim(node: dict[str, Any], origin: Origin) -> Iterator[Found]:
    """Each review of the claim; the claim alone is nothing to take."""
    reviews = [one for one in values.each(node.get("claimReview")) if isinstance(one, dict)]
    if not reviews:
        yield Skipped(where=origin.where, reason="the claim has no claimReview")
    for number, review in enumerate(reviews, start=1):
        where = f"{origin.where}, review {number}" if len(reviews) > 1 else origin.where
        try:
            yield _read(node, review, replace(origin, where=where))
        except Unusable as problem:
            yield Skipped(where=where, reason=str(problem), url=problem.url)


def _read(claim: dict[str, Any], review: dict[str, Any], origin: Origin) -> FoundReview:
    try:
        url = values.without_tracking(values.address(review.get("url")))
    except UnusableURL as problem:
        raise Unusable(f"the review's url is missing or unusable: {problem}") from problem
    text, label = values.text(claim.get("text")), values.text(review.get("textualRating"))
    if not text or len(text) > LONGEST_CLAIM:
        raise Unusable(f"the claim's text is {'missing' if not text else 'too long'}", url)
    if not label or values.number(label) is not None or len(label) > LONGEST_LABEL:
        raise Unusable("textualRating is missing or no word", url)
    publisher = values.first_node(review.get("publisher"))
    site = values.site_of(url)
    return FoundReview(
        where=origin.where,
        taken_from=TakenFrom.GOOGLE,
        url=url,
        claim_text=text,
        rating_label=label,
        publisher_name=cut(values.text(publisher.get("name")) or site, LONGEST_NAME),
        publisher_site=site,
        headline=cut(values.text(review.get("title")), LONGEST_HEADLINE),
        claimant=cut(values.text(claim.get("claimant")), LONGEST_NAME),
        made_on=values.day(claim.get("claimDate")),
        published_at=values.moment(review.get("reviewDate")),
        language=values.language(review.get("languageCode")),
        raw=bounded(
            {name: value for name, value in claim.items() if name != "claimReview"} | {"claimReview": [review]}
        ),
    )
