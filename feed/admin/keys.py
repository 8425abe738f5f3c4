"""API keys at the desk: administrators make, change and revoke them. A key's text is shown once, and not kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from claims.admin.base import DeskAdmin, ModelForm, person
from feed import services
from feed.choices import Scope
from feed.models import ApiKey

WRITTEN = ("name", "contact", "scopes", "expires_at", "rate")


class ApiKeyForm(ModelForm):
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Scopes"),
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("What the key may be used for."),
    )

    class Meta:
        model = ApiKey
        fields = WRITTEN


@admin.register(ApiKey)
class ApiKeyAdmin(DeskAdmin):
    form = ApiKeyForm
    list_display = ("prefix", "name", "may", "contact", "last_used_at", "expires_at", "state")
    list_display_links = ("prefix", "name")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("prefix", "name", "contact")
    view_on_site = False
    readonly_fields = ("prefix", "state", "made", "last_used_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        about = () if obj is None else ((gettext_lazy("About it"), {"fields": self.readonly_fields}),)
        return ((None, {"fields": WRITTEN}), *about)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is revoked stays as it was: a new key is another key."""
        return super().has_change_permission(request, obj) and (obj is None or obj.revoked_at is None)

    @admin.display(description=gettext_lazy("scopes"))
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=gettext_lazy("made"))
    def made(self, key: ApiKey) -> str:
        by = key.created_by or _("the command line")
        return _("%(at)s by %(by)s") % {"at": f"{key.created_at:%Y-%m-%d %H:%M} UTC", "by": by}

    @admin.display(description=gettext_lazy("state"))
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at is not None:
            return _label("desk-alarm", _("revoked %(day)s") % {"day": f"{key.revoked_at:%Y-%m-%d}"})
        if not key.is_usable(timezone.now()):
            return _label("desk-attention", _("expired %(day)s") % {"day": f"{key.expires_at:%Y-%m-%d}"})
        return _label("desk-good", _("in use") if key.last_used_at else _("not used yet"))

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        fields = {name: form.cleaned_data[name] for name in WRITTEN}
        if change:
            services.change_key(obj, by=person(request), **fields)
            return
        made, shown_once = services.create_key(by=person(request), **fields)
        obj.pk, obj.prefix = made.pk, made.prefix
        request.shown_once = shown_once  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """The answer to the form is the page with the key: no redirect, so nothing has to carry it further.

        The admin tells every cache to keep none of its pages.
        """
        context = {"key": obj, "whole": getattr(request, "shown_once", "")}
        return self._page(request, obj, "feed/desk/key_shown.html", _("The new API key"), context)

    def get_urls(self) -> list[URLPattern]:
        revoke = self.admin_site.admin_view(self.revoke)
        return [path("<int:pk>/revoke/", revoke, name="feed_apikey_revoke"), *super().get_urls()]

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET asks whether, POST does."""
        key = get_object_or_404(ApiKey, pk=pk) if pk < 2**63 else None
        if key is None or not super().has_change_permission(request, key):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, key, "feed/desk/key_revoke.html", _("Revoke an API key"), {"key": key})
        services.revoke_key(key, by=person(request))
        messages.success(request, _("Revoked: within 15 seconds the key opens nothing any more."))
        return redirect("admin:feed_apikey_changelist")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        key = kwargs.get("obj")
        if key is not None and self.has_change_permission(request, key):
            context["revoke_url"] = reverse("admin:feed_apikey_revoke", args=[key.pk])
        return super().render_change_form(request, context, *args, **kwargs)

    change_form_after_template = "feed/desk/key_revoke_link.html"

    def _page(
        self, request: HttpRequest, key: ApiKey, template: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": key,
            "media": self.media,
            **context,
        }
        return TemplateResponse(request, template, shown)


def _label(tone: str, text: str) -> SafeString:
    return format_html('<span class="desk-label {}">{}</span>', tone, text)
