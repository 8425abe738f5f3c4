"""Whose reviews we took in: the open list that Google asks of everybody who aggregates fact-checks."""

from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Aggregate, Count, Max
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse

from claims.models import ExternalReview
from pages.responses import reader_page, render_page

# More publishers than there are in the world; the page stays a page.
MOST_PUBLISHERS = 2000


class Commonest(Aggregate):
    """The value that most rows have (PostgreSQL's mode())."""

    template = "mode() WITHIN GROUP (ORDER BY %(expressions)s)"


@reader_page()
def publishers(request: HttpRequest) -> HttpResponse:
    """Every publisher of reviews by others: how many, how new, and how they were taken in."""
    return render_page(request, "publishers.html", {"publishers": _publishers()})


def _publishers() -> list[dict[str, Any]]:
    rows = ExternalReview.objects.standing().order_by().values("publisher_site")
    told = rows.annotate(
        name=Commonest("publisher_name"),
        count=Count("pk"),
        newest=Max(Coalesce("published_at", "first_seen")),
        ways=ArrayAgg("taken_from", distinct=True),
    )
    return [dict(row) for row in told.order_by("-count", "publisher_site")[:MOST_PUBLISHERS]]
