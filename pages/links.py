"""Addresses of the reader's pages. English has no prefix; the other interface languages have theirs."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.encoding import escape_uri_path
from django.utils.translation import get_language, override

# Interface languages with the name each calls itself by. English lives at the root.
INTERFACE_LANGUAGES = {"en": "English", "ru": "Русский", "kk": "Қазақша"}
PREFIXED = ("ru", "kk")
# Name, extension below /feeds/ and media type of what readers' programs subscribe to.
FEEDS = (
    ("RSS", "rss", "application/rss+xml"),
    ("Atom", "atom", "application/atom+xml"),
    ("JSON Feed", "json", "application/feed+json"),
)


def current_language() -> str:
    """The interface language of this request: en, ru or kk."""
    code = (get_language() or "en").split("-")[0]
    return code if code in INTERFACE_LANGUAGES else "en"


def current_prefix() -> str:
    """The current language when it has a prefix, else nothing."""
    return current_language() if current_language() in PREFIXED else ""


def page_path(name: str, *, prefix: str | None = None, **kwargs: Any) -> str:
    """Path of a page by its url name, under a language prefix (default: the current one; "" is the root)."""
    prefix = current_prefix() if prefix is None else prefix
    with override("en"):
        path = reverse(f"pages:{name}", kwargs=kwargs)
    return f"/{prefix}{path}" if prefix else path


def page_path_if_any(name: str, **kwargs: Any) -> str:
    """page_path(), or nothing while there is no such page."""
    try:
        return page_path(name, **kwargs)
    except NoReverseMatch:
        return ""


def absolute(path: str) -> str:
    """The address readers and machines elsewhere use: SITE_URL plus the path, which page_path() percent-encoded."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def path_of(request: HttpRequest) -> str:
    """The path as it is written in an address, percent-encoded; request.path is decoded."""
    return str(escape_uri_path(request.path))


def language_of_path(path: str) -> str:
    """The interface language an address asks for: /ru/… is Russian, everything without a prefix English."""
    first = path.lstrip("/").split("/", 1)[0]
    return first if first in PREFIXED else "en"


def without_prefix(path: str) -> str:
    """A path without its language prefix: /ru/claims/ -> /claims/."""
    first = path.lstrip("/").split("/", 1)[0]
    return path[len(first) + 1 :] or "/" if first in INTERFACE_LANGUAGES else path


def web_address(url: str) -> str:
    """The URL if it may be a link on our pages (http or https), else nothing: no javascript: from anybody's data."""
    try:
        return url if urlsplit(url).scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def feed_links(filters: dict[str, str] | None = None) -> list[dict[str, str]]:
    """What feed readers find in a page's head: the feeds of the verdicts it lists, which take the same filters."""
    query = f"?{urlencode(filters)}" if filters else ""
    return [
        {"name": name, "type": media_type, "url": absolute(f"/feeds/verdicts.{extension}{query}")}
        for name, extension, media_type in FEEDS
    ]


def host(url: object) -> str:
    """The site of a URL, for people: www.example.org -> example.org."""
    try:
        return (urlsplit(str(url or "")).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
