from django.http import HttpRequest, HttpResponse

from claims.choices import VerdictStatus
from claims.models import VerdictDocument
from pages.links import current_prefix, feed_links
from pages.reading import read_documents
from pages.responses import reader_page, render_page

NEWEST = 9
UNDER_REVIEW = 4


@reader_page()
def home(request: HttpRequest) -> HttpResponse:
    """The newest verdicts, and those we are looking at again."""
    documents = VerdictDocument.objects
    newest = documents.listed().order_by("-published_at", "-public_id")[:NEWEST]
    again = documents.filter(status=VerdictStatus.UNDER_REVIEW).order_by("-updated_at", "-public_id")[:UNDER_REVIEW]
    prefix = current_prefix()
    return render_page(
        request,
        "home.html",
        {
            "verdicts": read_documents(newest, prefix),
            "under_review": read_documents(again, prefix),
            "feeds": feed_links(),
        },
    )
