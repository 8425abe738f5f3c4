"""A quote compared with our capture while it is typed: what saving would say, said before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.translation import gettext as _

from claims.admin.base import person
from claims.admin.wording import why_not_captured
from claims.models import Evidence
from sources.comparison import Difference, find_quote, word_difference
from sources.services.registering import known_source
from sources.urls import UnusableURL, normalise_url

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

LONGEST_QUOTE = Evidence._meta.get_field("quote").max_length or 0


@dataclass(frozen=True)
class Check:
    """`status`: "intact", "altered" or "missing" as stored with evidence, or "waiting" while nothing can be said."""

    status: str
    label: str
    words: str = ""
    changed: list[Difference] = field(default_factory=list)


def check_quote(url: str, quote: str) -> Check:
    """Does this passage stand on the page at this address, as far as we hold it? By the machine's own comparison."""
    try:
        source = known_source(normalise_url(url))
    except UnusableURL as error:
        return Check("waiting", _("Not compared"), str(error))
    if len(quote) > LONGEST_QUOTE:
        told = _("A quote has at most %(number)s characters: quote the sentence that matters.")
        return Check("waiting", _("Not compared"), told % {"number": LONGEST_QUOTE})
    if source is None:
        return Check("waiting", _("Not captured yet"), _("The page is captured once this is saved."))
    if source.current_snapshot is None:
        return Check("waiting", _("Not captured yet"), why_not_captured(source))
    match = find_quote(source.current_snapshot.present_text(), quote)
    if match.status == "intact":
        return Check("intact", _("Stands on the page"))
    if not match.found:
        return Check("missing", _("Not on the page"), _("Nothing like it is there. Copy the passage from the page."))
    return Check("altered", _("Not on the page as quoted"), changed=word_difference(quote, match.found))


def check_quote_view(admin: ClaimAdmin, request: HttpRequest) -> HttpResponse:
    """POST `url` and `quote`; answers a fragment of HTML. For those who may attach evidence: it costs computing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not person(request).may_check:
        raise PermissionDenied
    url, quote = request.POST.get("url", "").strip(), request.POST.get("quote", "").strip()
    if not url or not quote:
        return HttpResponse("")
    return render(request, "claims/desk/quote_check.html", {"check": check_quote(url, quote)})
