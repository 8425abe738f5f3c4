"""Who is told of public changes, what is on its way to them, and what happened when it was sent."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import EventType
from claims.models import Claim, Event
from claims.models.identity import LANGUAGE_TAG
from feed.choices import DeliveryState, EndpointState
from feed.querysets import DeliveryQuerySet, EndpointQuerySet, LaneQuerySet

# Of an answer's body, what is kept to understand it later.
KEPT_OF_ANSWER = 500


def _names(label: Any, help_text: Any, **field: Any) -> ArrayField[list[str], list[str]]:
    """A list of codes by which an endpoint narrows what it is sent."""
    base: models.CharField[str, str] = models.CharField(max_length=100, **field)
    return ArrayField(base, verbose_name=label, default=list, blank=True, help_text=help_text)


class Endpoint(models.Model):
    """One address of a newsroom that public changes are posted to. Written by feed.services alone."""

    name = models.CharField(
        _("name"), max_length=120, help_text=_("Whose machine it is, as you would say it: “CMS of the Herald”.")
    )
    url = models.CharField(
        _("address"), max_length=2048, help_text=_("Where changes are posted to; begins with https://.")
    )
    contact = models.EmailField(
        _("contact"), blank=True, help_text=_("Is written to when nothing is sent there any more.")
    )
    event_types = _names(_("kinds of events"), _("None chosen: all."), choices=EventType.choices)
    rating_codes = _names(_("ratings"), _("None chosen: all."))
    topic_slugs = _names(_("topics"), _("Last parts of topics' addresses, with commas between them. Empty: all."))
    claimant_slugs = _names(
        _("claimants"), _("Last parts of claimants' addresses, with commas between them. Empty: all.")
    )
    languages = _names(
        _("languages"),
        _("Languages verdicts are written in: en, ru. “en” also means en-GB. Empty: all."),
    )
    # What the signing key is derived from together with SECRET_KEY (see signing.py), and the key's fingerprint,
    # by which a changed SECRET_KEY is noticed. Whoever reads the database or a backup of it can sign nothing.
    secret_seed = models.CharField(max_length=64)
    secret_print = models.CharField(max_length=64)
    # The same of the secret before; signs beside the new one until then.
    previous_seed = models.CharField(max_length=64, blank=True)
    previous_print = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=EndpointState.choices, default=EndpointState.ACTIVE)
    state_reason = models.CharField(_("why"), max_length=500, blank=True)
    state_since = models.DateTimeField(_("since"), default=timezone.now)
    # Sequence of the last event that was looked at for this endpoint: what it wants of those has its delivery.
    cursor = models.BigIntegerField(_("events looked at"), default=0)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    # How long deliveries have been tried without one success; time with nothing to deliver does not count.
    failing_for = models.DurationField(null=True, blank=True)
    # When its contact is to be mailed why nothing is sent any more; NULL: nothing to tell.
    contact_due_at = models.DateTimeField(null=True, blank=True)
    contact_attempts = models.PositiveSmallIntegerField(default=0)
    # Empty when the command made it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("webhook endpoint")
        constraints = [
            # Commands name it.
            models.UniqueConstraint(fields=["name"], name="feed_endpoint_name_once"),
            # Who stopped it says why.
            models.CheckConstraint(
                name="feed_stopped_endpoint_says_why", condition=Q(state="active") | ~Q(state_reason="")
            ),
            models.CheckConstraint(name="feed_endpoint_state_is_known", condition=Q(state__in=EndpointState.values)),
            # An old secret that never ends would be a second secret.
            models.CheckConstraint(
                name="feed_previous_secret_ends",
                condition=Q(previous_seed="", previous_until__isnull=True)
                | (~Q(previous_seed="") & Q(previous_until__isnull=False)),
            ),
            models.CheckConstraint(name="feed_endpoint_cursor_is_a_place", condition=Q(cursor__gte=0)),
        ]
        indexes = [
            # "Who has not seen the newest event?"
            models.Index(fields=["cursor"], condition=Q(state="active"), name="feed_endpoint_behind"),
            # "Whose contact is to be mailed?"
            models.Index(
                fields=["contact_due_at"], condition=Q(contact_due_at__isnull=False), name="feed_endpoint_contact_due"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.name.isprintable():
            raise ValidationError({"name": _("Write it on one line: logs and mails repeat it.")})
        for field in ("event_types", "rating_codes", "topic_slugs", "claimant_slugs", "languages"):
            names = getattr(self, field)
            if len(set(names)) != len(names):
                raise ValidationError({field: _("Name each one once.")})
        if wrong := [tag for tag in self.languages if not re.match(LANGUAGE_TAG, tag)]:
            said = _("“%(tag)s” is no language tag: write en, ru, kk or pt-BR.")
            raise ValidationError({"languages": said % {"tag": wrong[0]}})

    @property
    def is_active(self) -> bool:
        """Same rule: EndpointQuerySet.active()."""
        return self.state == EndpointState.ACTIVE

    @property
    def host(self) -> str:
        """Without the path, which often is a password."""
        return urlsplit(self.url).netloc

    def overlaps(self, at: datetime) -> bool:
        """The secret before the present one still signs."""
        return self.previous_until is not None and at < self.previous_until

    def get_absolute_url(self) -> str:
        return reverse("admin:feed_endpoint_change", args=[self.pk])


class Lane(models.Model):
    """Whose turn it is. Deliveries of one lane leave one after the other; whoever sends holds the lane's lease.

    Each endpoint has two: everything in order, and what cannot wait for its turn (`urgent`).
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="lanes", db_index=False)
    urgent = models.BooleanField()
    # When its first delivery is to be tried; NULL: nothing waits.
    due_at = models.DateTimeField(null=True, blank=True)
    # Until when somebody is sending. A worker that is killed loses its lane by itself.
    leased_until = models.DateTimeField(null=True, blank=True)

    objects = LaneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "urgent"], name="feed_lane_once"),
        ]
        indexes = [
            # "Which lanes are due?"
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="feed_lane_due"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint}{' (urgent)' if self.urgent else ''}"


