"""Law against history: one person proposes to blank a verdict, a second one confirms."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.querysets import WithholdingQuerySet


class Withholding(models.Model):
    """A proposal to withhold a verdict, and what became of it. Written by claims.services.withholding alone."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="withholdings")
    reason = models.TextField(
        _("reason"),
        help_text=_("For the newsroom's own record; never public. Do not repeat what has to go."),
    )
    legal_basis = models.CharField(
        _("legal basis"),
        max_length=300,
        help_text=_("Public: all that readers and newsrooms still see. A court and its docket number, or an article."),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("withdrawn by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    # How many of what was blanked, by the words of claims.services.withholding.inventory.
    blanked = models.JSONField(default=dict, blank=True)
    # Outbox: names in STORAGES["snapshots"] that are still to be deleted. Names are digests and tell nothing.
    files = models.JSONField(default=list, blank=True)

    objects = WithholdingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("withholding")
        verbose_name_plural = _("withholdings")
        constraints = [
            # Two people: nobody blanks history alone.
            models.CheckConstraint(
                name="claims_withholding_confirmed_by_a_second_person",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                violation_error_message=_("A second person has to confirm that this verdict is withheld."),
            ),
            # Whoever decided is named with the time, and a proposal ends one way.
            models.CheckConstraint(
                name="claims_withholding_ends_once",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                & (
                    Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                    | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                )
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True),
            ),
            # The stub says why there is nothing to read.
            models.CheckConstraint(
                name="claims_withholding_has_its_reasons", condition=~Q(legal_basis="") & ~Q(reason="")
            ),
            # One question at a time.
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(withdrawn_at__isnull=True),
                name="claims_one_withholding_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.legal_basis

    @property
    def is_pending(self) -> bool:
        """Waits for a second person. Same rule: WithholdingQuerySet.pending()."""
        return self.confirmed_at is None and self.withdrawn_at is None
