"""The image that messengers and social networks show beside a link to a verdict."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response

from claims.models import VerdictDocument
from pages.reading import read_document
from pages.responses import for_other_sites, reader_page, with_headers
from pages.sharing.face import face_of
from pages.sharing.kept import Busy, images

# The address changes with the image, so it need never be asked for again. A week and not a year: should the law make us
# withhold the verdict, caches we know nothing of let go of it.
CACHE_CONTROL = "public, max-age=604800, immutable"


@for_other_sites
@reader_page(validated=False)
def share_image(request: HttpRequest, public_id: str, text_language: str, digest: str) -> HttpResponseBase:
    """The PNG with this digest. An older digest: 302 to today's image, so that no link shows a rating we corrected."""
    row = VerdictDocument.objects.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    if not row.is_readable:
        return with_headers(HttpResponse("Withheld for legal reasons.", status=451, content_type="text/plain"))
    document = read_document(row, "" if text_language == row.language else text_language)
    face = face_of(document)
    if face.language != text_language:
        raise Http404
    if face.digest != digest:
        return with_headers(HttpResponseRedirect(face.image_url))
    etag = f'"{face.digest}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = HttpResponse(images.of(face), content_type="image/png")
        except Busy:
            busy = HttpResponse("Please come back in a moment.", status=503, content_type="text/plain")
            busy["Retry-After"] = "2"
            return with_headers(busy)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    response["Content-Language"] = face.language
    if row.is_demo:
        response["X-Robots-Tag"] = "noindex"
    return response
