"""The page for addresses that lead nowhere. It touches no database, so that it works when nothing else does."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from pages.links import language_of_path
from pages.responses import frame, with_headers


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404. A crash (500) shows templates/500.html, which needs nothing at all."""
    with translation.override(language_of_path(request.path)):
        content = render_to_string("pages/error.html", {**frame(request), "status": 404, "noindex": True})
        return with_headers(HttpResponse(content, status=404))
