"""What the log page saves: a new claim, or another appearance of one that is known. By services alone."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import services
from claims.admin.base import person
from claims.admin.log.forms import LogForms, claim_admin, sent
from claims.admin.once import LoggedAlready, refuse_twice
from claims.admin.picking import reading_url
from claims.admin.refusals import Refused, refusals
from claims.admin.saving import Rows, save_claim
from claims.admin.steps import page_of
from claims.knowing import uses_of
from claims.models import Claim
from claims.similar import similar_claims
from sources.finding import is_id
from sources.models import Source


def new_claim(
    request: HttpRequest, forms: LogForms, *, seen: str, quote: Source | None = None
) -> HttpResponse | LogForms:
    """To the claim's page, or to the reading view of the page to `quote`; or the forms with what is wrong.

    `seen`: keys of the claims its person was shown.
    """
    if not forms.is_valid():
        return forms
    try:
        refuse_twice(forms.claim, by=person(request))
        if _stands_already(forms):
            told = _(
                "This claim is logged already, in these words and from this page. Open it below to change it, or "
                "choose “This is the same claim” to add what is new."
            )
            forms.claim.add_error(None, told)
            return forms
        with transaction.atomic():
            # Holds whoever logs the same words until this claim is there.
            if twin := _join_twin(request, forms, seen):
                return redirect(page_of(twin, "change"))
            if _is_like_an_unseen_one(forms.claim.cleaned_data["text"], seen):
                told = _(
                    "Claims much like this one are logged already: look at them below. If yours is another, save again."
                )
                forms.claim.add_error(None, told)
                return forms
            claim = _save(request, forms)
    except LoggedAlready as twice:
        messages.info(request, _("This claim is logged: the form arrived twice."))
        return redirect(_after(twice.claim, quote))
    except Refused:
        # The forms find what the services refused, and carry it as their own errors.
        again = sent(request)
        again.is_valid()
        return again
    messages.success(request, _("The claim is logged. Next: attach evidence, or take it on."))
    return redirect(_after(claim, quote))


def _after(claim: Claim, quote: Source | None) -> str:
    return reading_url(claim, quote) if quote else page_of(claim, "change")


def _stands_already(forms: LogForms) -> bool:
    """The same words on the same page are the same claim: most likely somebody went back and saved again."""
    text = forms.claim.cleaned_data["text"].split()
    claims = [claim for row in forms.written_rows() for claim in uses_of(row["url"]).appears_in]
    return any(claim.text.split() == text for claim in claims)


def _join_twin(request: HttpRequest, forms: LogForms, seen: str) -> Claim | None:
    """The claim in the very same words, with what was written as its appearances too. Raises Refused.

    Without an appearance there is nothing to add: then the person looks. Whoever was shown the claim means another.
    """
    rows = forms.written_rows()
    if not rows:
        return None
    found, refused = [], refusals(request)
    with refused.catch():
        data = forms.claim.cleaned_data
        joined = services.join_twin(
            data["text"], by=person(request), claimant=data.get("claimant"), rows=rows, besides=seen.split()
        )
        found += [joined[0]] if joined else []
    refused.raise_any()
    for claim in found:
        told = _("These very words are logged already: what you wrote is another appearance of this claim.")
        messages.success(request, told)
        return claim
    return None


def _is_like_an_unseen_one(text: str, seen: str) -> bool:
    shown = set(seen.split())
    return any(hit.is_much_alike and str(hit.claim.pk) not in shown for hit in similar_claims(text).hits)


def _save(request: HttpRequest, forms: LogForms) -> Claim:
    """Raises Refused, LoggedAlready."""
    by, refused = person(request), refusals(request)
    try:
        with transaction.atomic():
            made: list[Claim] = []
            with refused.catch():
                made.append(save_claim(forms.claim, by=by, change=False))
            if not made:
                # Its public id may be taken because the same form has logged its claim meanwhile.
                refuse_twice(forms.claim, by=by)
                raise Refused
            (claim,) = made
            Rows(claim, forms.rows, refused, by=by).save()
            refused.raise_any()
            claim_admin().log_addition(request, claim, [{"added": {}}])
            return claim
    except IntegrityError:
        # The same form, sent in the same moment, came first: its transaction has just ended.
        refuse_twice(forms.claim, by=by)
        raise


def same_claim(request: HttpRequest, forms: LogForms, key: str) -> HttpResponse | LogForms:
    """The written appearances go to the claim with this key; then to its page."""
    claim = Claim.objects.filter(pk=int(key)).first() if is_id(key) else None
    forms.claim.full_clean()
    # Of the claim's own fields nothing is asked: it has its words.
    forms.claim.errors.clear()
    if claim is None:
        forms.claim.add_error(None, _("That claim is no longer there. Look at the list again."))
        return forms
    if not forms.rows.is_valid():
        return forms
    rows = forms.written_rows()
    if not rows:
        forms.rows.forms[0].add_error(
            "url", _("Write the address where the claim appeared, then choose the claim again.")
        )
        return forms
    refused = refusals(request)
    added = []
    with refused.catch():
        added = services.add_appearances(claim, by=person(request), rows=rows)
    if refused.by_prefix:
        refused.add_to(forms.claim)
        return forms
    if added:
        told = ngettext("Added as another appearance of this claim.", "Added as appearances of this claim.", len(added))
        messages.success(request, told)
    else:
        messages.info(request, _("This claim has that appearance already."))
    return redirect(page_of(claim, "change"))
