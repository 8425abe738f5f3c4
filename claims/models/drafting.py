"""What surrounds a draft while it is written: the methodology's checklist, words nobody saved yet, who is here."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.verdicts import Draft, VerdictVersion
from claims.querysets import ChecklistItemQuerySet, PresenceQuerySet


class ChecklistItem(models.Model):
    """One point of the newsroom's methodology that is looked at before a verdict is handed in."""

    text = models.CharField(
        _("text"),
        max_length=200,
        help_text=_("What has been done, as whoever ticks it would say it: “The claimant was asked”."),
    )
    help = models.TextField(
        _("help"), max_length=1000, blank=True, help_text=_("How it is done, or when it does not apply. Plain text.")
    )
    translations = models.JSONField(
        _("in other languages"),
        default=dict,
        blank=True,
        help_text=_(
            'By language of the desk, for example {"ru": {"text": "…", "help": "…"}}. Where one is missing, the text '
            "above is shown."
        ),
    )
    required = models.BooleanField(
        _("required"),
        default=False,
        help_text=_("A draft cannot be handed in before this is ticked. Otherwise it is a reminder."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Order in the list, smallest first.")
    )
    is_active = models.BooleanField(
        _("in use"),
        default=True,
        help_text=_("Switch it off instead of deleting it: versions published with it keep their record."),
    )

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("checklist point")
        verbose_name_plural = _("checklist")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        entries = self.translations.items() if isinstance(self.translations, dict) else [("", None)]
        for language, entry in entries:
            known = {"text": 200, "help": 1000}
            fits = isinstance(entry, dict) and all(
                isinstance(words, str) and len(words) <= known.get(name, -1) for name, words in entry.items()
            )
            if not (fits and language):
                raise ValidationError(
                    {"translations": _('Write it like {"ru": {"text": "…", "help": "…"}}, no longer than above.')}
                )

    @property
    def shown_text(self) -> str:
        """In the language of whoever looks."""
        return self._shown("text") or self.text

    @property
    def shown_help(self) -> str:
        return self._shown("help") or self.help

    def _shown(self, name: str) -> str:
        entry = self.translations.get((get_language() or "").partition("-")[0])
        return str(entry.get(name) or "") if isinstance(entry, dict) else ""


class ChecklistTick(models.Model):
    """Somebody says that a point holds for a draft. Once the draft is published it belongs to the version, for good.

    `text` is the point as it read when it was ticked.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="ticks", null=True)
    version = models.ForeignKey(VerdictVersion, on_delete=models.PROTECT, related_name="ticks", null=True)
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    text = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item__position", "item_id", "id"]
        constraints = [
            # A tick is of a draft while it is written, and of its version afterwards.
            models.CheckConstraint(
                name="claims_tick_of_draft_or_version",
                condition=Q(draft__isnull=False, version__isnull=True) | Q(draft__isnull=True, version__isnull=False),
            ),
            # Ticked is ticked, however many people press at once.
            models.UniqueConstraint(name="claims_tick_once_per_draft", fields=["draft", "item"]),
        ]

    def __str__(self) -> str:
        return self.text


class UnsavedWords(models.Model):
    """What somebody has typed into a claim's draft form and not saved: a safety net of theirs, never the draft itself.

    `words` is the form as a browser would send it, names and values. Kept for 30 days (services/unsaved.py).
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="unsaved_words")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField()
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("unsaved words")
        verbose_name_plural = _("unsaved words")
        constraints = [
            # One net per person and claim: the newest words replace the ones before.
            models.UniqueConstraint(name="claims_unsaved_words_once", fields=["claim", "user"]),
        ]
        indexes = [
            # "Which are older than 30 days?"
            models.Index(fields=["kept_at"], name="claims_unsaved_words_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.kept_at:%Y-%m-%d %H:%M}"


class Presence(models.Model):
    """Somebody has this claim open. Written every few seconds by the page, worth nothing a minute later."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # On the page where the verdict is written, as opposed to the claim's own.
    writing = models.BooleanField(default=False)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [
            # One row per person and claim, however many windows they have open.
            models.UniqueConstraint(name="claims_presence_once", fields=["claim", "user"]),
        ]
        indexes = [
            # "Which are over?"
            models.Index(fields=["seen_at"], name="claims_presence_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.seen_at:%H:%M}"
