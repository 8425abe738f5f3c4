"""What every page of the desk shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.admin import StackedInline as UnfoldStackedInline
from unfold.admin import TabularInline as UnfoldTabularInline
from unfold.forms import PaginationInlineFormSet
from unfold.paginator import InfinitePaginator

from claims.models import User

if TYPE_CHECKING:
    # Unfold carries no types; it extends Django's classes, which do.
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelAdmin, StackedInline, TabularInline = UnfoldModelAdmin, UnfoldStackedInline, UnfoldTabularInline
    ModelForm, InlineFormSet = forms.ModelForm, PaginationInlineFormSet


# An address typed without its scheme is meant to be https.
ASSUME_HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}


class DeskAdmin(ModelAdmin):
    """Lists that never count the whole table, and nothing deleted in bulk."""

    formfield_overrides = ASSUME_HTTPS
    actions = None
    show_full_result_count = False
    paginator = InfinitePaginator
    list_per_page = 50
    list_filter_sheet = False
    warn_unsaved_form = True

    class Media:
        css = {"all": ("claims/desk.css",)}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing goes from the desk unless its own page says so: the public record rests on it."""
        return False


class ReadOnlyAdmin(DeskAdmin):
    """Looked at, never written: services alone write these rows."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def person(request: HttpRequest) -> User:
    """Who is signed in. The desk lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user
