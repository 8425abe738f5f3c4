"""What browsers are told about the desk's pages and cookies."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from claims.models import User
from claimtrack.env import ROOT
from tests.accounts_desk import Browser, signed_in


def test_the_desk_is_kept_by_nobody_and_drawn_in_nowhere(checker: User) -> None:
    headers = signed_in(checker).get("/admin/account/").headers
    assert "no-store" in headers["Cache-Control"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/admin/password_reset/"])
def test_features_that_no_page_uses_are_off(db: None, path: str) -> None:
    policy = Client().get(path).headers["Permissions-Policy"]
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= set(policy.split(", "))


def test_readers_pages_may_be_drawn_into_other_sites(db: None) -> None:
    assert "Cross-Origin-Resource-Policy" not in Client().get("/").headers


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/admin/password_reset/", "/admin/password_reset/done/", "/admin/reset/MQ/a-b/"]
)
def test_pages_before_signing_in_are_kept_by_nobody_either(db: None, path: str) -> None:
    assert "no-store" in Browser().get(path).headers["Cache-Control"]


def test_the_session_cookie_is_out_of_scripts_and_other_sites_reach(checker: User) -> None:
    cookie = signed_in(checker).client.cookies["sessionid"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/" and not cookie["domain"]


@pytest.mark.parametrize(("site", "prefix"), [("https://facts.example.org", "__Host-"), ("http://127.0.0.1:8000", "")])
def test_cookies_carry_the_host_prefix_over_https(site: str, prefix: str) -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME", "SESSION_COOKIE_SECURE")
    program = (
        "import json; from django.conf import settings; "
        f"print(json.dumps([getattr(settings, name) for name in {names!r}]))"
    )
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("CLAIMTRACK_", "SITE_", "PYTEST_"))
    } | {"SITE_URL": site, "DJANGO_SETTINGS_MODULE": "claimtrack.settings"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, env=environ
    )
    expected = [f"{prefix}sessionid", f"{prefix}csrftoken", f"{prefix}desk_device", bool(prefix)]
    assert json.loads(done.stdout) == expected
