"""The environment: every setting is checked when it is read, and a bad one says how to mend it."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from claimtrack import env

BAD = {
    "PORT": "99999",
    "DATABASE_URL": "mysql://x/y",
    "REDIS_URL": "http://x",
    "SECRET_KEY": "short",
    "SITE_URL": "https://example.org/path",
    "TRUSTED_PROXIES": "proxy.local",
    "DEBUG": "perhaps",
    "EMAIL_URL": "pigeon://coop",
    "TIME_ZONE": "Mars/Olympus",
    "PUBLISHER_URL": "example.org",
    "PUBLISHER_LOGO": "logo.png",
    "FEED_LICENSE": "CC-BY",
    "SENTRY_DSN": "nonsense",
    "SITE_NAME": "two\nlines",
    "CLAIMTRACK_DEMO": "2",
    "CLAIMTRACK_DEMO_PORT": "0",
    "CLAIMTRACK_FETCH_ALLOW": "127.0.0.1",
    "CLAIMTRACK_RECHECK_INTERVALS": "15m,soon",
    "CLAIMTRACK_RECHECK_FAILURES": "0",
    "CLAIMTRACK_RECHECK_SPACING": "3 weeks",
    "CLAIMTRACK_PUBLIC_SNAPSHOTS": "everything",
    "CLAIMTRACK_AUTO_OPEN_REVIEW": "maybe",
    "CLAIMTRACK_WEB_WORKERS": "many",
}


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_a_bad_value_is_refused_with_its_name_and_what_is_allowed(name: str, value: str) -> None:
    with pytest.raises(env.BadSetting) as refusal:
        env.read({name: value})
    allowed = next(setting.allowed for setting in env.SETTINGS if setting.name == name)
    assert str(refusal.value).startswith(name) and allowed in str(refusal.value)


def test_all_bad_values_are_named_at_once() -> None:
    with pytest.raises(env.BadSetting, match="PORT(.|\n)*DEBUG"):
        env.read({"PORT": "x", "DEBUG": "y"})


def test_a_bad_secret_is_not_repeated() -> None:
    with pytest.raises(env.BadSetting) as refusal:
        env.read({"DATABASE_URL": "mysql://user:hunter2@host/name"})
    assert "hunter2" not in str(refusal.value)


def test_every_setting_has_a_help_text_and_a_default_that_is_allowed() -> None:
    values = env.read({})
    assert set(values) == {setting.name for setting in env.SETTINGS}
    assert all(setting.help and setting.allowed for setting in env.SETTINGS)


def test_an_empty_variable_counts_as_absent() -> None:
    assert env.read({"PORT": ""})["PORT"] == 8000


def test_the_site_url_follows_host_and_port() -> None:
    assert env.read({"PORT": "8100"})["SITE_URL"] == "http://127.0.0.1:8100"
    assert env.read({"HOST": "0.0.0.0"})["SITE_URL"] == "http://127.0.0.1:8000"
    assert env.read({"HOST": "::1"})["SITE_URL"] == "http://[::1]:8000"


def test_the_allowed_hosts_follow_the_site_url() -> None:
    hosts = env.read({"SITE_URL": "https://facts.example.org"})["ALLOWED_HOSTS"]
    assert hosts == ["facts.example.org", "localhost", "127.0.0.1", "[::1]"]


def test_a_real_database_demands_a_secret_key() -> None:
    with pytest.raises(env.BadSetting, match="SECRET_KEY is missing"):
        env.read({"DATABASE_URL": "postgres://x/y"})


def test_durations_are_read_in_every_unit() -> None:
    values = env.read({"CLAIMTRACK_RECHECK_INTERVALS": "90, 15m,1h,2d"})
    assert values["CLAIMTRACK_RECHECK_INTERVALS"] == [
        timedelta(seconds=90),
        timedelta(minutes=15),
        timedelta(hours=1),
        timedelta(days=2),
    ]


def test_exemptions_take_hosts_networks_and_ipv6() -> None:
    text = "127.0.0.1:8001,10.0.0.0/8:80,[::1]:8080,[fd00::/8]:443,wiki.local:8443"
    assert env.read({"CLAIMTRACK_FETCH_ALLOW": text})["CLAIMTRACK_FETCH_ALLOW"] == text.split(",")


def _settings_of(tmp_path: Path, **variables: str) -> dict[str, str]:
    """The named Django settings in a fresh process with nothing but `variables` in its environment."""
    program = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.CSRF_TRUSTED_ORIGINS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={
            "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
            "CLAIMTRACK_DATA_DIR": str(tmp_path / "var"),
            **variables,
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {"out": done.stdout.strip(), "err": done.stderr}


def test_cookies_are_secure_exactly_when_the_site_is_https(tmp_path: Path) -> None:
    assert _settings_of(tmp_path, SITE_URL="https://x.org")["out"] == "True True True ['https://x.org']"
    assert _settings_of(tmp_path, SITE_URL="http://x.org")["out"] == "False False False ['http://x.org']"


def test_importing_the_settings_writes_nothing(tmp_path: Path) -> None:
    _settings_of(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_django_refuses_a_bad_setting_by_name(tmp_path: Path) -> None:
    assert "CLAIMTRACK_DEMO = 'x' cannot be used" in _settings_of(tmp_path, CLAIMTRACK_DEMO="x")["err"]


def test_manage_py_refuses_a_bad_setting_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "PORT": "http"},
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip() == "claimtrack: PORT = 'http' cannot be used; allowed: a port, 1 to 65535."


@pytest.mark.parametrize("setting", env.SETTINGS, ids=lambda setting: setting.name)
def test_the_settings_page_tells_default_meaning_and_limits(setting: env.Setting) -> None:
    page = (env.ROOT / "docs" / "settings.md").read_text()
    line = next((line for line in page.splitlines() if line.startswith(f"| `{setting.name}` |")), "")
    assert setting.shown_default in line and setting.help in line and setting.allowed in line


# Settings that the compose file decides itself, or that make no sense there.
NOT_IN_COMPOSE = {
    *("PORT", "HOST", "CLAIMTRACK_DATA_DIR", "CLAIMTRACK_DEMO", "CLAIMTRACK_DEMO_PORT"),
    "CLAIMTRACK_RECHECK_DEMO_CONFIRM_DELAY",
}


@pytest.mark.parametrize("name", [s.name for s in env.SETTINGS if s.name not in NOT_IN_COMPOSE])
def test_the_compose_file_passes_every_setting_on(name: str) -> None:
    assert f"\n    {name}: " in (env.ROOT / "docker-compose.yml").read_text()
