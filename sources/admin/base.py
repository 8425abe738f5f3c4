"""What every page about sources shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.admin import TabularInline as UnfoldTabularInline

from sources.choices import Availability
from sources.models import Snapshot, Source

from .quick import Quick

if TYPE_CHECKING:
    # Unfold carries no types; it extends Django's classes, which do.
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Source]
else:
    ModelAdmin, TabularInline, ModelForm = UnfoldModelAdmin, UnfoldTabularInline, forms.ModelForm

# The theme's label colours.
COLOURS = {
    Availability.LIVE: "success",
    Availability.MOVED: "success",
    Availability.NEW: "info",
    Availability.SUSPECT: "warning",
    Availability.BLOCKED: "warning",
    Availability.PAYWALLED: "warning",
    Availability.EXCLUDED: "warning",
    Availability.DENIED: "warning",
    Availability.DEAD: "danger",
}


class ReadOnly:
    """Looked at, never written: visits alone write these rows, and nothing is ever deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Log(ReadOnly, Quick, ModelAdmin):
    """A long list that only grows: newest first, never counted."""

    list_select_related = ("source",)
    list_per_page = 50
    ordering = ("-pk",)
    # Orders of a million rows that no index holds take seconds; the filters narrow instead.
    sortable_by = ()
    actions = None


def capture_url(version: Snapshot) -> str:
    """Where the desk shows a stored capture; empty for an erased one."""
    try:
        return reverse("admin:sources_snapshot_capture", args=[version.pk]) if version.storage_key else ""
    except NoReverseMatch:
        return ""
