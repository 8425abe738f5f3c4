"""What the brake holds: the list, and one page per hold where a reviewer releases or dismisses it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import services
from claims.admin.base import ReadOnlyAdmin, person
from claims.admin.refusals import Refusals
from claims.admin.step_forms import words
from claims.admin.wording import source_url
from claims.choices import QuoteStatus
from claims.models import Hold, TouchedQuote
from sources.comparison import word_difference
from sources.finding import is_id

QUOTES_A_PAGE = 50
DECIDE = "claims.change_hold"


class HoldForm(forms.Form):
    """`seen` is the state of the hold this page showed: what joins later is not decided about."""

    reason = words(gettext_lazy("Why"), gettext_lazy("Colleagues see it, and it is kept. It does not become public."))
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("named", "opened_at", "quotes", "why", "outcome", "decided_at")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "outcome")
    search_fields = ("host", "why", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        return Hold.objects.select_related("decided_by").annotate(quotes_held=Count("touches"))

    @admin.display(description=gettext_lazy("host"), ordering="host")
    def named(self, hold: Hold) -> str:
        return str(hold)

    @admin.display(description=gettext_lazy("quotes"))
    def quotes(self, hold: Any) -> int:
        return int(hold.quotes_held)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = int(object_id) if is_id(object_id) else 0
        hold = get_object_or_404(self.get_queryset(request), pk=key)
        may_decide = request.user.has_perm(DECIDE)
        form = HoldForm(request.POST or None, initial={"seen": hold.revision})
        if request.method == "POST":
            if not may_decide:
                raise PermissionDenied
            if form.is_valid() and _says_which(request, form) and _decide(hold, request, form):
                return redirect("admin:index")
        context = {**hold_state(hold, request), "form": form, "may_decide": may_decide and hold.is_open}
        return self._page(request, hold, context)

    def _page(self, request: HttpRequest, hold: Hold, context: dict[str, Any]) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": _("Held changes"),
            "subtitle": str(hold),
            "opts": self.opts,
            "original": hold,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, "claims/desk/hold.html", shown)


def _says_which(request: HttpRequest, form: HoldForm) -> bool:
    """Nothing is decided by default: the press of one of the two buttons has to have arrived."""
    if ("_release" in request.POST) != ("_dismiss" in request.POST):
        return True
    form.add_error(None, _("Press either Release or Dismiss."))
    return False


def _decide(hold: Hold, request: HttpRequest, form: HoldForm) -> bool:
    """False when the service refused and the form carries the reasons."""
    refused = Refusals()
    decide = services.release_hold if "_release" in request.POST else services.dismiss_hold
    with refused.catch():
        decide(hold, by=person(request), reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"])
    if refused.by_prefix:
        refused.add_to(form)
        return False
    if decide is services.release_hold:
        messages.success(request, _("Released: reviews open, and readers are told."))
    else:
        messages.success(request, _("Dismissed: the evidence stays as it was."))
    if Hold.objects.open().filter(host=hold.host).exists():
        messages.warning(request, _("More changed while you decided: it is held anew."))
    return True


def hold_state(hold: Hold, request: HttpRequest) -> dict[str, Any]:
    """Figures, and one page of the quotes with their words before and after."""
    touches = hold.touches.select_related("evidence__claim", "evidence__source").order_by("pk")
    page = Paginator(touches, QUOTES_A_PAGE).get_page(request.GET.get("p"))
    return {
        "hold": hold,
        "quotes": page,
        "rows": [_row(touch) for touch in page],
        "verdicts": touches.values("evidence__claim").distinct().count(),
        "altered": touches.filter(status=QuoteStatus.ALTERED).count(),
        "missing": touches.filter(status=QuoteStatus.MISSING).count(),
        "back": touches.filter(status=QuoteStatus.INTACT).count(),
    }


def _row(touch: TouchedQuote) -> dict[str, Any]:
    differs = touch.is_disturbed and touch.found
    return {
        "touch": touch,
        "claim": touch.evidence.claim,
        "source": touch.evidence.source,
        "source_url": source_url(touch.evidence.source),
        "changed": word_difference(touch.evidence.quote, touch.found) if differs else [],
    }
