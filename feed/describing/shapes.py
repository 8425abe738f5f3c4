"""JSON Schema (2020-12) of everything the API answers. Tests hold real answers against it.

Objects stay open: keys may be added, none is removed. Formats of other people's making are in shapes_formats.py.
"""

from __future__ import annotations

from typing import Any

from claims.choices import (
    ClaimantKind,
    Confidence,
    CorrectionKind,
    EventType,
    EvidenceKind,
    Origin,
    QuoteStatus,
    ReviewOutcome,
    Stance,
    VerdictStatus,
)
from claims.models.identity import LANGUAGE_TAG
from sources.choices import Availability

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
# Our own addresses are built by us; others' are passed on as somebody entered them, odd characters and all.
ADDRESS: Schema = {"type": "string", "format": "uri"}
FOREIGN_ADDRESS: Schema = {"type": "string", "description": "An address elsewhere, as it was entered."}
TIME: Schema = {"type": "string", "format": "date-time", "pattern": "Z$"}
MAYBE_TIME: Schema = {"type": ["string", "null"], "format": "date-time"}
DAY: Schema = {"type": ["string", "null"], "format": "date"}
FLAG: Schema = {"type": "boolean"}
# What feed/urls.py lets in; sources/identity.py makes the ids.
ID: Schema = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,16}$"}
COUNT: Schema = {"type": "integer", "minimum": 0}
ORDINAL: Schema = {"type": "integer", "minimum": 1}
LANGUAGE: Schema = {"type": "string", "pattern": LANGUAGE_TAG, "description": "BCP 47."}
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


QUANTITY = maybe(
    shape(help="Decimal numbers as text, so that nothing rounds them.", as_stated=TEXT, low=MAYBE_TEXT,
          high=MAYBE_TEXT, unit=TEXT)
)  # fmt: skip
RATING = shape(
    help="value, best and worst are absent for ratings that say nothing about truth.",
    optional=("value", "best", "worst"),
    code=TEXT,
    name=TEXT,
    names={"type": "object", "additionalProperties": TEXT, "description": "By language."},
    meaning=TEXT,
    tone=TEXT,
    value=COUNT,
    best=COUNT,
    worst=COUNT,
)
CLAIMANT_KIND: Schema = {"enum": [*ClaimantKind.values, ""], "description": "Empty: nobody knows."}
CLAIMANT = shape(id=ID, name=TEXT, slug=TEXT, kind=CLAIMANT_KIND, job_title=TEXT, same_as=many(FOREIGN_ADDRESS))
APPEARANCE = shape(
    url=FOREIGN_ADDRESS,
    platform=TEXT,
    published_on=DAY,
    audience={"type": ["integer", "null"], "minimum": 0},
    first=FLAG,
    status=words(Availability, null=True),
)
CLAIM: Schema = shape(
    id=ID,
    text=TEXT,
    language=LANGUAGE,
    made_on=DAY,
    location=TEXT,
    claimant=maybe(CLAIMANT),
    quantity=QUANTITY,
    topics=many(TEXT),
    appearances=many(APPEARANCE),
)
CITED_SOURCE = shape(
    id=ID,
    url=FOREIGN_ADDRESS,
    title=TEXT,
    publisher=TEXT,
    status=words(Availability),
    status_since=TIME,
    archived_url=maybe(FOREIGN_ADDRESS),
)
EVIDENCE = shape(
    help="source is null for evidence without a page; origin is there where the newsroom said it.",
    optional=("origin",),
    id=ID,
    kind=words(EvidenceKind),
    stance=words(Stance),
    load_bearing=FLAG,
    origin=words(Origin),
    quote=TEXT,
    note=TEXT,
    description=TEXT,
    quote_status=words(QuoteStatus),
    quantity=QUANTITY,
    source=maybe(CITED_SOURCE),
)
CORRECTION = shape(kind=words(CorrectionKind), reason=TEXT, at=TIME, version=ORDINAL)
REVIEW = shape(id=ID, opened_at=TIME, opened_by={"enum": ["machine", "person"]}, reason=TEXT, evidence=many(ID))
LAST_REVIEW = shape(closed_at=TIME, outcome=words(ReviewOutcome), reason=TEXT, note=TEXT, evidence=many(ID))
TRANSLATION = shape(
    language=LANGUAGE, of_version=ORDINAL, claim_text=TEXT, headline=TEXT, summary=TEXT, explanation=TEXT
)
STANDING_OR_RETRACTED = {"enum": [status for status in VerdictStatus.values if status != VerdictStatus.WITHHELD]}

