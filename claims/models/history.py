from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.choices import EventType
from claims.models.claims import Claim
from claims.querysets import EventQuerySet
from claims.rendering.told import in_words
from sources.finding import words_of

ACTIVITY_WORDS = words_of("detail")


class Event(models.Model):
    """One public change, chained by hash. Written by append_events() alone; a trigger refuses any change.

    `entry` is the RFC 8785 canonical JSON of {sequence, id, type, at, verdict, data, previous_hash} as it was
    written; it is served and hashed as stored, never rendered again. The other columns repeat parts of it for queries.
    """

    sequence = models.BigIntegerField(_("sequence"), primary_key=True)
    event_id = models.CharField(_("event id"), max_length=40, unique=True)
    type = models.CharField(_("type"), max_length=40, choices=EventType.choices)
    at = models.DateTimeField(_("when"))
    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="events")
    version = models.PositiveIntegerField(_("version"))
    entry = models.TextField(_("entry"))
    previous_hash = models.CharField(_("hash before"), max_length=80)
    hash = models.CharField(_("hash"), max_length=80)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["sequence"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            # The history page: every event of one claim, in order.
            models.Index(fields=["claim", "sequence"], name="claims_event_of_claim"),
            # "Which events of this kind?", newest first.
            models.Index(fields=["type", "-sequence"], name="claims_event_by_type"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"

    @property
    def served(self) -> str:
        """The entry as the API serves it: the stored text with its hash as one more key."""
        return f'{self.entry[:-1]},"hash":"{self.hash}"}}'


class Activity(models.Model):
    """What somebody did at the desk: the newsroom's own record, never public, never edited."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="activities", null=True, blank=True
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    # Empty when the machine did it.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    action = models.CharField(_("what"), max_length=60)
    detail = models.TextField(_("details"), blank=True)
    # What it was done to, when that is another row than the claim: "claims.claimant", its key, its name at the time.
    about_kind = models.CharField(_("kind of row"), max_length=60, blank=True, default="", db_default="")
    about_id = models.CharField(_("key of the row"), max_length=40, blank=True, default="", db_default="")
    about_name = models.CharField(_("name of the row"), max_length=200, blank=True, default="", db_default="")
    # From what to what: [{"field", "from", "to"}], values as plain JSON.
    changes = models.JSONField(_("changes"), default=list, blank=True, db_default=[])

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("activity")
        verbose_name_plural = _("what the desk did")
        indexes = [
            # The record of one claim, newest first.
            models.Index(fields=["claim", "-at"], name="claims_activity_of_claim"),
            # The record of one claim or of any other row, page by page.
            models.Index(fields=["claim", "-id"], name="claims_activity_pages"),
            models.Index(
                fields=["about_kind", "about_id", "-id"], condition=~Q(about_kind=""), name="claims_activity_of_row"
            ),
            # The desk's list, whole and of one kind of act; which kinds there are.
            models.Index(fields=["-at", "-id"], name="claims_activity_newest"),
            models.Index(fields=["action", "-at", "-id"], name="claims_activity_by_action"),
            # "What did this person do?", newest first.
            models.Index(fields=["actor", "-at", "-id"], name="claims_activity_by_actor"),
            # The desk's search.
            GinIndex(ACTIVITY_WORDS, name="claims_activity_words"),
        ]

    def __str__(self) -> str:
        return f"{in_words(self.action)} ({self.actor or gettext('the machine')})"
