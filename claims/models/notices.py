"""What people at the desk are told, and what they should be told of the machinery."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import AlarmKind, NoticeKind
from claims.querysets import AlarmQuerySet, NoticeQuerySet


class Notice(models.Model):
    """One thing one person is told, on the desk and perhaps by mail: an outbox row that send_notices() works off."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("about"), max_length=20, choices=NoticeKind.choices)
    # Names the event: nobody is told twice of the same.
    key = models.CharField(max_length=80)
    at = models.DateTimeField(_("at"), default=timezone.now)
    title = models.CharField(_("notice"), max_length=300)
    text = models.TextField(_("what happened"), blank=True)
    # On this site, where it can be looked at.
    path = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # When the next attempt to mail it is due; NULL when nothing is to be mailed (any more).
    mail_due_at = models.DateTimeField(_("mail due"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail"), default=0)
    mail_error = models.CharField(_("why mail failed"), max_length=500, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="claims_told_once"),
            # What has left does not leave again.
            models.CheckConstraint(
                name="claims_mailed_notice_is_not_due",
                condition=Q(mailed_at__isnull=True) | Q(mail_due_at__isnull=True),
            ),
        ]
        indexes = [
            # "What have I not read?"
            models.Index(fields=["recipient", "-at"], condition=Q(read_at__isnull=True), name="claims_notice_unread"),
            # "Which mail is due?"
            models.Index(fields=["mail_due_at"], condition=Q(mail_due_at__isnull=False), name="claims_notice_mail_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unread(self) -> bool:
        """Same rule: NoticeQuerySet.unread()."""
        return self.read_at is None


class Alarm(models.Model):
    """Something of the machinery went wrong and did not mend itself. One open alarm per kind, whatever it says."""

    kind = models.CharField(_("kind"), max_length=20, choices=AlarmKind.choices)
    started_at = models.DateTimeField(_("since"))
    # What is wrong, in words with figures, as of the last look.
    text = models.TextField(_("what is wrong"))
    # Since when nothing of it is to be seen; long enough, and the alarm ends.
    calm_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(ended_at__isnull=True), name="claims_one_open_alarm_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def is_open(self) -> bool:
        """Same rule: AlarmQuerySet.open()."""
        return self.ended_at is None
