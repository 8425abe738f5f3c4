"""Django's settings, made from the table in env.py. Importing them starts nothing and writes nothing."""

import logging
import os
import sys
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from claimtrack import env
from claimtrack.email_urls import email_settings
from claimtrack.embedded.home import Home
from claimtrack.redis_urls import broker_url, socket_url

try:
    ENV = env.read(os.environ)
except env.BadSetting as problem:
    raise ImproperlyConfigured(str(problem)) from None

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Home(ENV["CLAIMTRACK_DATA_DIR"])

# Set by tests/environment.py alone.
TESTING = "CLAIMTRACK_TEST_DATA_DIR" in os.environ

# Settings that are plain values under their own names. RECHECK_* drop the prefix, as sources knows no environment.
SITE_URL: str = ENV["SITE_URL"]
SITE_NAME: str = ENV["SITE_NAME"]
PUBLISHER_NAME: str = ENV["PUBLISHER_NAME"]
PUBLISHER_URL: str = ENV["PUBLISHER_URL"]
PUBLISHER_LOGO: str = ENV["PUBLISHER_LOGO"]
FEED_LICENSE: str = ENV["FEED_LICENSE"]
TRUSTED_PROXIES: list[str] = ENV["TRUSTED_PROXIES"]
SENTRY_DSN: str = ENV["SENTRY_DSN"]
CLAIMTRACK_DATA_DIR: Path = ENV["CLAIMTRACK_DATA_DIR"]
CLAIMTRACK_DEMO: bool = ENV["CLAIMTRACK_DEMO"]
CLAIMTRACK_DEMO_PORT: int = ENV["CLAIMTRACK_DEMO_PORT"]
CLAIMTRACK_FETCH_ALLOW: list[str] = ENV["CLAIMTRACK_FETCH_ALLOW"]
FETCH_EXTRA_PORTS: list[int] = ENV["CLAIMTRACK_FETCH_PORTS"]
CLAIMTRACK_USER_AGENT: str = ENV["CLAIMTRACK_USER_AGENT"]
CLAIMTRACK_CONTACT: str = ENV["CLAIMTRACK_CONTACT"]
CLAIMTRACK_AUTO_OPEN_REVIEW: bool = ENV["CLAIMTRACK_AUTO_OPEN_REVIEW"]
CLAIMTRACK_REQUIRE_SECOND_REVIEWER: bool = ENV["CLAIMTRACK_REQUIRE_SECOND_REVIEWER"]
CLAIMTRACK_DIGEST_AT: time = ENV["CLAIMTRACK_DIGEST_AT"]
CLAIMTRACK_PUBLIC_SNAPSHOTS: str = ENV["CLAIMTRACK_PUBLIC_SNAPSHOTS"]
RECHECK_INTERVALS = ENV["CLAIMTRACK_RECHECK_INTERVALS"]
RECHECK_FAILURES: int = ENV["CLAIMTRACK_RECHECK_FAILURES"]
RECHECK_SPACING = ENV["CLAIMTRACK_RECHECK_SPACING"]
RECHECK_HOST_DELAY = ENV["CLAIMTRACK_RECHECK_HOST_DELAY"]
RECHECK_CONFIRM_DELAY = ENV["CLAIMTRACK_RECHECK_CONFIRM_DELAY"]
RECHECK_DEMO_CONFIRM_DELAY = ENV["CLAIMTRACK_RECHECK_DEMO_CONFIRM_DELAY"]
KEEP_CHECKS = ENV["CLAIMTRACK_KEEP_CHECKS"]
CLAIMTRACK_KEEP_CONTACTS = ENV["CLAIMTRACK_KEEP_CONTACTS"]
KEEP_DELIVERIES = ENV["CLAIMTRACK_KEEP_DELIVERIES"]
CLAIMTRACK_REQUIRE_SECOND_FACTOR: bool = ENV["CLAIMTRACK_REQUIRE_SECOND_FACTOR"]
SESSION_IDLE = ENV["CLAIMTRACK_SESSION_IDLE"]
SESSION_AT_MOST = ENV["CLAIMTRACK_SESSION_AT_MOST"]
KEEP_SIGN_INS = ENV["CLAIMTRACK_KEEP_SIGN_INS"]
RATE_ANONYMOUS: int = ENV["CLAIMTRACK_RATE_ANONYMOUS"]
RATE_KEY: int = ENV["CLAIMTRACK_RATE_KEY"]
RATE_FORMS: int = ENV["CLAIMTRACK_RATE_FORMS"]
# What /readyz says about more than the parts themselves, by name; none of it fails anything.
# Who shows a draft as readers would see it: (request, unsaved VerdictDocument) -> HttpResponse.
CLAIM_PAGE_PREVIEW = "pages.previews.claim_page"
READINESS = {"limits": "feed.admission.limits.state"}
READER_FORMS_LIMIT = "feed.admission.readers.wait_of"  # (network address) -> seconds to wait, 0: taken

DEBUG: bool = ENV["DEBUG"]
# Without a kept key (say, a type checker importing us before the first start) one that signs nothing for long.
SECRET_KEY: str = ENV["SECRET_KEY"] or HOME.secret("secret-key") or get_random_secret_key()
ALLOWED_HOSTS: list[str] = ENV["ALLOWED_HOSTS"]
ROOT_URLCONF = "claimtrack.urls"
WSGI_APPLICATION = "claimtrack.wsgi.application"
AUTH_USER_MODEL = "claims.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    # Before django.contrib.admin, whose templates it replaces.
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "claimtrack.apps.ClaimtrackConfig",
    "claims",
    # After claims, whose page of people it extends.
    "accounts",
    "sources",
    "feed",
    "pages",
    "demo",
]

