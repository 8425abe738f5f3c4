"""Pages about the site itself."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse

from claims.models import Rating, Verdict, VerdictDocument
from claims.rendering.addresses import claim_url
from pages.links import absolute, current_prefix, web_address
from pages.reading import named_rating
from pages.responses import reader_page, render_page


@reader_page(validated=False)
def methodology(request: HttpRequest) -> HttpResponse:
    """How we work, and the rating scale with the meaning of each word and the number it has in our data.

    Ratings no longer in use stay for as long as a standing verdict bears them: its number must be explained.
    """
    borne = Verdict.objects.standing().filter(current_version__rating=OuterRef("pk"))
    shown = Rating.objects.filter(Q(is_active=True) | Exists(borne)).select_related("scale")
    ratings = [
        named_rating(
            {
                "code": rating.code,
                "name": rating.name,
                "names": rating.name_translations,
                "tone": rating.tone,
                "meaning": rating.meaning,
                "value": rating.value,
                "best": rating.scale.best,
                "worst": rating.scale.worst,
                "is_active": rating.is_active,
            },
            current_prefix(),
        )
        for rating in shown
    ]
    return render_page(request, "methodology.html", {"ratings": ratings, "nav": "methodology"})


@reader_page()
def about(request: HttpRequest) -> HttpResponse:
    """Who answers for the verdicts, and who takes reports of errors: CLAIMTRACK_CONTACT, else the publisher's site."""
    contact = settings.CLAIMTRACK_CONTACT
    if contact == absolute("/about/"):  # the default, which leads here
        contact = ""
    is_mail = "@" in contact and not web_address(contact)
    contact_url = f"mailto:{contact}" if is_mail else web_address(contact)
    return render_page(request, "about.html", {"nav": "about", "contact": contact, "contact_url": contact_url})


@reader_page()
def privacy(request: HttpRequest) -> HttpResponse:
    return render_page(request, "privacy.html")


@reader_page()
def developers(request: HttpRequest) -> HttpResponse:
    """How machines read along, with commands that work as they stand."""
    context = {"verdicts_url": absolute("/api/v1/verdicts/"), "events_url": absolute("/api/v1/events/")}
    context["site"] = absolute("")
    newest = VerdictDocument.objects.listed().order_by("-published_at", "-claim_id")
    for public_id, slug in newest.values_list("public_id", "slug")[:1]:
        context["example_url"] = claim_url(settings.SITE_URL, public_id, slug or "claim")
    return render_page(request, "developers.html", context)
