"""What each person is told, and the alarms of the machinery."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims import services
from claims.admin.base import ReadOnlyAdmin, person
from claims.admin.preferences import preferences_page
from claims.models import Alarm, Notice, User
from claims.models.notices import NOTICE_WORDS
from sources.finding import holding, is_id


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Everybody sees their own; administrators see everybody's, and which mails do not leave."""

    list_display = ("at", "named", "kind", "to", "read_at", "mailed_at", "mail_error")
    list_filter = (("read_at", admin.EmptyFieldListFilter), "kind", ("mail_error", admin.EmptyFieldListFilter))
    list_display_links = ("at", "named")
    list_before_template = "claims/desk/notices_before.html"
    search_fields = ("title", "text", "recipient__username")
    search_help_text = gettext_lazy("Words of the notice, or a user name")
    sortable_by = ("at",)
    search_order = ("-at", "-pk")
    fields = ("at", "kind", "to", "named", "happened", "where", "read_at", "mailed_at", "mail_attempts", "mail_error")
    readonly_fields = ("to", "named", "happened", "where")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        user, rows = person(request), Notice.objects.select_related("recipient")
        return rows if user.is_editor_in_chief else rows.filter(recipient=user)

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Notice]]:
        rows = self.get_queryset(request)
        people = User.objects.filter(username__iexact=text).values_list("pk", flat=True)
        return [holding(rows, NOTICE_WORDS, text), rows.filter(recipient__in=list(people))]

    @admin.display(description=gettext_lazy("to"))
    def to(self, notice: Notice) -> str:
        return str(notice.recipient)

    @admin.display(description=gettext_lazy("notice"), ordering="title")
    def named(self, notice: Notice) -> str:
        return notice.shown_title

    @admin.display(description=gettext_lazy("what happened"))
    def happened(self, notice: Notice) -> SafeString:
        return format_html('<div class="desk-difference">{}</div>', notice.shown_text)

    @admin.display(description=gettext_lazy("where"))
    def where(self, notice: Notice) -> SafeString | str:
        return format_html('<a class="text-link" href="{}">{}</a>', notice.path, notice.path) if notice.path else ""

    def get_urls(self) -> list[URLPattern]:
        return [
            path("read/", self.admin_site.admin_view(require_POST(read)), name="claims_notice_read"),
            path("mail/", self.admin_site.admin_view(require_POST(mail)), name="claims_notice_mail"),
            path(
                "preferences/",
                self.admin_site.admin_view(lambda request: preferences_page(self, request)),
                name="claims_notice_preferences",
            ),
            *super().get_urls(),
        ]


def read(request: HttpRequest) -> HttpResponse:
    """Tick off the notice in `notice`, or, without one, all of this person's."""
    one = request.POST.get("notice")
    if one is None:
        services.mark_read(person(request))
    elif is_id(one):
        services.mark_read(person(request), notice=int(one))
    return redirect("admin:index")


def mail(request: HttpRequest) -> HttpResponse:
    """Switch this person's own mails on (`on`) or off."""
    on = "on" in request.POST
    services.switch_mail(person(request), on=on)
    messages.success(request, _("Notices are mailed to you.") if on else _("Notices are no longer mailed to you."))
    return redirect("admin:index")


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ("kind", "started_at", "ended_at", "text")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "kind")
    fields = ("kind", "started_at", "ended_at", "text")
