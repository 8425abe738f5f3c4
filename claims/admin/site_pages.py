"""What the newsroom says of itself: the editable part of the pages about it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.widgets import UnfoldAdminTextareaWidget

from claims.admin.base import DeskAdmin, ModelForm
from claims.models import SitePage


class SitePageForm(ModelForm):
    class Meta:
        model = SitePage
        fields = ("name", "language", "text")
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 30})}


@admin.register(SitePage)
class SitePageAdmin(DeskAdmin):
    list_display = ("name", "language", "changed_at")
    form = SitePageForm

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Another page or language is another row."""
        return ("name", "language") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Then the built-in page stands again; what the text said stays on record."""
        return bool(request.user.has_perm("claims.delete_sitepage"))
