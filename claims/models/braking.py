"""What the brake counts, and what it holds for a person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.choices import HoldOutcome, QuoteStatus
from claims.models.evidence import Evidence
from claims.querysets import HoldQuerySet, TouchedQuoteQuerySet


class Hold(models.Model):
    """Changes too many at once to act on unseen: nothing of them is public before a person decides.

    Written by claims.services.braking alone, where the rules are.
    """

    # Empty: several hosts changed at once, none of them enough to be held by itself.
    host = models.CharField(_("host"), max_length=255, blank=True)
    opened_at = models.DateTimeField(_("held since"))
    # In words, with the figures of the moment it was opened.
    why = models.TextField(_("why"))
    # Moves whenever a quote joins or is seen to change again: a decision covers what the person has seen.
    revision = models.PositiveIntegerField(_("revision"), default=0)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=HoldOutcome.choices, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-pk"]
        # As the desk's menu calls them: one hold is the changes of one host.
        verbose_name = _("held changes")
        verbose_name_plural = _("held changes")
        constraints = [
            # What changes further on a held host joins its hold.
            models.UniqueConstraint(
                fields=["host"], condition=Q(decided_at__isnull=True), name="claims_one_open_hold_per_host"
            ),
            # A decision says what it is, whose and why.
            models.CheckConstraint(
                name="claims_decided_hold_says_why",
                condition=Q(decided_at__isnull=True) | (~Q(outcome="") & ~Q(reason="") & Q(decided_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.host or str(_("several hosts"))

    @property
    def is_open(self) -> bool:
        """Same rule: HoldQuerySet.open()."""
        return self.decided_at is None

    def get_absolute_url(self) -> str:
        return reverse("admin:claims_hold_change", args=[self.pk])


class TouchedQuote(models.Model):
    """A quote that a standing verdict shows was found altered or missing: passed on at once, or held."""

    evidence = models.ForeignKey(Evidence, verbose_name=_("evidence"), on_delete=models.CASCADE, related_name="touches")
    change = models.ForeignKey(
        "sources.SourceChange", verbose_name=_("change"), on_delete=models.PROTECT, related_name="+"
    )
    # The source's host when it changed.
    host = models.CharField(_("host"), max_length=255)
    at = models.DateTimeField(_("when"))
    # What the comparison said; intact once a held quote is on its page again.
    status = models.CharField(_("status"), max_length=10, choices=QuoteStatus.choices)
    found = models.TextField(blank=True)
    hold = models.ForeignKey(
        Hold, verbose_name=_("hold"), on_delete=models.PROTECT, null=True, blank=True, related_name="touches"
    )
    # The hold's revision when this row joined or changed.
    revision = models.PositiveIntegerField(_("revision"), default=0)
    # Counts towards holding what comes next: load-bearing, and no person has decided about its host since.
    counts = models.BooleanField(default=True)
    # What follows from it is drawn; NULL while it is held.
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = TouchedQuoteQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("touched quote")
        verbose_name_plural = _("touched quotes")
        constraints = [
            # A hold names each quote once, as its page reads now.
            models.UniqueConstraint(
                fields=["hold", "evidence"], condition=Q(hold__isnull=False), name="claims_quote_held_once"
            ),
            # What is passed on is passed on at once.
            models.CheckConstraint(
                name="claims_only_held_quotes_wait", condition=Q(hold__isnull=False) | Q(settled_at__isnull=False)
            ),
        ]
        indexes = [
            # "What was touched within the hour?"
            models.Index(fields=["at"], condition=Q(counts=True), name="claims_touched_lately"),
            # "What waits?"
            models.Index(fields=["hold"], condition=Q(settled_at__isnull=True), name="claims_touched_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.evidence}"

    @property
    def is_disturbed(self) -> bool:
        """Altered or missing as the page reads now. Same rule: TouchedQuoteQuerySet.disturbed()."""
        return self.status in {QuoteStatus.ALTERED, QuoteStatus.MISSING}
