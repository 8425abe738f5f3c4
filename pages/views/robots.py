"""What search engines and browsers ask for unasked."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.templatetags.static import static

from pages.links import absolute, page_path
from pages.responses import reader_page, with_headers


@reader_page()
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Everything public may be indexed; the desk and search results may not. Cards and images say for themselves."""
    maps = [f"Sitemap: {absolute(page_path(name, prefix=''))}" for name in ("sitemap", "sitemap_news")]
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /*?q=", "Disallow: /*&q=", *maps, ""]
    return with_headers(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def favicon(request: HttpRequest) -> HttpResponseBase:
    """Browsers ask for it at the root, also at the desk; the file is served with the other static ones."""
    response = HttpResponseRedirect(static("pages/favicon.ico"))
    response["Cache-Control"] = "public, max-age=3600"
    return response
