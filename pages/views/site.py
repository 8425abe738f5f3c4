"""Pages about the site itself."""

from django.http import HttpRequest, HttpResponse

from claims.models import Rating
from pages.links import absolute, current_prefix
from pages.reading import named_rating
from pages.responses import reader_page, render_page


@reader_page(validated=False)
def methodology(request: HttpRequest) -> HttpResponse:
    """How we work, and the rating scale with the meaning of each word."""
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
            },
            current_prefix(),
        )
        for rating in Rating.objects.filter(is_active=True).select_related("scale")
    ]
    return render_page(request, "methodology.html", {"ratings": ratings, "nav": "methodology"})


@reader_page()
def about(request: HttpRequest) -> HttpResponse:
    return render_page(request, "about.html", {"nav": "about"})


@reader_page()
def privacy(request: HttpRequest) -> HttpResponse:
    return render_page(request, "privacy.html")


@reader_page()
def developers(request: HttpRequest) -> HttpResponse:
    """How machines read along, with commands that work as they stand."""
    context = {"verdicts_url": absolute("/api/v1/verdicts/"), "events_url": absolute("/api/v1/events/")}
    return render_page(request, "developers.html", context)
