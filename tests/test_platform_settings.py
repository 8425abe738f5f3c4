"""The environment: every setting is checked when it is read, and a bad one says how to mend it."""

import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from claimtrack import env
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.server import check_port

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
    "CLAIMTRACK_FETCH_PORTS": "22",
    "CLAIMTRACK_KEEP_CHECKS": "23h",
    "CLAIMTRACK_KEEP_DELIVERIES": "6d",
    "CLAIMTRACK_DIGEST_AT": "24:00",
    "CLAIMTRACK_RECHECK_INTERVALS": "15m,soon",
    "CLAIMTRACK_RECHECK_FAILURES": "0",
    "CLAIMTRACK_RECHECK_SPACING": "3 weeks",
    "CLAIMTRACK_PUBLIC_SNAPSHOTS": "everything",
    "CLAIMTRACK_AUTO_OPEN_REVIEW": "maybe",
    "CLAIMTRACK_WEB_WORKERS": "many",
}
PUNYCODE = "xn--80aau21bd"  # қазақ
# The same mistakes less plainly: each once got past the start and failed later, or with a traceback.
LATE = [
    ("HOST", "http://127.0.0.1"),
    ("HOST", "a..b"),
    ("DATABASE_URL", "postgres://"),
    ("DATABASE_URL", "postgres://user:password@host:5432"),
    ("DATABASE_URL", "postgres://u:p@h:x/db"),
    ("DATABASE_URL", "postgres://:5432/db"),
    ("REDIS_URL", "redis://127.0.0.1:99999999/0"),
    ("REDIS_URL", "redis:///0"),
    ("REDIS_URL", "redis://127.0.0.1/first"),
    ("REDIS_URL", "unix://"),
    ("SITE_URL", "https://two words.example.org"),
    ("ALLOWED_HOSTS", ","),
    ("ALLOWED_HOSTS", "https://facts.example.org"),
    ("ALLOWED_HOSTS", "facts.example.org:443"),
    ("SENTRY_DSN", "https://sentry.example.org/5"),
    ("CLAIMTRACK_FETCH_PORTS", "8080,http"),
    ("CLAIMTRACK_FETCH_PORTS", "8080-8443"),
    ("CLAIMTRACK_RECHECK_SPACING", "99999999999d"),
    ("CLAIMTRACK_RECHECK_SPACING", "3651d"),
    ("CLAIMTRACK_RECHECK_INTERVALS", "1h,9999999999999999d"),
    ("CLAIMTRACK_RECHECK_HOST_DELAY", "9" * 400),
]


@pytest.mark.parametrize(("name", "value"), [*BAD.items(), *LATE])
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


@pytest.mark.parametrize("given", ["https://қазақ.example.org", "https://ҚАЗАҚ.Example.org/"])
def test_a_site_url_becomes_the_address_that_browsers_send(given: str) -> None:
    values = env.read({"SITE_URL": given})
    assert values["SITE_URL"] == f"https://{PUNYCODE}.example.org"
    assert values["ALLOWED_HOSTS"][0] == f"{PUNYCODE}.example.org"


def test_allowed_hosts_keep_wildcards_and_encode_names() -> None:
    hosts = env.read({"ALLOWED_HOSTS": "*, .Example.org,[::1],қазақ.example.org"})["ALLOWED_HOSTS"]
    assert hosts == ["*", ".example.org", "[::1]", f"{PUNYCODE}.example.org"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres:///name"),
        ("DATABASE_URL", "postgres://user@/name?host=/run/postgresql"),
        ("DATABASE_URL", "postgres://user@%2Frun%2Fpostgresql/name"),
        ("REDIS_URL", "rediss://:password@host:6380"),
        ("REDIS_URL", "unix:///run/redis.sock?db=2"),
        ("CLAIMTRACK_RECHECK_SPACING", "3650d"),
    ],
)
def test_less_usual_addresses_and_the_longest_time_are_taken(name: str, value: str) -> None:
    assert env.read({name: value, "SECRET_KEY": "k" * 32})[name]


def test_sentry_without_its_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "find_spec", lambda name: None)
    with pytest.raises(env.BadSetting, match="SENTRY_DSN is set, .* pip install sentry-sdk"):
        env.read({"SENTRY_DSN": "https://key@sentry.example.org/5"})


@pytest.mark.parametrize("host", ["nonexistent.invalid", "192.0.2.1"])
def test_an_address_that_is_not_this_machine_s_asks_for_another_host(host: str) -> None:
    with pytest.raises(Failure, match=f"{host}:8000 .* another HOST"):
        check_port(host, 8000, "PORT")


def test_a_taken_port_asks_for_another_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Failure, match="another PORT"):
        check_port("127.0.0.1", taken.getsockname()[1], "PORT")


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


@pytest.mark.parametrize(("given", "ports"), [("", []), ("8080", [8080]), (" 8443, 8080,8443", [8080, 8443])])
def test_a_deployment_may_open_the_two_other_web_ports(given: str, ports: list[int]) -> None:
    assert env.read({"CLAIMTRACK_FETCH_PORTS": given})["CLAIMTRACK_FETCH_PORTS"] == ports


def test_every_check_is_kept_for_ninety_days_unless_set_otherwise() -> None:
    assert env.read({})["CLAIMTRACK_KEEP_CHECKS"] == timedelta(days=90)
    assert env.read({"CLAIMTRACK_KEEP_CHECKS": "1d"})["CLAIMTRACK_KEEP_CHECKS"] == timedelta(days=1)


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
