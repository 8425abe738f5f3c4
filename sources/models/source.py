from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.choices import Availability
from sources.finding import words_of
from sources.identity import new_public_id
from sources.querysets import SourceQuerySet

# A canonical URL is ASCII; this length always fits PostgreSQL's 2,704-byte index entry.
MAX_URL = 2048
# What the list at the desk finds a source by.
SOURCE_WORDS = words_of("title", "publisher", addresses=["canonical_url"])


class Source(models.Model):
    """A page that claims rest on, and its present state. Its history is in checks, snapshots and changes."""

    public_id = models.CharField(_("public id"), max_length=16, default=new_public_id, editable=False)
    url = models.CharField(
        _("URL as given"), max_length=MAX_URL, help_text=_("The address as somebody first typed it.")
    )
    canonical_url = models.CharField(
        _("canonical URL"),
        max_length=MAX_URL,
        help_text=_("The address we visit: normalised, and moved along when the site moved the page for good."),
    )
    host = models.CharField(_("host"), max_length=255, editable=False)

    title = models.CharField(
        _("title"),
        max_length=500,
        blank=True,
        help_text=_("The page's own title; filled by the first capture if empty."),
    )
    publisher = models.CharField(
        _("publisher"), max_length=200, blank=True, help_text=_("Who published the page, as readers know them.")
    )
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("Language code such as en, ru or kk.")
    )
    pinned = models.BooleanField(
        _("settled by a person"),
        default=False,
        help_text=_("A person has settled the availability; visits go on but no longer change it."),
    )
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("settled by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="pinned_sources",
    )
    pinned_reason = models.CharField(_("reason"), max_length=500, blank=True, help_text=_("Why a person settled it."))
    is_demo = models.BooleanField(
        _("demonstration"), default=False, help_text=_("Part of the demonstration; never shown as a finding.")
    )

    availability = models.CharField(
        _("availability"), max_length=12, choices=Availability.choices, default=Availability.NEW
    )
    availability_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    current_snapshot = models.ForeignKey(
        "sources.Snapshot",
        verbose_name=_("newest version"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The version the page shows now, as far as a confirmed visit knows."),
    )
    last_checked_at = models.DateTimeField(_("last visit"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("last reached"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next visit"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    counted_failures = models.PositiveSmallIntegerField(_("failures that count"), default=0)
    last_counted_failure_at = models.DateTimeField(_("last failure that counted"), null=True, blank=True)
    # Visits in a row that found the page and no change: the step on the schedule.
    unchanged_visits = models.PositiveIntegerField(default=0)
    # Visits in a row that said nothing about the page (our fault, "come later"): the step of the backoff.
    retries = models.PositiveSmallIntegerField(default=0)
    # Visits in a row that failed by a fault of ours (a crash, a full disk): a poison source is shown, never lost.
    faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    # A change that only one visit has seen so far.
    pending_since = models.DateTimeField(null=True, blank=True)
    pending_raw_sha256 = models.CharField(max_length=64, blank=True)
    pending_text_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            # Public addresses never collide.
            models.UniqueConstraint(fields=["public_id"], name="source_public_id_once"),
            # One page is one source, however often and in whatever spelling it is cited.
            models.UniqueConstraint(fields=["canonical_url"], name="source_canonical_url_once"),
            # Only the contract's state words.
            models.CheckConstraint(condition=Q(availability__in=Availability.values), name="source_availability_known"),
            # A count of failures always says when the last was counted; otherwise spacing cannot be kept.
            models.CheckConstraint(
                condition=Q(counted_failures=0, last_counted_failure_at=None)
                | Q(counted_failures__gt=0, last_counted_failure_at__isnull=False),
                name="source_counted_failures_dated",
            ),
            # Nothing is called dead by a machine on fewer than two counted failures; a person's pin may.
            models.CheckConstraint(
                condition=~Q(availability=Availability.DEAD) | Q(pinned=True) | Q(counted_failures__gte=2),
                name="source_dead_needs_counted_failures",
            ),
            # A person who overrules the machine says why.
            models.CheckConstraint(condition=Q(pinned=False) | ~Q(pinned_reason=""), name="source_pin_has_reason"),
            # An unconfirmed change is either wholly there or not at all.
            models.CheckConstraint(
                condition=Q(pending_since=None, pending_text_sha256="")
                | (Q(pending_since__isnull=False) & ~Q(pending_text_sha256="")),
                name="source_pending_whole",
            ),
        ]
        indexes = [
            # "Which sources are due?": the queue that every sweep walks along, without reading a row.
            models.Index(fields=["next_check_at", "id"], include=["host"], name="source_due"),
            # "How is this host doing?"
            models.Index(fields=["host"], name="source_host"),
            # "Which sources are dead, suspect, blocked?", newest trouble first.
            models.Index(fields=["availability", "-availability_since"], name="source_availability"),
            # "Which changes wait to be confirmed?", few among many.
            models.Index(fields=["pending_since"], condition=Q(pending_since__isnull=False), name="source_pending"),
            # "Which visits fail by a fault of ours?", worst first, few among many.
            models.Index(fields=["-faults"], condition=Q(faults__gt=0), name="source_faulty"),
            # The list at the desk: what changed its state last.
            models.Index(fields=["-availability_since", "-id"], name="source_newest_state"),
            # "Which sources are in this language?", and in which languages there are any.
            models.Index(fields=["language", "-availability_since", "-id"], name="source_language"),
            # "Which sources hold these words?"
            GinIndex(SOURCE_WORDS, name="source_words"),
            # "Which did people settle?", few among many.
            models.Index(fields=["-availability_since", "-id"], condition=Q(pinned=True), name="source_pinned"),
            # "Which belong to the demonstration?", few among many.
            models.Index(fields=["-availability_since", "-id"], condition=Q(is_demo=True), name="source_demo"),
        ]

    def __str__(self) -> str:
        return self.title or self.canonical_url

    def is_due(self, at: datetime) -> bool:
        """Whether `SourceQuerySet.due(at)` holds for this row."""
        return self.next_check_at <= at and (self.leased_until is None or self.leased_until <= at)

    def is_unreachable(self) -> bool:
        """Whether `SourceQuerySet.unreachable()` holds for this row."""
        return self.availability in (Availability.SUSPECT, Availability.DEAD)

    def is_at_risk(self) -> bool:
        """Whether `SourceQuerySet.at_risk()` holds for this row."""
        return self.availability == Availability.SUSPECT and self.counted_failures > 0


class FormerUrl(models.Model):
    """A canonical URL that a source had before it moved; still leads to the source when cited again."""

    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="former_urls")
    canonical_url = models.CharField(_("address"), max_length=MAX_URL)
    replaced_at = models.DateTimeField(_("replaced"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        constraints = [
            # An old address leads to one source.
            models.UniqueConstraint(fields=["canonical_url"], name="formerurl_canonical_url_once"),
        ]

    def __str__(self) -> str:
        return self.canonical_url
