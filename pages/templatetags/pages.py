"""What the templates of the reader's pages share."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from claims.models import Rating
from pages import links
from pages.reading import parse_when
from pages.words import DETAIL_WORDS, EVENT_WORDS, OUTCOME_WORDS, PLATFORM_NAMES, SOURCE_WORDS

register = template.Library()

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
    return _time(local, _in_words(local))


@register.simple_tag
def moment(value: object) -> SafeString | str:
    """A date, time of day and zone inside <time>."""
    when = parse_when(value)
    if not isinstance(when, datetime):
        return day(value)
    local = timezone.localtime(when)
    return _time(local, f"{_in_words(local)}, {local:%H:%M} {local.tzname()}")


def _in_words(when: date) -> str:
    # Day first in every language of ours, unlike some of Django's formats; Kazakh months are not capitalised.
    words = str(formats.date_format(when, "j E Y"))
    return words.lower() if links.current_language() == "kk" else words


def _time(value: date | datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def number(value: object) -> str:
    """A number grouped as the language does it: 124,000 or 124 000."""
    if value in (None, ""):
        return ""
    try:
        return str(formats.number_format(Decimal(str(value)), use_l10n=True, force_grouping=True))
    except ArithmeticError:
        return str(value)


@register.filter
def span(quantity: Any) -> str:
    """A range in words: 200 to 500, 2,000 or more, up to 500, 70.96."""
    low, high = _of(quantity, "low"), _of(quantity, "high")
    if low is None and high is None:
        return ""
    if low is None:
        return _("up to %(high)s") % {"high": number(high)}
    if high is None:
        return _("%(low)s or more") % {"low": number(low)}
    if Decimal(str(low)) == Decimal(str(high)):
        return number(low)
    return _("%(low)s to %(high)s") % {"low": number(low), "high": number(high)}


def _of(quantity: Any, key: str) -> Any:
    value = quantity.get(key) if isinstance(quantity, dict) else getattr(quantity, key, None)
    return None if value == "" else value


@register.filter
def language_name(code: str) -> str:
    """A language in its own name; the bare code when we do not know it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@register.filter
def rating_name(rating: Rating) -> str:
    """A rating row's name in the reader's language, where the scale has one."""
    return rating.name_translations.get(links.current_prefix()) or rating.name


@register.filter
def event_words(kind: str) -> str:
    return str(EVENT_WORDS.get(kind, kind))


@register.filter
def detail_words(code: str) -> str:
    return str(DETAIL_WORDS.get(code, code))


@register.filter
def outcome_words(code: str) -> str:
    return str(OUTCOME_WORDS.get(code, code))


@register.filter
def source_words(state: str) -> str:
    return str(SOURCE_WORDS.get(state, state))


@register.filter
def platform_name(code: str) -> str:
    return PLATFORM_NAMES.get(code, code)


@register.filter
def value_of(mapping: object, key: str) -> object:
    """mapping[key], or nothing."""
    return mapping.get(key) if isinstance(mapping, dict) else None


@register.filter
def host(url: object) -> str:
    """The site of a URL, for people: www.example.org -> example.org."""
    name = urlsplit(str(url or "")).hostname or ""
    return name.removeprefix("www.")


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
def glyph(tone: str) -> dict[str, str]:
    """The rating's shape: circles for true, squares for false, half of each between, dashes for neither."""
    return {"tone": tone or "none"}


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
