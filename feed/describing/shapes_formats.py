"""JSON Schema of the formats other people made, as far as we promise them; their own pages say the rest."""

from __future__ import annotations

from feed.describing.shapes import ADDRESS, TEXT, TIME, Schema, many, ref, shape

JSON_FEED = shape(
    help="JSON Feed 1.1, jsonfeed.org.",
    optional=("next_url",),
    version={"const": "https://jsonfeed.org/version/1.1"},
    title=TEXT,
    home_page_url=ADDRESS,
    feed_url=ADDRESS,
    next_url=ADDRESS,
    items=many(
        shape(id=TEXT, url=ADDRESS, title=TEXT, date_published=TIME, date_modified=TIME)
    ),
)  # fmt: skip
CLAIM_REVIEW = {
    "type": "object",
    "description": "schema.org ClaimReview as on the claim page; of what was taken back a CreativeWork without a text.",
    "required": ["@type", "@id", "url", "datePublished"],
    "properties": {
        "@type": {"enum": ["ClaimReview", "CreativeWork"]},
        "@id": {"type": "string", "description": "The same for ever: replace your copy with this name."},
        "url": ADDRESS,
        "claimReviewed": TEXT,
        "datePublished": TEXT,
        "dateModified": TEXT,
    },
}
DATA_FEED_ITEM = {
    "type": "object",
    "description": "One verdict. dateDeleted: it was taken back or out of sight; drop your copy.",
    "required": ["@type", "dateCreated", "dateModified", "item"],
    "properties": {
        "@type": {"const": "DataFeedItem"},
        "dateCreated": TIME,
        "dateModified": TIME,
        "dateDeleted": TIME,
        "item": {**many(ref("ClaimReview")), "minItems": 1, "maxItems": 1},
    },
}
DATA_FEED = {
    "type": "object",
    "required": ["@context", "@type", "dataFeedElement"],
    "properties": {"@type": {"const": "DataFeed"}, "dataFeedElement": many(ref("DataFeedItem"))},
}
GOOGLE_CLAIMS = shape(
    help="FactCheckClaimSearchResponse. Without a match it is {}.",
    optional=("claims", "nextPageToken"),
    claims=many({"type": "object", "properties": {"text": TEXT, "claimant": TEXT, "claimReview": {"type": "array"}}}),
    nextPageToken=TEXT,
)
GOOGLE_PROBLEM = shape(
    help="The error body of Google's APIs.",
    error=shape(code={"type": "integer", "minimum": 400, "maximum": 599}, message=TEXT, status=TEXT),
)
WEBHOOK = {
    "allOf": [ref("Event"), shape(document=ref("AnyVerdict"))],
    "description": "The event as /api/v1/events/ has it, and the verdict as it is now.",
}
OPENAPI = shape(openapi=TEXT, info={"type": "object"}, paths={"type": "object"})

FORMATS: dict[str, Schema] = {
    "JSONFeed": JSON_FEED,
    "ClaimReview": CLAIM_REVIEW,
    "DataFeedItem": DATA_FEED_ITEM,
    "DataFeed": DATA_FEED,
    "GoogleClaims": GOOGLE_CLAIMS,
    "GoogleProblem": GOOGLE_PROBLEM,
    "Webhook": WEBHOOK,
    "OpenAPI": OPENAPI,
}
