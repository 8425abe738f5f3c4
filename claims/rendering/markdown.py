"""Markdown as fact-checkers write it -> HTML that is safe on any page."""

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
_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(markdown: str) -> str:
    """Sanitised HTML. Headings below level 3 only, because the page's own come first; links get rel=nofollow."""
    html = _parser.render(markdown)
    for level in ("1", "2"):
        html = html.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    return nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
