from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from claims.models import Claim, Claimant, Event, Rating, ReaderMessage, Review, Topic, VerdictDocument, VerdictVersion
from claims.querysets import STANDING
from pages import changes, lists
from pages.facets import facets
from pages.links import INTERFACE_LANGUAGES, absolute, current_prefix, page_path, path_of
from pages.reading import cited_sources, read_document, slug_in, timeline, with_evidence
from pages.responses import for_other_sites, reader_page, render_page, with_headers
from pages.sharing.block import share
from pages.words import rating_name
from sources.models import Source

# A select box longer than this helps nobody; the search box finds the rest.
LONGEST_MENU = 200
# Answers to readers that one page shows; the newest tell most.
MOST_ANSWERS = 20


@reader_page()
def claim_list(request: HttpRequest) -> HttpResponse:
    """Every public verdict, filtered and searched. Unknown parameters are ignored."""
    chosen = lists.chosen_filters(request.GET)
    listing = lists.listing(lists.filtered(chosen), request.GET, current_prefix(), chosen)
    ratings, topics, claimants = list(Rating.objects.all()), list(_topics_of_verdicts()), list(_claimants_of_verdicts())
    names = {
        "rating": {rating.code: rating_name(rating) for rating in ratings},
        "topic": {topic.slug: topic.name for topic in topics},
        "claimant": {claimant.slug: claimant.name for claimant in claimants},
    }
    menus = {
        "ratings": [rating for rating in ratings if rating.is_active],
        "topics": topics,
        "claimants": claimants,
        "languages_of_verdicts": INTERFACE_LANGUAGES,
        "statuses": lists.STATUSES,
    }
    return render_page(
        request,
        "claims.html",
        {
            "listing": listing,
            "chosen": chosen,
            "searched": chosen.get("q", ""),
            **menus,
            "facets": facets(chosen, names) if listing.is_first else None,
            "tones": {rating.code: rating.tone for rating in ratings},
            "feeds": lists.feeds_of(chosen),
            "noindex": bool(chosen) or not listing.is_first,
            "nav": "claims",
        },
    )


def _topics_of_verdicts() -> QuerySet[Topic]:
    standing = Claim.objects.filter(topics=OuterRef("pk"), document__status__in=STANDING)
    return Topic.objects.filter(Exists(standing)).order_by("name")[:LONGEST_MENU]


def _claimants_of_verdicts() -> QuerySet[Claimant]:
    """By the published documents: who a claim is put down to next is still the desk's."""
    standing = VerdictDocument.objects.listed().filter(claimant_slug=OuterRef("slug"))
    return Claimant.objects.filter(Exists(standing)).order_by("name")[:LONGEST_MENU]


@reader_page(ages=True)
def claim(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    """One verdict. Wrong slug: 301 to the right one. Retracted: 200 with the reason. Withheld: 451."""
    return _claim(request, _public(public_id), slug, current_prefix())


@reader_page(ages=True)
def claim_in_english(request: HttpRequest, public_id: str, slug: str) -> HttpResponse:
    """The English translation of a verdict written in another language."""
    row = _public(public_id)
    if row.is_readable and read_document(row, "en")["translation"] is None:
        return HttpResponsePermanentRedirect(_original_path(row))
    return _claim(request, row, slug, "en")


def _claim(request: HttpRequest, row: VerdictDocument, slug: str, prefix: str) -> HttpResponse:
    if not row.is_readable:
        return _withheld(request, row)
    document = read_document(row, prefix)
    if slug != slug_in(document, row, prefix):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(document["path"] + (f"?{query}" if query else ""))
    events = list(Event.objects.filter(claim_id=row.claim_id).order_by("sequence"))
    cited = Source.objects.filter(public_id__in=cited_sources(document))
    document = with_evidence(document, dict(cited.values_list("public_id", "last_checked_at")))
    # What was brought along was logged where it came from.
    logged_at = None if document.get("imported") else Claim.objects.values_list("created_at", flat=True).get(pk=row.pk)
    canonical = absolute(document["path"] if document["translation"] else _original_path(row))
    context = {
        "document": document,
        "timeline": timeline(document, events, logged_at),
        # One page carries the markup: the verdict as written, at the root.
        "claimreview": row.claimreview if row.is_listed and not prefix else "",
        "canonical": canonical,
        "alternates": _alternates(document, row),
        "api_path": f"/api/v1/verdicts/{row.public_id}/",
        "noindex": row.is_demo,
        "share": share(document, canonical, row.claimreview if row.is_listed else ""),
        "answers": ReaderMessage.objects.answered().filter(claim=row.claim_id).order_by("-decided_at")[:MOST_ANSWERS],
    }
    return render_page(request, "claim.html", context)


@for_other_sites
@reader_page()
def markup(request: HttpRequest, public_id: str) -> HttpResponse:
    """The ClaimReview that the verdict's page carries, by itself; 404 where that page carries none."""
    row = _public(public_id)
    if not (row.is_listed and row.claimreview):
        raise Http404
    response = HttpResponse(row.claimreview, content_type="application/ld+json")
    response["X-Robots-Tag"] = "noindex"
    return with_headers(response)


@reader_page()
def history(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every public event of the claim, what it changed, and how to check that nothing was rewritten."""
    row = _public(public_id)
    if not row.is_readable:
        return _withheld(request, row)
    document = read_document(row, current_prefix())
    entries = changes.tell(
        document,
        list(Event.objects.filter(claim_id=row.claim_id).order_by("sequence")),
        list(VerdictVersion.objects.filter(verdict_id=row.claim_id).order_by("number")),
        list(Review.objects.filter(verdict_id=row.claim_id).order_by("opened_at")),
        current_prefix(),
    )
    return render_page(
        request, "history.html", {"document": document, "entries": entries[::-1], "noindex": row.is_demo}
    )


def _public(public_id: str) -> VerdictDocument:
    """The stored document; 404 for claims that were never published, as if they did not exist."""
    row = VerdictDocument.objects.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row


def _withheld(request: HttpRequest, row: VerdictDocument) -> HttpResponse:
    document = read_document(row, current_prefix())
    context = {"document": document, "noindex": True, "canonical": absolute(path_of(request))}
    return render_page(request, "withheld.html", context, status=451)


def _original_path(row: VerdictDocument) -> str:
    """Where the verdict itself lives: at the root, in the language it was written in."""
    return page_path("claim", prefix="", public_id=row.public_id, slug=row.slug or "claim")


def _alternates(document: dict[str, Any], row: VerdictDocument) -> list[dict[str, str]]:
    """hreflang links: the original and every translation; nothing when there is only one."""
    original = {"language": row.language, "url": absolute(_original_path(row))}
    translations = [
        {
            "language": entry["language"],
            "url": absolute(page_path("claim", prefix=entry["language"], public_id=row.public_id, slug=entry["slug"])),
        }
        for entry in document.get("translations") or []
        if entry["language"] in INTERFACE_LANGUAGES
    ]
    return [original, *translations, original | {"language": "x-default"}] if translations else []
