"""What every page of the desk shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.admin import StackedInline as UnfoldStackedInline
from unfold.admin import TabularInline as UnfoldTabularInline
from unfold.forms import PaginationInlineFormSet

from claims import services
from claims.admin import kept
from claims.admin.on_record import record_view
from claims.models import User
from sources.admin.quick import Quick
from sources.finding import is_id

if TYPE_CHECKING:
    # Unfold carries no types; it extends Django's classes, which do.
    ModelAdmin = admin.ModelAdmin[Any]
    StackedInline = admin.StackedInline[Any, Any]
    TabularInline = admin.TabularInline[Any, Any]
    ModelForm = forms.ModelForm[Any]
    InlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
else:
    ModelAdmin, StackedInline = UnfoldModelAdmin, UnfoldStackedInline

    class TabularInline(UnfoldTabularInline):
        """Rows of a table: the column's head is seen above, so each field says its name to a screen reader itself."""

        def get_formset(self, request, obj=None, **kwargs):
            formset = super().get_formset(request, obj, **kwargs)
            for field in formset.form.base_fields.values():
                field.widget.attrs.setdefault("aria-label", field.label)
            return formset

    ModelForm, InlineFormSet = forms.ModelForm, PaginationInlineFormSet


# An address typed without its scheme is meant to be https.
ASSUME_HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}


class OnlyIds:
    """Draws a refused form again whatever was sent instead of ids; the field's error tells of it."""

    def optgroups(self, name: str, value: list[str], attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if is_id(one)], attr)  # type: ignore[misc]


class OneOfMany(OnlyIds, AutocompleteSelect):  # type: ignore[misc]
    pass


class SomeOfMany(OnlyIds, AutocompleteSelectMultiple):  # type: ignore[misc]
    pass


# Marks a request whose form was sent before its person signed in.
IS_KEPT = "is_kept"


def refused(form: Any) -> Any:
    """The same form, which says that it is not saved and cannot be valid."""

    class Refused(form):  # type: ignore[misc]
        def full_clean(self) -> None:
            super().full_clean()
            self.add_error(None, kept.NOT_SAVED)

    return Refused


class DeskAdmin(Quick, ModelAdmin):
    """Lists that never count the whole table, and nothing deleted in bulk."""

    formfield_overrides = ASSUME_HTTPS
    actions: Any = None
    list_per_page = 50
    list_filter_sheet = False
    warn_unsaved_form = True

    class Media:
        css = {"all": ("claims/desk.css",)}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneOfMany(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SomeOfMany(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # A form whose session had ended is shown as it was sent, once its person has signed in again.

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "GET" and (fields := kept.take(request)) is not None:
            # As a refused form: filled, and with nothing saved.
            request.method, request.POST = "POST", fields  # type: ignore[assignment]
            setattr(request, IS_KEPT, True)
        return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return refused(form) if getattr(request, IS_KEPT, False) else form

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing goes from the desk unless its own page says so: the public record rests on it."""
        return False

    # What is saved here goes on the desk's record, from what to what; Django's own log would be a second half-truth.
    # Other apps' rows have no such record: theirs is Django's.

    @property
    def is_on_record(self) -> bool:
        return self.opts.app_label == "claims"

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        services.save_on_record(obj, by=person(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.delete_on_record(obj, by=person(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            services.save_on_record(row, by=person(request))
        for row in formset.deleted_objects:
            services.delete_on_record(row, by=person(request))
        formset.save_m2m()

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if self.is_on_record else super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return None if self.is_on_record else super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return [] if self.is_on_record else super().log_deletions(request, queryset)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The record of this row."""
        if not self.is_on_record:
            return super().history_view(request, object_id, extra_context)
        return record_view(self, request, object_id)


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
