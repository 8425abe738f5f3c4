"""Letters for images: which face draws what, how a text is broken into lines, and how a long one is shortened."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from PIL import ImageFont, features

Family = Literal["serif", "sans"]
# Noto draws Latin, Greek and Cyrillic with every letter of Kazakh, in one file for all weights.
FILES: dict[Family, tuple[str, str]] = {
    "serif": ("fontpkg_noto_serif", "NotoSerif[wdth,wght].ttf"),
    "sans": ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf"),
}
# With it pairs of letters stand at the right distance (kerning). Pillow's wheels bring it, a distribution may not.
ENGINE = ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC
ELLIPSIS = "…"
# A code point that is none: every font shows its mark for “no such letter”.
NO_LETTER = "\U0010ffff"
# A text of which fewer letters than this can be drawn is in another script.
ENOUGH = 0.8
# More than any box of ours holds; a whole speech need not be measured.
MOST_LETTERS = 800


@lru_cache(maxsize=64)
def font(family: Family, size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    package, name = FILES[family]
    # By its path, so that the 2 MB are mapped once and not read for each size.
    made = ImageFont.truetype(str(files(package) / "files" / name), size, layout_engine=ENGINE)
    wanted = {b"Weight": weight, b"Width": 100}
    made.set_variation_by_axes([wanted[bytes(axis["name"] or b"")] for axis in made.get_variation_axes()])
    return made


def drawable(text: str) -> str:
    """The text without signs that the faces do not have (emoji, say); nothing when it is in a script they do not have.

    Signs that only steer (directions, joiners) go too: without their letters they are boxes.
    """
    kept = "".join(sign for sign in unicodedata.normalize("NFC", text) if _is_drawable(sign))
    letters = sum(sign.isalnum() for sign in text)
    if letters and sum(sign.isalnum() for sign in kept) < ENOUGH * letters:
        return ""
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def _is_drawable(sign: str) -> bool:
    if sign.isspace():
        return True
    if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return False
    face = font("serif", 32)
    return bytes(face.getmask(sign)) != bytes(face.getmask(NO_LETTER))


@dataclass(frozen=True)
class Block:
    """Lines of one size. `height` in pixels."""

    lines: tuple[str, ...]
    face: ImageFont.FreeTypeFont
    leading: int

    @property
    def height(self) -> int:
        return self.leading * len(self.lines)


def fitted(
    text: str, *, family: Family, weight: int, sizes: range, width: int, height: int, leading: float = 1.28
) -> Block:
    """The text in the first of `sizes` (largest first) that fits the box; in the last one, shortened, if none does."""
    text = text[:MOST_LETTERS]
    for size in sizes:
        face, step = font(family, size, weight), round(size * leading)
        lines = broken(text, face, width)
        if len(lines) * step <= height and not _is_torn(lines, text):
            return Block(tuple(balanced(text, face, width)), face, step)
    most = max(1, height // step)
    return Block(tuple(shortened(text, face, width, most)), face, step)


def _is_torn(lines: list[str], text: str) -> bool:
    """A word had to be cut within: a smaller size may keep it whole."""
    return " ".join(lines) != text


def broken(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than `width`, broken between words; a word wider than a line is cut where the line ends."""
    lines: list[str] = []
    line, wide = "", 0.0
    for word in text.split():
        # Word by word, as the same words are set in many widths: a line is as wide as what stands on it.
        with_word = wide + (_wide(face, " ") if line else 0) + _wide(face, word)
        if with_word <= width:
            line, wide = f"{line} {word}" if line else word, with_word
            continue
        if line:
            lines.append(line)
        while _wide(face, word) > width:
            at = _fitting(word, face, width)
            lines.append(word[:at])
            word = word[at:]
        line, wide = word, _wide(face, word)
    return [*lines, line] if line else lines


@lru_cache(maxsize=4096)
def _wide(face: ImageFont.FreeTypeFont, word: str) -> float:
    return face.getlength(word)


def balanced(text: str, face: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """As few lines as broken() needs, of much the same width: no word is left alone on the last one."""
    best = broken(text, face, width)
    low, high = width // 2, width
    while len(best) > 1 and high - low > 8:
        middle = (low + high) // 2
        lines = broken(text, face, middle)
        if len(lines) > len(best) or _is_torn(lines, text):
            low = middle
        else:
            best, high = lines, middle
    return best


def shortened(text: str, face: ImageFont.FreeTypeFont, width: int, most: int) -> list[str]:
    """At most `most` lines, the last one ending in an ellipsis after a whole word where there is one to end after."""
    lines = broken(text, face, width)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and face.getlength(last + ELLIPSIS) > width:
        last = last[: last.rindex(" ")] if " " in last else last[:-1]
    return [*lines[: most - 1], re.sub(r"[\s,;:.!?–—-]+$", "", last) + ELLIPSIS]


def _fitting(word: str, face: ImageFont.FreeTypeFont, width: int) -> int:
    """How many letters of it go on a line; at least one, and no accent is parted from its letter."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(word[:middle]) <= width else (low, middle - 1)
    while low < len(word) and low > 1 and unicodedata.combining(word[low]):
        low -= 1
    return low
