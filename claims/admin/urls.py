"""Addresses of the desk that belong to no model. They stand before the admin's own."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from claims.admin.exporting import export
from claims.admin.languages import switch
from claims.admin.numbers import number_found

urlpatterns = [
    path("<slug:app>/<slug:model>/export.<slug:form>", admin.site.admin_view(require_safe(export)), name="desk_export"),
    path("claims/", include("claims.admin.log.urls")),
    path("number/", admin.site.admin_view(require_POST(number_found)), name="desk_number"),
    path("language/", admin.site.admin_view(require_POST(switch)), name="desk_language"),
]
