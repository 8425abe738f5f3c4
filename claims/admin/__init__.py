"""The fact-checkers' desk. Start at claims.py (the claim's list and page) and actions.py (the workflow's steps)."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.admin import claim_files, claims, external, holds, notices, people, readers, records, site_pages, subjects  # noqa: F401

admin.site.index_template = "claims/desk/front.html"
admin.site.index_title = _("Needs me now")
