"""JSON Schema (2020-12) of everything the API answers. Tests hold real answers against it."""

from __future__ import annotations

from typing import Any

from claims.choices import CorrectionKind, EventType, EvidenceKind, QuoteStatus, Stance, VerdictStatus
from sources.choices import Availability

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
ADDRESS: Schema = {"type": "string", "format": "uri"}
TIME: Schema = {"type": "string", "format": "date-time", "pattern": "Z$"}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def words(choices: Any, *, null: bool = False) -> Schema:
    return {"enum": [*choices.values, *([None] if null else [])]}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def maybe(shape: Schema) -> Schema:
    return {"anyOf": [shape, {"type": "null"}]}


def shape(*, help: str = "", optional: tuple[str, ...] = (), **properties: Schema) -> Schema:
    """An object with these keys, all there but the optional ones. More keys may come later: clients ignore them."""
    described = {"description": help} if help else {}
    required = [name for name in properties if name not in optional]
    return {"type": "object", **described, "required": required, "properties": properties}


def page_of(name: str) -> Schema:
    return shape(results=many(ref(name)), next=maybe(ADDRESS), previous=maybe(ADDRESS))


QUANTITY = maybe(shape(as_stated=TEXT, low=MAYBE_TEXT, high=MAYBE_TEXT, unit=TEXT))
RATING = shape(
    help="value, best and worst are absent for ratings that say nothing about truth.",
    optional=("value", "best", "worst"),
    code=TEXT,
    name=TEXT,
    value=WHOLE,
    best=WHOLE,
    worst=WHOLE,
)
CLAIMANT = shape(id=TEXT, name=TEXT, same_as=many(ADDRESS))
APPEARANCE = shape(
    url=ADDRESS,
    platform=TEXT,
    published_on=DAY,
    audience={"type": ["integer", "null"]},
    first=FLAG,
    status=words(Availability, null=True),
)
CLAIM: Schema = shape(
    id=TEXT,
    text=TEXT,
    language=TEXT,
    made_on=DAY,
    location=TEXT,
    claimant=maybe(CLAIMANT),
    quantity=QUANTITY,
    topics=many(TEXT),
    appearances=many(APPEARANCE),
)
CITED_SOURCE = shape(
    id=TEXT,
    url=ADDRESS,
    title=TEXT,
    publisher=TEXT,
    status=words(Availability),
    status_since=TIME,
    archived_url=maybe(ADDRESS),
)
EVIDENCE = shape(
    help="source is null for evidence without a page.",
    id=TEXT,
    kind=words(EvidenceKind),
    stance=words(Stance),
    load_bearing=FLAG,
    quote=TEXT,
    note=TEXT,
    quote_status=words(QuoteStatus),
    quantity=QUANTITY,
    source=maybe(CITED_SOURCE),
)
CORRECTION = shape(kind=words(CorrectionKind), reason=TEXT, at=TIME, version=WHOLE)
REVIEW = shape(opened_at=TIME, opened_by={"enum": ["machine", "person"]}, reason=TEXT, evidence=many(TEXT))
STANDING_OR_RETRACTED = {"enum": [status for status in VerdictStatus.values if status != VerdictStatus.WITHHELD]}

VERDICT: Schema = shape(
    help="A verdict as it is now. review is there while a person looks at it again.",
    id=TEXT,
    url=ADDRESS,
    status=STANDING_OR_RETRACTED,
    version=WHOLE,
    headline=TEXT,
    summary=TEXT,
    explanation={"type": "string", "description": "HTML, sanitised."},
    language=TEXT,
    reviewed_by_second_person=FLAG,
    rating=RATING,
    claim=CLAIM,
    evidence=many(EVIDENCE),
    published_at=TIME,
    updated_at=TIME,
    corrections=many(CORRECTION),
    review=maybe(REVIEW),
    content_digest=DIGEST,
    content_salt=TEXT,
)
WITHHELD: Schema = shape(
    help="All that is left of a verdict that the law took out of sight.",
    id=TEXT,
    url=ADDRESS,
    status={"const": VerdictStatus.WITHHELD.value},
    legal_basis=TEXT,
    version=WHOLE,
    published_at=TIME,
    updated_at=TIME,
)
EVENT: Schema = shape(
    help="hash is SHA-256 over the RFC 8785 canonical JSON of all other keys.",
    sequence=WHOLE,
    id=TEXT,
    type=words(EventType),
    at=TIME,
    verdict=shape(id=TEXT, version=WHOLE),
    data={"type": "object"},
    previous_hash=DIGEST,
    hash=DIGEST,
)
EVENTS: Schema = shape(results=many(ref("Event")), next=maybe(ADDRESS), head=shape(sequence=WHOLE, hash=DIGEST))
VERDICT_IN_SHORT = shape(
    optional=("headline", "rating"),
    id=TEXT,
    url=ADDRESS,
    status=words(VerdictStatus),
    version=WHOLE,
    headline=TEXT,
    rating=TEXT,
    published_at=TIME,
    updated_at=TIME,
)
SOURCE: Schema = shape(
    id=TEXT,
    url=TEXT,
    canonical_url=ADDRESS,
    title=TEXT,
    publisher=TEXT,
    language=TEXT,
    is_demo=FLAG,
    status=words(Availability),
    status_since=TIME,
    page=ADDRESS,
)
PROBLEM: Schema = shape(
    help="RFC 9457. errors names what is wrong per parameter and how to mend it.",
    type=TEXT,
    title=TEXT,
    status=WHOLE,
    detail=TEXT,
    errors={"type": "object", "additionalProperties": many(TEXT)},
)

SHAPES: dict[str, Schema] = {
    "Verdict": VERDICT,
    "WithheldVerdict": WITHHELD,
    "AnyVerdict": {"oneOf": [ref("Verdict"), ref("WithheldVerdict")]},
    "Version": {
        "anyOf": [{"allOf": [ref("Verdict"), shape(content=TEXT)]}, ref("WithheldVerdict")],
        "description": "A version as it was published. content is its frozen canonical text.",
    },
    "Event": EVENT,
    "Events": EVENTS,
    "Claim": shape(
        help="Of a withheld verdict's claim only id and verdict are left.",
        optional=tuple(name for name in CLAIM["properties"] if name != "id"),
        **CLAIM["properties"],
        verdict=VERDICT_IN_SHORT,
    ),
    "Claimant": shape(
        id=TEXT,
        slug=TEXT,
        name=TEXT,
        job_title=TEXT,
        aliases=many(TEXT),
        same_as=many(ADDRESS),
        is_demo=FLAG,
        url=ADDRESS,
    ),
    "Topic": shape(slug=TEXT, name=TEXT, url=ADDRESS),
    "Rating": shape(
        optional=("value", "best", "worst"),
        **RATING["properties"],
        names={"type": "object", "additionalProperties": TEXT},
        meaning=TEXT,
        tone=TEXT,
        scale=TEXT,
        is_active=FLAG,
    ),
    "Source": SOURCE,
    "SourceWithVisits": {
        "allOf": [ref("Source"), shape(last_checked_at=MAYBE_TIME, last_ok_at=MAYBE_TIME, verdicts=many(TEXT))]
    },
    "Problem": PROBLEM,
    **{f"{name}Page": page_of(name) for name in ("AnyVerdict", "Claim", "Claimant", "Topic", "Rating", "Source")},
}
