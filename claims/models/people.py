from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.choices import Role

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def desk_languages() -> list[tuple[str, StrOrPromise]]:
    """Asked for anew each time, so that a newsroom that adds a language needs no migration."""
    return list(settings.LANGUAGES)


class User(AbstractUser):
    """Somebody who works at the desk. What each role may do is the table in claims/permissions.py."""

    role = models.CharField(
        _("role"),
        max_length=20,
        choices=Role.choices,
        default=Role.OBSERVER,
        help_text=_("Observers read. Fact-checkers log and draft. Reviewers also approve. Administrators do it all."),
    )
    byline = models.CharField(
        _("byline"),
        max_length=120,
        blank=True,
        help_text=_("The name shown to readers; may be a pseudonym. Empty: the newsroom signs instead."),
    )
    notify_by_mail = models.BooleanField(
        _("notices by mail"),
        default=True,
        help_text=_("What needs this person is also mailed, if there is an address. The desk shows it either way."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        blank=True,
        choices=desk_languages,
        help_text=_(
            "Of the desk and of mails to this person. Empty: the desk follows the browser, and mails are in English."
        ),
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            # A role outside the table would silently have no rights at all.
            models.CheckConstraint(name="claims_user_role_is_known", condition=models.Q(role__in=Role.values)),
        ]

    @property
    def may_approve(self) -> bool:
        return self.is_superuser or self.role in {Role.REVIEWER, Role.ADMIN}

    @property
    def may_check(self) -> bool:
        """May log, attach, draft and hand in."""
        return self.is_superuser or self.role in {Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN}

    @property
    def is_editor_in_chief(self) -> bool:
        return self.is_superuser or self.role == Role.ADMIN
