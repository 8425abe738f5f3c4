"""Webhook endpoints: added, changed, paused, resumed, disabled, given a new secret. Each leaves a line on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Claimant, Event, Rating, Topic, User
from claims.services.record import record
from feed.choices import EndpointState
from feed.models import Delivery, Endpoint, Lane
from feed.services.returning import put_back
from feed.webhooks import signing
from sources.fetching import FetchPolicy, usable_address
from sources.urls import UnusableURL

# How long the secret before signs too after a rotation, unless said otherwise; and at most.
OVERLAP, LONGEST_OVERLAP = timedelta(hours=24), timedelta(days=7)
FILTERS = ("event_types", "rating_codes", "topic_slugs", "claimant_slugs", "languages")
# Filters that name rows: of which table, by which column.
NAMES_OF: dict[str, tuple[type[Model], str]] = {
    "rating_codes": (Rating, "code"),
    "topic_slugs": (Topic, "slug"),
    "claimant_slugs": (Claimant, "slug"),
}
# Of what there is to choose from, how many a refusal names.
NAMED = 30


class SecretLost(Exception):
    """SECRET_KEY is another one than when the endpoint's secret was made: nothing can be signed with it any more."""


@transaction.atomic
def add_endpoint(
    name: str, *, url: str, by: User | None, contact: str = "", after: int | None = None,
    at: datetime | None = None, **filters: Sequence[str],
) -> tuple[Endpoint, str]:  # fmt: skip
    """A new endpoint and its secret, to be shown to the receiver's people once. `by` is None for the command line.

    It is sent what happens after event `after` (0: everything there is), by default from now on. `filters` are
    FILTERS. Raises ValidationError.
    """
    at = at or timezone.now()
    seed = signing.new_seed()
    key = _key(seed)
    endpoint = Endpoint(
        name=name.strip(), url=_address(url), contact=contact.strip(), state_since=at, created_by=by, created_at=at,
        secret_seed=seed, secret_print=signing.fingerprint(key), cursor=_head() if after is None else after,
    )  # fmt: skip
    _set_filters(endpoint, filters)
    endpoint.full_clean()
    if endpoint.cursor > _head():
        raise ValidationError(_("There is no such event yet; the last one is %(last)s.") % {"last": _head()})
    endpoint.save()
    Lane.objects.bulk_create([Lane(endpoint=endpoint, urgent=urgent) for urgent in (False, True)])
    _record(endpoint, "webhook added", by)
    return endpoint, signing.as_secret(key)


@transaction.atomic
def change_endpoint(
    endpoint: Endpoint, *, by: User | None, name: str, url: str, contact: str,
    at: datetime | None = None, **filters: Sequence[str],
) -> Endpoint:  # fmt: skip
    """Everything but state and secret. Raises ValidationError.

    What waits is sent to the new address, at once; new filters hold for events from now on.
    """
    row = _locked(endpoint)
    before = row.url
    row.name, row.url, row.contact = name.strip(), _address(url), contact.strip()
    _set_filters(row, filters)
    row.full_clean()
    row.save(update_fields=["name", "url", "contact", *FILTERS])
    if row.url != before:
        try_now(row, at=at)
    _record(row, "webhook changed", by)
    return row


@transaction.atomic
def pause_endpoint(endpoint: Endpoint, *, by: User | None, reason: str, at: datetime | None = None) -> Endpoint:
    """Send nothing there until it is resumed. Nothing is lost: its place in the event log stays."""
    if not reason.strip():
        raise ValidationError(_("Say why: colleagues will ask."))
    row = _stop(_locked(endpoint), EndpointState.PAUSED, reason, at or timezone.now())
    _record(row, "webhook paused", by, reason)
    return row


def disable(row: Endpoint, *, reason: str, at: datetime) -> None:
    """The machine's own stop, of a locked row in the caller's transaction; its contact is to be told."""
    _stop(row, EndpointState.DISABLED, reason, at)
    row.contact_due_at, row.contact_attempts = (at if row.contact else None), 0
    row.save(update_fields=["contact_due_at", "contact_attempts"])
    _record(row, "webhook disabled", None, reason)


@transaction.atomic
def resume_endpoint(endpoint: Endpoint, *, by: User | None, at: datetime | None = None) -> Endpoint:
    """Send again, from where it stopped; what waits is tried at once.

    Dead letters since the last success are put back: nothing at all got through then, so they were not to blame.
    """
    at = at or timezone.now()
    row = _locked(endpoint)
    if row.is_active:
        return row
    row.state, row.state_reason, row.state_since = EndpointState.ACTIVE, "", at
    row.failing_for, row.contact_due_at = None, None
    row.save(update_fields=["state", "state_reason", "state_since", "failing_for", "contact_due_at"])
    died = Delivery.objects.dead().in_order().filter(endpoint=row)
    put_back(died if row.last_success_at is None else died.filter(settled_at__gt=row.last_success_at), at=at)
    try_now(row, at=at)
    _record(row, "webhook resumed", by)
    return row


