from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from claims.models import Evidence, VerdictDocument
from pages.links import current_prefix, page_path_if_any
from pages.passages import passage
from pages.reading import read_documents
from pages.responses import reader_page, render_page
from sources.kinds import Kind
from sources.life.reading import compare_versions, timeline_of, versions_of
from sources.models import Snapshot, Source

MOST_VERDICTS = 50
LATEST_CHECKS = 20
LATEST_CHANGES = 20
FORMER_ADDRESSES = 10


@reader_page(validated=False)
def source(request: HttpRequest, public_id: str) -> HttpResponse:
    """One source: its state, our visits, its versions, and the passages verdicts quote from it.

    How much of the versions is shown follows CLAIMTRACK_PUBLIC_SNAPSHOTS. 404 until a published verdict rests on the
    source. Not validated by ETag: the last visit changes without any event.
    """
    rows = VerdictDocument.objects.readable().citing(public_id)
    verdicts = read_documents(rows.order_by("-published_at", "-public_id")[:MOST_VERDICTS], current_prefix())
    found = Source.objects.select_related("current_snapshot").defer("current_snapshot__text")
    row = found.filter(public_id=public_id).first()
    if row is None or not verdicts:
        raise Http404
    context = {
        "source": row,
        "quoting": _passages(verdicts, public_id),
        "timeline": timeline_of(row, timezone.now()),
        "kinds": list(Kind),
        "former": row.former_urls.order_by("-replaced_at")[:FORMER_ADDRESSES],
        "checks": row.checks.newest_first()[:LATEST_CHECKS],
        "changes": row.changes.order_by("-pk")[:LATEST_CHANGES],
        "noindex": row.is_demo or bool(request.GET),
        **_versions(request, row),
    }
    return render_page(request, "source.html", context)


def _passages(verdicts: list[dict[str, Any]], public_id: str) -> list[dict[str, Any]]:
    """What each verdict quotes from the source, with what stands around it."""
    quoting = [(verdict, [item for item in verdict["evidence"] if _from(item, public_id)]) for verdict in verdicts]
    ids = [item["id"] for _, items in quoting for item in items]
    known = Evidence.objects.filter(public_id__in=ids).values_list("public_id", "quote_prefix", "quote_suffix")
    around = {key: (prefix, suffix) for key, prefix, suffix in known}
    return [
        {"verdict": verdict, "evidence": [passage(item, *around.get(item["id"], ("", ""))) for item in items]}
        for verdict, items in quoting
    ]


def _from(evidence: dict[str, object], public_id: str) -> bool:
    source = evidence.get("source")
    return isinstance(source, dict) and source.get("id") == public_id


def _capture_path(row: Source, version: Snapshot) -> str:
    """Where readers see the stored page; nothing for an erased one."""
    if not version.storage_key:
        return ""
    return page_path_if_any("capture", prefix="", public_id=row.public_id, snapshot_id=version.public_id)


def _versions(request: HttpRequest, row: Source) -> dict[str, Any]:
    """The list of versions; in the modes `text` and `full` two of them compared, and links to the captures."""
    mode = settings.CLAIMTRACK_PUBLIC_SNAPSHOTS
    versions = versions_of(row)
    open_to_readers = mode in {"text", "full"}
    shown = [
        {"version": version, "path": _capture_path(row, version) if open_to_readers else ""} for version in versions
    ]
    context: dict[str, Any] = {
        "versions": shown,
        "may_compare": open_to_readers and len(versions) > 1,
        "timemap": page_path_if_any("timemap", prefix="", public_id=row.public_id)
        if open_to_readers and any(version.storage_key for version in versions)
        else "",
    }
    if not context["may_compare"]:
        return context
    before = request.GET.get("before") or versions[1].public_id
    after = request.GET.get("after") or versions[0].public_id
    asked = "before" in request.GET or "after" in request.GET
    # Only when asked: comparing long texts is work, and most readers came for the passage.
    compared = compare_versions(row, before, after) if asked else None
    return context | {
        "chosen": {"before": before, "after": after},
        "asked": asked,
        "sides": compared[:2] if compared else None,
        "comparison": compared[2] if compared else None,
    }
