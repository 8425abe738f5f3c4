"""Evidence picked from the captured page itself: its text with sentences that can be ticked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person
from claims.admin.picking_forms import PageForm, PassageForm
from claims.admin.places import draft_of
from claims.admin.refusals import Refusals
from claims.admin.steps import claim_or_404, page_of, step_page
from claims.admin.wording import quote_told, source_url, why_not_captured
from claims.models import Claim, Evidence
from sources.extraction.page import PDF_TYPES
from sources.finding import is_id
from sources.inert.headings import headings_of
from sources.models import Snapshot, Source
from sources.sentences import Span, blocks, pages, sentences

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# Characters of the capture on one page of the reading view.
PORTION = 30_000
# Hits of a search that are listed.
MOST_HITS = 50
LONGEST_SEARCH = 200
AROUND_A_HIT = 60


def add_evidence_view(admin: ClaimAdmin, request: HttpRequest, object_id: int) -> HttpResponse:
    """Which page? Registers it and goes to its reading view. Pages the claim names already are offered."""
    claim, user = claim_or_404(admin, request, object_id), person(request)
    if not user.may_check:
        return step_page(admin, request, claim, "claims/desk/not_for_you.html", {"action": None}, status=403)
    form = PageForm(request.POST if request.method == "POST" else None, initial={"url": request.GET.get("url", "")})
    if request.method == "POST" and form.is_valid():
        refused = Refusals()
        if source := _watched(claim, form, request, refused):
            return redirect(reading_url(claim, source))
        refused.add_to(form)
    context = {"title": _("Add evidence"), "form": form, "known": _known_pages(claim)}
    return step_page(admin, request, claim, "claims/desk/evidence_add.html", context)


def _watched(claim: Claim, form: PageForm, request: HttpRequest, refused: Refusals) -> Source | None:
    source = None
    with refused.catch():
        source = services.watch_page(claim, by=person(request), url=form.cleaned_data["url"])
    return source


def reading_url(claim: Claim, source: Source) -> str:
    return reverse("admin:claims_claim_evidence_pick", args=[claim.pk, source.pk])


def _known_pages(claim: Claim) -> list[dict[str, Any]]:
    named = Q(pk__in=claim.evidence.attached().values("source")) | Q(pk__in=claim.appearances.values("source"))
    found = Source.objects.filter(named).order_by("pk")[:20]
    return [{"source": source, "url": reading_url(claim, source)} for source in found]


def pick_view(admin: ClaimAdmin, request: HttpRequest, object_id: int, source_id: int) -> HttpResponse:
    """The capture's text to pick a passage from; while there is none, why, and a field to paste the quote into."""
    claim, user = claim_or_404(admin, request, object_id), person(request)
    if not user.may_check:
        return step_page(admin, request, claim, "claims/desk/not_for_you.html", {"action": None}, status=403)
    source = get_object_or_404(Source.objects.select_related("current_snapshot"), pk=source_id)
    snapshot = _shown_capture(request, source)
    form = PassageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refused = Refusals()
        if _attach(form, claim, source, snapshot, request, refused):
            return redirect(reading_url(claim, source) if "_another" in request.POST else page_of(claim, _next(claim)))
        refused.add_to(form)
    context = {
        "title": _("Pick the passage"),
        "form": form,
        "source": source,
        "source_url": source_url(source),
        "snapshot": snapshot,
        "waiting": "" if snapshot else why_not_captured(source),
        "by_hand": "by_hand" in request.GET or form.is_bound,
        "attached": list(claim.evidence.attached().filter(source=source)),
        **(reading(request, snapshot, form) if snapshot else {}),
    }
    return step_page(admin, request, claim, "claims/desk/evidence_pick.html", context)


def _shown_capture(request: HttpRequest, source: Source) -> Snapshot | None:
    """The capture whose sentences were ticked, or the newest."""
    sent = request.POST.get("snapshot", "")
    if is_id(sent) and (shown := Snapshot.objects.filter(pk=int(sent), source=source).first()):
        return shown
    return source.current_snapshot


