"""Markdown as fact-checkers write it -> HTML that is safe on any page."""

import re

import nh3
from markdown_it import MarkdownIt

# What an explanation needs and nothing that could carry script, style or a remote load.
TAGS = {"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "code", "pre", "hr"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
# What would be emphasis, code, a link or an entity; and what would be a heading, quote or list where a line begins.
_ANYWHERE = re.compile(r"[\\`*_\[]|&(?=#?\w+;)|<")
_AT_BEGIN = re.compile(r"^([ ]*(?:\d{1,9}(?=[.)])|(?=[#>+~=-])))", re.MULTILINE)
_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def of_plain(text: str) -> str:
    """Markdown that says exactly this plain text, one paragraph a line: no star or bracket of it becomes markup."""
    return _AT_BEGIN.sub(r"\1\\", _ANYWHERE.sub(r"\\\g<0>", text))


def to_html(markdown: str) -> str:
    """Sanitised HTML. Headings below level 3 only, because the page's own come first; links get rel=nofollow."""
    html = _parser.render(markdown)
    for level in ("1", "2"):
        html = html.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
