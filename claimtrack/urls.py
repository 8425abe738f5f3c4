"""What lives where. Pages have a language prefix; the desk, the feeds and the health checks have none."""

from django.contrib import admin
from django.urls import include, path

from claimtrack import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", include("claims.admin.urls")),
    # Signing in, in the place of Django's own pages of the same addresses.
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("feed.urls")),
    path("", include("pages.urls")),
]

handler404 = "pages.views.errors.not_found"
handler400 = "claimtrack.middleware.bad_request"
handler500 = "claimtrack.middleware.server_error"
