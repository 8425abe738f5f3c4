"""The words of signing in, with what each means."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    # Name and password.
    PASSWORD = "password", _("Password")
    # A token of the authenticator app, or a recovery code.
    TOKEN = "token", _("Second factor")
    # The password again, before something that a forgotten screen must not allow.
    AGAIN = "again", _("Password again")
    # A link to choose a new password was asked for.
    RESET = "reset", _("Link for a new password")


class Outcome(TextChoices):
    # Wrong, or not answered yet: what is being tried counts from the moment it begins.
    FAILED = "failed", _("Refused")
    # Not even looked at, because too many went wrong before. Counts for nothing.
    PAUSED = "paused", _("Told to wait")
    # Right, and a second step follows.
    HALF_WAY = "half_way", _("Password right, second factor asked")
    # Right.
    PASSED = "passed", _("Let in")


class LetterKind(TextChoices):
    # Whoever has this address may choose a new password. Also written for addresses that nobody has.
    RESET = "reset", _("Link for a new password")
    # Somebody is invited to the desk.
    INVITATION = "invitation", _("Invitation")
    # Somebody's new address has to prove that it is theirs.
    ADDRESS = "address", _("Confirmation of a mail address")
    # What a person has to know of their account even if they want no notices by mail.
    TOLD = "told", _("What happened to an account")
