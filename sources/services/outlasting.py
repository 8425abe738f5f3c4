"""A database that is away for a moment (a restart, a failover) must not cost a sweep what it holds."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)
T = TypeVar("T")

# How long one sweep waits for the database in all, and between two attempts, in seconds.
PATIENCE = 60.0
PAUSE = 0.5


class Outlasting:
    """Does work again and again, on a new connection, until the database is back or the patience is used up."""

    def __init__(self) -> None:
        self._left = PATIENCE

    def __call__(self, work: Callable[[], T]) -> T:
        """What `work` returns. It may have been done before, in part or whole: doing it again must do no harm.

        Raises OperationalError or InterfaceError at last, and at once inside a transaction: that is lost.
        """
        while True:
            began = time.monotonic()
            try:
                return work()
            except (OperationalError, InterfaceError) as error:
                if self._left <= 0 or connection.in_atomic_block:
                    raise
                if self._left == PATIENCE:
                    logger.warning("the database does not answer, waiting for it: %s", " ".join(str(error).split()))
                connection.close()
                time.sleep(PAUSE)
                # What the attempt took counts as well: connecting may be what takes long.
                self._left -= time.monotonic() - began
