"""Whom and what the words of a table mean at this desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from claims.importing.claim_rows import ClaimRow
from claims.models import Claimant, FiledClaim, Topic

CHUNK = 1000


class Known:
    """Claimants by id, name and alias, topics by name and slug, in any capitals; rows that became claims before."""

    def __init__(self, rows: Iterable[ClaimRow]) -> None:
        rows = list(rows)
        wanted = {row.claimant.casefold() for row in rows if row.claimant}
        self.claimants: dict[str, set[int]] = defaultdict(set)
        if wanted:
            people = Claimant.objects.order_by().values_list("pk", "public_id", "name", "aliases")
            for pk, public_id, name, aliases in people.iterator(chunk_size=CHUNK):
                for word in {public_id.casefold(), name.casefold(), *(alias.casefold() for alias in aliases)}:
                    if word in wanted:
                        self.claimants[word].add(pk)
        self.topics: dict[str, int] = {}
        for pk, name, slug in Topic.objects.order_by("-pk").values_list("pk", "name", "slug"):
            self.topics[slug.casefold()] = pk
            self.topics[name.casefold()] = pk
        keys = [row.key for row in rows]
        self.keys: set[str] = set()
        for start in range(0, len(keys), CHUNK):
            here = FiledClaim.objects.filter(key__in=keys[start : start + CHUNK])
            self.keys.update(here.values_list("key", flat=True))

    def judge(self, row: ClaimRow, *, make_missing: bool) -> None:
        """Adds to the row's findings whom and what the desk does not know, or knows twice."""
        found = self.claimants.get(row.claimant.casefold(), set()) if row.claimant else {0}
        if len(found) > 1:
            row.refuse(
                "claimant",
                _("%(count)s claimants are called “%(name)s”: write the id of the one you mean.")
                % {"count": len(found), "name": row.claimant},
            )
        elif not found and not make_missing:
            row.refuse(
                "claimant",
                _("Nobody at the desk is called “%(name)s”: mend the name, or tick “enter who and what is new”.")
                % {"name": row.claimant},
            )
        for topic in row.topics:
            if topic.casefold() not in self.topics and not make_missing:
                row.refuse(
                    "topics",
                    _("There is no topic “%(name)s”: mend it, or tick “enter who and what is new”.") % {"name": topic},
                )
