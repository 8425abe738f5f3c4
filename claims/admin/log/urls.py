"""The desk's pages beside Django's own, under /admin/claims/."""

from __future__ import annotations

from django.urls import path

from claims.admin.log.manifest import manifest
from claims.admin.log.parts import address_part, page_part, text_part
from claims.admin.log.view import log_page

app_name = "desk"
urlpatterns = [
    path("log", log_page, name="log"),
    path("log/", log_page),
    path("log/page", page_part, name="log_page"),
    path("log/text", text_part, name="log_text"),
    path("log/address", address_part, name="log_address"),
    path("log/manifest.webmanifest", manifest, name="manifest"),
]
