from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LetterKind
from accounts.models.invitations import Invitation


class Letter(models.Model):
    """A mail to be sent: an outbox row of send_letters(). Links are made when it leaves, and kept nowhere."""

    kind = models.CharField(_("about"), max_length=12, choices=LetterKind.choices)
    to = models.EmailField(_("to"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    # When the next attempt is due; NULL when it has left or was given up.
    due_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-written_at", "-pk"]
        constraints = [
            # What has left does not leave again.
            models.CheckConstraint(
                name="accounts_sent_letter_is_not_due", condition=Q(sent_at__isnull=True) | Q(due_at__isnull=True)
            ),
            models.CheckConstraint(
                name="accounts_invitation_letter_has_one",
                condition=~Q(kind=LetterKind.INVITATION) | Q(invitation__isnull=False),
            ),
        ]
        indexes = [
            # "Which mail is due?"
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="accounts_letter_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.to}"
