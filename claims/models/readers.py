"""What readers tell the newsroom through the public forms. Their words are for the desk alone; our answer is public."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import ReaderMessageKind, ReaderMessageState
from claims.models.claims import Claim
from claims.querysets import ReaderMessageQuerySet


def new_receipt() -> str:
    """Whoever has it sees what became of the message, so nobody may guess it: 192 bits."""
    return secrets.token_urlsafe(24)


class ReaderMessage(models.Model):
    """An error reported on a claim's page, or a claim suggested for checking."""

    kind = models.CharField(_("kind"), max_length=12, choices=ReaderMessageKind.choices)
    # Of a report, the claim it is about; of a suggestion, the claim that was logged for it or says the same.
    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.SET_NULL, null=True, blank=True, related_name="reader_messages"
    )
    # The address of the page on which the sender sees what became of it.
    receipt = models.CharField(max_length=40, unique=True, default=new_receipt, editable=False)
    # Of the form it came with: a form is taken once.
    nonce = models.CharField(max_length=40, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=12, default="en")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    text = models.TextField(_("message"), validators=[MaxLengthValidator(3000)])
    where = models.CharField(_("where"), max_length=500, blank=True)
    contact = models.CharField(_("how to reach them"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=ReaderMessageState.choices, default=ReaderMessageState.NEW
    )
    answer = models.TextField(_("our answer"), blank=True, validators=[MaxLengthValidator(2000)])
    because = models.TextField(_("why nothing follows"), blank=True, validators=[MaxLengthValidator(2000)])
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ReaderMessageQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("message of a reader")
        verbose_name_plural = _("messages of readers")
        constraints = [
            # A message says something.
            models.CheckConstraint(name="claims_reader_message_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="claims_reader_message_kind_is_known", condition=Q(kind__in=ReaderMessageKind.values)
            ),
            models.CheckConstraint(
                name="claims_reader_message_state_is_known", condition=Q(state__in=ReaderMessageState.values)
            ),
            # An error is an error of something published.
            models.CheckConstraint(
                name="claims_reader_report_names_its_claim",
                condition=~Q(kind=ReaderMessageKind.REPORT) | Q(claim__isnull=False),
            ),
            # Only an answer is public, and what is answered has one.
            models.CheckConstraint(
                name="claims_reader_answered_has_answer",
                condition=Q(state=ReaderMessageState.ANSWERED, answer__gt="")
                | (~Q(state=ReaderMessageState.ANSWERED) & Q(answer="")),
            ),
            # Nothing is put aside without a reason.
            models.CheckConstraint(
                name="claims_reader_dismissed_says_why",
                condition=~Q(state__in=[ReaderMessageState.DISMISSED, ReaderMessageState.DUPLICATE]) | ~Q(because=""),
            ),
            # Whatever is not new any more says who decided, and when.
            models.CheckConstraint(
                name="claims_reader_decided_by_somebody",
                condition=Q(state=ReaderMessageState.NEW, decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(state=ReaderMessageState.NEW)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
        ]
        indexes = [
            # "What waits for somebody?"
            models.Index(
                fields=["received_at"],
                condition=Q(state__in=[ReaderMessageState.NEW, ReaderMessageState.TAKEN]),
                name="claims_reader_waiting",
            ),
            # The list at the desk, whole and filtered; how many came in the last hour.
            models.Index(fields=["-received_at", "-id"], name="claims_reader_newest"),
            models.Index(fields=["state", "-received_at", "-id"], name="claims_reader_by_state"),
            # What a claim's page shows.
            models.Index(
                fields=["claim", "-decided_at"],
                condition=Q(state=ReaderMessageState.ANSWERED),
                name="claims_reader_answers",
            ),
            # "Whose contact is old enough to be forgotten?"
            models.Index(fields=["received_at"], condition=~Q(contact=""), name="claims_reader_contacts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_at:%Y-%m-%d %H:%M}"

    @property
    def is_waiting(self) -> bool:
        """Same rule: ReaderMessageQuerySet.waiting()."""
        return self.state in {ReaderMessageState.NEW, ReaderMessageState.TAKEN}

    @property
    def is_answered(self) -> bool:
        """Same rule: ReaderMessageQuerySet.answered()."""
        return self.state == ReaderMessageState.ANSWERED

    @property
    def is_report(self) -> bool:
        return self.kind == ReaderMessageKind.REPORT
