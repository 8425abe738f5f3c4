"""How others tell that a page changed: reads file names, one a line, and answers with digests. Runs where they are.

Needs nothing of ours: `python page_peers.py trafilatura|inscriptis < names`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path


def trafilatura(markup: str) -> str:
    """Its main content, as `trafilatura.extract` gives it."""
    return import_module("trafilatura").extract(markup) or ""


def inscriptis(markup: str) -> str:
    """As changedetection.io does with its settings untouched: bloat stripped, inscriptis' text, no blanks."""
    soup = import_module("bs4").BeautifulSoup(markup, "html.parser")
    bloat = ["head", "script", "style", "noscript", "svg", "math", "canvas", "iframe", "template"]
    for tag in soup.find_all(bloat):
        tag.decompose()
    return re.sub(r"\s+", "", import_module("inscriptis").get_text(str(soup)))


DETECTORS: dict[str, Callable[[str], str]] = {"trafilatura": trafilatura, "inscriptis": inscriptis}


def run() -> None:
    detector = DETECTORS[sys.argv[1]]
    digests: dict[str, str] = {}
    spent = 0.0
    for name in sys.stdin.read().split("\n"):
        markup = Path(name).read_text(encoding="utf-8", errors="replace")
        started = time.perf_counter()
        digests[Path(name).stem] = hashlib.sha256(detector(markup).encode()).hexdigest()
        spent += time.perf_counter() - started
    print(json.dumps({"digests": digests, "ms": 1000 * spent / len(digests)}))


if __name__ == "__main__":
    run()
