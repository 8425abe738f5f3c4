"""Colleagues are invited here; a person's answer makes them one of the People."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts import services
from accounts.models import Invitation, Letter
from claims.admin.base import DeskAdmin, ModelForm, person
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import User


class InvitationForm(ModelForm):
    by: User

    class Meta:
        model = Invitation
        fields = ("email", "username", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" not in self.fields:
            return  # a page that is only looked at
        offered = [(value, label) for value, label in Role.choices if services.may_give(self.by, value)]
        self.fields["role"].choices = offered  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The service's own rules, shown beside the fields."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                services.check_free(self.instance)
            except ValidationError as refusal:
                self._update_errors(refusal)  # type: ignore[attr-defined]

    def validate_unique(self) -> None:
        """The service asks, in words that help."""

    def validate_constraints(self) -> None:
        """The same."""


@admin.register(Invitation)
class InvitationAdmin(DeskAdmin):
    form = InvitationForm
    list_display = ("username", "email", "role", "invited_by", "invited_at", "state")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter), ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("username", "email")
    list_select_related = ("invited_by",)
    fields = ("email", "username", "role")
    change_form_after_template = "accounts/invitation_steps.html"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent stays as it was sent: take it back and invite anew."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.fields, "invited_by", "invited_at", "expires_at", "state", "mail") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("invited_at", "state", "mail") if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return type("InvitationFormBy", (super().get_form(request, obj, change, **kwargs),), {"by": person(request)})

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        made = services.invite(obj.email, username=obj.username, role=obj.role, by=person(request))
        obj.pk = made.pk

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, _("The invitation leaves by mail; its link works for seven days."))
        return redirect("admin:claims_user_changelist")

    @admin.display(description=gettext_lazy("state"))
    def state(self, invitation: Invitation) -> SafeString:
        if invitation.accepted_at:
            return _label("desk-good", _("joined %(day)s") % {"day": f"{invitation.accepted_at:%Y-%m-%d}"})
        if invitation.revoked_at:
            return _label("desk-alarm", _("taken back %(day)s") % {"day": f"{invitation.revoked_at:%Y-%m-%d}"})
        if invitation.expires_at <= timezone.now():
            return _label("desk-attention", _("too old: send it again"))
        return _label("desk-info", _("answer awaited"))

    @admin.display(description=gettext_lazy("mail"))
    def mail(self, invitation: Invitation) -> str:
        """Whether the newest link has left, and if not, why."""
        letter = Letter.objects.filter(invitation=invitation).order_by("-written_at", "-pk").first()
        if letter is None:
            return _("left, more than a week ago")
        if letter.sent_at:
            return _("left %(at)s UTC") % {"at": f"{letter.sent_at:%Y-%m-%d %H:%M}"}
        if letter.error:
            return _("has not left: %(why)s") % {"why": letter.error}
        return _("leaves within a minute") if letter.due_at else _("was not sent")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        invitation = kwargs.get("obj")
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        context["invitation_steps"] = invitation is not None and invitation.is_pending and self.may_step(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def may_step(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    def get_urls(self) -> list[URLPattern]:
        steps: dict[str, tuple[Callable[..., Any], Any]] = {
            "again": (services.send_again, gettext_lazy("Sent again; the earlier link opens nothing any more.")),
            "revoke": (services.revoke_invitation, gettext_lazy("Taken back: the link opens nothing any more.")),
        }
        wrap = self.admin_site.admin_view
        return [
            *(
                path(f"<int:pk>/{name}/", wrap(require_POST(self.step(*step))), name=f"accounts_invitation_{name}")
                for name, step in steps.items()
            ),
            *super().get_urls(),
        ]

    def step(self, service: Callable[..., Any], done: Any) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, pk: int) -> HttpResponse:
            if not self.may_step(request):
                raise PermissionDenied
            invitation = get_object_or_404(Invitation, pk=pk)
            try:
                service(invitation, by=person(request))
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, str(done))
            return redirect("admin:claims_user_changelist")

        return view


def _label(tone: str, text: str) -> SafeString:
    return format_html('<span class="desk-label {}">{}</span>', tone, text)
