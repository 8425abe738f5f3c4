"""What stays inside the newsroom: notes among colleagues, and how a claim reached us. Never part of anything public."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim


class Note(models.Model):
    """What a colleague told the others about a claim. Never edited (a trigger); its author may strike it out."""

    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    text = models.TextField(
        _("note"),
        validators=[MaxLengthValidator(5000)],
        help_text=_("For colleagues alone. Plain text; @name tells that colleague."),
    )
    struck_at = models.DateTimeField(_("struck out"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            # A note says something.
            models.CheckConstraint(name="claims_note_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="claims_note_struck_after_it_was_written",
                condition=Q(struck_at__isnull=True) | Q(struck_at__gte=F("at")),
            ),
        ]
        indexes = [
            # The thread of one claim.
            models.Index(fields=["claim", "id"], name="claims_note_of_claim"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ClaimContact(models.Model):
    """Who told us of a claim and how to reach them. Deleted CLAIMTRACK_KEEP_CONTACTS after it was noted."""

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, primary_key=True, related_name="contact"
    )
    reported_by = models.CharField(
        _("reported by"), max_length=200, blank=True, help_text=_("Who told us of it. Never public.")
    )
    reach = models.CharField(
        _("how to reach them"), max_length=300, blank=True, help_text=_("Mail address, number, account. Never public.")
    )
    via = models.CharField(
        _("it came by"), max_length=100, blank=True, help_text=_("Mail, tip line, Telegram bot, a colleague, …")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    class Meta:
        verbose_name = _("how a claim reached us")
        verbose_name_plural = _("how claims reached us")
        indexes = [
            # "Which are old enough to be forgotten?"
            models.Index(fields=["noted_at"], name="claims_contact_expiring"),
        ]

    def __str__(self) -> str:
        return str(_("how a claim reached us"))