VERDICT: Schema = shape(
    help="A verdict as it is now. review is there while a person looks at it again.",
    optional=("imported",),
    id=ID,
    url=ADDRESS,
    slug=TEXT,
    status=STANDING_OR_RETRACTED,
    status_reason={"type": "string", "description": "Why it was retracted; empty otherwise."},
    version=ORDINAL,
    headline=TEXT,
    summary=TEXT,
    explanation={"type": "string", "description": "HTML, sanitised."},
    language=LANGUAGE,
    reviewed_by_second_person=FLAG,
    authors=many(TEXT),
    approved_by=MAYBE_TEXT,
    rating=RATING,
    claim=CLAIM,
    evidence=many(EVIDENCE),
    published_at=TIME,
    updated_at=TIME,
    corrections=many(CORRECTION),
    review=maybe(REVIEW),
    last_review=maybe(LAST_REVIEW),
    translations=many(TRANSLATION),
    content_digest=DIGEST,
    content_salt=TEXT,
    is_demo=FLAG,
    imported=shape(
        help="Brought along from before this site, where it stood at url: nobody here approved it.",
        optional=("modified_at",),
        url=FOREIGN_ADDRESS,
        modified_at=TIME,
    ),
)
WITHHELD: Schema = shape(
    help="All that is left of a verdict that the law took out of sight.",
    id=ID,
    url=ADDRESS,
    status={"const": VerdictStatus.WITHHELD.value},
    legal_basis=TEXT,
    version=ORDINAL,
    published_at=TIME,
    updated_at=TIME,
    is_demo=FLAG,
)
EVENT: Schema = shape(
    help="hash is SHA-256 over the RFC 8785 canonical JSON of all other keys.",
    sequence=ORDINAL,
    id={"type": "string", "pattern": "^evt_[0-9A-Za-z]+$"},
    type=words(EventType),
    at=TIME,
    verdict=shape(id=ID, version=ORDINAL),
    data={"type": "object", "description": "Codes, ids and digests; which ones depends on the type."},
    previous_hash=DIGEST,
    hash=DIGEST,
)
EVENTS: Schema = shape(results=many(ref("Event")), next=maybe(ADDRESS), head=shape(sequence=COUNT, hash=DIGEST))
VERDICT_IN_SHORT = shape(
    optional=("headline", "rating"),
    id=ID,
    url=ADDRESS,
    status=words(VerdictStatus),
    version=ORDINAL,
    headline=TEXT,
    rating=TEXT,
    published_at=TIME,
    updated_at=TIME,
)
SOURCE: Schema = shape(
    id=ID,
    url=FOREIGN_ADDRESS,
    canonical_url=FOREIGN_ADDRESS,
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
    type={"type": "string", "const": "about:blank"},
    title=TEXT,
    status={"type": "integer", "minimum": 400, "maximum": 599},
    detail={"type": "string", "minLength": 1},
    errors={"type": "object", "additionalProperties": many(TEXT)},
)

SHAPES: dict[str, Schema] = {
    "Verdict": VERDICT,
    "WithheldVerdict": WITHHELD,
    "AnyVerdict": {"oneOf": [ref("Verdict"), ref("WithheldVerdict")]},
    "Version": {
        "oneOf": [{"allOf": [ref("Verdict"), shape(content=TEXT)]}, ref("WithheldVerdict")],
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
        id=ID,
        slug=TEXT,
        name=TEXT,
        kind=CLAIMANT_KIND,
        job_title=TEXT,
        aliases=many(TEXT),
        same_as=many(FOREIGN_ADDRESS),
        is_demo=FLAG,
        url=ADDRESS,
    ),
    "Topic": shape(slug=TEXT, name=TEXT, url=ADDRESS),
    "Rating": shape(
        optional=("value", "best", "worst"),
        **RATING["properties"],
        scale=TEXT,
        is_active=FLAG,
    ),
    "Source": SOURCE,
    "SourceWithVisits": {
        "allOf": [
            ref("Source"),
            shape(last_checked_at=MAYBE_TIME, last_ok_at=MAYBE_TIME, verdicts={**many(ID), "maxItems": 200}),
        ]
    },
    "Problem": PROBLEM,
    "Matches": shape(
        results=many(
            shape(
                help="score 0 to 1: how much of the text is in the claim, rare words counting more. matched_on: the "
                "text's own words. other_number: both count the same thing, and the numbers differ.",
                score={"type": "number", "minimum": 0, "maximum": 1},
                confidence=words(Confidence),
                matched_on=many(TEXT),
                other_number=maybe(shape(asked=TEXT, claimed=TEXT)),
                claim=CLAIM,
                verdict=VERDICT_IN_SHORT,
            )
        )
    ),
    **{f"{name}Page": page_of(name) for name in ("AnyVerdict", "Claim", "Claimant", "Topic", "Rating", "Source")},
}