class Delivery(models.Model):
    """One event on its way to one endpoint. What is sent is rendered when it is sent; nothing of it is kept here."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.PROTECT, related_name="deliveries", db_index=False, verbose_name=_("endpoint")
    )
    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Overtakes what waits in order; the same event goes out in its turn as well, under the same id.
    urgent = models.BooleanField(_("at once"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    queued_at = models.DateTimeField(_("queued"))
    # Attempts since it was queued last; the log has all of them.
    attempts_made = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    # When it was delivered or given up.
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            # "Is this event queued for this endpoint?" Also finds all of an endpoint's, in order.
            models.UniqueConstraint(fields=["endpoint", "event", "urgent"], name="feed_delivery_once"),
            models.CheckConstraint(name="feed_delivery_state_is_known", condition=Q(state__in=DeliveryState.values)),
            # What waits has a next attempt and no end; what is settled the other way round.
            models.CheckConstraint(
                name="feed_delivery_waits_or_is_settled",
                condition=Q(state="waiting", settled_at__isnull=True, next_attempt_at__isnull=False)
                | (~Q(state="waiting") & Q(settled_at__isnull=False, next_attempt_at__isnull=True)),
            ),
        ]
        indexes = [
            # "What is this lane's next?"
            models.Index(
                fields=["endpoint", "urgent", "event"], condition=Q(state="waiting"), name="feed_delivery_next"
            ),
            # "Which are this endpoint's dead letters?" and "Which were delivered long ago?"
            models.Index(
                fields=["endpoint", "state", "settled_at"], condition=~Q(state="waiting"), name="feed_delivery_settled"
            ),
            # "Who was sent anything about this verdict?"
            models.Index(fields=["event"], name="feed_delivery_of_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.endpoint}"

    @property
    def is_waiting(self) -> bool:
        """Same rule: DeliveryQuerySet.waiting()."""
        return self.state == DeliveryState.WAITING

    @property
    def is_delivered(self) -> bool:
        """Same rule: DeliveryQuerySet.delivered()."""
        return self.state == DeliveryState.DELIVERED

    @property
    def is_dead(self) -> bool:
        """Same rule: DeliveryQuerySet.dead()."""
        return self.state == DeliveryState.DEAD


class Told(models.Model):
    """Something about this claim was queued for this endpoint once, so it hears of corrections for ever (wanting.py).

    Outlives the deliveries themselves, which are pruned.
    """

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="+", db_index=False)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "claim"], name="feed_told_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} → {self.endpoint}"


class Attempt(models.Model):
    """One request and what came back.

    Triggers refuse any change but the blanking of an answer (erasing.py) and the pruning of old ones (pruning.py).
    """

    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), on_delete=models.PROTECT, related_name="attempts", db_index=False
    )
    at = models.DateTimeField(_("at"))
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    # NULL: no HTTP answer arrived.
    status = models.PositiveSmallIntegerField(_("status"), null=True, blank=True)
    # Why it counts as failed, in plain words; empty for a success.
    error = models.CharField(_("error"), max_length=500, blank=True)
    # The beginning of the answer's body.
    answer = models.CharField(_("answer"), max_length=KEPT_OF_ANSWER, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            # "What happened to this delivery?"
            models.Index(fields=["delivery", "-at"], name="feed_attempt_of_delivery"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status or self.error}"
