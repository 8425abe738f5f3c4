"""Who tried to sign in, from where, and how it ended: for administrators."""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.choices import Outcome
from accounts.models import SignInAttempt
from claims.admin.base import ReadOnlyAdmin

TONES = {Outcome.FAILED: "desk-attention", Outcome.PAUSED: "desk-alarm", Outcome.PASSED: "desk-good"}


@admin.register(SignInAttempt)
class SignInAttemptAdmin(ReadOnlyAdmin):
    list_display = ("when", "name", "step", "ended", "address", "device", "device_known")
    list_filter = ("outcome", "step")
    search_fields = ("name", "address")
    fields = ("at", "name", "user", "step", "outcome", "address", "device", "device_known")

    @admin.display(description=_("at"), ordering="at")
    def when(self, attempt: SignInAttempt) -> str:
        """To the second, as guesses come fast; in one line."""
        return f"{timezone.localtime(attempt.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("outcome"))
    def ended(self, attempt: SignInAttempt) -> SafeString:
        tone = TONES.get(Outcome(attempt.outcome), "")
        return format_html('<span class="desk-label {}">{}</span>', tone, attempt.get_outcome_display())
