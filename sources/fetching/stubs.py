"""Pages that only lead on (`<meta http-equiv="refresh">`), found without a parser: followed as redirects are.

This runs in the loop's thread on what strangers sent: regular expressions in linear time over a small body. In doubt
a page is not followed; the whole page is read later in its own process, and `sources.outcomes` says what it is.
"""

from __future__ import annotations

import re
from html import unescape

from sources.extraction.charset import decode
from sources.extraction.page import Page, split_content_type
from sources.extraction.refresh import refresh_target
from sources.outcomes import Answer, onward

from .answers import Fetched
from .decoding import CappedDecoder, Undecodable

# A page that only leads on is small; a larger body is not looked at here, decoded or not.
STUB_AT_MOST = 16 * 1024
HTML = frozenset({"text/html", "application/xhtml+xml"})

TAG = re.compile(r"""<(/?)([a-z][^\s/>]{0,40}+)((?:[^>"']|"[^"]*+"|'[^']*+')*+)>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-z-]{1,40}+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.IGNORECASE)
# What stands in these is not shown to readers, or is no markup.
UNREAD = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE)
    for name in (
        *("script", "style", "noscript", "template", "textarea", "title", "iframe", "xmp", "noembed", "noframes"),
    )
}


def leads_on(fetched: Fetched, asked: str, held: str) -> str:
    """Where this answer to a visit of `asked` leads its readers, as an absolute URL; "" if it is a page of its own.

    `held`: digest of the body we hold a version of, which is a page of its own.
    """
    if fetched.status != 200 or fetched.truncated or not 0 < len(fetched.body) <= STUB_AT_MOST:
        return ""
    media_type, parameters = split_content_type(fetched.headers.get("content-type", ""))
    if media_type not in HTML or fetched.raw_sha256 == held:
        return ""
    content = _decoded(fetched)
    if b"refresh" not in content.lower():
        return ""
    page = skim(decode(content, parameters))
    return onward(
        Answer(
            url=asked,
            final_url=fetched.final_url,
            status=200,
            headers=fetched.headers,
            redirects=tuple(hop.status for hop in fetched.hops),
            title=page.title,
            text=page.text,
            leads_to=page.leads_to,
        )
    )


def _decoded(fetched: Fetched) -> bytes:
    try:
        decoder = CappedDecoder(fetched.headers.get("content-encoding", ""), STUB_AT_MOST)
        decoder.feed(fetched.body)
    except Undecodable:
        return b""
    return b"" if decoder.full else bytes(decoder.decoded)


def skim(markup: str) -> Page:
    """Title, where it leads, and at least the words a reader would see, on one line."""
    title, leads_to, place = "", "", 0
    words: list[str] = []
    while (start := markup.find("<", place)) >= 0:
        words.append(markup[place:start])
        tag = TAG.match(markup, start)
        if tag is None:
            words.append("<")  # it may be one that readers see
            place = _after_no_tag(markup, start)
            continue
        name, place = tag[2].lower(), tag.end()
        if tag[1]:
            continue
        if name == "meta":
            leads_to = leads_to or _refresh(tag[3])
        elif name in UNREAD:
            closing = UNREAD[name].search(markup, place)
            end = closing.start() if closing else len(markup)
            if name == "title":
                title = title or markup[place:end]
            place = end
    words.append(markup[place:])
    return Page(_one_line(" ".join(words)), _one_line(title), leads_to=leads_to)


def _after_no_tag(markup: str, start: int) -> int:
    """Where to read on after a "<" that begins no whole tag: behind the comment, at the end of a cut-off one."""
    if markup.startswith("<!--", start):
        end = markup.find("-->", start + 2)
        return end + 3 if end >= 0 else len(markup)
    if markup[start + 1 : start + 2] in ("!", "?", "/"):
        end = markup.find(">", start)
        return end + 1 if end >= 0 else len(markup)
    # Looking at every further "<" of a tag that never ends would take quadratic time; browsers drop it, too.
    return len(markup) if markup[start + 1 : start + 2].isalpha() else start + 1


def _refresh(attributes: str) -> str:
    found: dict[str, str] = {}
    for match in ATTRIBUTE.finditer(attributes):
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
    return refresh_target(found.get("content", "")) if found.get("http-equiv", "").strip().lower() == "refresh" else ""


def _one_line(text: str) -> str:
    return " ".join(unescape(text).split())
