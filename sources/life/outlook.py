"""How far a failing source is from being called dead. Pure; the rule itself is in sources.states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sources.states import Limits, failures_needed


@dataclass(frozen=True)
class Outlook:
    """`counted` of `needed` failures; `left` more, and the first moment at which the last of them could count."""

    counted: int
    needed: int
    earliest_dead: datetime

    @property
    def left(self) -> int:
        return max(self.needed - self.counted, 0)


def outlook(counted: int, last_counted_at: datetime | None, limits: Limits, *, gone: bool = False) -> Outlook | None:
    """What may come of a source with counted failures; None without any.

    `gone`: its site says that the page was removed on purpose, which needs one failure less.
    """
    if not counted or last_counted_at is None:
        return None
    needed = failures_needed(limits, gone=gone)
    left = max(needed - counted, 0)
    return Outlook(counted, needed, last_counted_at + left * limits.spacing)
