from django.db.models import Count, DateField
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest, HttpResponse

from claims.models import Claimant, Rating, Topic
from claims.querysets import DocumentQuerySet
from pages import lists
from pages.links import current_prefix, feed_links
from pages.reading import named_rating
from pages.responses import reader_page, render_page
from pages.tallies import Tally, tally


@reader_page()
def claimant(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything published about what one person or outlet said; 404 until something is."""
    rows = lists.filtered({"claimant": slug})
    person = Claimant.objects.prefetch_related("accounts__audience_figures").filter(slug=slug).first()
    if person is None or not rows.exists():
        raise Http404
    accounts = [
        {"account": account, "figure": next(iter(account.audience_figures.all()), None)}
        for account in person.accounts.all()
    ]
    return _subject(
        request,
        "claimant.html",
        rows,
        {
            "claimant": person,
            "accounts": accounts,
            "feeds": feed_links({"claimant": slug}),
            "feeds_about": person.name,
            "noindex": person.is_demo,
        },
    )


@reader_page()
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Every verdict on one topic; 404 until there is one."""
    rows = lists.filtered({"topic": slug})
    subject = Topic.objects.filter(slug=slug).first()
    if subject is None or not rows.exists():
        raise Http404
    feeds = feed_links({"topic": slug})
    return _subject(request, "topic.html", rows, {"topic": subject, "feeds": feeds, "feeds_about": subject.name})


def _subject(request: HttpRequest, template: str, rows: DocumentQuerySet, context: dict[str, object]) -> HttpResponse:
    listing = lists.listing(rows, request.GET, current_prefix())
    shown = {"listing": listing, "tally": _tally(rows), **context}
    if listing.verdicts and all(verdict["is_demo"] for verdict in listing.verdicts):
        shown["noindex"] = True
    return render_page(request, template, shown)


def _tally(rows: DocumentQuerySet) -> Tally:
    """How many verdicts carry each rating, and in which month they were published."""
    month = TruncMonth("published_at", output_field=DateField())
    counts = list(rows.order_by().annotate(month=month).values_list("month", "rating_code").annotate(Count("pk")))
    ratings = Rating.objects.filter(code__in={code for _, code, _ in counts})
    scale = [
        named_rating(
            {"code": rating.code, "name": rating.name, "names": rating.name_translations, "tone": rating.tone},
            current_prefix(),
        )
        for rating in ratings
    ]
    return tally(counts, scale)
