"""A draft as others will meet it: the text, the card in a messenger, the line of a search engine, the public page."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person
from claims.admin.drafting import DraftForm
from claims.admin.reading import findings_of
from claims.admin.refusals import Refusals
from claims.models import Claim, Draft
from claims.rendering.markdown import to_html

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# What search engines and messengers show before they cut; they say no exact figures, these are the usual ones.
LONGEST_TITLE = 60
LONGEST_DESCRIPTION = 155
LONGEST_CARD = 200
# Nothing but our own style sheet is loaded, nothing runs, and only our own desk may frame it.
POLICY = (
    "sandbox; default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


def drafted(form: DraftForm) -> Draft:
    """The draft as the form has it, never to be saved: what does not fit its field is left as it was saved."""
    form.errors  # noqa: B018 (a bound form writes what is valid on its instance)
    draft: Draft = form.instance
    for name in form.errors:
        if isinstance(getattr(draft, name, None), str):
            setattr(draft, name, form.initial.get(name) or "")
    # A copy, because an unsaved draft would otherwise pass for the claim's own.
    draft.claim = copy(form.claim)
    return draft


def live_context(form: DraftForm) -> dict[str, Any]:
    draft = drafted(form)
    title = f"{draft.rating}: {draft.headline}" if draft.rating else draft.headline
    host = urlsplit(settings.SITE_URL).netloc
    return {
        "draft": draft,
        "explanation": to_html(draft.explanation),
        "findings": findings_of(draft),
        "is_correction": draft.claim.is_public,
        "title": cut(f"{title} · {settings.SITE_NAME}", LONGEST_TITLE),
        "description": cut(draft.summary, LONGEST_DESCRIPTION),
        "card_title": title,
        "card_text": cut(draft.summary, LONGEST_CARD)[0],
        "site": settings.SITE_NAME,
        "host": host,
        "longest_title": LONGEST_TITLE,
        "longest_description": LONGEST_DESCRIPTION,
    }


def cut(text: str, longest: int) -> tuple[str, str]:
    """What is shown, and what is cut off: at a word, where there is one."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text, ""
    end = text.rfind(" ", longest // 2, longest)
    end = end if end > 0 else longest - 1
    return text[:end].rstrip(" ,;:") + "…", text[end:]


def live_view(admin: ClaimAdmin, request: HttpRequest, claim: Claim) -> HttpResponse:
    """POST the draft's form; answers the previews as a fragment of HTML. Saves nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not person(request).may_check:
        raise PermissionDenied
    form = DraftForm(request.POST, claim=claim, refusals=Refusals())
    context = live_context(form)
    errors = [(form.fields[name].label, told) for name, told in form.errors.items() if name in form.fields]
    return render(request, "claims/desk/live.html", {"live": context | {"errors": errors}})


def page_view(admin: ClaimAdmin, request: HttpRequest, claim: Claim) -> HttpResponse:
    """The public page as it would be: of the saved draft, or of the form that is posted. Saves nothing."""
    user = person(request)
    if request.method == "POST" and not user.may_check:
        raise PermissionDenied
    form = DraftForm(request.POST if request.method == "POST" else None, claim=claim, refusals=Refusals())
    draft = drafted(form)
    if draft.rating is None:
        told = _("Choose a rating: the page begins with it.")
        response = HttpResponse(told, content_type="text/plain; charset=utf-8")
    else:
        response = import_string(settings.CLAIM_PAGE_PREVIEW)(request, services.preview_document(draft))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
