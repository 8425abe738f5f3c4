"""The image of a verdict: 1200 by 630 pixels, as messengers and social networks show it beside a link."""

from io import BytesIO

from PIL import Image, ImageColor, ImageDraw

from claims.choices import VerdictStatus
from pages.reading import QUOTATION_MARKS
from pages.sharing.face import Face
from pages.sharing.lettering import Block, Family, drawable, fitted, font
from pages.sharing.shapes import mark, shape

WIDTH, HEIGHT = 1200, 630
EDGE = 64
# The light theme's tokens (static/pages/site.css): an image has no dark mode, and others frame it in white mostly.
PAPER, INK, SOFT, LINK = "#faf8f4", "#1c2126", "#515963", "#0a5866"
NOTICE, NOTICE_TINT = "#6b4700", "#fbf0d2"
TONES = {
    "true": ("#0f6236", "#e2f2e8"),
    "mostly_true": ("#465f0e", "#edf3db"),
    "mixed": ("#704c00", "#faf0d2"),
    "mostly_false": ("#8f380b", "#fcebdf"),
    "false": ("#9d1529", "#fbe5e7"),
    "none": ("#4a515c", "#eaecf0"),
}
PLATE_TOP, PLATE_HEIGHT = 108, 152
CLAIM_TOP, CLAIM_BOTTOM = 292, 598


def draw(face: Face) -> bytes:
    """A PNG of some 40 KB. The same face gives the same bytes."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    tone, tint = TONES.get(face.tone, TONES["none"])
    if face.state == VerdictStatus.RETRACTED:
        tone, tint = TONES["none"]
    _head(image, pen, face)
    _plate(image, pen, face, tone, tint)
    _claim(pen, face)
    out = BytesIO()
    # A palette halves the bytes; the drawing has a dozen colours and their blends.
    image.quantize(192, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(image: Image.Image, pen: ImageDraw.ImageDraw, face: Face) -> None:
    pen.rectangle((0, 0, WIDTH, 10), fill=LINK)
    image.paste(ImageColor.getrgb(LINK), (EDGE, 40), mark(48))
    dated = font("sans", 26)
    room = WIDTH - 2 * EDGE - 64 - round(dated.getlength(face.dated)) - 40
    _line(pen, face.site_name, (EDGE + 64, 64), room, family="serif", weight=700, largest=32, colour=INK)
    pen.text((WIDTH - EDGE, 64), face.dated, font=dated, fill=SOFT, anchor="rm")


def _plate(image: Image.Image, pen: ImageDraw.ImageDraw, face: Face, tone: str, tint: str) -> None:
    """The rating as a shape and a word, and what puts it in doubt beside it. Taken back, that is the word, and the
    rating stands small and struck through: at the size of a thumbnail nobody shall read a rating we do not hold."""
    right, middle = WIDTH - EDGE, PLATE_TOP + PLATE_HEIGHT // 2
    pen.rounded_rectangle((EDGE, PLATE_TOP, right, PLATE_TOP + PLATE_HEIGHT), 10, fill=tone)
    pen.rounded_rectangle((EDGE + 20, PLATE_TOP, right, PLATE_TOP + PLATE_HEIGHT), 10, fill=tint)
    pen.rectangle((EDGE + 20, PLATE_TOP, EDGE + 40, PLATE_TOP + PLATE_HEIGHT), fill=tint)
    left, limit = EDGE + 56, right - 32
    if face.state == VerdictStatus.RETRACTED:
        wide = _line(
            pen, face.state_words, (left, middle), limit - left, family="serif", weight=700, largest=76, colour=tone
        )
        left += wide + 48
        wide = _line(
            pen, face.rating, (left, middle + 8), limit - left, family="serif", weight=400, largest=40, colour=tone
        )
        pen.line((left - 6, middle + 10, left + wide + 6, middle + 10), fill=tone, width=4)
        return
    image.paste(ImageColor.getrgb(tone), (left, middle - 44), shape(face.tone, 88))
    left += 88 + 28
    if face.state_words:
        limit = _flag(pen, face.state_words, limit, middle) - 28
    block = rating_block(face.rating, limit - left)
    _lines(pen, block, left, middle - block.height // 2, tone)


def rating_block(rating: str, width: int) -> Block:
    """A rating is never shortened, it would say something else: a long one takes two or three lines."""
    return fitted(
        drawable(rating), family="serif", weight=700, sizes=range(76, 27, -2), width=width, height=PLATE_HEIGHT - 24,
        leading=1.15,
    )  # fmt: skip


def _flag(pen: ImageDraw.ImageDraw, words: str, right: int, middle: int) -> int:
    """A framed note at the plate's right end, in at most two lines; says where it begins."""
    block = fitted(words, family="sans", weight=700, sizes=range(30, 19, -2), width=300, height=84, leading=1.25)
    wide = round(max(block.face.getlength(line) for line in block.lines)) + 48
    tall = block.height + 28
    box = (right - wide, middle - tall // 2, right, middle + tall // 2)
    pen.rounded_rectangle(box, 8, fill=NOTICE_TINT, outline=NOTICE, width=3)
    _lines(pen, block, right - wide + 24, middle - block.height // 2, NOTICE)
    return right - wide


def _claim(pen: ImageDraw.ImageDraw, face: Face) -> None:
    """The claim in its own words, which the rating is about; where we cannot draw its script, what is true instead."""
    said = drawable(face.claim)
    text, weight = (said, 400) if said else (drawable(face.headline), 700)
    claimant = drawable(face.claimant) if said else ""
    left, width = EDGE, WIDTH - 2 * EDGE
    marked = bool(said) and said[0] not in QUOTATION_MARKS
    if marked:
        left, width = EDGE + 76, width - 76
    below = 66 if claimant else 0
    room = CLAIM_BOTTOM - CLAIM_TOP - below
    block = fitted(text, family="serif", weight=weight, sizes=range(68, 31, -4), width=width, height=room)
    top = CLAIM_TOP + (room - block.height) // 2
    if marked:
        pen.text((EDGE - 4, top + 10), "“", font=font("serif", 132, 700), fill=LINK, anchor="lt")
    _lines(pen, block, left, top, INK)
    if claimant:
        _line(
            pen, f"— {claimant}", (left, top + block.height + 42), width, family="sans", weight=400, largest=30,
            colour=SOFT,
        )  # fmt: skip


def _line(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[int, int], width: int, *, family: Family, weight: int,
    largest: int, colour: str,
) -> int:  # fmt: skip
    """One line beginning at the left and centred on `at`, smaller and then shortened where it is long; its width."""
    sizes = range(largest, round(largest * 0.7), -2)
    block = fitted(
        drawable(text), family=family, weight=weight, sizes=sizes, width=width, height=largest, leading=1
    )  # fmt: skip
    line = block.lines[0] if block.lines else ""
    pen.text(at, line, font=block.face, fill=colour, anchor="lm")
    return round(block.face.getlength(line))


def _lines(pen: ImageDraw.ImageDraw, block: Block, left: int, top: int, colour: str) -> None:
    for number, line in enumerate(block.lines):
        middle = top + number * block.leading + block.leading // 2
        pen.text((left, middle), line, font=block.face, fill=colour, anchor="lm")
