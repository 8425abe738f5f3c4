"""The card of a verdict, for frames on other people's pages."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation

from claims.models import VerdictDocument
from pages.links import absolute, current_language, current_prefix, page_path
from pages.reading import read_document
from pages.responses import View, for_other_sites, reader_page, with_headers
from pages.sharing.face import face_of, retraction_of, words_language

# The one page of ours that others may frame; it can load our own files and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *"
)


def framed(view: View) -> View:
    """Outside reader_page(): anybody may frame every answer, a 304 too: browsers put its headers on what they kept."""

    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
        response["Content-Security-Policy"] = POLICY
        # Found through its claim page, not beside it.
        response["X-Robots-Tag"] = "noindex"
        return response

    # Its own script asks again; in a sandbox that comes from nowhere.
    return for_other_sites(answer)


@framed
@reader_page()
def card(request: HttpRequest, public_id: str) -> HttpResponse:
    """One verdict in a small frame: 200 also when retracted, 451 when withheld, 404 before it was published."""
    return _card(public_id, current_prefix())


@framed
@reader_page()
def card_in_english(request: HttpRequest, public_id: str) -> HttpResponse:
    """The English translation of a verdict written in another language; without one, the original's card."""
    row = VerdictDocument.objects.filter(public_id=public_id).first()
    if row is not None and row.is_readable and read_document(row, "en")["translation"] is None:
        return with_headers(HttpResponseRedirect(page_path("card", prefix="", public_id=public_id)))
    return _card(public_id, "en")


def _card(public_id: str, prefix: str) -> HttpResponse:
    row = VerdictDocument.objects.filter(public_id=public_id).first()
    if row is None:
        return _rendered({"status": 404}, status=404)
    document = read_document(row, prefix)
    if not row.is_readable:
        return _rendered({"status": 451, "document": document}, status=451)
    face = face_of(document)
    # All in the language of the text: who frames it chose that.
    with translation.override(words_language(face.language)):
        return _rendered(
            {
                "document": document,
                "face": face,
                "retraction": retraction_of(document),
                "address": absolute(document["path"]),
            }
        )


def _rendered(context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    frame = {"site_name": settings.SITE_NAME, "home": absolute(page_path("home")), "language": current_language()}
    return with_headers(HttpResponse(render_to_string("pages/embed.html", frame | context), status=status))
