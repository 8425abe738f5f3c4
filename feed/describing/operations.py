"""The table of every address that the API's description names. Whoever adds an address adds a line here."""

from __future__ import annotations

from django.urls import Resolver404, resolve

from feed.describing.described import ITSELF, LOG, NAMES, OTHERS, VERDICTS, Link, Operation
from feed.describing.examples import Known


def _id_of(place: str) -> dict[str, str]:
    return {"id": f"$response.body#{place}"}


TO_VERDICT = Link("verdict", _id_of("/results/0/id"), "The first verdict of the page by itself.")
OPERATIONS = (
    Operation(
        "/api/v1/verdicts/",
        "verdicts",
        VERDICTS,
        "Verdicts, newest first.",
        "AnyVerdictPage",
        asks=("rating", "page_size"),
        shows=("published_at", "status", "headline"),
        links=(
            TO_VERDICT,
            Link(
                "version",
                {**_id_of("/results/0/id"), "n": "$response.body#/results/0/version"},
                "The frozen version the first verdict of the page shows.",
            ),
        ),
    ),
    Operation(
        "/api/v1/verdicts/{id}/",
        "verdict",
        VERDICTS,
        "One verdict as it is now: retracted and withheld ones too.",
        "AnyVerdict",
        shows=("status", "version", "headline"),
        links=(
            Link(
                "version",
                {**_id_of("/id"), "n": "$response.body#/version"},
                "The frozen version the verdict shows now.",
            ),
            Link("claim", _id_of("/id"), "Its claim: the ids are the same."),
            Link("source", _id_of("/evidence/0/source/id"), "The page its first evidence is from."),
        ),
    ),
    Operation(
        "/api/v1/verdicts/{id}/versions/{n}/",
        "version",
        VERDICTS,
        "One version as it was published, with the frozen text its digest was made of.",
        "Version",
        shows=("version", "content_digest"),
        links=(Link("verdict", _id_of("/id"), "The verdict as it is now."),),
    ),
    Operation(
        "/api/v1/claims/",
        "claims",
        VERDICTS,
        "Claims with a public verdict, each with that verdict in short.",
        "ClaimPage",
        asks=("language", "page_size"),
        shows=("id", "text"),
        links=(Link("claim", _id_of("/results/0/id"), "The first claim of the page by itself."),),
    ),
    Operation(
        "/api/v1/claims/{id}/",
        "claim",
        VERDICTS,
        "One claim with its verdict in short.",
        "Claim",
        shows=("text", "verdict"),
        links=(Link("verdict", _id_of("/verdict/id"), "Its verdict."),),
    ),
    Operation(
        "/api/v1/match/",
        "match",
        VERDICTS,
        "Has this been checked? Standing verdicts on claims like a text, best first; a POST of JSON takes longer ones.",
        "Matches",
        asks=("text",),
        shows=("score", "confidence", "matched_on"),
        links=(Link("verdict", _id_of("/results/0/verdict/id"), "The verdict on the likest claim, whole."),),
    ),
    Operation(
        "/api/v1/events/",
        "events",
        LOG,
        "The change log, oldest first, without a gap: the way to miss no correction.",
        "Events",
        asks=("after", "page_size"),
        shows=("sequence", "type", "verdict"),
        links=(
            Link("verdict", _id_of("/results/0/verdict/id"), "The verdict the first event is about, as it is now."),
            Link(
                "version",
                {**_id_of("/results/0/verdict/id"), "n": "$response.body#/results/0/verdict/version"},
                "The version the first event is about.",
            ),
            Link("events", {"after": "$response.body#/head/sequence"}, "What has happened since."),
        ),
    ),
    Operation(
        "/api/v1/claimants/",
        "claimants",
        NAMES,
        "Who made the claims: those with a standing verdict.",
        "ClaimantPage",
        asks=("page_size",),
        shows=("slug", "name"),
        links=(
            Link("verdicts", {"claimant": "$response.body#/results/0/slug"}, "Verdicts on the first one's claims."),
        ),
    ),
    Operation(
        "/api/v1/topics/",
        "topics",
        NAMES,
        "What the claims are about: topics with a standing verdict.",
        "TopicPage",
        asks=("page_size",),
        shows=("slug", "name"),
        links=(Link("verdicts", {"topic": "$response.body#/results/0/slug"}, "Verdicts on the first topic."),),
    ),
    Operation(
        "/api/v1/ratings/",
        "ratings",
        NAMES,
        "The words verdicts rate with, their meanings and numbers.",
        "RatingPage",
        asks=("page_size",),
        shows=("code", "name"),
        links=(Link("verdicts", {"rating": "$response.body#/results/0/code"}, "Verdicts with the first rating."),),
    ),
    Operation(
        "/api/v1/sources/",
        "sources",
        NAMES,
        "Pages that public verdicts rest on.",
        "SourcePage",
        asks=("page_size",),
        shows=("id", "status", "url"),
        links=(Link("source", _id_of("/results/0/id"), "The first source of the page, with our last visit."),),
    ),
    Operation(
        "/api/v1/sources/{id}/",
        "source",
        NAMES,
        "One source, our last visit, and the newest verdicts that rest on it.",
        "SourceWithVisits",
        shows=("status", "last_checked_at"),
        links=(Link("verdict", _id_of("/verdicts/0"), "The newest verdict that rests on it."),),
    ),
    Operation(
        "/feeds/verdicts.rss",
        "rss",
        OTHERS,
        "RSS 2.0, most recently changed first; takes the filters of the verdicts.",
        media_type="application/rss+xml",
        asks=("page_size",),
    ),
    Operation(
        "/feeds/verdicts.atom",
        "atom",
        OTHERS,
        "Atom 1.0, most recently changed first; takes the filters of the verdicts.",
        media_type="application/atom+xml",
        asks=("page_size",),
    ),
    Operation(
        "/feeds/verdicts.json",
        "json_feed",
        OTHERS,
        "JSON Feed 1.1, most recently changed first; takes the filters of the verdicts.",
        "JSONFeed",
        media_type="application/feed+json",
        asks=("page_size",),
        shows=("title", "feed_url"),
    ),
    Operation(
        "/feeds/claimreview.jsonld",
        "claimreview.jsonld",
        OTHERS,
        "The whole corpus as schema.org ClaimReview in one DataFeed, with what was taken back.",
        "DataFeed",
        media_type="application/ld+json",
        asks=("updated_since",),
        dump=True,
    ),
    Operation(
        "/feeds/claimreview.ndjson",
        "claimreview.ndjson",
        OTHERS,
        "The same, one DataFeedItem a line.",
        media_type="application/x-ndjson",
        asks=("updated_since",),
        dump=True,
    ),
    Operation(
        "/feeds/verdicts.ndjson",
        "verdicts.ndjson",
        OTHERS,
        "The whole corpus, one verdict as in the API a line.",
        media_type="application/x-ndjson",
        asks=("updated_since",),
        dump=True,
    ),
    Operation(
        "/feeds/verdicts.csv",
        "verdicts.csv",
        OTHERS,
        "The whole corpus as a table.",
        media_type="text/csv",
        asks=("updated_since",),
        dump=True,
    ),
    Operation(
        "/v1alpha1/claims:search",
        "google_search",
        OTHERS,
        "Search as the Google Fact Check Tools API v1alpha1 answers it; its clients work by changing their endpoint.",
        "GoogleClaims",
        asks=("query",),
        shows=("claims",),
    ),
    Operation("/api/schema/", "schema", ITSELF, "This description, as OpenAPI 3.1.", "OpenAPI"),
)


def answering() -> list[Operation]:
    """Those there is a view for."""
    return [operation for operation in OPERATIONS if _answers(operation)]


def _answers(operation: Operation) -> bool:
    try:
        return resolve(operation.sample(Known())).url_name not in {"unknown", "root"}
    except Resolver404:
        return False
