from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeskSession(models.Model):
    """Where somebody is signed in. The session itself is Django's row; it ends when that row goes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="desk_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField(_("since"), default=timezone.now)
    # To the minute: it is not written at every click.
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    device = models.CharField(_("device"), max_length=80, blank=True)
    address = models.GenericIPAddressField(_("from address"), null=True, blank=True)

    class Meta:
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user}: {self.device}"


class KnownDevice(models.Model):
    """A browser somebody has signed in with: it carries a cookie, of which only a digest is kept.

    Others' guessing never makes its owner wait there, and signing in on it again is no news.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_devices")
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            # Several people may share a browser.
            models.UniqueConstraint(fields=["user", "digest"], name="accounts_device_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.device}"
