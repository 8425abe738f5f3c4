"""What people at the desk are told, and what they should be told of the machinery."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import AlarmKind, NoticeKind, NoticeWay
from claims.querysets import AlarmQuerySet, NoticeQuerySet
from claims.said import spoken
from sources.finding import words_of

NOTICE_WORDS = words_of("title", "text")


class Notice(models.Model):
    """One thing one person is told, on the desk and perhaps by mail: an outbox row that send_notices() works off."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("to"), on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(_("about"), max_length=20, choices=NoticeKind.choices)
    # Names the event: nobody is told twice of the same.
    key = models.CharField(max_length=80)
    at = models.DateTimeField(_("at"), default=timezone.now)
    title = models.CharField(_("notice"), max_length=300)
    text = models.TextField(_("what happened"), blank=True)
    # What title and text are made of, {"title": …, "text": [line, …]} as claims.said keeps it, so that each reader has
    # them in their own language; empty for what was told in English alone.
    words = models.JSONField(_("words"), default=dict, blank=True, db_default={})
    # On this site, where it can be looked at.
    path = models.CharField(_("where"), max_length=500, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # When the next attempt to mail it is due; NULL when nothing is to be mailed (any more).
    mail_due_at = models.DateTimeField(_("mail due"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(_("attempts to mail"), default=0)
    mail_error = models.CharField(_("why mail failed"), max_length=500, blank=True)
    # To be told in the person's next daily mail.
    in_digest = models.BooleanField(_("for the daily mail"), default=False, db_default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
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
            # "What goes into this person's next daily mail?"
            models.Index(fields=["recipient", "at"], condition=Q(in_digest=True), name="claims_notice_for_digest"),
            # The list at the desk: of one person, and of everybody.
            models.Index(fields=["recipient", "-at", "-id"], name="claims_notice_of_person"),
            models.Index(fields=["-at", "-id"], name="claims_notice_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="claims_notice_by_kind"),
            # "Which mails failed?", few among many.
            models.Index(fields=["-at", "-id"], condition=~Q(mail_error=""), name="claims_notice_mail_failed"),
            # The desk's search.
            GinIndex(NOTICE_WORDS, name="claims_notice_words"),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        """In the reader's language."""
        return spoken(self.words["title"]) if self.words else self.title

    @property
    def shown_text(self) -> str:
        """In the reader's language."""
        return "\n".join(spoken(line) for line in self.words["text"]) if self.words else self.text

    @property
    def is_unread(self) -> bool:
        """Same rule: NoticeQuerySet.unread()."""
        return self.read_at is None


class NoticePreference(models.Model):
    """How one person wants to be told of one kind of thing; without a row the default of claims/notice_ways.py."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(_("about"), max_length=20, choices=NoticeKind.choices)
    way = models.CharField(_("how"), max_length=10, choices=NoticeWay.choices)

    class Meta:
        constraints = [
            # One answer to one question; also the index by which a person's answers are found.
            models.UniqueConstraint(fields=["person", "kind"], name="claims_told_one_way"),
            # A way outside the table would silently tell nobody.
            models.CheckConstraint(name="claims_way_is_known", condition=Q(way__in=NoticeWay.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_way_display()}"


class Digest(models.Model):
    """The daily mail of one person on one day of the newsroom: made once, sent or found to have nothing to say."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    # By the newsroom's calendar.
    day = models.DateField()
    # When the next attempt is due; NULL when it has left, was given up, or had nothing to say.
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            # One a day, whatever restarts or runs late.
            models.UniqueConstraint(fields=["person", "day"], name="claims_one_digest_a_day"),
            # What has left does not leave again.
            models.CheckConstraint(
                name="claims_sent_digest_is_not_due", condition=Q(sent_at__isnull=True) | Q(due_at__isnull=True)
            ),
        ]
        indexes = [
            # "Which daily mails are due?"
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="claims_digest_due"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.person}"


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
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
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
