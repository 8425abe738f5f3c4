from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feed.choices import Scope
from feed.querysets import ApiKeyQuerySet

DIGEST = r"^[0-9a-f]{64}$"  # SHA-256 in hex


def all_scopes() -> list[str]:
    return list(Scope.values)


class ApiKey(models.Model):
    """What one machine of one newsroom signs in with. The secret itself is shown once and kept nowhere.

    Written by feed.services.keys alone; the parts of a key's text are in feed/admission/key_text.py.
    """

    # The public part of the key, for lists and logs.
    prefix = models.CharField(_("prefix"), max_length=8, unique=True, editable=False)
    # SHA-256 of the secret part, 64 hex digits. No salt and no slow hash: the secret is 256 random bits.
    digest = models.CharField(max_length=64, editable=False)
    name = models.CharField(
        _("name"), max_length=120, help_text=_("What uses it, as you would say it: “Import into our CMS”.")
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Who to write to before it is revoked: an e-mail, a note."),
    )
    scopes = ArrayField(
        models.CharField(max_length=20, choices=Scope.choices),
        verbose_name=_("scopes"),
        default=all_scopes,
        help_text=_("What the key may be used for."),
    )
    rate = models.PositiveIntegerField(
        _("requests a minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: CLAIMTRACK_RATE_KEY, as for every key."),
    )
    # Empty when the command made it.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, help_text=_("Empty: never."))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    # To the minute, and only as good as that: see feed.services.keys.note_use.
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API key")
        constraints = [
            # A scope nobody knows would silently allow nothing; a key without any is none.
            models.CheckConstraint(
                name="feed_key_scopes_are_known", condition=Q(scopes__contained_by=Scope.values, scopes__len__gte=1)
            ),
            # Never a secret in the clear where its digest belongs.
            models.CheckConstraint(name="feed_key_is_hashed", condition=Q(digest__regex=DIGEST)),
            models.CheckConstraint(
                name="feed_key_rate_allows_something", condition=Q(rate__isnull=True) | Q(rate__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def clean(self) -> None:
        if not self.name.isprintable():
            raise ValidationError({"name": _("Write it on one line: logs and lists repeat it.")})
        if self._state.adding and self.expires_at is not None and self.expires_at <= timezone.now():
            raise ValidationError({"expires_at": _("This is past: give a time to come, or none.")})
        if len(set(self.scopes)) != len(self.scopes):
            raise ValidationError({"scopes": _("Name each scope once.")})

    def is_usable(self, at: datetime) -> bool:
        """Same rule: ApiKeyQuerySet.usable()."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)

    def get_absolute_url(self) -> str:
        return reverse("admin:feed_apikey_change", args=[self.pk])
