from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import ReviewOutcome
from claims.models.evidence import Evidence
from claims.models.verdicts import Verdict
from claims.querysets import ReviewQuerySet
from sources.finding import words_of
from sources.identity import new_public_id

REVIEW_WORDS = words_of("reason")


class Review(models.Model):
    """A published verdict is being looked at again."""

    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    verdict = models.ForeignKey(Verdict, verbose_name=_("verdict"), on_delete=models.PROTECT, related_name="reviews")
    opened_at = models.DateTimeField(_("opened"))
    # Empty when the machine opened it.
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("reason"), help_text=_("Public: says calmly what happened."))
    evidence = models.ManyToManyField(Evidence, verbose_name=_("evidence"), related_name="reviews", blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReviewOutcome.choices, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Public: what the person found."))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            # The desk's list, and what was opened on a day.
            models.Index(fields=["-opened_at", "-id"], name="claims_review_newest"),
            # The desk's search.
            GinIndex(REVIEW_WORDS, name="claims_review_words"),
        ]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            # One question at a time: a second change joins the open review.
            models.UniqueConstraint(
                fields=["verdict"], condition=Q(closed_at__isnull=True), name="claims_one_open_review"
            ),
            # A closed review says who closed it and how.
            models.CheckConstraint(
                name="claims_closed_review_has_outcome",
                condition=Q(closed_at__isnull=True) | (~Q(outcome="") & Q(closed_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def is_open(self) -> bool:
        """Same rule: ReviewQuerySet.open()."""
        return self.closed_at is None

    @property
    def opened_by_kind(self) -> str:
        return "person" if self.opened_by_id else "machine"
