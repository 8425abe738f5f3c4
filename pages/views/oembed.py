"""oEmbed 1.0 (https://oembed.com): what another site needs to show a verdict as a card."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve

from claims.models import VerdictDocument
from pages.links import language_of_path
from pages.reading import read_document
from pages.responses import for_other_sites, reader_page, with_headers
from pages.sharing.block import card_size, frame_code
from pages.sharing.drawing import HEIGHT, WIDTH
from pages.sharing.face import face_of
from pages.xml_text import xml_text

# Pages whose address stands for a verdict.
OF_A_VERDICT = {"claim", "claim_without_slug", "claim_in_english", "history", "card", "card_in_english"}
# Seconds a consumer may keep the answer. The card itself is asked anew each time it is shown.
CACHE_AGE = 300
LARGEST = 100_000


class Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@for_other_sites
@reader_page()
def oembed(request: HttpRequest) -> HttpResponse:
    """`url`, and optionally `format` (json or xml), `maxwidth`, `maxheight`.

    400: no url, or a size that is none. 404: not the address of a public verdict. 501: another format.
    """
    kind = request.GET.get("format", "json")
    write = WRITERS.get(kind, _json)
    try:
        if kind not in WRITERS:
            raise Refused(501, "format is json or xml.")
        content = _described(request)
    except Refused as refusal:
        response = write({"error": str(refusal)}, refusal.status)
        # What a client got wrong it is told; in the log, strangers could write as much as they like.
        response._has_been_logged = True  # type: ignore[attr-defined]
    else:
        response = write(content, 200)
    return with_headers(response)


def _described(request: HttpRequest) -> dict[str, Any]:
    maxwidth, maxheight = _size(request, "maxwidth"), _size(request, "maxheight")
    address = request.GET.get("url", "").strip()
    if not address:
        raise Refused(400, "url is missing: the address of a verdict's page on this site.")
    public_id, prefix = _verdict_at(address)
    row = VerdictDocument.objects.readable().filter(public_id=public_id).first()
    if row is None:
        raise Refused(404, "There is no published verdict at this url.")
    document = read_document(row, prefix)
    face, size = face_of(document), card_size(maxwidth, maxheight)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": f"{face.rating}: {document['text']['headline']}",
        "author_name": settings.PUBLISHER_NAME,
        "author_url": settings.PUBLISHER_URL,
        "provider_name": settings.SITE_NAME,
        "provider_url": f"{settings.SITE_URL.rstrip('/')}/",
        "cache_age": CACHE_AGE,
        "width": size.width,
        "height": size.height,
        "html": frame_code(document, face, size),
    }
    if (maxwidth or WIDTH) >= WIDTH and (maxheight or HEIGHT) >= HEIGHT:
        answer |= {"thumbnail_url": face.image_url, "thumbnail_width": WIDTH, "thumbnail_height": HEIGHT}
    return {key: value for key, value in answer.items() if value != ""}


def _verdict_at(address: str) -> tuple[str, str]:
    """Public id and language prefix from the address of a page about a verdict. Raises Refused."""
    nowhere = Refused(404, "This url is not the address of a verdict's page on this site.")
    try:
        asked, ours = urlsplit(address), urlsplit(settings.SITE_URL)
        if asked.scheme not in {"http", "https"} or asked.hostname != ours.hostname or asked.port != ours.port:
            raise nowhere
        match = resolve(unquote(asked.path))
    except (ValueError, Resolver404):
        raise nowhere from None
    if "pages" not in match.app_names or match.url_name not in OF_A_VERDICT:
        raise nowhere
    in_english = (match.url_name or "").endswith("_in_english")
    prefix = "en" if in_english else language_of_path(asked.path)
    return match.kwargs["public_id"], "" if prefix == "en" and not in_english else prefix


def _size(request: HttpRequest, name: str) -> int | None:
    """A number of pixels, or None where nothing was asked. Raises Refused."""
    given = request.GET.get(name, "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit()) or not 1 <= len(given) <= 9 or int(given) == 0:
        raise Refused(400, f"{name} is a whole number of pixels above 0, such as 600.")
    return min(int(given), LARGEST)


def _json(content: dict[str, Any], status: int) -> HttpResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def _xml(content: dict[str, Any], status: int) -> HttpResponse:
    parts = "".join(f"<{key}>{xml_text(str(value))}</{key}>" for key, value in content.items())
    text = f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<oembed>{parts}</oembed>\n'
    return HttpResponse(text, status=status, content_type="text/xml; charset=utf-8")


WRITERS: dict[str, Callable[[dict[str, Any], int], HttpResponse]] = {"json": _json, "xml": _xml}
