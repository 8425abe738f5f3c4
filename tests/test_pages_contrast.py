"""Every pair of colours that text is set in reaches WCAG AA, in light and in dark, and AAA for who asks for more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parent.parent / "pages/static/pages/site.css").read_text()
TONES = ("true", "mostly-true", "mixed", "mostly-false", "false", "none")

# Foreground, background, least ratio: 4.5 for text, 3 for shapes and lines with a meaning (WCAG 2.2, 1.4.3, 1.4.11).
TEXT = [
    *[(ink, ground, 4.5) for ink in ("ink", "ink-soft", "link") for ground in ("paper", "surface", "sunken")],
    *[("ink", ground, 4.5) for ground in ("notice-tint", "tone-false-tint", *(f"tone-{tone}-tint" for tone in TONES))],
    *[("ink-soft", f"tone-{tone}-tint", 4.5) for tone in TONES],
    *[("link", f"tone-{tone}-tint", 4.5) for tone in TONES],
    *[(f"tone-{tone}", f"tone-{tone}-tint", 4.5) for tone in TONES],
    *[("notice", ground, 4.5) for ground in ("notice-tint", "surface", "paper", "sunken")],
    ("link", "notice-tint", 4.5),
    ("ink-soft", "notice-tint", 4.5),
    ("added", "added-tint", 4.5),
    ("removed", "removed-tint", 4.5),
    ("paper", "ink", 4.5),
]
SHAPES = [
    *[("focus", ground, 3.0) for ground in ("paper", "surface", "sunken", "notice-tint")],
    *[("line-strong", ground, 3.0) for ground in ("paper", "surface", "sunken")],
    *[(f"tone-{tone}", ground, 3.0) for tone in TONES for ground in ("paper", "surface")],
    ("ink-soft", "tone-none-tint", 3.0),
    *[("notice", ground, 3.0) for ground in ("surface", "paper")],
    ("link", "paper", 3.0),
]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


LIGHT = tokens(CSS.partition("@media (prefers-color-scheme: dark)")[0])
DARK = LIGHT | tokens(CSS.partition("@media (prefers-color-scheme: dark)")[2].partition("\n}\n")[0])


def block_of(condition: str) -> dict[str, str]:
    return tokens(CSS.partition(f"@media {condition} {{")[2].partition("\n}\n")[0])


MORE = block_of("(prefers-contrast: more)")
MORE_DARK = block_of("(prefers-contrast: more) and (prefers-color-scheme: dark)")


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of #rrggbb."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_in_use_can_be_read(scheme: str) -> None:
    colours = LIGHT if scheme == "light" else DARK
    poor = [
        f"{front} on {back}: {contrast(colours[front], colours[back]):.2f}"
        for front, back, least in TEXT + SHAPES
        if contrast(colours[front], colours[back]) < least
    ]
    assert poor == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_who_ask_for_more_contrast_get_it(scheme: str) -> None:
    colours = MORE if scheme == "light" else MORE_DARK
    assert set(colours) == set(LIGHT)
    poor = [
        f"{front} on {back}: {contrast(colours[front], colours[back]):.2f}"
        for front, back, least in TEXT + SHAPES
        if contrast(colours[front], colours[back]) < (7.0 if least == 4.5 else 4.5)  # WCAG 2.2, 1.4.6
    ]
    assert poor == []


def test_black_on_white_is_21() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0


def test_dark_mode_answers_for_every_light_colour() -> None:
    dark = tokens(CSS.partition("@media (prefers-color-scheme: dark)")[2].partition("\n}\n")[0])
    assert set(LIGHT) == set(dark)


def test_colours_are_tokens_everywhere_else() -> None:
    rest = CSS.partition("/* ---------- ground ---------- */")[2].partition("/* ---------- print ---------- */")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rest) == []
