"""How the pages of signing in are drawn."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.errors import Paused
from claims.models import User


def page(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """In the desk's frame. The theme looks for the title and the site's own words."""
    request.current_app = admin.site.name
    shown = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, template, shown, status=status)


def person(request: HttpRequest) -> User:
    """Who is signed in; only for views that let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def held_back(response: TemplateResponse, pause: Paused | None) -> TemplateResponse:
    """429 with the time to wait, for programs; people read it on the page."""
    if pause is not None:
        response.status_code = 429
        response["Retry-After"] = str(int(pause.wait.total_seconds()) + 1)
    return response
