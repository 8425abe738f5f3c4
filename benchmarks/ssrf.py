"""How many of the known attacks on a fetcher reach a loopback service: the list that the tests use, as a table."""

from __future__ import annotations

import os
import sys
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from tests.sources_support.ssrf import ATTACKS, DIRECT, REDIRECTED, Range, refused_by  # noqa: E402


def main() -> int:
    """One line per attack, then the sums; 1 when a connection got through."""
    ground = Range.open()
    sums: Counter[tuple[str, str]] = Counter()
    print(f"| {'attack':<62} | {'refused by':<34} | bytes at the canary |\n|---|---|---|")
    for attack in ATTACKS:
        before = ground.canary.bytes
        by = refused_by(ground.attempt(attack)) or "something else"
        print(f"| {ascii(attack.name)[1:-1][:62]:<62} | {by:<34} | {ground.canary.bytes - before} |")
        kind = "written directly" if attack in DIRECT else "by a redirect" if attack in REDIRECTED else "by a name"
        sums[kind, by] += 1
    ground.canary.settle(0.5)
    print("\n| way | refused by | attacks |\n|---|---|---|")
    for (kind, by), count in sorted(sums.items()):
        print(f"| {kind} | {by} | {count} |")
    canary = ground.canary
    print(f"\n{len(ATTACKS)} attacks, {canary.connections} connections and {canary.bytes} bytes at the canary.")
    ground.close()
    return int(canary.connections > 0)


if __name__ == "__main__":
    sys.exit(main())
