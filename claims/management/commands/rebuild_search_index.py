from __future__ import annotations

from typing import Any

from claims.models import Claim
from claims.services.matching import rebuild_index
from sources.management.command import OK, ClaimtrackCommand, counted


class Command(ClaimtrackCommand):
    help = "Write anew what every claim is matched by, and count how common each word is, while the site serves."
    example = "python manage.py rebuild_search_index"

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        total, done = Claim.objects.count(), 0
        for done in rebuild_index():
            self.progress(done, total, "claims")
        self.say(f"{counted(done, 'claim')} written, words counted.")
        return OK, {"claims": done}
