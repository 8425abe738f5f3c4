"""Makes one capture inert and ends: reads the content type, a line feed and the body, writes HTML. No Django here."""

from __future__ import annotations

import resource
import sys

from sources.extraction.charset import decode
from sources.extraction.page import HTML_TYPES, split_content_type

from .markup import inert_markup, inert_text

# Address space, and seconds of computing.
MEMORY_LIMIT = 512 * 1024 * 1024
TIME_LIMIT = 5


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT, TIME_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content_type, _, content = sys.stdin.buffer.read().partition(b"\n")
    media_type, parameters = split_content_type(content_type.decode("utf-8", "replace"))
    text = decode(content, parameters).replace("\x00", "")
    markup = inert_markup(text) if media_type in HTML_TYPES else inert_text(text)
    sys.stdout.buffer.write(markup.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
