"""Retention: uneventful visits of months ago become one row per source, month and outcome. Nothing else is deleted.

Eventful visits stay for ever. A visit is uneventful when it found the page as the visit before it did: same
outcome, text, version, address and redirects, nothing counted, no error, no change recorded. So every version keeps the
visit that brought it, and because "the same as the one before" holds through any number of them, it does not matter in
which order or in how many runs they go.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sources.models import RollUpPosition, SourceCheck
from sources.states import FOUND

# Visits looked at in one transaction: some tenths of a second.
BATCH = 5_000
# A visit dated further ahead than this past the ones before it was written by a clock that jumped: it is passed over
# and kept. Nearer ones are only not old enough yet, and waited for.
JUMPED = timedelta(days=1)

# Deleted and counted in one statement, so that no visit is counted twice or lost. The previous visit is looked up by
# sourcecheck_newest_of_source; the newest of each source stays, whatever it found.
ROLL_UP = """
WITH uneventful AS (
    SELECT visit.id
    FROM sources_sourcecheck visit
    CROSS JOIN LATERAL (
        SELECT * FROM sources_sourcecheck earlier
        WHERE earlier.source_id = visit.source_id AND (earlier.at, earlier.id) < (visit.at, visit.id)
        ORDER BY earlier.at DESC, earlier.id DESC LIMIT 1
    ) previous
    WHERE visit.id > %(after)s AND visit.id <= %(up_to)s AND visit.at < %(before)s
        AND visit.outcome = ANY(%(found)s) AND NOT visit.counted AND visit.error = ''
        AND previous.outcome = visit.outcome
        AND previous.text_sha256 = visit.text_sha256
        AND previous.snapshot_id IS NOT DISTINCT FROM visit.snapshot_id
        AND previous.final_url = visit.final_url
        AND previous.hops = visit.hops
        AND EXISTS (
            SELECT FROM sources_sourcecheck later
            WHERE later.source_id = visit.source_id AND (later.at, later.id) > (visit.at, visit.id)
        )
        AND NOT EXISTS (
            SELECT FROM sources_sourcechange change WHERE change.source_id = visit.source_id AND change.at = visit.at
        )
        AND NOT EXISTS (
            SELECT FROM sources_snapshot made WHERE made.source_id = visit.source_id AND made.taken_at = visit.at
        )
), gone AS (
    DELETE FROM sources_sourcecheck visit USING uneventful WHERE visit.id = uneventful.id
    RETURNING visit.source_id, visit.outcome, visit.at
), counted AS (
    INSERT INTO sources_checksummary AS summary (source_id, month, outcome, visits, first_at, last_at)
    SELECT source_id, date_trunc('month', at AT TIME ZONE 'UTC')::date, outcome, count(*), min(at), max(at)
    FROM gone GROUP BY 1, 2, 3
    ON CONFLICT (source_id, month, outcome) DO UPDATE SET
        visits = summary.visits + excluded.visits,
        first_at = least(summary.first_at, excluded.first_at),
        last_at = greatest(summary.last_at, excluded.last_at)
)
SELECT count(*) FROM gone
"""


def roll_up_checks(*, before: datetime | None = None, limit: int = 20 * BATCH) -> int:
    """Sum up uneventful visits made before this time (default: `KEEP_CHECKS` ago); returns how many.

    Looks at no more than about `limit` visits, batch by batch in transactions of their own: killed at any moment, what
    is done is done and counted once. While another roll-up runs, this one does nothing.
    """
    before = before or timezone.now() - settings.KEEP_CHECKS
    RollUpPosition.objects.get_or_create(pk=1)
    rolled_up = 0
    for start in range(0, limit, BATCH):
        found = _batch(before, min(BATCH, limit - start))
        if found is None:
            break
        rolled_up += found
    return rolled_up


@transaction.atomic
def _batch(before: datetime, size: int) -> int | None:
    """How many of the next `size` visits were rolled up; None when there is nothing left to look at."""
    position = RollUpPosition.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    up_to = position and _old_enough(position.check_id, before, size)
    if not position or not up_to:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL claimtrack.allow_roll_up = 'on'")
        cursor.execute(
            ROLL_UP,
            {"after": position.check_id, "up_to": up_to, "before": before, "found": [str(word) for word in FOUND]},
        )
        (count,) = cursor.fetchone()
        cursor.execute("SET LOCAL claimtrack.allow_roll_up = 'off'")
    RollUpPosition.objects.filter(pk=1).update(check_id=up_to)
    return int(count)


def _old_enough(after: int, before: datetime, size: int) -> int | None:
    """The last visit of the next `size`, in the order they were written, before the first that must wait."""
    rows = SourceCheck.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "at")[:size]
    last = None
    for pk, at in rows:
        if before <= at < before + JUMPED:
            break
        if at < before:
            last = pk
    return last
