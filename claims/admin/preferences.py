"""“What I am told”: one person's own table of kinds and ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import formats
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person
from claims.choices import NoticeKind, NoticeWay
from claims.notice_ways import KINDS, default_way
from claims.services.preferences import role_of

if TYPE_CHECKING:
    from claims.admin.notices import NoticeAdmin

PAGE = "admin:claims_notice_preferences"


def preferences_page(admin: NoticeAdmin, request: HttpRequest) -> HttpResponse:
    """GET shows the table, POST keeps it: one field a kind, its value a way; `mail` for whether anything is mailed."""
    user = person(request)
    if request.method == "POST":
        return _keep(request)
    how = services.told_how(user)
    rows = [
        {
            "kind": kind,
            "label": kind.label,
            "ways": [{"way": way, "chosen": way == chosen, "offered": way in KINDS[kind].ways} for way in NoticeWay],
            "default": default_way(kind, role_of(user)).label,
        }
        for kind, chosen in how.items()
    ]
    request.current_app = admin.admin_site.name
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": _("What I am told"),
        "opts": admin.opts,
        "media": admin.media,
        "rows": rows,
        "ways": list(NoticeWay),
        "digest_at": formats.time_format(settings.CLAIMTRACK_DIGEST_AT, "H:i"),
        "time_zone": settings.TIME_ZONE,
    }
    return TemplateResponse(request, "claims/desk/preferences.html", context)


def _keep(request: HttpRequest) -> HttpResponse:
    user, sent = person(request), request.POST
    if "_defaults" in sent:
        services.forget_ways(user)
        messages.success(request, _("You are told as is usual for your role."))
        return redirect(PAGE)
    ways = {kind: sent[kind] for kind in NoticeKind.values if kind in sent}
    try:
        services.choose_ways(user, ways)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(PAGE)
    if user.email:
        services.switch_mail(user, on="mail" in sent)
    messages.success(request, _("Kept."))
    return redirect(PAGE)
