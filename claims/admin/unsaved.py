"""Words that were typed into a draft's form and not saved: kept, shown again with the difference, taken over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import services
from claims.admin.base import person
from claims.admin.drafting import DraftForm
from claims.admin.meanwhile import may_be_remembered, same
from claims.admin.reading import Change, change_of_words
from claims.admin.refusals import Refusals
from claims.errors import NotAllowed
from claims.models import Claim, UnsavedWords, User
from sources.finding import is_id

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# In seconds: what a device kept for longer is not handed in as if it were new.
OLDEST = int(services.KEPT_FOR.total_seconds())


def kept_form(claim: Claim, user: User) -> DraftForm | None:
    """The form as this person left it, with the memory of what it showed then: saving it meets the same checks."""
    kept = UnsavedWords.objects.filter(claim=claim, user=user).first()
    return DraftForm(_as_sent(kept), claim=claim, refusals=Refusals()) if kept else None


def _as_sent(kept: UnsavedWords) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in kept.words.items():
        data.setlist(name, values)
    return data


def unsaved_words(claim: Claim, user: User) -> dict[str, Any] | None:
    """When they were typed, and how they differ from the saved draft; None when there are none, or no difference."""
    kept = UnsavedWords.objects.filter(claim=claim, user=user).first()
    if kept is None:
        return None
    form = DraftForm(_as_sent(kept), claim=claim, refusals=Refusals())
    changes = list(_differences(form))
    if not changes:
        return None
    today = timezone.localdate(kept.kept_at) == timezone.localdate()
    return {"claim_id": claim.pk, "at": kept.kept_at, "is_today": today, "changes": changes}


def _differences(form: DraftForm) -> list[Change]:
    found = []
    for name, field in form.fields.items():
        if name == "expected_revision" or not may_be_remembered(field):
            continue
        typed, saved = form[name].data, form.get_initial_for_field(field, name)
        if not same(field, typed, saved):
            found.append(change_of_words(str(field.label), _in_words(field, saved), _in_words(field, typed)))
    return found


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    if isinstance(field, forms.ModelChoiceField):
        chosen = field.queryset.filter(pk=value).first() if field.queryset is not None and is_id(value or "") else None
        return str(chosen or "")
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(value, value) or "")  # type: ignore[arg-type]
    return str(value or "")


def keep_view(admin: ClaimAdmin, request: HttpRequest, claim: Claim) -> HttpResponse:
    """POST the draft's form; answers JSON: `at` for people, or `error`. `_age`: seconds since it was typed."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    user = person(request)
    if not user.may_check:
        raise PermissionDenied
    known = DraftForm(None, claim=claim, refusals=Refusals()).fields
    names = {name for field in known for name in (field, f"initial-{field}")}
    words = {name: values for name, values in request.POST.lists() if name in names}
    age = request.POST.get("_age", "0")
    at = timezone.now() - timedelta(seconds=min(int(age), OLDEST) if is_id(age) else 0)
    try:
        kept = services.keep_words(claim, by=user, words=words, at=at)
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=413)
    except NotAllowed as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"at": timezone.localtime(kept.kept_at).strftime("%H:%M")})


def unsaved_view(admin: ClaimAdmin, request: HttpRequest, claim: Claim) -> HttpResponse:
    """What there is to take over, as the draft's page shows it; for a page that has just handed its own copy in."""
    user = person(request)
    unsaved = unsaved_words(claim, user) if user.may_check else None
    return render(request, "claims/desk/unsaved.html", {"unsaved": unsaved})
