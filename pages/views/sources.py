from django.http import Http404, HttpRequest, HttpResponse

from claims.models import VerdictDocument
from pages.links import current_prefix
from pages.reading import read_documents
from pages.responses import reader_page, render_page
from sources.models import Source

MOST_VERDICTS = 50
LATEST_CHECKS = 20
LATEST_CHANGES = 20


@reader_page(validated=False)
def source(request: HttpRequest, public_id: str) -> HttpResponse:
    """One source: its state, our visits, and the passages verdicts quote from it. Captures stay with the desk.

    404 until a published verdict rests on it. Not validated by ETag: the last visit changes without any event.
    """
    rows = VerdictDocument.objects.readable().citing(public_id)
    verdicts = read_documents(rows.order_by("-published_at", "-claim_id")[:MOST_VERDICTS], current_prefix())
    found = Source.objects.select_related("current_snapshot").filter(public_id=public_id).first()
    if found is None or not verdicts:
        raise Http404
    quoting = [
        {"verdict": verdict, "evidence": [item for item in verdict["evidence"] if _from(item, public_id)]}
        for verdict in verdicts
    ]
    context = {
        "source": found,
        "quoting": quoting,
        "checks": found.checks.order_by("-at", "-pk")[:LATEST_CHECKS],
        "changes": found.changes.order_by("-pk")[:LATEST_CHANGES],
        "noindex": found.is_demo,
    }
    return render_page(request, "source.html", context)


def _from(evidence: dict[str, object], public_id: str) -> bool:
    source = evidence.get("source")
    return isinstance(source, dict) and source.get("id") == public_id
