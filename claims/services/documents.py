"""Rendered once: gather a verdict's facts, render, store. Feeds and pages serve what is stored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.conf import settings
from django.db import connection, transaction

from claims.choices import VerdictStatus
from claims.models import DocumentCounter, Draft, Verdict, VerdictDocument, VerdictVersion
from claims.rendering.claimreview import Publisher, as_script_text, render_claimreview
from claims.rendering.content import freeze
from claims.rendering.document import RENDERER_VERSION, Document, render_document, render_withheld
from claims.rendering.search_words import searchable
from claims.services.facts import preview_state, state_of, with_facts
from claims.services.guards import lock_claims
from claims.services.matching import index_claims

REBUILD_BATCH = 200
NEXT_CHANGE = """
INSERT INTO claims_documentcounter AS counter (id, value, changed_at)
VALUES (1, 1, date_trunc('second', clock_timestamp()))
ON CONFLICT (id) DO UPDATE SET
    value = counter.value + 1,
    changed_at = greatest(excluded.changed_at, date_trunc('second', counter.changed_at) + interval '1 second')
RETURNING value
"""
# The columns we write: PostgreSQL makes the others.
WRITTEN = [field.name for field in VerdictDocument._meta.concrete_fields if not field.generated]


def publisher() -> Publisher:
    """Who signs the markup, from the settings."""
    return Publisher(
        name=settings.PUBLISHER_NAME,
        url=settings.PUBLISHER_URL or settings.SITE_URL,
        logo=settings.PUBLISHER_LOGO,
        licence=settings.FEED_LICENSE,
    )


def store_documents(claim_ids: Iterable[int]) -> None:
    """Render and store these verdicts' documents and move the change counter, in the caller's transaction.

    Call before append_events(): the counter's row lock comes before the event log's lock, everywhere.
    """
    verdicts = with_facts(claim_ids)
    if not verdicts:
        return
    change = next_change()
    rows = [_row(verdict, change) for verdict in verdicts]
    VerdictDocument.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["claim"],
        update_fields=[name for name in WRITTEN if name != "claim"],
    )
    index_claims(row.claim_id for row in rows)


def next_change() -> int:
    """The next value of the change counter; its row stays locked until commit, so readers never see it too early."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT_CHANGE)
        value: int = cursor.fetchone()[0]
    return value


def rebuild_documents(*, batch_size: int = REBUILD_BATCH) -> Iterator[int]:
    """Render every verdict anew, batch by batch; yields how many are done. Unchanged ones are left alone.

    For a new renderer version or publisher name. The site serves the old documents meanwhile.
    """
    done, last = 0, 0
    while True:
        ids = list(Verdict.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch_size])
        if not ids:
            with transaction.atomic():
                next_change()
                DocumentCounter.objects.update(rendered_with=renderer())
            return
        with transaction.atomic():
            lock_claims(ids)
            list(Verdict.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
            store_documents(stale_documents(ids))
        done, last = done + len(ids), ids[-1]
        yield done


def renderer() -> str:
    """A digest of what every document follows from besides its verdict: the renderer's version and the settings."""
    follows = (RENDERER_VERSION, settings.SITE_URL, publisher(), settings.CLAIMTRACK_PUBLIC_SNAPSHOTS)
    return hashlib.sha256(repr(follows).encode()).hexdigest()


def documents_are_outdated() -> bool:
    """There are verdicts, and since all were rendered last the renderer or the settings it follows have changed."""
    current = DocumentCounter.objects.filter(rendered_with=renderer()).exists()
    return not current and Verdict.objects.exists()


def stale_documents(claim_ids: Iterable[int]) -> list[int]:
    """Claims whose stored document differs from a freshly rendered one (or is missing)."""
    stored = VerdictDocument.objects.in_bulk(list(claim_ids))
    stale = []
    for verdict in with_facts(claim_ids):
        fresh, old = _row(verdict, change=0), stored.get(verdict.pk)
        if old is None or _rendered(old) != _rendered(fresh):
            stale.append(verdict.pk)
    return stale


def _rendered(row: VerdictDocument) -> tuple[str, ...]:
    return row.body, row.claimreview, row.search_text


def document_of_version(version: VerdictVersion) -> Document:
    """An earlier version as it was published, with today's address and state words around it."""
    verdict = next(iter(with_facts([version.verdict_id])))
    if verdict.status == VerdictStatus.WITHHELD:
        return _render(verdict)
    return render_document(json.loads(version.content), state_of(verdict, version), site=settings.SITE_URL)


def preview_document(draft: Draft) -> VerdictDocument:
    """What would be stored if this draft were published now; never saved. It needs a rating."""
    evidence = list(draft.claim.evidence.attached().select_related("source", "upload", "snapshot"))
    second = settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER
    state = replace(preview_state(draft), reviewed_by_second_person=second)
    document = render_document(freeze(draft, evidence), state, site=settings.SITE_URL)
    return _stored(document, Verdict(pk=draft.claim_id, published_at=state.published_at, updated_at=state.updated_at))


def _row(verdict: Verdict, change: int) -> VerdictDocument:
    return _stored(_render(verdict), verdict, change=change)


def _stored(document: Document, verdict: Verdict, change: int = 0) -> VerdictDocument:
    markup = render_claimreview(document, publisher())
    sources = [row["source"]["id"] for row in document.get("evidence", []) if row.get("source")]
    claim = document.get("claim", {})
    return VerdictDocument(
        claim_id=verdict.pk,
        public_id=document["id"],
        slug=document["slug"],
        status=document["status"],
        language=document.get("language", ""),
        rating_code=document.get("rating", {}).get("code", ""),
        claimant_slug=(claim.get("claimant") or {}).get("slug", ""),
        topic_slugs=claim.get("topics", []),
        source_ids=sorted(set(sources)),
        headline=document.get("headline", ""),
        search_text=_search_text(document),
        published_at=verdict.published_at,
        updated_at=verdict.updated_at,
        is_demo=document["is_demo"],
        body=json.dumps(document, ensure_ascii=False, separators=(",", ":")),
        claimreview=as_script_text(markup) if markup else "",
        change=change,
    )


def _search_text(document: Document) -> str:
    if "claim" not in document:
        return ""
    claimant = document["claim"]["claimant"] or {"name": ""}
    parts = [document["claim"]["text"], document["headline"], document["summary"], claimant["name"]]
    parts += [text for row in document["translations"] for text in (row["claim_text"], row["headline"])]
    return searchable(*parts)


def _render(verdict: Verdict) -> Document:
    version = verdict.current_version
    assert version is not None, "a verdict exists only with a version"
    state = state_of(verdict, version)
    if verdict.status == VerdictStatus.WITHHELD:
        return render_withheld(verdict.claim.public_id, state, site=settings.SITE_URL)
    return render_document(json.loads(version.content), state, site=settings.SITE_URL)
