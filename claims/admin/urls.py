"""Addresses of the desk that belong to no model. They stand before the admin's own."""

from django.contrib import admin
from django.urls import path
from django.views.decorators.http import require_POST

from claims.admin.languages import switch

urlpatterns = [
    path("language/", admin.site.admin_view(require_POST(switch)), name="desk_language"),
]
