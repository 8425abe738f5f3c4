"""The pages that benchmarks have visited: small ones of 6.4 kB, and large ones, real or made to look like it."""

from __future__ import annotations

import random
import tarfile
from pathlib import Path

# What the figures of other tools were measured on; the body of every small page is exactly this long.
SMALL_BYTES = 6400
# Made-up large pages: the size, the number of elements and the share of text of 746 terms-of-service pages.
LARGE_BYTES = 235_000
LARGE_PARAGRAPHS = 330
LARGE_MADE_UP = 40
# Real pages held in memory at most.
LARGE_AT_MOST = 400
WORDS = [
    *("police", "counted", "people", "square", "ministry", "published", "figures", "evening", "thousand", "street"),
    *("report", "witness", "minister", "said", "nobody", "every", "second", "hospital", "budget", "law", "signed"),
    *("letter", "company", "paid", "region", "river", "bridge", "school", "teacher", "number", "court", "judge"),
]


def small_page(number: int) -> bytes:
    """A little article in valid HTML, the same for the same number."""
    chance = random.Random(number)
    head = (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Report {number}</title>"
        "<link rel=stylesheet href=/s.css></head><body><nav><a href=/>Home</a> <a href=/news>News</a></nav>"
        f"<main><h1>Report {number}</h1>"
    )
    paragraphs, size = [], len(head)
    while size < SMALL_BYTES - 700:
        paragraphs.append(f"<p>{_sentences(chance, 4)}</p>")
        size += len(paragraphs[-1])
    page = f"{head}{''.join(paragraphs)}</main><footer>Contact</footer><!--{{}}--></body></html>"
    return page.format("." * (SMALL_BYTES - len(page) + 2)).encode()


def large_pages(path: Path | None) -> list[bytes]:
    """The HTML files in a folder or tar file; made-up ones without a path.

    Raises SystemExit with what to do when there are none.
    """
    if path is None:
        return [_large_page(number) for number in range(LARGE_MADE_UP)]
    try:
        pages = _unpacked(path) if path.is_file() else [file.read_bytes() for file in sorted(path.glob("*.html"))]
    except (OSError, tarfile.TarError) as error:
        raise SystemExit(f"--pages {path} cannot be read: {error}") from error
    if not pages:
        raise SystemExit(f"--pages {path} holds no .html files; name a folder or a tar file that does.")
    return pages[:: len(pages) // LARGE_AT_MOST + 1]


def around_change(page: bytes) -> tuple[bytes, bytes]:
    """The page in two parts, between which a paragraph may be put where readers see it."""
    start = page.lower().find(b"<body")
    place = page.find(b">", start) + 1 if start >= 0 else 0
    return page[:place], page[place:]


def _unpacked(path: Path) -> list[bytes]:
    with tarfile.open(path) as archive:
        members = sorted((member for member in archive if member.name.endswith(".html")), key=lambda m: m.name)
        return [file.read() for member in members if (file := archive.extractfile(member))]


def _large_page(number: int) -> bytes:
    """Much markup around the text: scripts, styles, a menu, paragraphs with links."""
    chance = random.Random(number)
    blocks = []
    for paragraph in range(LARGE_PARAGRAPHS):
        link = f'<a class="link link--inline" href="/terms/{number}/{paragraph}" data-track="{paragraph}">here</a>'
        blocks.append(
            f'<div class="row row--text" data-block="{paragraph}"><p class="body body--small">'
            f"{_sentences(chance, 2)} {link}.</p></div>"
        )
    menu = "".join(f'<li class="menu__item"><a href="/{word}">{word}</a></li>' for word in WORDS)
    begin = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Terms {number}</title></head><body '
        f'class="page"><nav><ul class="menu">{menu}</ul></nav><main><h1>Terms {number}</h1>'
    )
    rest = LARGE_BYTES - len(begin) - sum(map(len, blocks))
    # Real pages are mostly scripts and styles.
    script = f"<script>var state = {{{','.join(f'k{n}:{n}' for n in range(rest // 12))}}};</script>"
    return f"{begin}{''.join(blocks)}</main>{script}</body></html>".encode()


def _sentences(chance: random.Random, count: int) -> str:
    return " ".join(" ".join(chance.choices(WORDS, k=14)).capitalize() + "." for _ in range(count))
