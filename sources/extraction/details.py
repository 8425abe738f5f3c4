"""What a page says of itself: title, author, site, day, language, and the words it sets apart as quoted.

Read from JSON-LD, OpenGraph, plain <meta>, microdata and the page's own elements, the more explicit before the less.
Pure; run inside `box` for strangers' pages. By hand with lxml: the libraries for it bring four (htmldate, dates alone),
nine (trafilatura) and twelve packages (extruct) into the child that strangers' pages may crash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml import etree

from sources.words import words

from .charset import decode
from .dates import day_in
from .linked_data import Node, described, language_of, people_of, text_of
from .page import HTML_TYPES, MAX_TITLE, split_content_type, tidy_language

# Parsed at most; what a page says of itself stands in its beginning.
MAX_CONTENT = 3 * 1024 * 1024
# Characters of one value, and how many there may be of a kind.
MAX_NAME, MAX_TEXT, MAX_URL = 200, 2000, 2000
MAX_QUOTES, MAX_METAS, MAX_PEOPLE = 30, 400, 5

TITLES = words("og:title twitter:title dc.title dcterms.title parsely-title")
DESCRIPTIONS = words("og:description twitter:description description dc.description")
AUTHORS = words("author article:author dc.creator dcterms.creator parsely-author sailthru.author byl citation_author")
SITES = words("og:site_name application-name apple-mobile-web-app-title dc.publisher citation_journal_title")
DATES = words(
    "article:published_time og:article:published_time datepublished date pubdate publishdate publish-date "
    "publication_date dc.date dc.date.issued dcterms.created dcterms.date parsely-pub-date sailthru.date "
    "citation_publication_date citation_date video:release_date ya:ovs:upload_date mediator_published_time"
)
BYLINE = re.compile(r"\A(?:by|автор|авторы|text|текст|мәтін)\s*[:：]?\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Details:
    """Every value may be empty. `published_on` is YYYY-MM-DD; `addresses`: pages that are the author or the site."""

    title: str = ""
    description: str = ""
    author: str = ""
    site: str = ""
    published_on: str = ""
    language: str = ""
    addresses: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)


def read_details(content: bytes, content_type: str) -> Details:
    """Never raises for a broken page; of what is no markup nothing is known."""
    media_type, parameters = split_content_type(content_type)
    if media_type not in HTML_TYPES or (not media_type and b"\x00" in content[:1024]):
        return Details()
    markup = decode(content[:MAX_CONTENT], parameters).replace("\x00", "")
    markup = re.sub(r"\A\s*<\?xml[^>]*\?>", "", markup.removeprefix("\ufeff"))
    try:
        root = lxml.html.document_fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Details()
    return _read(root)


def _read(root: lxml.html.HtmlElement) -> Details:
    node = described(_linked_data(root))
    metas = _metas(root)
    authors, addresses = people_of(node, "author", "creator")
    sites, site_addresses = people_of(node, "publisher", "provider")
    named = [*authors, *_all(metas, AUTHORS), *_microdata(root, "author")]
    return Details(
        title=_first(
            text_of(node, "headline", "name"), *_all(metas, TITLES), *_texts(root.iter("title")), most=MAX_TITLE
        ),
        description=_first(
            text_of(node, "articleBody", "text", "description"), *_all(metas, DESCRIPTIONS), most=MAX_TEXT
        ),
        author=_names(named),
        site=_first(*_all(metas, SITES), *sites),
        published_on=_first_day(root, node, metas),
        language=_language(root, node, metas),
        addresses=_addresses([*addresses, *named, *_links(root), *site_addresses]),
        quotes=_quotes(root),
    )


def _linked_data(root: lxml.html.HtmlElement) -> Iterator[str]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            yield script.text or ""


def _metas(root: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """Name and content in the page's order; names in lower case."""
    found: list[tuple[str, str]] = []
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if len(found) == MAX_METAS:
            break
        if name and meta.get("content"):
            found.append((name.strip().lower(), meta.get("content") or ""))
    return found


def _all(metas: list[tuple[str, str]], names: frozenset[str]) -> list[str]:
    return [content for name, content in metas if name in names]


def _first(*values: str, most: int = MAX_NAME) -> str:
    return next((tidied for value in values if (tidied := _tidy(value, most))), "")


def _tidy(value: str, most: int = MAX_NAME) -> str:
    """On one line, without what nobody sees, no longer than fits."""
    value = "".join(letter for letter in value[: 4 * most] if letter.isprintable() or letter.isspace())
    value = " ".join(value.split())
    return value if len(value) <= most else value[: most - 1].rstrip() + "…"


def _names(values: list[str]) -> str:
    """The author's names, the first three; an address is no name."""
    names = [BYLINE.sub("", _tidy(value)) for value in values]
    kept = list(dict.fromkeys(name for name in names if name and "://" not in name and not name.startswith("@")))
    # Sources repeat each other: JSON-LD, <meta> and microdata mostly name the same people.
    return _tidy(", ".join(name for name in kept[:3] if not any(name in other for other in kept[:3] if other != name)))


def _texts(elements: Iterator[Any]) -> Iterator[str]:
    for element in elements:
        yield "".join(element.itertext())


def _microdata(root: lxml.html.HtmlElement, name: str) -> list[str]:
    found = root.xpath("//*[@itemprop=$name and not(self::meta)] | //a[@rel=$name]", name=name)[:MAX_PEOPLE]
    return [element.get("content") or "".join(element.itertext()) for element in found]


def _links(root: lxml.html.HtmlElement) -> list[str]:
    found = root.xpath("//a[@rel='author' or @itemprop='author']/@href | //*[@itemprop='author']//a/@href")
    return [str(link) for link in found[:MAX_PEOPLE]]


def _addresses(values: list[str]) -> list[str]:
    fits = (value.strip() for value in values if value.strip().startswith(("https://", "http://")))
    return list(dict.fromkeys(value for value in fits if len(value) <= MAX_URL))[:MAX_PEOPLE]


def _first_day(root: lxml.html.HtmlElement, node: Node, metas: list[tuple[str, str]]) -> str:
    said = [text_of(node, "datePublished"), text_of(node, "uploadDate"), text_of(node, "dateCreated")]
    times = root.xpath("//*[@itemprop='datePublished']/@datetime | //time[@pubdate]/@datetime")
    others = root.xpath("//article//time/@datetime | //header//time/@datetime | //main//time/@datetime")
    values = [*said, *_all(metas, DATES), *times[:5], *others[:1]]
    return next((day for value in values if (day := day_in(str(value)))), "")


def _language(root: lxml.html.HtmlElement, node: Node, metas: list[tuple[str, str]]) -> str:
    said = [
        language_of(node),
        root.get("lang") or root.get("xml:lang") or "",
        *_all(metas, frozenset({"content-language", "og:locale", "dc.language"})),
    ]
    return next((tag for value in said if (tag := tidy_language(value.strip().replace("_", "-")))), "")


def _quotes(root: lxml.html.HtmlElement) -> list[str]:
    found: list[str] = []
    for element in root.iter("blockquote", "q"):
        if any(above.tag in {"blockquote", "nav", "footer", "aside"} for above in element.iterancestors()):
            continue
        text = _tidy("".join(element.itertext()), MAX_TEXT)
        if len(text) >= 15 and text not in found:
            found.append(text)
        if len(found) == MAX_QUOTES:
            break
    return found
