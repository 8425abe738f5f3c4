"""One capture as an inert page of its own."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from sources.archive import open_capture
from sources.extraction.page import is_readable
from sources.fetching.decoding import CappedDecoder, Undecodable
from sources.models import Snapshot

from .markup import inert_text

# Decoded bytes that are shown; nobody reads on, and a browser should not choke.
SHOWN_AT_MOST = 2 * 1024 * 1024
# Seconds until the text alone is shown instead; a real page takes a tenth.
PATIENCE = 10.0
# How many are made side by side in one process; others wait for their turn so many seconds.
_turns = threading.BoundedSemaphore(2)
TURN_WITHIN = 3.0
PASSED_ON = ("LD_LIBRARY_PATH", "PATH")

PAGE = """<!doctype html>
<html{language}><head><meta charset="utf-8"><meta name="robots" content="noindex"><title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; max-width: 60rem; overflow-wrap: anywhere; color: #1c2024; background: #fff; }}
pre {{ white-space: pre-wrap; font: inherit; }}
table {{ border-collapse: collapse; }} td, th {{ border: 1px solid #ccc; padding: 0.2rem 0.4rem; }}
.link {{ text-decoration: underline; }} .image::before {{ content: "▨ "; }} .image {{ color: #555; }}
.told {{ border-left: 0.25rem solid #999; padding-left: 0.75rem; color: #444; }}
</style></head>
<body>{told}
{body}
</body></html>
"""  # noqa: E501


@dataclass(frozen=True)
class Shown:
    """`html`: a whole document that does nothing. `is_whole`: all of the capture's words are in it."""

    html: str
    is_whole: bool


def shown(snapshot: Snapshot) -> Shown:
    """The capture as it may be looked at: markup made inert, text as text, of other documents the text we read.

    Raises sources.archive.CaptureDamaged when the capture is missing or not what was captured.
    """
    capture = open_capture(snapshot.storage_key)
    if not is_readable(snapshot.media_type):
        return _text_alone(snapshot, _("The text we read in this document; the document itself is not shown."))
    decoder = CappedDecoder("", SHOWN_AT_MOST)
    try:
        decoder = CappedDecoder(capture.content_encoding, SHOWN_AT_MOST)
        decoder.feed(capture.body)
    except Undecodable:
        return _text_alone(snapshot, _("The capture cannot be unpacked; this is the text we read in it."))
    body = _made_inert(bytes(decoder.decoded), capture.content_type)
    if body is None:
        return _text_alone(
            snapshot, _("The capture is too tangled to be shown as a page just now; this is the text we read.")
        )
    cut = decoder.full or snapshot.truncated
    return _page(snapshot, body, told=_("Only the beginning of the capture is shown.") if cut else "", is_whole=not cut)


def _made_inert(content: bytes, content_type: str) -> str | None:
    """By a process of its own, because strangers wrote it; None when it took too long, too much, or crashed."""
    # One line, whatever the server sent.
    kind = " ".join(content_type.split()).encode("utf-8", "replace")
    if not _turns.acquire(timeout=TURN_WITHIN):
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sources.inert.child"],
            input=kind + b"\n" + content,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            cwd=Path(__file__).resolve().parent.parent.parent,
            env={"PYTHONUTF8": "1"} | {name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except (OSError, subprocess.SubprocessError):
        return None
    finally:
        _turns.release()
    return done.stdout.decode("utf-8", "replace")


def _text_alone(snapshot: Snapshot, told: str) -> Shown:
    return _page(snapshot, inert_text(snapshot.present_text()), told=told, is_whole=False)


def _page(snapshot: Snapshot, body: str, *, told: str, is_whole: bool) -> Shown:
    document = PAGE.format(
        language=f' lang="{html.escape(snapshot.language)}"' if snapshot.language else "",
        title=html.escape(snapshot.title),
        told=f'<p class="told">{html.escape(told)}</p>' if told else "",
        body=body,
    )
    return Shown(document, is_whole)