def _attach(
    form: PassageForm, claim: Claim, source: Source, snapshot: Snapshot | None, request: HttpRequest, refused: Refusals
) -> list[Evidence]:
    fields = {name: value for name, value in form.cleaned_data.items() if name != "quote"}
    picked = services.Picked(snapshot, *form.ticked) if snapshot and form.ticked else None
    by, attached = person(request), []
    with refused.catch():
        if snapshot and form.ticked and "_each" in request.POST:
            each = [services.Picked(snapshot, *ends) for ends in form.each_ticked]
            attached = services.attach_passages(claim, by=by, source=source, picked=each, **fields)
        else:
            quote = form.cleaned_data["quote"]
            attached = [services.attach_passage(claim, by=by, source=source, quote=quote, picked=picked, **fields)]
    for evidence, is_new in attached:
        well, told = quote_told(evidence)
        (messages.success if well else messages.warning)(request, told if is_new else _("This is attached already."))
    return [evidence for evidence, _is_new in attached]


def _next(claim: Claim) -> str:
    """The page that follows: the verdict, as long as nobody has written any of it."""
    draft = draft_of(claim)
    begun = draft is not None and (draft.rating_id is not None or draft.headline or draft.summary or draft.explanation)
    return "change" if claim.is_public or begun else "draft"


def reading(request: HttpRequest, snapshot: Snapshot, form: PassageForm) -> dict[str, Any]:
    """One portion of the capture's text with its sentences, and where in it the searched words are."""
    text = snapshot.present_text()
    portions = pages(blocks(text, wrapped=snapshot.media_type in PDF_TYPES), PORTION)
    asked = request.POST.get("portion") or request.GET.get("portion") or ""
    number = min(max(int(asked), 1), len(portions)) if is_id(asked) else 1
    words = " ".join((request.GET.get("q") or "").split())[:LONGEST_SEARCH]
    search = re.compile(r"\s+".join(map(re.escape, words.split())), re.IGNORECASE) if words else None
    headings, ticked = headings_of(snapshot), form.ticked
    return {
        "blocks": [
            {
                "level": headings.get(text[start:end], 0),
                "sentences": [_sentence(text, span, search, ticked) for span in sentences(text, start, end)],
            }
            for start, end in portions[number - 1]
        ],
        "number": number,
        "portions": len(portions),
        "q": words,
        "hits": _hits(text, portions, search) if search else [],
        "most_hits": MOST_HITS,
        "is_empty": not text.strip(),
    }


def _sentence(text: str, span: Span, search: re.Pattern[str] | None, ticked: tuple[int, int] | None) -> dict[str, Any]:
    start, end = span
    return {
        "start": start,
        "value": f"{start}-{end}",
        "parts": _marked(text[start:end], search),
        "ticked": ticked is not None and ticked[0] <= start and end <= ticked[1],
    }


def _marked(words: str, search: re.Pattern[str] | None) -> list[tuple[str, bool]]:
    """The words in pieces, each with whether it was searched for."""
    parts, at = [], 0
    for hit in search.finditer(words) if search else ():
        parts += [(words[at : hit.start()], False), (hit.group(), True)]
        at = hit.end()
    return [*parts, (words[at:], False)]


def _hits(text: str, portions: list[list[Span]], search: re.Pattern[str]) -> list[dict[str, Any]]:
    """In reading order; one for each block at most, so that a page's favourite word leaves room for others."""
    found: list[dict[str, Any]] = []
    for number, portion in enumerate(portions, start=1):
        for start, end in portion:
            if len(found) > MOST_HITS:
                return found
            if hit := search.search(text, start, end):
                first, last = max(start, hit.start() - AROUND_A_HIT), min(end, hit.end() + AROUND_A_HIT)
                inside = next(span for span in sentences(text, start, end) if span[1] > hit.start())
                words = ("…" if first > start else "") + text[first:last] + ("…" if last < end else "")
                found.append({"portion": number, "anchor": f"s{inside[0]}", "parts": _marked(words, search)})
    return found
