"""Tables of claims: bring one, read what the dry run found, have it logged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldBooleanSwitchWidget

from claims import services
from claims.admin.base import ReadOnlyAdmin, person
from claims.choices import ClaimFileState
from claims.errors import NotAllowed
from claims.importing.claim_rows import COLUMNS, template
from claims.importing.tables import MAX_BYTES
from claims.models import ClaimFile
from claims.services.claim_files.working import AT_ONCE, MOST_ROWS


class BringForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy(
            "A table saved as CSV: UTF-8, UTF-16 or Windows-1251; separated by commas, semicolons or tabs. "
            "It is looked through first; nothing is logged before you say so."
        ),
    )
    make_missing = forms.BooleanField(
        label=gettext_lazy("Enter who and what is new"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=gettext_lazy(
            "Claimants and topics that the desk does not know are entered. Otherwise such rows are refused, "
            "so that a misspelt name makes no second person."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 20 MB. Split it into several."))
        return file


@admin.register(ClaimFile)
class ClaimFileAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "brought_by", "brought_at", "rows", "logged", "known", "wrong")
    list_filter = ("state",)
    search_fields = ("name",)
    list_select_related = ("brought_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimFile]:
        return ClaimFile.objects.select_related("brought_by").defer("content")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.add_claimfile")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(lambda request: self.template(request))
        return [path("template.csv", view, name="claims_claimfile_template"), *super().get_urls()]

    def template(self, request: HttpRequest) -> HttpResponse:
        """The columns with one row of examples, for a spreadsheet."""
        answer = HttpResponse(template(), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="claims.csv"'
        return answer

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
        if request.method == "POST" and form.is_valid():
            brought = form.cleaned_data["file"]
            try:
                file = services.bring_claim_file(
                    brought.read(),
                    name=brought.name or "",
                    by=person(request),
                    make_missing=form.cleaned_data["make_missing"],
                )
            except ValidationError as refusal:
                form.add_error(None, refusal.messages)
            else:
                return self._work(file, brought.size)
        columns = [(name, words, example) for name, (words, example) in COLUMNS.items()]
        return self._page(
            request, "claims/desk/claim_file_new.html", _("Import claims from a file"), form=form, columns=columns,
            most=MOST_ROWS,
        )  # fmt: skip

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        file = self.get_object(request, object_id)
        if file is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]
        if not self.has_view_permission(request, file):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request, file)
        return self._page(
            request, "claims/desk/claim_file.html", str(file), file=file, may_decide=self._may_decide(request, file)
        )

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The theme's form is not for this page; deciding has a check of its own."""
        return False

    def _may_decide(self, request: HttpRequest, file: ClaimFile) -> bool:
        mine = file.brought_by_id == person(request).pk or person(request).is_superuser
        return file.state == ClaimFileState.CHECKED and mine and request.user.has_perm("claims.change_claimfile")

    def _decide(self, request: HttpRequest, file: ClaimFile) -> HttpResponse:
        try:
            if "give_up" in request.POST:
                services.give_up_claim_file(file, by=person(request))
            else:
                services.log_claim_file(file, by=person(request), leave_out_wrong="leave_out_wrong" in request.POST)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        return self._work(file, file.rows * 100)

    def _work(self, file: ClaimFile, size: int) -> HttpResponse:
        """A short file is worked on at once; a longer one by the worker, and its page shows how far it is."""
        if size <= AT_ONCE:
            services.work_on_claim_file(file.pk)
        return HttpResponseRedirect(reverse("admin:claims_claimfile_change", args=[file.pk]))

    def _page(self, request: HttpRequest, name: str, title: str, **context: Any) -> TemplateResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            name,
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "media": self.media,
                "has_view_permission": True,
                **context,
            },
        )
