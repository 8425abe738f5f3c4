"""Visits, versions and files as lists: looked at, never written."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from sources.models import Snapshot, SourceCheck, Upload

from .base import Log, ModelAdmin, ReadOnly
from .captures import capture_urls
from .quick import Quick


@admin.register(SourceCheck)
class SourceCheckAdmin(Log):
    list_display = ("at", "source", "outcome", "counted", "http_status", "duration_ms", "error")
    list_filter = ("outcome", "counted")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The index of outcomes is by time."""
        return ("-at", "-pk") if "outcome__exact" in request.GET else ("-pk",)


@admin.register(Snapshot)
class SnapshotAdmin(Log):
    list_display = ("taken_at", "source", "title", "language", "size", "truncated")
    change_form_outer_before_template = "sources/desk/version.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        match = request.resolver_match
        rows = super().get_queryset(request)
        return rows if match and "object_id" in match.kwargs else rows.defer("text")

    def get_urls(self) -> list[URLPattern]:
        return [*capture_urls(self), *super().get_urls()]


@admin.register(Upload)
class UploadAdmin(ReadOnly, Quick, ModelAdmin):
    list_display = ("name", "media_type", "size", "uploaded_at", "sha256")
    search_fields = ("name", "sha256")
    list_per_page = 50
    actions = None
