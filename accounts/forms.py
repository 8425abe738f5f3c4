"""What the pages of signing in ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from unfold.forms import AuthenticationForm as UnfoldAuthenticationForm
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts import services
from accounts.callers import caller_of
from accounts.choices import Step
from accounts.errors import Paused, WrongGuess
from claims.models import User

if TYPE_CHECKING:
    from django.contrib.admin.forms import AdminAuthenticationForm

    AuthenticationForm = AdminAuthenticationForm
else:
    AuthenticationForm = UnfoldAuthenticationForm


def wait_in_words(pause: Paused) -> str:
    """How long, and what to do instead; the same for names that nobody has."""
    seconds = int(pause.wait.total_seconds()) + 1
    if seconds < 60:
        wait = ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    else:
        minutes = -(-seconds // 60)
        wait = ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return _(
        "Too many wrong tries. The next one is possible in %(wait)s; what is tried before is not looked at. "
        "Other people's mistakes do not count on a device you have signed in on, or after you chose a new password "
        "by mail."
    ) % {"wait": wait}


class SignInForm(AuthenticationForm):
    """Name and password, as Django asks for them; mistakes are counted."""

    pause: Paused | None = None

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            assert self.request is not None
            try:
                self.user_cache = services.check_password(
                    name, password, caller=caller_of(self.request), request=self.request
                )
            except Paused as pause:
                self.pause = pause
                raise ValidationError(wait_in_words(pause), code="paused") from None
            except WrongGuess:
                raise self.get_invalid_login_error() from None
        return self.cleaned_data


class TokenForm(forms.Form):
    token = forms.CharField(
        label=later("Six digits from your app"),
        max_length=40,
        help_text=later("Open the app you set up and type what it shows for this site. Each number works once."),
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        ),
    )


class CodeForm(forms.Form):
    token = forms.CharField(
        label=later("Recovery code"),
        max_length=40,
        help_text=later("One of the codes you kept when you set up the second factor. Each works once."),
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True, "spellcheck": "false"}
        ),
    )


class OfPerson(forms.Form):
    """Asks something of `user`."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class PasswordForm(OfPerson):
    """The own password again."""

    password = forms.CharField(
        label=later("Your password"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password", "autofocus": True}),
        help_text=later("The one you sign in with."),
    )
    pause: Paused | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            services.check_password(
                self.user.get_username(), password, caller=caller_of(self.request), request=self.request,
                step=Step.AGAIN,
            )  # fmt: skip
        except Paused as pause:
            self.pause = pause
            raise ValidationError(wait_in_words(pause)) from None
        except WrongGuess:
            raise ValidationError(_("This is not your password. Type the one you sign in with.")) from None
        return password


class NewPasswordForm(OfPerson):
    """A new password, twice."""

    new_password1 = forms.CharField(
        label=later("New password"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html(),
    )
    new_password2 = forms.CharField(
        label=later("New password again"),
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=later("So that a slip of the finger does not lock you out."),
    )

    def clean(self) -> dict[str, Any]:
        first, second = self.cleaned_data.get("new_password1"), self.cleaned_data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", _("The two passwords differ. Type the same one twice."))
        elif first and second:
            try:
                password_validation.validate_password(second, self.user)
            except ValidationError as refusal:
                self.add_error("new_password1", refusal)
        return self.cleaned_data


class ChangePasswordForm(PasswordForm, NewPasswordForm):
    field_order = ("password", "new_password1", "new_password2")


class InvitedForm(NewPasswordForm):
    byline = forms.CharField(
        label=later("Byline"),
        max_length=120,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=later("The name shown to readers; may be a pseudonym. Empty: the newsroom signs instead."),
    )
    field_order = ("new_password1", "new_password2", "byline")


class BylineForm(forms.Form):
    byline = InvitedForm.base_fields["byline"]


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=later("Mail address"),
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "email"}),
        help_text=later("A link is sent there; the address counts once it was opened. Readers never see it."),
    )


class ResetForm(forms.Form):
    email = forms.EmailField(
        label=later("Your mail address"),
        max_length=254,
        widget=UnfoldAdminEmailInputWidget(attrs={"autocomplete": "email", "autofocus": True}),
        help_text=later("The one that is entered for you at the desk."),
    )
