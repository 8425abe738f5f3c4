"""Who works at the desk. Roles decide everything, so groups and single permissions stay out of sight."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from claims.admin.base import DeskAdmin, person
from claims.models import User

admin.site.unregister(Group)


class NewUserForm(UserCreationForm):  # type: ignore[misc]
    """Whoever is added here may sign in at the desk, unless the box is unticked."""

    class Meta:
        model = User
        fields = ("username", "role", "byline", "is_staff")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("is_staff", True)


class ChangedUserForm(UserChangeForm):  # type: ignore[misc]
    class Meta:
        model = User
        fields = "__all__"
        help_texts = {
            "first_name": _("Colleagues see it on the desk; readers see the byline."),
            "last_name": _("Colleagues see it on the desk; readers see the byline."),
            "email": _("Notices go there, if they are to be mailed. Nobody outside the desk sees it."),
            "last_login": _("When this person last signed in."),
            "date_joined": _("When this person was added."),
        }


@admin.register(User)
class UserAdmin(DjangoUserAdmin, DeskAdmin):  # type: ignore[type-arg, misc]
    form = ChangedUserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "role", "byline", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "byline", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "byline")}),
        (_("Contact"), {"fields": (("first_name", "last_name"), "email", "notify_by_mail", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", ("last_login", "date_joined"))}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "role", "byline", "is_staff", "password1", "password2")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A superuser is changed, and given a password, by a superuser alone."""
        if isinstance(obj, User) and obj.is_superuser and not person(request).is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who may only look has no use for the hash of a password."""
        shown = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return shown
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "password"]})
            for title, options in shown
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return User.objects.all()
