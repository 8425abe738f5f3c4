from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import RecoveryCodeQuerySet


class SecondFactor(models.Model):
    """The secret that a person's authenticator app shares with us (TOTP, RFC 6238). One per person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    # Base32, 160 bits. It has to be readable, as every token is computed from it.
    secret = models.CharField(max_length=64)
    since = models.DateTimeField(_("since"), default=timezone.now)
    # The 30-second step of the newest token taken: no token is taken twice, and none that is older.
    last_step = models.BigIntegerField(default=-1)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """Lets its owner in once without their phone. 80 random bits, of which only a digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_recovery_code_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.pk}"

    @property
    def is_unused(self) -> bool:
        """Same rule: RecoveryCodeQuerySet.unused()."""
        return self.used_at is None
