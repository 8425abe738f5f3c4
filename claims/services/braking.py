"""The brake: when very much changes at once, a person decides before readers hear of it.

A relaunched site, a consent wall, a proxy that answers for everybody or a mistake of ours would otherwise put a banner
on every verdict that rests on the pages. What is held opens no review, writes no event and leaves the evidence as it
was; a person releases it, or dismisses it as no change of substance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import HoldOutcome
from claims.errors import NotAllowed
from claims.models import Activity, Evidence, Hold, TouchedQuote, User
from claims.services.braking_rules import WINDOW, too_much_at_once, too_much_of_one_host
from claims.services.consequences import Disturbance, draw_consequences
from claims.services.guards import lock_claims, required
from claims.services.judging import Judged, settled_by_a_person
from claims.services.notices import tell_of_hold
from claims.services.public_changes import lock_verdicts
from claims.services.record import record

# How many released quotes are worked off in one transaction; the rest follows at the next beat.
SETTLED_AT_ONCE = 100
# Any constant does; it only has to be the same in every process.
BRAKE_LOCK_KEY = 0x6272_616B_65


def take_brake(*, wait: bool) -> bool:
    """One at a time counts and decides, until its transaction ends; False when somebody else is at it.

    Two sweeps side by side could each stay below a limit that they exceed together. Taken before every row lock.
    """
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [BRAKE_LOCK_KEY])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [BRAKE_LOCK_KEY])
        return bool(cursor.fetchone()[0])


def brake(judged: list[Judged], *, at: datetime) -> set[int]:
    """Hold what is too much at once; the keys of the evidence that stays as it is until a person decides.

    Belongs inside the transaction that assesses the changes, which holds take_brake().
    """
    keys = [one.stored.pk for one in judged]
    public = set(Evidence.objects.in_public().filter(pk__in=keys).values_list("pk", flat=True))
    waiting = {row.evidence_id: row for row in _waiting_on(keys)}
    fresh = []
    for one in judged:
        if one.stored.pk in waiting:
            _renew(waiting[one.stored.pk], one, at)
        elif one.stored.pk in public and _is_news(one):
            fresh.append(_touched(one, at))
    _hold(fresh, at)
    return {row.evidence_id for row in (*waiting.values(), *fresh) if row.hold_id and row.is_disturbed}


def _waiting_on(evidence: Collection[int]) -> list[TouchedQuote]:
    return list(TouchedQuote.objects.waiting().filter(evidence__in=evidence).select_related("hold"))


def _is_news(one: Judged) -> bool:
    """Readers would see the quote altered or missing, and nobody has settled that yet."""
    return one.moved and one.evidence.is_disturbed and not settled_by_a_person(one.evidence, seen=one.first_seen)


def _touched(one: Judged, at: datetime) -> TouchedQuote:
    assert one.change is not None
    evidence = one.evidence
    return TouchedQuote(
        evidence=evidence,
        change=one.change,
        host=one.change.source.host,
        at=at,
        status=evidence.quote_status,
        found=evidence.quote_found,
        counts=evidence.load_bearing,
        settled_at=at,
    )


def _renew(row: TouchedQuote, one: Judged, at: datetime) -> None:
    """A held quote was looked at again: the hold shows what its page says now."""
    assert row.hold is not None and one.change is not None
    says = one.evidence.quote_status, one.evidence.quote_found
    if (row.status, row.found) != says:
        row.status, row.found = says
        row.at, row.revision = at, _next_revision(row.hold)
    row.change = one.change
    row.save(update_fields=["status", "found", "change", "at", "revision"])


def _hold(fresh: list[TouchedQuote], at: datetime) -> None:
    """Put into holds what belongs there, and write it all down."""
    by_host: dict[str, list[TouchedQuote]] = defaultdict(list)
    for row in fresh:
        by_host[row.host].append(row)
    held_hosts = _held_hosts()
    for host, rows in by_host.items():
        if host in held_hosts:
            _join(held_hosts[host], rows)
        elif why := too_much_of_one_host(host, rows, at):
            held_hosts[host] = _open(host, why, rows, at)
    rest = [row for row in fresh if row.hold is None]
    if why := too_much_at_once(rest, at, explained={host for host, hold in held_hosts.items() if hold.host}):
        _open("", why, rest, at)
    TouchedQuote.objects.bulk_create([row for row in fresh if row.hold or row.counts])


def _held_hosts() -> dict[str, Hold]:
    """Every host that an open hold concerns."""
    waiting = TouchedQuote.objects.waiting().filter(hold__decided_at__isnull=True)
    holds = {hold.pk: hold for hold in Hold.objects.open()}
    hosts = {host: holds[hold] for host, hold in waiting.values_list("host", "hold_id").distinct()}
    return hosts | {hold.host: hold for hold in holds.values() if hold.host}


def _open(host: str, why: str, rows: list[TouchedQuote], at: datetime) -> Hold:
    hold, is_new = Hold.objects.get_or_create(host=host, decided_at=None, defaults={"opened_at": at, "why": why})
    _join(hold, rows)
    if is_new:
        record(None, "held changes", by=None, detail=f"{hold}: {why}", at=at)
        tell_of_hold(hold, at=at)
    return hold


def _join(hold: Hold, rows: list[TouchedQuote]) -> None:
    revision = _next_revision(hold)
    for row in rows:
        row.hold, row.revision, row.settled_at = hold, revision, None


def _next_revision(hold: Hold) -> int:
    hold.revision += 1
    hold.save(update_fields=["revision"])
    return hold.revision


@transaction.atomic
def release_hold(hold: Hold, *, by: User, reason: str, seen: int | None = None, at: datetime | None = None) -> Hold:
    """The changes are real: open the reviews and tell readers, as without the hold.

    `seen`: the hold's revision this person looked at; what joined or changed later stays held, in a hold of its own.
    Raises NotAllowed (not a reviewer, decided already) and ValidationError (no reason).
    """
    decided = _decide(hold, HoldOutcome.RELEASED, by=by, reason=reason, seen=seen, at=at or timezone.now())
    assert decided.decided_at is not None
    settle_released(at=decided.decided_at)
    return decided


@transaction.atomic
def dismiss_hold(hold: Hold, *, by: User, reason: str, seen: int | None = None, at: datetime | None = None) -> Hold:
    """No change of substance: the evidence stays as it was, and the same text of a page asks nobody again.

    Another text is judged anew. `seen` and errors as for release_hold().
    """
    decided = _decide(hold, HoldOutcome.DISMISSED, by=by, reason=reason, seen=seen, at=at or timezone.now())
    decided.touches.waiting().update(settled_at=decided.decided_at)
    return decided


def _decide(hold: Hold, outcome: HoldOutcome, *, by: User, reason: str, seen: int | None, at: datetime) -> Hold:
    if not by.may_approve:
        raise NotAllowed(_("Only a reviewer or an administrator may decide about held changes."))
    take_brake(wait=True)
    lock_claims(hold.touches.values_list("evidence__claim", flat=True))
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if not locked.is_open:
        raise NotAllowed(
            _("%(decided_by)s has decided about these changes already.") % {"decided_by": locked.decided_by}
        )
    locked.reason = required(reason, _("Say why: colleagues see it, and it is kept."))
    locked.decided_at, locked.decided_by, locked.outcome = at, by, outcome
    locked.full_clean()
    locked.save(update_fields=["decided_at", "decided_by", "outcome", "reason"])
    if seen is not None:
        _hold_what_came_later(locked, seen, at)
    _count_afresh(locked, at)
    _record_decision(locked)
    return locked


def _hold_what_came_later(hold: Hold, seen: int, at: datetime) -> None:
    later = hold.touches.filter(revision__gt=seen)
    number = later.count()
    if not number:
        return
    successor = Hold.objects.create(
        host=hold.host,
        opened_at=at,
        revision=hold.revision,
        why=f"{number} quotes changed while a colleague was deciding about {hold}.",
    )
    later.update(hold=successor)
    tell_of_hold(successor, at=at)


def _count_afresh(hold: Hold, at: datetime) -> None:
    """A person has looked: what comes next is counted without what there was before."""
    lately = TouchedQuote.objects.counted_since(at - WINDOW)
    if hold.host:
        lately = lately.filter(host=hold.host)
    lately.filter(Q(hold=None) | Q(hold__decided_at__isnull=False)).update(counts=False)


def _record_decision(hold: Hold) -> None:
    action = "released held changes" if hold.outcome == HoldOutcome.RELEASED else "dismissed held changes"
    assert hold.decided_at is not None
    record(None, action, by=hold.decided_by, detail=f"{hold}: {hold.reason}", at=hold.decided_at)
    claims = hold.touches.order_by("evidence__claim").values_list("evidence__claim", flat=True).distinct()
    Activity.objects.bulk_create(
        Activity(claim_id=claim, actor=hold.decided_by, action=action, detail=hold.reason, at=hold.decided_at)
        for claim in claims
    )


def settle_released(*, at: datetime, limit: int = SETTLED_AT_ONCE) -> int:
    """Draw the consequences of up to `limit` released quotes; returns how many. Called again until there are none.

    Belongs inside a transaction that holds take_brake().
    """
    released = TouchedQuote.objects.waiting().filter(hold__outcome=HoldOutcome.RELEASED)
    some = list(released.order_by("evidence__claim", "pk").values_list("pk", "evidence__claim")[:limit])
    verdicts = lock_verdicts([claim for _pk, claim in some])
    # Asked again behind the claims: what was withheld meanwhile waits no more.
    still = released.filter(pk__in=[pk for pk, _claim in some])
    rows = list(still.select_for_update(of=("self",)).order_by("evidence__claim", "pk"))
    noticed = {row.evidence_id: row for row in rows if row.is_disturbed}
    disturbed: dict[int, Disturbance] = {}
    for evidence in Evidence.objects.select_for_update(of=("self",)).filter(pk__in=noticed).order_by("pk"):
        touched = noticed[evidence.pk]
        if (evidence.quote_status, evidence.quote_found) == (touched.status, touched.found):
            continue
        if evidence.quote_status != touched.status:
            evidence.quote_status_since = at
        evidence.quote_status, evidence.quote_found = touched.status, touched.found
        evidence.save(update_fields=["quote_status", "quote_status_since", "quote_found"])
        moved = disturbed.setdefault(evidence.claim_id, Disturbance(noticed=touched.at))
        moved.quotes.append(evidence)
        # The person who released it has only now seen it: no review that was settled before is about this.
        moved.seen[evidence.pk] = at
    draw_consequences(disturbed, verdicts, at=at)
    TouchedQuote.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=at)
    return len(rows)