MIDDLEWARE = [
    "claimtrack.middleware.TrustedProxiesMiddleware",
    # Answers the API and the feeds itself; what stands below it is for the desk and for readers.
    "claimtrack.short_stack.ShortStackMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "claimtrack.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "claimtrack.middleware.UnavailableMiddleware",
    "claimtrack.middleware.DeskSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "claimtrack.middleware.DeskLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.DeskAccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Parts of the theme that we mend: looked up before the theme's own.
        "DIRS": [BASE_DIR / "claimtrack" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# PostgreSQL: the only truth.
EMBEDDED_DATABASE = not ENV["DATABASE_URL"]
DATABASES: dict[str, Any] = {
    "default": HOME.database() if EMBEDDED_DATABASE else dict(dj_database_url.parse(ENV["DATABASE_URL"]))
}
DATABASES["default"].update(
    # Connections stay open between requests and tasks, and are tried before each use,
    # so that work resumes by itself after PostgreSQL was away.
    CONN_MAX_AGE=None,
    CONN_HEALTH_CHECKS=True,
)
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)

# Redis carries tasks and heartbeats and may be flushed at any time: no sessions, no truth, no cache of pages.
REDIS_URL: str = ENV["REDIS_URL"] or socket_url(HOME.redis_socket())
CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Redis comes back
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A task that a killed worker held is handed out again after this many seconds.
    "visibility_timeout": 600,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
}
CELERY_TASK_IGNORE_RESULT = True
# Every task is safe to run again (it asks the database what is due), so one is done only when it has finished.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# One task in hand per process: long visits must not sit on short assessments.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# Memory a page's parser does not give back is given back with the process.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 540
CELERY_TIMEZONE = ENV["TIME_ZONE"]
CELERY_BEAT_SCHEDULER = "claimtrack.heartbeats.Scheduler"

STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": CLAIMTRACK_DATA_DIR / "uploads", "base_url": None},
    },
    "snapshots": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Captures are other people's pages: nobody but this user reads them around the site.
        "OPTIONS": {
            "location": HOME.snapshots, "base_url": None,
            "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700,
        },  # fmt: skip
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = HOME.static

# Everything below follows the scheme of SITE_URL.
_HTTPS = urlsplit(SITE_URL).scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(SESSION_AT_MOST.total_seconds())
# With the prefix, browsers take the cookie from this host alone, over HTTPS, for the whole of it.
_PREFIX = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_PREFIX}sessionid", f"{_PREFIX}csrftoken"
# Tells a browser somebody has signed in with before from a stranger's (accounts/models/sessions.py).
DEVICE_COOKIE_NAME = f"{_PREFIX}desk_device"
# Seconds. A mailed link is a password that lies about.
PASSWORD_RESET_TIMEOUT = 3600
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # HTTPS is the proxy's: redirecting here would loop behind one that is not in TRUSTED_PROXIES
    "security.W005",  # HSTS speaks for this host alone, not for the organisation's other subdomains
    "security.W021",  # nor for the browsers' preload list
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian")), ("kk", _("Kazakh"))]
FORMAT_MODULE_PATH = ["claimtrack.formats"]
LOCALE_PATHS = [BASE_DIR / "claimtrack" / "locale"]
USE_TZ = True
TIME_ZONE: str = ENV["TIME_ZONE"]

# What a role may do is the table in claims/permissions.py, not groups.
AUTHENTICATION_BACKENDS = ["claims.permissions.RoleBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

vars().update(email_settings(ENV["EMAIL_URL"], SITE_URL))

UNFOLD = {
    "SITE_TITLE": SITE_NAME,
    "SITE_HEADER": SITE_NAME,
    "SITE_URL": "/",
    "SITE_SYMBOL": "fact_check",
    "DASHBOARD_CALLBACK": "claims.admin.dashboard.dashboard",
    "STYLES": ["claims.admin.navigation.stylesheet", "claims.admin.navigation.log_stylesheet"],
    "SCRIPTS": ["claims.admin.navigation.shortcuts", "claims.admin.navigation.spoken"],
    "SITE_FAVICONS": [{"rel": "manifest", "href": "claims.admin.log.manifest.manifest_url"}],
    "ACCOUNT": {"navigation": "claims.admin.navigation.account"},
    "SIDEBAR": {"navigation": "claims.admin.navigation.navigation"},
    # Links in the dark: the theme's own shade has too little contrast (WCAG 1.4.3).
    "COLORS": {"primary": {"500": "oklch(66% .25 304.2)"}},
    "SHOW_LANGUAGES": True,
    "LANGUAGES": {"action": "claims.admin.languages.address", "navigation": "claims.admin.languages.languages"},
}

def _is_no_503(record: logging.LogRecord) -> bool:
    return getattr(record, "status_code", 0) != 503


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    # An unreachable part is logged where it fails, not once more for every visitor and probe.
    "filters": {"no_503": {"()": "django.utils.log.CallbackFilter", "callback": _is_no_503}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
            "filters": ["no_503"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Strangers knock with every host name there is; each gets its 400 and no traceback in the log.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}

if TESTING:
    # Transactional tests empty tables that nobody else may (see the migrations named protect_history).
    DATABASES["default"]["OPTIONS"]["options"] = "-c claimtrack.allow_truncate=on"
    # Plain hashes and uncollected static files: speed, and no build step before a test.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True

if SENTRY_DSN:
    # Optional: env.read() has made sure that the package is there.
    import sentry_sdk  # type: ignore[import-not-found,unused-ignore]

    # Neither variables nor requests leave the house: they hold keys, secrets of webhooks and texts nobody published.
    sentry_sdk.init(
        dsn=SENTRY_DSN, send_default_pii=False, include_local_variables=False, max_request_body_size="never"
    )
