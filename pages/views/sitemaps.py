"""Sitemaps: an index, the standing pages, the verdicts in parts, and the news of the last two days."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from pages import sitemaps
from pages.links import PREFIXED, absolute, page_path
from pages.responses import reader_page, with_headers
from pages.xml_text import xml_text

STANDING_PAGES = (
    "home", "claims", "corrections", "methodology", "about", "privacy", "publishers", "developers", "suggest",
)  # fmt: skip
PROTOCOL = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


@reader_page()
def index(request: HttpRequest) -> HttpResponse:
    """The sitemaps there are. Verdicts' files carry the day of their last change where that was lately."""
    entries = [_entry("sitemap", absolute(page_path("sitemap_pages", prefix="")))]
    entries += [
        _entry("sitemap", absolute(page_path("sitemap_claims", prefix="", part=part)), changed)
        for part, changed in sitemaps.parts().items()
    ]
    entries.append(_entry("sitemap", absolute(page_path("sitemap_news", prefix=""))))
    return _xml("sitemapindex", entries)


@reader_page()
def standing_pages(request: HttpRequest) -> HttpResponse:
    """The pages that are always there, in each language."""
    return _xml(
        "urlset",
        [
            _entry("url", absolute(page_path(name, prefix=prefix)))
            for name in STANDING_PAGES
            for prefix in ("", *PREFIXED)
        ],
    )


@reader_page()
def claims(request: HttpRequest, part: int) -> HttpResponse:
    """One part of the verdicts and their translations; 404 for a part that has none."""
    entries = [_entry("url", address.location, address.changed) for address in sitemaps.addresses(part)]
    if not entries:
        raise Http404
    return _xml("urlset", entries)


@reader_page(validated=False)
def news(request: HttpRequest) -> HttpResponse:
    """Google's news sitemap. It changes with the clock, so it carries no ETag; empty on calm days."""
    name = xml_text(settings.SITE_NAME)
    entries = [
        f"<url><loc>{xml_text(item.location)}</loc><news:news><news:publication><news:name>{name}</news:name>"
        f"<news:language>{xml_text(item.language)}</news:language></news:publication>"
        f"<news:publication_date>{item.published.isoformat(timespec='seconds')}</news:publication_date>"
        f"<news:title>{xml_text(item.title)}</news:title></news:news></url>"
        for item in sitemaps.news(timezone.now())
    ]
    return _xml("urlset", entries, f"{PROTOCOL} {NEWS}")


def _xml(root: str, entries: Iterable[str], namespaces: str = PROTOCOL) -> HttpResponse:
    content = "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', f"<{root} {namespaces}>", *entries, f"</{root}>", ""]
    )
    return with_headers(HttpResponse(content, content_type="application/xml; charset=utf-8"))


def _entry(kind: str, location: str, changed: datetime | None = None) -> str:
    lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{kind}><loc>{xml_text(location)}</loc>{lastmod}</{kind}>"
