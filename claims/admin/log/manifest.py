"""Lets a phone or browser keep the desk as an app and share pages to it. Public: it holds the site's name alone."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static
from django.urls import reverse


def manifest(request: HttpRequest) -> JsonResponse:
    """A web app manifest whose share_target is the log page: GET, so that sharing fills in and writes nothing."""
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME[:30],
            "id": reverse("admin:index"),
            "start_url": reverse("admin:index"),
            "scope": reverse("admin:index"),
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": "#1f2937",
            "icons": [
                {"src": static("claims/icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any maskable"}
            ],
            "share_target": {
                "action": reverse("desk:log"),
                "method": "GET",
                "enctype": "application/x-www-form-urlencoded",
                "params": {"title": "title", "text": "text", "url": "url"},
            },
        },
        content_type="application/manifest+json",
    )


def manifest_url(request: HttpRequest) -> str:
    """Named in the theme's settings under SITE_FAVICONS."""
    return reverse("desk:manifest")
