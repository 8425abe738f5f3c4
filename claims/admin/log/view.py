"""The log page. A GET fills in and writes nothing; a POST has a page captured, does what a button says, or saves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims import services
from claims.admin.base import person
from claims.admin.log import saving
from claims.admin.log.carrying import CARRIED, carries_on
from claims.admin.log.forms import LogForms, PastedForm, claim_admin, sent, shown
from claims.admin.log.page import PageState, page_state, quantities_of
from claims.admin.log.similar import listed
from claims.admin.log.values import Values, fill, parted, take, values_of
from claims.intake.language import guess_language
from claims.intake.passages import passages_of
from claims.knowing import uses_of
from claims.models import Claim
from claims.similar import similar_claims
from sources.models import Source
from sources.urls import UnusableURL

TITLE = gettext_lazy("Log a claim")
# What a redirect carries in its address; longer texts are shown without one.
SHORT = 1500


@carries_on
@require_http_methods(["GET", "HEAD", "POST"])
def log_page(request: HttpRequest) -> HttpResponse:
    """Both steps: paste, then pick and save."""
    if not claim_admin().has_add_permission(request):
        raise PermissionDenied(_("Observers read the desk. Ask an administrator for the role of fact-checker."))
    if request.method == "POST":
        return _begin(request) if "pasted" in request.POST else _act(request)
    values = values_of(request.GET)
    url = request.GET.get("url", "").strip()
    link, text = parted(values.get("text", ""))
    if not url and link:
        # Phones share an address as a text.
        url, values["text"] = link, text
    source = _source(values)
    if url and source is None:
        return _first(request, PastedForm(initial={"pasted": url}), values)
    if source or values.get("text") or "ticket" in values:
        return _second(request, values, source)
    return _first(request, PastedForm(initial={"pasted": request.GET.get("pasted", "")}), values)


def _begin(request: HttpRequest) -> HttpResponse:
    """From what was pasted to the second step."""
    form, values = PastedForm(request.POST), values_of(request.POST)
    if not form.is_valid():
        return _first(request, form, values)
    url, text = parted(form.cleaned_data["pasted"])
    text = values.get("text", "") or text
    if not url:
        return _second(request, Values({"text": [text]}), None)
    try:
        source = services.register_page(url, by=person(request))
    except UnusableURL as unusable:
        form.add_error("pasted", str(unusable))
        return _first(request, form, values)
    found = {"source": source.public_id, "title": values.get("title", ""), "text": text}
    if len(text) > SHORT:
        return _second(request, Values({name: [value] for name, value in found.items()}), source)
    query = urlencode({name: value[:SHORT] for name, value in found.items() if value})
    return redirect(f"{reverse('desk:log')}?{query}")


def _act(request: HttpRequest) -> HttpResponse:
    """What the pressed button says; saving, if it says nothing."""
    values = values_of(request.POST)
    source = _source(values)
    if "_fill" in request.POST:
        fill(values, request.POST["_fill"], passages=_passages(source, values))
        return _second(request, values, source)
    if "_look" in request.POST or "_more" in request.POST:
        return _second(request, values, source, more=int("_more" in request.POST))
    forms = sent(request)
    if "_same" in request.POST:
        done = saving.same_claim(request, forms, request.POST["_same"])
    else:
        quote = source if "_pick" in request.POST else None
        done = saving.new_claim(request, forms, seen=values.get("seen", ""), quote=quote)
    if isinstance(done, HttpResponse):
        return done
    return _second(request, values, source, forms=done)


def _source(values: Values) -> Source | None:
    rows = Source.objects.select_related("current_snapshot")
    return rows.filter(public_id=values.get("source", "")[:16]).first() if values.get("source") else None


def _passages(source: Source | None, values: Values) -> list[str]:
    """What may stand in the claim's field because it was picked, not typed."""
    state = page_state(source, title=values.get("title", "")) if source else None
    return [one.label for one in state.passages] if state else passages_of(values.get("text", ""))


def _first(request: HttpRequest, form: PastedForm, values: Values) -> HttpResponse:
    pasted = str(form["pasted"].value() or "")
    context = {
        "form": form,
        "kept": {name: values.get(name, "") for name in ("text", "title") if values.get(name)},
        "uses": uses_of(parted(pasted)[0]),
        "carried": getattr(request, CARRIED, False),
        "bookmarklet": bookmarklet(request),
    }
    return _page(request, "claims/desk/log_paste.html", context)


def _second(
    request: HttpRequest, values: Values, source: Source | None, *, more: int = 0, forms: LogForms | None = None
) -> HttpResponse:
    """The form. `forms`: those that were sent, with what is wrong in them; otherwise made from the values."""
    state: PageState | None = None
    if source is not None:
        state = page_state(source, title=values.get("title", ""))
        take(values, state.guesses)
    if guess := guess_language(values.get("text", "")):
        take(values, {"language": guess})
    if not values.get("language"):
        take(values, {"language": Claim._meta.get_field("language").default})
    forms = forms or shown(request, values, more=more)
    text = values.get("text", "")
    context = {
        "forms": forms,
        "media": forms.media,
        "page": state,
        "source": source,
        "page_title": values.get("title", ""),
        "guessed": values.get("guessed", ""),
        "similar": listed(similar_claims(text or (_title(state) if state else ""))),
        "may_log": True,
        "quantities": quantities_of(text, values.get("language", "")),
        "carried": getattr(request, CARRIED, False),
    }
    return _page(request, "claims/desk/log_claim.html", context)


def _title(state: PageState) -> str:
    return state.passages[0].label if state.passages else ""


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    if context.get("carried"):
        messages.info(request, _("Your session had ended. What you wrote is below and not saved yet."))
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": TITLE, **context})


def bookmarklet(request: HttpRequest) -> str:
    """A link that opens this page with the address, the title and what is selected on the page it is used on."""
    place = request.build_absolute_uri(reverse("desk:log"))
    return (
        "javascript:(function(){var e=encodeURIComponent;"
        f"window.open('{place}?url='+e(location.href)+'&title='+e(document.title)"
        "+'&text='+e(String(getSelection()).slice(0,1500)))})()"
    )
