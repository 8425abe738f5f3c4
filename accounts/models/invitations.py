from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.querysets import InvitationQuerySet
from claims.choices import Role


class Invitation(models.Model):
    """Somebody is asked to join the desk. The link in the mail opens once, and only the newest one does."""

    email = models.EmailField(_("mail address"), help_text=_("The link to join is sent there, and nowhere else."))
    username = models.CharField(
        _("name to sign in with"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("Colleagues see it beside everything this person does. Letters, digits and @ . + - _ only."),
    )
    role = models.CharField(
        _("role"),
        max_length=20,
        choices=Role.choices,
        default=Role.FACT_CHECKER,
        help_text=_("What this person will be able to do. You cannot give more than you have yourself."),
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("link works until"))
    # Part of what the link's signature covers: sending it again makes every earlier link void.
    serial = models.PositiveIntegerField(default=1)
    accepted_at = models.DateTimeField(_("joined"), null=True, blank=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(name="accounts_invitation_role_is_known", condition=Q(role__in=Role.values)),
            # A link is used once, by one person, and never after it was taken back.
            models.CheckConstraint(
                name="accounts_invitation_ends_once",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, revoked_at__isnull=True),
            ),
            # Two open invitations of one name, or to one address, would race for it.
            models.UniqueConstraint(
                Lower("username"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_invitation_a_name",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_invitation_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.username} <{self.email}>"

    @property
    def is_pending(self) -> bool:
        """Same rule: InvitationQuerySet.pending(). An expired one is pending still: it can be sent again."""
        return self.accepted_at is None and self.revoked_at is None
