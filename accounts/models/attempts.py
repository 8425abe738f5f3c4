from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Outcome, Step
from accounts.querysets import AttemptQuerySet


class SignInAttempt(models.Model):
    """Somebody tried to get in. What the pauses on guessing are counted from; goes after CLAIMTRACK_KEEP_SIGN_INS."""

    at = models.DateTimeField(_("at"), default=timezone.now)
    step = models.CharField(_("what was tried"), max_length=10, choices=Step.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.FAILED)
    # As typed, in one spelling; whether anybody has this name is not said.
    name = models.CharField(_("name or address typed"), max_length=254)
    # Whose it was; known only once the password was right.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("person"),
    )  # fmt: skip
    address = models.GenericIPAddressField(_("from address"), null=True, blank=True)
    # The address, or the half of an IPv6 address that its owner did not choose.
    network = models.CharField(max_length=50, blank=True)
    device = models.CharField(_("device"), max_length=80, blank=True)
    # Whose mistakes add up with this one: see bucket_of() in services/guessing.py.
    bucket = models.CharField(max_length=64)
    # From a device that this person has signed in on before.
    device_known = models.BooleanField(_("known device"), default=False)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("sign-in attempt")
        verbose_name_plural = _("sign-in attempts")
        constraints = [
            # Nobody was let in without being somebody.
            models.CheckConstraint(
                name="accounts_who_passed_is_known",
                condition=~Q(outcome__in=[Outcome.PASSED, Outcome.HALF_WAY])
                | Q(user__isnull=False)
                | Q(step=Step.RESET),
            ),
        ]
        indexes = [
            # "How many mistakes since the last success?"
            models.Index(fields=["bucket", "-at"], name="accounts_attempt_bucket"),
            # "How many mistakes from there?"
            models.Index(fields=["network", "-at"], name="accounts_attempt_network"),
            # "Has this person signed in from there before?"
            models.Index(fields=["user", "network"], name="accounts_attempt_user"),
            # The list, and what is old.
            models.Index(fields=["-at"], name="accounts_attempt_at"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_outcome_display()}"
