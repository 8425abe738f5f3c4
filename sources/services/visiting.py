from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from sources.choices import Availability
from sources.fetching import Fetched, FetchPolicy, Request, fetch_all
from sources.models import Source, SourceCheck
from sources.states import TABLE
from sources.urls import origin_of

from .knowing import known_pages
from .observing import Visit, observe
from .robots import keep_rules, known_rules
from .storing import store_visits
from .turns import turns

# How long a visit asked for by a person waits for its hosts to be free, in seconds.
WAIT_FOR_HOSTS = 60.0
# If more than this share of the hosts of one sweep fail, and there are enough of them to tell, the fault is ours.
OUTAGE_SHARE = 0.5
OUTAGE_HOSTS = 10
# Bodies of one batch are fetched side by side; rows are written batch by batch.
BATCH = 200


def visit_sources(source_ids: Iterable[int], *, at: datetime | None = None) -> list[SourceCheck]:
    """Visit these sources now, each in its host's turn, and write down what was found.

    Fetches outside any transaction and writes each source in one of its own. Sources whose host stays busy for
    `WAIT_FOR_HOSTS` seconds are left for the next sweep and missing from the result.
    """
    at = at or timezone.now()
    ids = list(dict.fromkeys(source_ids))
    checks: list[SourceCheck] = []
    for start in range(0, len(ids), BATCH):
        chosen = Source.objects.filter(pk__in=ids[start : start + BATCH])
        hosts = set(chosen.values_list("host", flat=True))
        with turns(hosts, delay=settings.RECHECK_HOST_DELAY, wait=WAIT_FOR_HOSTS) as free:
            checks += visit_held(chosen.filter(host__in=free), at)
    return checks


def visit_held(chosen: QuerySet[Source], at: datetime) -> list[SourceCheck]:
    """Visit sources whose hosts' turns are already held."""
    sources = list(chosen.select_related("current_snapshot").defer("current_snapshot__text"))
    if not sources:
        return []
    policy = FetchPolicy.from_settings()
    known = known_pages(sources)
    robots = known_rules({origin_of(source.canonical_url) for source in sources})
    before = dict(robots)

    def digest(key: int, fetched: Fetched) -> Visit:
        return observe(key, fetched, known[key], at)

    visits = fetch_all([_request(source) for source in sources], policy, robots, at, digest=digest)
    keep_rules(rules for origin, rules in robots.items() if before.get(origin) is not rules)
    _mark_our_outage(visits, {source.pk: source.host for source in sources})
    return store_visits(visits.values())


def _request(source: Source) -> Request:
    """Conditional only where "not modified" would say something: not while suspect or with a change to confirm."""
    settled = source.availability in (Availability.LIVE, Availability.MOVED) and source.pending_since is None
    if not settled or source.current_snapshot_id is None:
        return Request(source.pk, source.canonical_url)
    return Request(source.pk, source.canonical_url, source.etag, source.last_modified)


def _mark_our_outage(visits: dict[int, Visit], hosts: dict[int, str]) -> None:
    by_host: dict[str, list[Visit]] = {}
    for key, visit in visits.items():
        by_host.setdefault(hosts[key], []).append(visit)
    # Only failures without any answer can be ours: a 404 came from somewhere.
    failing = [
        host
        for host, seen in by_host.items()
        if all(TABLE[visit.outcome].counts and visit.http_status is None for visit in seen)
    ]
    if len(by_host) >= OUTAGE_HOSTS and len(failing) > OUTAGE_SHARE * len(by_host):
        for visit in visits.values():
            visit.our_outage = visit.http_status is None


def lease_time() -> timedelta:
    """How long a claimed source stays with its worker; longer than any task may run (CELERY_TASK_TIME_LIMIT)."""
    return timedelta(seconds=getattr(settings, "CELERY_TASK_TIME_LIMIT", 540) + 60)
