"""The child of `box`: reads one page after the other from standard input. Knows nothing of Django."""

from __future__ import annotations

import json
import resource
import struct
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from .details import read_details
from .reading import read_page

# Address space; parsing 10 MiB of markup needs about 300 MiB.
MEMORY_LIMIT = 1024 * 1024 * 1024
HEADER = struct.Struct("!cII")
TASKS: dict[bytes, Callable[[bytes, str], Any]] = {b"p": read_page, b"d": read_details}


def confine() -> None:
    """What a parser that a page got the better of may still do: not swell, not write a file, not start a program."""
    sys.dont_write_bytecode = True
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(limit, (0, 0))


def main() -> None:
    """Serve until standard input ends. Dies of MemoryError or a parser's crash; the parent starts another."""
    confine()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while header := source.read(HEADER.size):
        task, kind_size, content_size = HEADER.unpack(header)
        content_type = source.read(kind_size).decode("utf-8", "replace")
        content = source.read(content_size)
        try:
            answer = asdict(TASKS[task](content, content_type))
        except RecursionError as error:
            answer = {"error": str(error)}
        encoded = json.dumps(answer).encode()
        sink.write(struct.pack("!I", len(encoded)) + encoded)
        sink.flush()


if __name__ == "__main__":
    main()
