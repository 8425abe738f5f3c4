"""What the templates of the reader's pages share."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from pages import highlighting, links
from pages.reading import QUOTATION_MARKS, parse_when
from pages.words import (
    DETAIL_WORDS,
    EVENT_WORDS,
    FIELD_WORDS,
    OUTCOME_WORDS,
    PLATFORM_NAMES,
    SIGN_WORDS,
    SOURCE_NOTES,
    SOURCE_WORDS,
    date_words,
    language_name,
    number,
    quantity_words,
    rating_name,
    span,
)
from pages.words import ago as ago_words

register = template.Library()
for word_filter in (links.host, language_name, number, quantity_words, rating_name, span):
    register.filter(word_filter)

# A longer scale is no picture.
MOST_STEPS = 10
# Inside <script> these could end the element or the string; as escapes they are the same JSON.
SCRIPT_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.simple_tag
def page(name: str, **kwargs: Any) -> str:
    """Path of one of our pages in the current interface language: {% page "topic" slug=topic.slug %}."""
    return links.page_path(name, **kwargs)


@register.filter
def web_address(url: object) -> str:
    """The URL when it is http(s), else nothing."""
    return links.web_address(str(url or ""))


@register.simple_tag
def day(value: object) -> SafeString | str:
    """A date in words inside <time>: 9 June 2019."""
    when = parse_when(value)
    if when is None:
        return str(value or "")
    local = timezone.localtime(when).date() if isinstance(when, datetime) else when
    return _time(local, date_words(local))


@register.simple_tag
def moment(value: object) -> SafeString | str:
    """A date, time of day and zone inside <time>."""
    when = parse_when(value)
    if not isinstance(when, datetime):
        return day(value)
    local = timezone.localtime(when)
    return _time(local, f"{date_words(local)}, {local:%H:%M} {local.tzname()}")


@register.simple_tag
def ago(value: object) -> SafeString | str:
    """How long ago in words inside <time>, with the moment itself for whoever points at it: 2 hours ago."""
    when = parse_when(value)
    if not isinstance(when, datetime):
        return day(value)
    local = timezone.localtime(when)
    exact = f"{date_words(local)}, {local:%H:%M} {local.tzname()}"
    machine = local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, ago_words(when, timezone.now()))


@register.filter
def day_words(value: datetime | date) -> str:
    """A date in words alone, for places where no markup may stand."""
    return date_words(timezone.localtime(value).date() if isinstance(value, datetime) else value)


@register.filter
def month_words(value: date) -> str:
    """June 2019, as the language writes months that stand alone."""
    words = formats.date_format(value, "F Y")
    return words.lower() if links.current_language() == "kk" else words


def _time(value: date | datetime, words: str) -> SafeString:
    # HTML allows at most three digits of a second's fraction; readers are told minutes anyway.
    machine = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return format_html('<time datetime="{}">{}</time>', machine, words)


def _named(table: Mapping[str, object]) -> Callable[[str], str]:
    """A filter that gives a code its words, or the code itself where it has none."""
    return lambda code: str(table.get(code, code))


register.filter("event_words", _named(EVENT_WORDS))
# What a field of a version is called: claim.text -> Claim.
register.filter("field_words", _named(FIELD_WORDS))
register.filter("detail_words", _named(DETAIL_WORDS))
register.filter("outcome_words", _named(OUTCOME_WORDS))
register.filter("source_words", _named(SOURCE_WORDS))
register.filter("source_note", _named(SOURCE_NOTES))
register.filter("sign_words", _named(SIGN_WORDS))
register.filter("platform_name", _named(PLATFORM_NAMES))


@register.filter
def value_of(mapping: object, key: str) -> object:
    """mapping[key], or nothing."""
    return mapping.get(key) if isinstance(mapping, dict) else None


@register.filter
def quoted(text: object, query: object = "") -> SafeString:
    """Somebody's words inside <q>, those looked for marked. With marks of their own they get no second pair."""
    own = not QUOTATION_MARKS.isdisjoint(str(text))
    return format_html('<q class="own-marks">{}</q>' if own else "<q>{}</q>", marked(text, query))


@register.filter
def marked(text: object, query: object = "") -> SafeString:
    """A text with the words of a search inside <mark>; as it is without a search."""
    return _with_marks(highlighting.marked(str(text or ""), str(query or "")))


@register.filter
def excerpt(text: object, query: object = "") -> SafeString:
    """What stands around the first word that was looked for; nothing where none is."""
    return _with_marks(highlighting.excerpt(str(text or ""), str(query or "")))


def _with_marks(parts: list[highlighting.Part]) -> SafeString:
    return format_html_join("", "{}", ((format_html("<mark>{}</mark>", text) if hit else text,) for text, hit in parts))


@register.filter
def sanitised(html: object) -> SafeString:
    """HTML that claims rendered from Markdown and sanitised before storing it."""
    return mark_safe(str(html or ""))  # noqa: S308


@register.simple_tag
def claimreview(text: str) -> SafeString:
    """The ClaimReview block. Stored text is escaped already; escaping again changes nothing and trusts nobody."""
    block = f'<script type="application/ld+json">{text.translate(SCRIPT_ESCAPES)}</script>'
    return mark_safe(block)  # noqa: S308


@register.inclusion_tag("pages/parts/glyph.html")
def glyph(tone: str, size: int = 0) -> dict[str, object]:
    """The rating's shape: circles for true, squares for false, half of each between, dashes for neither.

    `size`: pixels, needed inside a drawing, where the style sheet cannot say it.
    """
    return {"tone": tone or "none", "size": size}


@register.inclusion_tag("pages/parts/chip.html")
def chip(rating: dict[str, Any]) -> dict[str, Any]:
    return {"rating": rating, "tone": (rating or {}).get("tone") or "none"}


@register.inclusion_tag("pages/parts/steps.html")
def steps(rating: dict[str, Any]) -> dict[str, Any]:
    """Where the rating stands on its scale, as a row of marks; nothing for ratings without a truth value."""
    value, best, worst = ((rating or {}).get(key) for key in ("value", "best", "worst"))
    if value is None or best is None or worst is None or not 1 <= best - worst <= MOST_STEPS:
        return {}
    marks = [{"x": 12 + 24 * index, "here": worst + index == value} for index in range(best - worst + 1)]
    return {"marks": marks, "width": 24 * len(marks), "value": value - worst + 1, "best": best - worst + 1}


@register.filter
def as_parts(differences: Any) -> list[tuple[str, str, str]]:
    """Differences of sources.comparison as {% difference %} takes them."""
    return [(part.op, part.text, part.weight) for part in differences]


@register.inclusion_tag("pages/parts/difference.html")
def difference(parts: Any) -> dict[str, Any]:
    """A word difference as <del> and <ins>; takes [op, text, weight] lists.

    Blanks stay where the texts have them, outside the marks; a replacement's two halves are set apart.
    """
    shown: list[dict[str, Any]] = []
    for op, text, weight in parts or []:
        if op == "insert" and shown and shown[-1]["op"] == "delete":
            shown[-1]["after"] = " "
        shown.append({"op": op, "text": text.rstrip(), "weight": weight, "after": text[len(text.rstrip()) :]})
    return {"parts": shown}
