from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse

from claims.choices import EventType, ReaderMessageKind, ReaderMessageState, VerdictStatus
from claims.models import Event, ReaderMessage
from pages.links import current_prefix
from pages.reading import read_document
from pages.responses import reader_page, render_page
from sources.finding import is_id

PAGE_SIZE = 30
YEARS = 10
CORRECTING = (EventType.CORRECTED, EventType.RATING_CHANGED, EventType.RETRACTED)


@reader_page()
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction and retraction, newest first, with its reason. ?before=<sequence> gives older ones."""
    rows = Event.objects.filter(type__in=CORRECTING).exclude(claim__document__status=VerdictStatus.WITHHELD)
    before = request.GET.get("before", "")
    if is_id(before):
        rows = rows.filter(sequence__lt=int(before))
    found = list(rows.select_related("claim__document").order_by("-sequence")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    older = f"?{urlencode({'before': shown[-1].sequence})}" if len(found) > PAGE_SIZE else ""
    entries = [_entry(event) for event in shown]
    said = {"years": years_of_reports() if not before else []}
    return render_page(request, "corrections.html", {"entries": entries, "older": older, "nav": "corrections", **said})


def years_of_reports() -> list[dict[str, int]]:
    """How many errors readers reported, and how many of these we answered in public, the newest years first."""
    reports = ReaderMessage.objects.filter(kind=ReaderMessageKind.REPORT).order_by()
    answered = Count("pk", filter=Q(state=ReaderMessageState.ANSWERED))
    rows = reports.values("received_at__year").annotate(reported=Count("pk"), answered=answered)
    return [
        {"year": row["received_at__year"], "reported": row["reported"], "answered": row["answered"]}
        for row in rows.order_by("-received_at__year")[:YEARS]
    ]


def _entry(event: Event) -> dict[str, object]:
    document = read_document(event.claim.document, current_prefix())
    retracting = event.type == EventType.RETRACTED
    reasons = [
        entry["reason"]
        for entry in document.get("corrections") or []
        if (entry["kind"] == "retracted") == retracting and (retracting or entry["version"] == event.version)
    ]
    return {"event": event, "document": document, "reason": reasons[0] if reasons else ""}
