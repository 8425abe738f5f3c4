"""All we hold on a claim as one WARC file: which captures belong to it, and what we say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from claims.models import Appearance, Claim, Evidence
from sources.archive_export import Note, WarcExport, damage, name_of
from sources.models import Snapshot, Upload

# Rows, texts and all, that are in memory at a time.
AT_A_TIME = 20
ANNOTATION = "http://www.w3.org/ns/anno.jsonld"


def captures_of(claim: Claim) -> QuerySet[Snapshot]:
    """Every version of every page the claim's evidence rests on or that it appeared on, dropped evidence included."""
    on_it = Q(source__evidence__claim=claim) | Q(source__appearances__claim=claim)
    rows = Snapshot.objects.filter(pk__in=Snapshot.objects.filter(on_it).order_by().values("pk"))
    return rows.order_by("source_id", "taken_at", "pk")


def files_of(claim: Claim) -> QuerySet[Upload]:
    """Every file uploaded as its evidence."""
    return Upload.objects.filter(pk__in=Evidence.objects.filter(claim=claim).values("upload")).order_by("pk")


def warc_of(claim: Claim) -> WarcExport:
    """The file, to be iterated over."""
    return WarcExport(
        file_name_of(claim),
        captures_of(claim).prefetch_related("extractions").iterator(chunk_size=AT_A_TIME),
        files_of(claim).prefetch_related("extractions").iterator(chunk_size=AT_A_TIME),
        _annotations(claim),
        {
            "publisher": settings.PUBLISHER_NAME,
            "isPartOf": f"{settings.SITE_URL.rstrip('/')}/claims/{claim.public_id}/",
            "description": f"All captures of the pages and files that this claim's evidence rests on: {claim}",
        },
    )


def damage_of(claim: Claim) -> list[str]:
    """What of it is missing or damaged, in words that name the page or the file."""
    pages = captures_of(claim).values_list("storage_key", "final_url")
    files = files_of(claim).values_list("storage_key", "name")
    return damage([*pages, *files])


def claims_on(sha256s: Iterable[str]) -> list[Claim]:
    """Whose evidence rests on the bytes with one of these digests, or that appeared on such a page."""
    pages, files = Snapshot.objects.filter(raw_sha256__in=sha256s), Upload.objects.filter(sha256__in=sha256s)
    evidence = Evidence.objects.filter(Q(source__in=pages.values("source")) | Q(upload__in=files))
    appeared = Appearance.objects.filter(source__in=pages.values("source"))
    on_it = Q(pk__in=evidence.values("claim")) | Q(pk__in=appeared.values("claim"))
    return list(Claim.objects.filter(on_it).order_by("pk"))


def file_name_of(claim: Claim) -> str:
    return f"claim-{claim.public_id}.warc.gz"


def _annotations(claim: Claim) -> Iterator[Note]:
    rows = Evidence.objects.filter(claim=claim).select_related("source", "snapshot", "upload").defer("snapshot__text")
    for row in rows.order_by("pk"):
        target = _target(row)
        if target is not None:
            yield Note(
                _annotation(row, target), row.created_at, target["source"], row.snapshot_id, upload_id=row.upload_id
            )


def _target(row: Evidence) -> dict[str, Any] | None:
    """The quoted passage of a page, or a file; None for what can only be described."""
    if row.upload is not None:
        return {"source": name_of(row.upload), "name": row.file_name or row.upload.name}
    if row.source is None:
        return None
    selector = {"type": "TextQuoteSelector", "exact": row.quote, "prefix": row.quote_prefix, "suffix": row.quote_suffix}
    return {"source": row.snapshot.final_url if row.snapshot else row.source.canonical_url, "selector": selector}


def _annotation(row: Evidence, target: dict[str, Any]) -> dict[str, Any]:
    """W3C Web Annotation: the passage our evidence quotes and what it is to the claim."""
    words = {"stance": row.stance, "note": row.note, "description": row.description}
    return {
        "@context": ANNOTATION,
        "type": "Annotation",
        "created": row.created_at.isoformat(),
        "body": [
            {"type": "TextualBody", "purpose": purpose, "value": words[name]}
            for name, purpose in (("stance", "classifying"), ("note", "commenting"), ("description", "describing"))
            if words[name]
        ],
        "target": target,
    }
