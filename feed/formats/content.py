"""The body of an entry: safe HTML that stands on its own in somebody else's reader."""

from __future__ import annotations

from typing import Any

import nh3
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from claims.rendering.markdown import TAGS

Document = dict[str, Any]


def content_of(document: Document) -> str:
    """Notices of change first, then claim, answer, explanation, evidence. In the active language.

    What we took back is not told again: a reader that shows an entry's text would go on spreading it.
    """
    if document["status"] == "withheld":
        parts = [
            _paragraph(gettext("This verdict is withheld for legal reasons.")),
            _labelled(gettext("Legal basis:"), document.get("legal_basis", "")),
        ]
    elif document["status"] == "retracted":
        parts = [_strong(gettext("We have taken this verdict back")), _corrections(document), _claim(document)]
    else:
        parts = [
            _strong(gettext("We are looking at this verdict again")) if document["status"] == "under_review" else "",
            _corrections(document),
            _claim(document),
            _answer(document),
            _explanation(document),
            _evidence(document),
        ]
    return "\n".join(part for part in parts if part)


def rating_name(document: Document) -> str:
    """The rating's word in the verdict's language."""
    rating = document["rating"]
    return str((rating.get("names") or {}).get(document["language"]) or rating["name"])


def _paragraph(text: str) -> str:
    return format_html("<p>{}</p>", text) if text else ""


def _strong(text: str) -> str:
    return format_html("<p><strong>{}</strong></p>", text)


def _labelled(label: str, text: str) -> str:
    return format_html("<p><strong>{}</strong> {}</p>", label, text) if text else ""


def _corrections(document: Document) -> str:
    """Newest first, each with its day."""
    rows = ((row["at"][:10], row["reason"]) for row in document["corrections"])
    items = format_html_join("", "<li>{}: {}</li>", rows)
    return format_html("<p><strong>{}</strong></p><ul>{}</ul>", gettext("Corrections"), items) if items else ""


def _claim(document: Document) -> str:
    claim = document["claim"]
    claimant = (claim.get("claimant") or {}).get("name", "")
    by = format_html(" — {}", claimant) if claimant else ""
    return format_html(
        "<p><strong>{}</strong>{}</p><blockquote><p>{}</p></blockquote>", gettext("The claim"), by, claim["text"]
    )


def _answer(document: Document) -> str:
    name = rating_name(document)
    return _labelled(f"{gettext('Rating')}: {name}.", document["summary"]) or _strong(name)


def _explanation(document: Document) -> SafeString:
    """Sanitised once more, and with addresses that lead somewhere outside our pages too."""
    html = nh3.clean(
        document["explanation"],
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        url_relative=("rewrite_with_base", document["url"]),
    )
    return mark_safe(html)  # noqa: S308


def _evidence(document: Document) -> str:
    items = format_html_join("", "<li>{}</li>", ((_one_evidence(row),) for row in document["evidence"]))
    return format_html("<p><strong>{}</strong></p><ul>{}</ul>", gettext("Evidence"), items) if items else ""


def _one_evidence(evidence: Document) -> SafeString:
    words = evidence.get("quote") or evidence.get("description") or evidence.get("note") or ""
    parts = [format_html("“{}”", words) if evidence.get("quote") else format_html("{}", words), _link(evidence)]
    if evidence.get("quote_status") == "altered":
        parts.append(format_html("({})", gettext("Changed since we quoted it")))
    if evidence.get("quote_status") == "missing":
        parts.append(format_html("({})", gettext("The passage is no longer on the page")))
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


def _link(evidence: Document) -> SafeString:
    source = evidence.get("source")
    if not source or not source["url"].startswith(("http://", "https://")):
        return SafeString("")
    name = source.get("title") or source.get("publisher") or source["url"]
    return format_html('<a href="{}">{}</a>', iri_to_uri(source["url"]), name)
