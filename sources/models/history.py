from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.choices import ChangeKind, Outcome
from sources.querysets import SourceChangeQuerySet, SourceCheckQuerySet

from .source import MAX_URL

# The kinds that bring another text.
TEXT_CHANGES = [ChangeKind.CAPTURED, ChangeKind.CONTENT, ChangeKind.REVERTED]


class SourceCheck(models.Model):
    """One visit and its one outcome. Insert-only, protected in the database."""

    # db_index: sourcecheck_newest_of_source begins with it.
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="checks", db_index=False
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    # Whether this visit counted towards calling the source dead (see sources.states).
    counted = models.BooleanField(_("counts"), default=False)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)
    final_url = models.CharField(_("final address"), max_length=MAX_URL, blank=True)
    # [{"url": …, "status": 301}, …]: every redirect followed, in order; the final URL is not among them.
    hops = models.JSONField(_("redirects"), default=list, blank=True)
    # The address that was actually dialled for the last answer.
    peer_address = models.GenericIPAddressField(_("address of the server"), null=True, blank=True)
    # The answer's headers that explain it (see sources.fetching.client.KEPT_HEADERS); never cookies.
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    duration_ms = models.PositiveIntegerField(_("took (ms)"), default=0)
    # Bytes of the body as received.
    size = models.PositiveBigIntegerField(_("size"), default=0)
    raw_sha256 = models.CharField(_("SHA-256 of the page"), max_length=64, blank=True)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True)
    extractor = models.CharField(_("read by"), max_length=40, blank=True)
    extractor_version = models.CharField(_("version of the reader"), max_length=40, blank=True)
    # The version this visit saw, when it is one we keep.
    snapshot = models.ForeignKey(
        "sources.Snapshot",
        verbose_name=_("version"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="checks",
    )
    # In plain words, what went wrong.
    error = models.CharField(_("error"), max_length=500, blank=True)

    objects = SourceCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            # Only the specification's outcomes.
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="sourcecheck_outcome_known"),
        ]
        indexes = [
            # "What happened to this source lately?"
            models.Index(fields=["source", "-at", "-id"], name="sourcecheck_newest_of_source"),
            # "How many visits ended how in these days?", over all sources, without reading a row.
            models.Index(fields=["outcome", "at"], name="sourcecheck_by_outcome"),
            # "Which visits counted?", few among many.
            models.Index(fields=["-id"], condition=Q(counted=True), name="sourcecheck_that_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


class CheckSummary(models.Model):
    """Uneventful visits of one source in one month, rolled up: how many, with which outcome, from when to when.

    Written by sources.services.rolling_up alone; visits that saw something happen are never rolled up.
    """

    # db_index: checksummary_once begins with it.
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="check_summaries",
        db_index=False,
    )
    # The first day of the month (UTC).
    month = models.DateField(_("month"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices)
    visits = models.PositiveIntegerField(_("visits"))
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))

    class Meta:
        ordering = ["-month", "-pk"]
        verbose_name = _("visits of a month")
        verbose_name_plural = _("visits by month")
        constraints = [
            # One row a month and outcome; also the index by which a source's past is read.
            models.UniqueConstraint(fields=["source", "month", "outcome"], name="checksummary_once"),
            # Only the specification's outcomes.
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="checksummary_outcome_known"),
            # A summary of nothing says nothing.
            models.CheckConstraint(condition=Q(visits__gte=1), name="checksummary_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.outcome} × {self.visits}"


class RollUpPosition(models.Model):
    """One row: up to which visit the roll-up has looked. What it kept, it never looks at again.

    Its lock lets one roll-up run at a time. A lost row only makes the next one look at everything anew.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    check_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # Two positions would be two roll-ups.
            models.CheckConstraint(condition=Q(id=1), name="rollupposition_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.check_id)


class SourceChange(models.Model):
    """Something about a source changed: the outbox from which other apps learn of it."""

    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="changes"
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    # availability: the state words; moved: the canonical URLs; otherwise "".
    before = models.CharField(_("before"), max_length=MAX_URL, blank=True)
    after = models.CharField(_("after"), max_length=MAX_URL, blank=True)
    snapshot_before = models.ForeignKey(
        "sources.Snapshot",
        verbose_name=_("version before"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    snapshot_after = models.ForeignKey(
        "sources.Snapshot",
        verbose_name=_("version after"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Set by whoever acted on the row; NULL rows are picked up by a beat task.
    processed_at = models.DateTimeField(_("worked off"), null=True, blank=True)
    # How often acting on it broke, and until when it is left alone for that; it stays unprocessed.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    not_before = models.DateTimeField(null=True, blank=True)

    objects = SourceChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of a source")
        verbose_name_plural = _("changes of sources")
        constraints = [
            # Only kinds that somebody knows how to act on.
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="sourcechange_kind_known"),
            # A new text is always one we hold.
            models.CheckConstraint(
                condition=~Q(kind__in=TEXT_CHANGES) | Q(snapshot_after__isnull=False),
                name="sourcechange_text_has_snapshot",
            ),
            # A change is a change: never from something to the same (an empty difference alerts nobody).
            models.CheckConstraint(
                condition=Q(kind__in=TEXT_CHANGES) | ~Q(before=models.F("after")),
                name="sourcechange_not_empty",
            ),
        ]
        indexes = [
            # "What is there to act on?": the outbox poll, small however long the history.
            models.Index(fields=["id"], condition=Q(processed_at=None), name="sourcechange_unprocessed"),
            # "What changed about this source?"
            models.Index(fields=["source", "-id"], name="sourcechange_of_source"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.before} → {self.after}"

    def is_unprocessed(self) -> bool:
        """Whether `SourceChangeQuerySet.unprocessed()` holds for this row."""
        return self.processed_at is None
