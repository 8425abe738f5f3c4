"""What search engines and browsers ask for unasked."""

from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.templatetags.static import static
from django.utils.xmlutils import SimplerXMLGenerator

from claims.models import VerdictDocument
from claims.rendering.addresses import claim_url
from pages.links import absolute, page_path
from pages.responses import reader_page, with_headers

# The sitemap protocol allows 50,000 addresses in a file; beyond that the most recently changed ones are listed.
MOST_ADDRESSES = 45_000
STANDING_PAGES = ("home", "claims", "corrections", "methodology", "about", "publishers", "developers")


@reader_page()
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; the desk and search results may not."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*?q=", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return with_headers(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def favicon(request: HttpRequest) -> HttpResponseBase:
    """Browsers ask for it at the root, also at the desk; the file is served with the other static ones."""
    response = HttpResponseRedirect(static("pages/favicon.ico"))
    response["Cache-Control"] = "public, max-age=3600"
    return response


@reader_page()
def sitemap(request: HttpRequest) -> HttpResponse:
    """Standing verdicts and the standing pages. Demonstration rows are left out."""
    rows = VerdictDocument.objects.listed().filter(is_demo=False).order_by("-updated_at", "-claim_id")
    response = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}))
    for name in STANDING_PAGES:
        _address(xml, absolute(page_path(name, prefix="")))
    for public_id, slug, updated_at in rows.values_list("public_id", "slug", "updated_at")[:MOST_ADDRESSES]:
        # reverse() takes a hundred times as long for each, which adds up to seconds.
        address = claim_url(settings.SITE_URL, public_id, slug or "claim")
        _address(xml, address, updated_at.isoformat(timespec="seconds"))
    xml.endElement("urlset")
    xml.endDocument()
    return with_headers(response)


def _address(xml: SimplerXMLGenerator, location: str, changed: str = "") -> None:
    xml.startElement("url", AttributesImpl({}))
    xml.addQuickElement("loc", location)
    if changed:
        xml.addQuickElement("lastmod", changed)
    xml.endElement("url")
