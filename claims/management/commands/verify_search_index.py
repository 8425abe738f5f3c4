from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.services.matching import untrue_claims
from sources.management.command import FINDINGS, OK, ClaimtrackCommand, counted

# Named; the rest are counted.
MOST_NAMED = 20


class Command(ClaimtrackCommand):
    help = "Hold what every claim is matched by against its texts; names the claims that would not be found rightly."
    example = "python manage.py verify_search_index --json"

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        total, done = Claim.objects.count(), 0
        untrue: list[int] = []
        for done, wrong in untrue_claims():
            untrue += wrong
            self.progress(done, total, "claims")
        first = Claim.objects.filter(pk__in=untrue[:MOST_NAMED]).order_by("pk")
        names = list(first.values_list("public_id", flat=True))
        self.say(f"{counted(done, 'claim')} looked at, {len(untrue):,} of them not indexed as they read.")
        for name in names:
            self.say(f"  {name}")
        if untrue:
            self.say("Mend it with: manage.py rebuild_search_index")
        return (FINDINGS if untrue else OK), {"claims": done, "untrue": len(untrue), "first": names}
