"""People, with what signing in adds: who has a second factor, pending invitations, a lost phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts import services
from accounts.models import Invitation
from accounts.views.pages import page
from claims.admin.base import person
from claims.admin.people import UserAdmin
from claims.errors import NotAllowed
from claims.models import User

admin.site.unregister(User)


class ResetFactorForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("How you made sure that it is them. Kept in the desk's record."),
    )


class ByAdministrator:
    """A form that asks the service whether its result may be saved, before it is."""

    by: User
    instance: User

    def clean(self) -> Any:
        return super().clean()  # type: ignore[misc]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:  # type: ignore[attr-defined]
            try:
                services.check_person(self.instance, by=self.by)
            except NotAllowed as refusal:
                self.add_error(None, ValidationError(str(refusal)))  # type: ignore[attr-defined]


@admin.register(User)
class PeopleAdmin(UserAdmin):
    list_display: Any = (*UserAdmin.list_display, "two_factors")
    list_select_related = ("second_factor",)
    list_before_template = "accounts/pending.html"
    change_form_after_template = "accounts/person_after.html"

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def two_factors(self, user: User) -> bool:
        return hasattr(user, "second_factor")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (ByAdministrator, form), {"by": person(request)})

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        services.save_person(obj, by=person(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        shown = {
            "pending_invitations": list(Invitation.objects.pending().order_by("invited_at")[:50]),
            "may_invite": request.user.has_perm("accounts.add_invitation"),
            "now": timezone.now(),
        }
        return super().changelist_view(request, shown | (extra_context or {}))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        user = self.get_object(request, id)
        before = user.password if user else ""
        response = super().user_change_password(request, id, form_url)
        after = User.objects.filter(pk=user.pk).first() if user else None
        if request.method == "POST" and after is not None and after.password != before:
            services.password_was_set(after, by=person(request), keep=request.session.session_key)
        return response

    def get_urls(self) -> list[URLPattern]:
        reset = self.admin_site.admin_view(self.reset_factor)
        return [path("<int:pk>/second-factor/", reset, name="accounts_reset_factor"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        user = kwargs.get("obj")
        if user is not None and hasattr(user, "second_factor") and self.has_change_permission(request, user):
            context["reset_factor_url"] = reverse("admin:accounts_reset_factor", args=[user.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    def reset_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks whether, POST does."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = ResetFactorForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                done = services.reset_second_factor(user, by=person(request), reason=form.cleaned_data["reason"])
            except NotAllowed as refusal:
                messages.error(request, str(refusal))
            else:
                told = _("The second factor was reset. %(who)s has been told.") % {"who": user.get_username()}
                messages.success(request, told if done else _("There was no second factor."))
            return redirect("admin:claims_user_change", user.pk)
        return page(request, "accounts/reset_factor.html", _("Reset the second factor"), form=form, colleague=user)
