"""The words with which other people show a verdict: an attributed quotation, the code of the card, oEmbed's answer."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils import translation
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext

from claims.choices import VerdictStatus
from pages.links import absolute, page_path
from pages.sharing.drawing import HEIGHT, WIDTH
from pages.sharing.face import Face, face_of, in_marks, words_language

# Pixels. The card is as wide as it is let, up to this; narrower ones are higher (see card_height()).
CARD_WIDTH = 550
LONGEST_TITLE = 120
# What a card of each width needs at most, measured with the longest texts it shows: (from this width, height).
HEIGHTS = ((500, 340), (400, 360), (300, 400), (0, 480))


@dataclass(frozen=True)
class Size:
    """A card's frame. What was asked for is never exceeded, not even where the card would like more room."""

    width: int
    height: int


def card_size(maxwidth: int | None = None, maxheight: int | None = None) -> Size:
    width = min(CARD_WIDTH, maxwidth or CARD_WIDTH)
    needed = next(height for least, height in HEIGHTS if width >= least)
    return Size(width, min(needed, maxheight or needed))


def card_url(document: dict[str, Any]) -> str:
    """The card in the language of the text that this page shows."""
    prefix = document["text"]["language"] if document["translation"] else ""
    return absolute(page_path("card", prefix=prefix, public_id=document["public_id"]))


def frame_code(document: dict[str, Any], face: Face, size: Size) -> str:
    """The iframe other people put on their pages. The sandbox keeps the card to itself; a link may open a new tab.

    Nothing in it is the rating's: what stands in other people's pages we cannot correct.
    """
    with translation.override(words_language(face.language)):
        title = gettext("%(site)s on the claim: %(claim)s") % {
            "site": face.site_name,
            "claim": Truncator(face.claim).chars(LONGEST_TITLE),
        }
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="no-referrer" '
        'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
        'style="border:0;width:100%;max-width:{}px"></iframe>',
        card_url(document),
        title,
        size.width,
        size.height,
        size.width,
    )


def quotation(document: dict[str, Any], face: Face, address: str) -> str:
    """The verdict in plain words with its source, in its own language; five lines."""
    with translation.override(words_language(face.language)):
        rating = f"{face.rating} ({face.state_words})" if face.state_words else face.rating
        return "\n".join(
            (
                gettext("Claim: %(claim)s") % {"claim": in_marks(face.claim)},
                gettext("Rating: %(rating)s") % {"rating": rating},
                document["text"]["headline"],
                f"{face.site_name}. {face.dated}",
                address,
            )
        )


def oembed_url(address: str, kind: str) -> str:
    return absolute(f"{page_path('oembed', prefix='')}?{urlencode({'url': address, 'format': kind})}")


def share(document: dict[str, Any], address: str, claimreview: str) -> dict[str, Any]:
    """What the claim page needs for parts/share_head.html and parts/share.html."""
    face = face_of(document)
    public_id = document["public_id"]
    return {
        "image": {"url": face.image_url, "width": WIDTH, "height": HEIGHT, "alt": face.alt},
        "oembed": {kind: oembed_url(address, kind) for kind in ("json", "xml")},
        "title": f"{face.rating}: {document['text']['headline']}",
        "address": address,
        # Whoever took a verdict back asks nobody to spread it; the card goes on saying so where it is shown.
        "quotation": "" if document["status"] == VerdictStatus.RETRACTED else quotation(document, face, address),
        "card_url": card_url(document),
        "frame": frame_code(document, face, card_size()),
        "language": face.language,
        "claimreview_path": page_path("claimreview", prefix="", public_id=public_id) if claimreview else "",
    }
