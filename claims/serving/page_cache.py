"""Finished answers of this process, kept by what their bytes follow from. They are never served on their own word.

A view asks PostgreSQL for the state first, in the very request, and takes an answer from here only when its ETag, which
names that state, still fits. So this saves work and can hide nothing; it may be emptied at any moment.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

# Bytes. Some 150 pages of 50 verdicts with their compressed form: the first pages that many clients ask for. A web
# process without them has about 110 MB.
CAPACITY = 32 * 1024 * 1024
# What an entry costs besides its bytes: objects, address and headers, 917 by tracemalloc, rounded up.
OVERHEAD = 1024
# Addresses asked for once lately. Whoever walks a whole list asks for each of its pages once: none of them is kept.
REMEMBERED = 4096
# Below this a compressed answer is hardly shorter than its own headers.
MIN_COMPRESSED = 1024
# 1 takes less than half the time of zlib's usual 6 and leaves a page of made-up verdicts a quarter larger.
LEVEL = 1


@dataclass(frozen=True)
class Answer:
    """The bytes of one answer, with the ETag of the uncompressed form and headers of its own besides."""

    etag: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_compressible(self) -> bool:
        return len(self.body) >= MIN_COMPRESSED

    @cached_property
    def gzipped(self) -> bytes:
        """Compressed when first asked for. mtime=0: the same answer gives the same bytes in every process."""
        return gzip.compress(self.body, LEVEL, mtime=0)

    @property
    def size(self) -> int:
        """What it costs to keep, with a compressed form that may come to be."""
        return len(self.body) + len(self.body) // 4 + OVERHEAD


class PageCache:
    """The least lately used answers leave when `capacity` bytes are passed. Safe to use from every thread."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.size = 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._asked_once: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def get(self, address: str) -> Answer | None:
        with self._lock:
            answer = self._answers.get(address)
            if answer is not None:
                self._answers.move_to_end(address)
            return answer

    def put(self, address: str, answer: Answer) -> None:
        """Keep it in place of what was kept for this address, if that was asked for before.

        One that fills an eighth of the cache is not kept.
        """
        if answer.size > self.capacity // 8:
            return
        with self._lock:
            if address not in self._answers and not self._is_known(address):
                return
            self._drop(address)
            self._answers[address] = answer
            self.size += answer.size
            while self.size > self.capacity:
                self._drop(next(iter(self._answers)))

    def _is_known(self, address: str) -> bool:
        """Has it been asked for before? It has been from now on."""
        if address in self._asked_once:
            del self._asked_once[address]
            return True
        self._asked_once[address] = None
        if len(self._asked_once) > REMEMBERED:
            self._asked_once.popitem(last=False)
        return False

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._asked_once.clear()
            self.size = 0

    def _drop(self, address: str) -> None:
        old = self._answers.pop(address, None)
        if old is not None:
            self.size -= old.size


page_cache = PageCache()
