"""What readers can tell us, and what became of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from claims import services
from claims.choices import ReaderMessageKind
from claims.errors import NotAllowed
from claims.models import ReaderMessage, VerdictDocument
from pages.forms import ReaderForm, ReportForm, SuggestionForm
from pages.guarding import TooSoon, Unfit, is_from_here, new_ticket, number_of, wait_of
from pages.links import current_language, current_prefix, page_path
from pages.reading import read_document
from pages.responses import reader_page, render_page


@csrf_exempt  # a reader has no cookie for Django's own token: see guarding.py
@reader_page(validated=False, takes_post=True)
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what is wrong with a verdict."""
    row = VerdictDocument.objects.filter(public_id=public_id).select_related("claim").first()
    if row is None or not row.is_readable:
        raise Http404
    document = read_document(row, current_prefix())
    return _form_page(request, ReportForm, f"report:{public_id}", {"document": document}, row)


@csrf_exempt
@reader_page(validated=False, takes_post=True)
def suggest(request: HttpRequest) -> HttpResponse:
    """Ask us to check something."""
    return _form_page(request, SuggestionForm, "suggest", {}, None)


@reader_page(validated=False)
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of one message, for whoever has its address: never what it said."""
    message = ReaderMessage.objects.filter(receipt=receipt).select_related("claim").first()
    if message is None:
        raise Http404
    row = VerdictDocument.objects.filter(claim=message.claim_id).first() if message.claim_id else None
    document = read_document(row, current_prefix()) if row is not None and row.is_readable else None
    page = render_page(request, "receipt.html", {"message": message, "document": document, "noindex": True})
    return _private(page)


def _form_page(
    request: HttpRequest, kind: type[ReaderForm], name: str, context: dict[str, Any], row: VerdictDocument | None
) -> HttpResponse:
    form, status, wait = kind(initial={"ticket": new_ticket(name)}), 200, 0
    if request.method == "POST":
        form = kind(request.POST)
        # Refused before it is counted: who mends a slip is not held up for it.
        number = _number(request, form, name) if form.is_valid() else ""
        status = 422
        if number:
            wait = wait_of(request)
            if not wait and (message := _send(form, number, row)):
                return HttpResponseRedirect(page_path("receipt", receipt=message.receipt), status=303)
            if wait:
                status = 429
                form.add_error(
                    None,
                    _("Many messages came from your network. Please send it again in %(minutes)s minutes.")
                    % {"minutes": -(-wait // 60)},
                )
    template = "report.html" if row is not None else "suggest.html"
    page = render_page(request, template, {**context, "form": form, "noindex": row is not None}, status=status)
    if wait:
        page["Retry-After"] = str(wait)
    return _private(page)


def _number(request: HttpRequest, form: ReaderForm, name: str) -> str:
    """The number of the ticket; nothing when the form may not be taken, and then it says so and has a good ticket."""
    again = _("Please look it over and press Send once more: nothing you wrote is lost.")
    try:
        number = number_of(form.cleaned_data["ticket"], name)
    except TooSoon:
        form.add_error(None, again)
        return ""
    except Unfit:
        number = ""
    if not number or form.cleaned_data["homepage"] or not is_from_here(request):
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["ticket"], form.data["homepage"] = new_ticket(name), ""  # type: ignore[index]
        form.add_error(None, again)
        return ""
    return number


def _send(form: ReaderForm, number: str, row: VerdictDocument | None) -> ReaderMessage | None:
    said = {name: form.cleaned_data[name] for name in ("text", "where", "contact")}
    kind = ReaderMessageKind.SUGGESTION if row is None else ReaderMessageKind.REPORT
    claim = row.claim if row is not None else None
    try:
        return services.receive_message(kind, claim=claim, nonce=number, language=current_language(), **said)
    except services.TooManyMessages:
        form.add_error(None, _("So many messages came that we take no more for now. Please send it again in an hour."))
    except NotAllowed as refused:
        form.add_error(None, str(refused))
    except ValidationError as refused:
        form.add_error(None, refused.messages)
    return None


def _private(page: HttpResponse) -> HttpResponse:
    """Each has its own ticket or reader: no cache keeps it, and its address is told to no other site."""
    page["Cache-Control"] = "no-store, private"
    page["Referrer-Policy"] = "same-origin"
    return page
