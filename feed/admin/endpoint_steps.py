"""What an administrator does to a webhook endpoint beside editing it: one row of STEPS is one page with one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from claims.admin.step_forms import words
from claims.models import User
from feed import services
from feed.models import Endpoint
from sources.fetching import Posted

Words = str | Promise
Cleaned = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What the person is told; or what they are shown instead of being sent back to the endpoint's page."""

    message: Words = ""
    secret: str = ""
    posted: Posted | None = None


class StepForm(forms.Form):
    """Asks for nothing but the button."""

    def __init__(self, *args: Any, endpoint: Endpoint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.endpoint = endpoint


class PauseForm(StepForm):
    reason = words(gettext_lazy("Why"), gettext_lazy("Colleagues see it beside the endpoint."))


class RotateForm(StepForm):
    hours = forms.IntegerField(
        label=gettext_lazy("Hours in which both secrets sign"), min_value=0, max_value=168, initial=24,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("So that the receiver can change over without missing anything. 0 when it leaked."),
    )  # fmt: skip


class ReplayForm(StepForm):
    after = forms.IntegerField(
        label=gettext_lazy("After event"), min_value=0, widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Number (sequence) of the last event the receiver is sure of. 0: from the beginning."),
    )  # fmt: skip

    def clean_after(self) -> int:
        after: int = self.cleaned_data["after"]
        if after > self.endpoint.cursor:
            said = _("The receiver has been sent nothing after event %(last)s yet: give that number or a smaller one.")
            raise forms.ValidationError(said % {"last": self.endpoint.cursor})
        return after


class RedeliverForm(StepForm):
    sequence = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


@dataclass(frozen=True)
class Step:
    slug: str
    label: Words
    explanation: Words
    run: Callable[[Endpoint, User, Cleaned], Outcome]
    form: type[StepForm] = StepForm
    when: Callable[[Endpoint], bool] = lambda endpoint: True
    tone: str = "primary"


def _ping(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    return Outcome(posted=services.ping(endpoint))


def _retry(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    services.try_now(endpoint)
    return Outcome(_("What waits is tried within seconds."))


def _pause(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    services.pause_endpoint(endpoint, by=user, reason=cleaned["reason"])
    return Outcome(_("Paused: nothing is sent there, and nothing is lost."))


def _resume(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    services.resume_endpoint(endpoint, by=user)
    return Outcome(_("Resumed: what it missed is on its way, in order."))


def _rotate(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    _endpoint, secret = services.rotate_secret(endpoint, by=user, overlap=timedelta(hours=cleaned["hours"]))
    return Outcome(secret=secret)


def _replay(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    services.replay(endpoint, after=cleaned["after"], by=user)
    return Outcome(_("Everything after event %(after)s is sent once more, in order.") % {"after": cleaned["after"]})


def _redeliver(endpoint: Endpoint, user: User, cleaned: Cleaned) -> Outcome:
    number = services.redeliver(endpoint, by=user, sequence=cleaned["sequence"])
    return Outcome(ngettext("%d dead letter is sent again.", "%d dead letters are sent again.", number) % number)


STEPS = {
    step.slug: step
    for step in (
        Step(
            "ping",
            gettext_lazy("Test ping"),
            gettext_lazy("Sends one signed webhook.ping at once and shows what comes back. It is no event."),
            _ping,
        ),
        Step(
            "retry",
            gettext_lazy("Try now"),
            gettext_lazy("Tries what waits for its next attempt at once, in order. For a receiver that was mended."),
            _retry,
            when=lambda endpoint: endpoint.is_active,
        ),
        Step(
            "redeliver",
            gettext_lazy("Send dead letters again"),
            gettext_lazy("Sends what was given up again, from a first attempt on, before whatever waits."),
            _redeliver,
            form=RedeliverForm,
        ),
        Step(
            "replay",
            gettext_lazy("Replay"),
            gettext_lazy("Sends everything it wants after an event once more, in order, under the same webhook-ids."),
            _replay,
            form=ReplayForm,
        ),
        Step(
            "rotate",
            gettext_lazy("New secret"),
            gettext_lazy("Makes another secret and shows it once. For a while both sign, so that nothing is refused."),
            _rotate,
            form=RotateForm,
        ),
        Step(
            "pause",
            gettext_lazy("Pause"),
            gettext_lazy("Sends nothing there until it is resumed. It keeps its place: nothing is lost."),
            _pause,
            form=PauseForm,
            when=lambda endpoint: endpoint.is_active,
            tone="danger",
        ),
        Step(
            "resume",
            gettext_lazy("Resume"),
            gettext_lazy("Sends again, from where it stopped, with what died while nothing got through."),
            _resume,
            when=lambda endpoint: not endpoint.is_active,
        ),
    )
}
