"""The WSGI application that the web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from claimtrack import watchdog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

# Here, so that it holds for the web server alone: a worker or a command may wait long.
settings.DATABASES["default"]["OPTIONS"].update(connection_factory=watchdog.Connection, cursor_factory=watchdog.Cursor)

application = get_wsgi_application()
