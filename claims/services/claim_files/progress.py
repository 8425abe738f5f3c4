"""How far a file is, told while the transaction that works on it goes on."""

from __future__ import annotations

import time

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

EVERY_SECONDS = 1.0


class Progress:
    """Writes the counters of one file through a connection of its own, at most once a second.

    What is logged becomes visible as a whole; only the counters are seen before. Nothing depends on them.
    """

    def __init__(self, pk: int) -> None:
        self._pk = pk
        self._looked_at = self._rows = 0
        self._told = time.monotonic()
        self._aside: BaseDatabaseWrapper | None = None

    def begin(self, rows: int) -> None:
        self._rows, self._looked_at = rows, 0

    def step(self, rows: int = 1) -> None:
        self._looked_at += rows
        if time.monotonic() - self._told > EVERY_SECONDS:
            self._tell()

    def close(self) -> None:
        if self._aside is not None:
            self._aside.close()

    def _tell(self) -> None:
        self._told = time.monotonic()
        if self._aside is None:
            self._aside = connection.copy()
        assert self._aside is not None
        with self._aside.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_claimfile SET looked_at = %s, rows = %s WHERE id = %s",
                [self._looked_at, self._rows, self._pk],
            )