@transaction.atomic
def try_now(endpoint: Endpoint, *, at: datetime | None = None) -> None:
    """Whatever waits for a next attempt is tried at once. Puts attempts forward and changes no order."""
    at = at or timezone.now()
    _locked(endpoint)
    waiting = Delivery.objects.waiting().filter(endpoint=endpoint)
    waiting.filter(next_attempt_at__gt=at).update(next_attempt_at=at)
    Lane.objects.filter(endpoint=endpoint, due_at__gt=at).update(due_at=at)


@transaction.atomic
def rotate_secret(
    endpoint: Endpoint, *, by: User | None, overlap: timedelta = OVERLAP, at: datetime | None = None
) -> tuple[Endpoint, str]:
    """A new secret, to be shown once. Until the overlap ends, both secrets sign; zero for one that leaked."""
    at = at or timezone.now()
    if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
        raise ValidationError(_("Both secrets sign for 0 to 168 hours: choose a time between them."))
    row = _locked(endpoint)
    row.previous_seed, row.previous_print, row.previous_until = "", "", None
    if overlap:
        row.previous_seed, row.previous_print, row.previous_until = row.secret_seed, row.secret_print, at + overlap
    row.secret_seed = signing.new_seed()
    key = _key(row.secret_seed)
    row.secret_print = signing.fingerprint(key)
    row.full_clean()
    row.save()
    try_now(row, at=at)
    _record(row, "webhook secret rotated", by, f"both secrets sign for {overlap}" if overlap else "at once")
    return row, signing.as_secret(key)


def signing_keys(endpoint: Endpoint, *, at: datetime) -> list[bytes]:
    """The key to sign with, and the one before while a rotation overlaps. Raises SecretLost."""
    key = _key(endpoint.secret_seed)
    if signing.fingerprint(key) != endpoint.secret_print:
        raise SecretLost("SECRET_KEY was changed since this endpoint's secret was made: rotate its secret.")
    keys = [key]
    if endpoint.overlaps(at):
        before = _key(endpoint.previous_seed)
        keys += [before] if signing.fingerprint(before) == endpoint.previous_print else []
    return keys


def checked_address(url: str) -> str:
    """The address as it will be posted to. Raises ValidationError saying how to mend it."""
    try:
        return usable_address(url, FetchPolicy.from_settings(), exempt=settings.CLAIMTRACK_FETCH_ALLOW)
    except UnusableURL as error:
        raise ValidationError(str(error)) from error


def check_names(asked: Mapping[str, Sequence[str]]) -> None:
    """Ratings, topics and claimants have to be there: a slip of the pen would silently keep everything back.

    `asked`: by field, of NAMES_OF. Raises ValidationError.
    """
    refused = {}
    for field, names in asked.items():
        model, column = NAMES_OF[field]
        rows: QuerySet[Any] = model._default_manager.all()
        known = set(rows.filter(**{f"{column}__in": names}).values_list(column, flat=True))
        if unknown := sorted(set(names) - known):
            some = ", ".join(rows.values_list(column, flat=True)[:NAMED]) or _("none yet")
            said = _("There is no %(what)s called %(unknown)s. There are: %(some)s.")
            refused[field] = said % {"what": model._meta.verbose_name, "unknown": ", ".join(unknown), "some": some}
    if refused:
        raise ValidationError(refused)


def _key(seed: str) -> bytes:
    return signing.derived_key(seed, master=settings.SECRET_KEY)


def _locked(endpoint: Endpoint) -> Endpoint:
    return Endpoint.objects.select_for_update().get(pk=endpoint.pk)


def _stop(row: Endpoint, state: EndpointState, reason: str, at: datetime) -> Endpoint:
    row.state, row.state_reason, row.state_since = state, " ".join(reason.split())[:500], at
    row.save(update_fields=["state", "state_reason", "state_since"])
    return row


def _address(url: str) -> str:
    try:
        return checked_address(url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from error


def _set_filters(endpoint: Endpoint, filters: dict[str, Sequence[str]]) -> None:
    for field in FILTERS:
        setattr(endpoint, field, list(filters.pop(field, [])))
    if filters:
        raise TypeError(f"There is no filter {', '.join(filters)}; there are {', '.join(FILTERS)}.")
    check_names({field: getattr(endpoint, field) for field in NAMES_OF})


def _head() -> int:
    head = Event.objects.head()
    return head.sequence if head else 0


def _record(endpoint: Endpoint, action: str, by: User | None, detail: str = "") -> None:
    said = f"{endpoint.name} ({endpoint.host})"
    record(None, action, by=by, detail=f"{said}: {detail}" if detail else said)
