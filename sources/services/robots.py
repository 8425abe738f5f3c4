"""robots.txt rules as rows: PostgreSQL is the truth, so a flushed cache sends nobody to ask again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, MutableMapping

from django.db import DatabaseError

from sources.fetching import RobotsRules
from sources.models import RobotsFile
from sources.urls import origin_of

# Origins whose rules a sweep holds in memory; beyond it those not needed for longest go (they are rows, after all).
REMEMBERED = 2000


class RobotsMemory(MutableMapping[str, RobotsRules]):
    """The rules a sweep knows, by origin: read from the rows before the visits, those read anew written back after.

    The fetching thread reads and sets single origins; everything else is the database thread's.
    """

    def __init__(self) -> None:
        self._rules: OrderedDict[str, RobotsRules] = OrderedDict()
        self._new: dict[str, RobotsRules] = {}

    def recall(self, urls: Iterable[str]) -> None:
        """Have the rules for these pages at hand, as far as they were read before, however old."""
        origins = {origin_of(url) for url in urls}
        known = {origin for origin in origins if origin in self._rules}
        for origin in known:
            self._rules.move_to_end(origin)
        self._rules.update(known_rules(origins - known))
        while len(self._rules) > max(REMEMBERED, 2 * len(origins)):
            self._rules.popitem(last=False)

    def keep(self) -> None:
        """Write down the rules that were read since. Those that could not be written are tried again."""
        new = []
        while self._new:  # one by one: the other thread adds to them meanwhile
            new.append(self._new.popitem()[1])
        if not new:
            return
        try:
            keep_rules(new)
        except DatabaseError:
            for rules in new:
                self._new.setdefault(rules.origin, rules)
            raise

    def __getitem__(self, origin: str) -> RobotsRules:
        return self._rules[origin]

    def __setitem__(self, origin: str, rules: RobotsRules) -> None:
        self._rules[origin] = self._new[origin] = rules

    def __delitem__(self, origin: str) -> None:
        del self._rules[origin]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def known_rules(origins: Iterable[str]) -> dict[str, RobotsRules]:
    """The rules read before, by origin, however old."""
    wanted = list(origins)
    if not wanted:
        return {}
    return {
        row.origin: RobotsRules(row.origin, row.read_at, row.status, row.body, row.unreadable_since)
        for row in RobotsFile.objects.filter(origin__in=wanted)
    }


def keep_rules(rules: Iterable[RobotsRules]) -> None:
    """Keep rules that were just read, in place of the older ones."""
    RobotsFile.objects.bulk_create(
        [
            RobotsFile(
                origin=rule.origin[:300],
                read_at=rule.read_at,
                status=rule.status,
                body=rule.body,
                unreadable_since=rule.unreadable_since,
            )
            for rule in sorted(rules, key=lambda rule: rule.origin)
        ],
        update_conflicts=True,
        unique_fields=["origin"],
        update_fields=["read_at", "status", "body", "unreadable_since"],
    )
