"""The verdict as the API serves it and the pages show it: frozen content plus today's state of the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from claims.rendering.addresses import claim_url
from claims.rendering.times import rfc3339

# Moves when the shape or wording of documents changes; part of every ETag.
RENDERER_VERSION = "2"

Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class VerdictState:
    """Everything about a verdict that is not frozen in a version. Plain values, gathered by the caller."""

    slug: str
    status: str
    status_reason: str
    status_since: datetime
    version: int
    content_digest: str
    content_salt: str
    published_at: datetime
    updated_at: datetime
    is_demo: bool
    authors: list[str]
    approved_by: str | None
    reviewed_by_second_person: bool
    claimant: Document | None
    topics: list[Document]
    appearances: list[Document]
    corrections: list[Document]
    review: Document | None
    last_review: Document | None = None
    translations: list[Document] = field(default_factory=list)
    # By evidence id: quote_status, quote_found, difference, source state (see services/documents.py).
    evidence: dict[str, Document] = field(default_factory=dict)
    unchecked_acknowledged: bool = False


def render_document(content: Document, state: VerdictState, *, site: str) -> Document:
    """The public shape of a verdict: the keys the API documents, plus what only our own pages use."""
    claim = content["claim"]
    return {
        "id": claim["id"],
        "url": claim_url(site, claim["id"], state.slug),
        "slug": state.slug,
        "status": state.status,
        "status_reason": state.status_reason,
        "version": state.version,
        "headline": content["headline"],
        "summary": content["summary"],
        "explanation": content["explanation"],
        "language": content["language"],
        "reviewed_by_second_person": state.reviewed_by_second_person,
        "authors": state.authors,
        "approved_by": state.approved_by,
        "rating": content["rating"],
        "claim": claim
        | {
            "claimant": state.claimant,
            "topics": [topic["slug"] for topic in state.topics],
            "topic_names": {topic["slug"]: topic["name"] for topic in state.topics},
            "appearances": state.appearances,
        },
        "evidence": [frozen | _evidence_state(frozen, state) for frozen in content["evidence"]],
        "published_at": rfc3339(state.published_at),
        "updated_at": rfc3339(state.updated_at),
        "corrections": state.corrections,
        "review": state.review,
        "last_review": state.last_review,
        "translations": state.translations,
        "unchecked_acknowledged": state.unchecked_acknowledged,
        "content_digest": state.content_digest,
        "content_salt": state.content_salt,
        "is_demo": state.is_demo,
        **({"imported": content["imported"]} if "imported" in content else {}),
    }


def _evidence_state(frozen: Document, state: VerdictState) -> Document:
    live = dict(state.evidence.get(frozen["id"], {"quote_status": "unchecked"}))
    source_state = live.pop("source", None)
    if frozen["source"] is not None:
        live["source"] = frozen["source"] | (source_state or {})
    return live


def render_withheld(public_id: str, state: VerdictState, *, site: str) -> Document:
    """All that is left when the law demands it: which verdict, since when, on what legal basis."""
    return {
        "id": public_id,
        "url": claim_url(site, public_id, state.slug),
        "slug": state.slug,
        "status": state.status,
        "legal_basis": state.status_reason,
        "version": state.version,
        "published_at": rfc3339(state.published_at),
        "updated_at": rfc3339(state.updated_at),
        "is_demo": state.is_demo,
    }
