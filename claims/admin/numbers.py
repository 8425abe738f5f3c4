"""The number a quote gives, offered beside it. Never written by itself, and never over what a person typed."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from claims.models import Evidence
from claims.models.quantities import plain
from claims.quantities import Quantity, guess_language, suggest

# Of a longer text the beginning is read.
LONGEST = 4000


def number_found(request: HttpRequest) -> HttpResponse:
    """POST `quote`: a line for below it, with a button that fills the row's empty fields; empty when it gives none."""
    quote = request.POST.get("quote", "")[:LONGEST]
    found = suggest(quote, guess_language(quote))
    context = {"found": found, "told": told(found), "low": plain(found.low), "high": plain(found.high)} if found else {}
    return render(request, "claims/desk/number_found.html", context)


def offer_number(form: forms.BaseForm, row: Evidence) -> None:
    """Says below the row's number, while it has none, what its quote gives: without JavaScript it is typed over."""
    field = form.fields.get("quantity_as_stated")
    if field is None or row.quantity or not row.quote:
        return
    if found := suggest(row.quote, guess_language(row.quote)):
        field.help_text = _("Suggested from the quote: %(number)s.") % {"number": told(found)}


def told(found: Quantity) -> str:
    """“a few hundred” (200–500 people)."""
    low, high = plain(found.low), plain(found.high)
    if low == high:
        values = low or ""
    elif high is None:
        values = _("from %(low)s") % {"low": low}
    elif low is None:
        values = _("up to %(high)s") % {"high": high}
    else:
        values = f"{low}–{high}"
    return f"“{found.text}” ({' '.join(filter(None, [values, found.unit]))})"
