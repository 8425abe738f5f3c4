"""The words in which rows are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from accounts.choices import Outcome

if TYPE_CHECKING:
    from accounts.models import Invitation, RecoveryCode, SignInAttempt  # noqa: F401


class AttemptQuerySet(models.QuerySet["SignInAttempt"]):
    def failed(self) -> AttemptQuerySet:
        """What counts against whoever tries."""
        return self.filter(outcome=Outcome.FAILED)

    def right(self) -> AttemptQuerySet:
        """What was typed was right; a second step may have followed."""
        return self.filter(outcome__in=[Outcome.PASSED, Outcome.HALF_WAY])


class RecoveryCodeQuerySet(models.QuerySet["RecoveryCode"]):
    def unused(self) -> RecoveryCodeQuerySet:
        """Same rule: RecoveryCode.is_unused."""
        return self.filter(used_at__isnull=True)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Same rule: Invitation.is_pending."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)
