"""How mail leaves: what each scheme of EMAIL_URL promises holds, and no password crosses a network in clear text."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import pytest
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from pytest_django import Settings

from claimtrack import env
from claimtrack.email_urls import BACKENDS, email_settings

SITE = "https://facts.example.org"
# By address: host, port, STARTTLS, TLS from the start.
SERVERS = {
    "smtp://": ("localhost", 25, False, False),
    "smtp://mail.example.org": ("mail.example.org", 25, False, False),
    "smtp://user:secret@localhost:2525": ("localhost", 2525, False, False),
    "smtp://user:secret@[::1]": ("::1", 25, False, False),
    "smtp+tls://user:secret@mail.example.org": ("mail.example.org", 587, True, False),
    "submission://user:secret@mail.example.org": ("mail.example.org", 587, True, False),
    "smtp+ssl://user:secret@mail.example.org": ("mail.example.org", 465, False, True),
    "smtps://user:secret@mail.example.org": ("mail.example.org", 465, False, True),
    "smtp+tls://user:secret@mail.example.org:2587": ("mail.example.org", 2587, True, False),
}
OTHERS = {"console:": "console", "dummy:": "dummy", "memory:": "locmem", "file:///var/mail": "filebased"}


@pytest.mark.parametrize(("url", "expected"), SERVERS.items())
def test_a_mail_server_is_spoken_to_as_its_scheme_says(
    url: str, expected: tuple[str, int, bool, bool], settings: Settings
) -> None:
    for name, value in email_settings(url, SITE).items():
        setattr(settings, name, value)
    connection = get_connection()
    assert isinstance(connection, EmailBackend)
    assert (connection.host, connection.port, connection.use_tls, connection.use_ssl) == expected
    account = ("user", "secret") if "secret" in url else ("", "")
    assert (connection.username, connection.password) == account
    assert connection.timeout


@pytest.mark.parametrize(("url", "backend"), OTHERS.items())
def test_the_other_schemes_have_their_backends(url: str, backend: str) -> None:
    settings = email_settings(url, SITE)
    assert settings["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert settings.get("EMAIL_FILE_PATH") == ("/var/mail" if backend == "filebased" else None)
    assert "EMAIL_HOST" not in settings


def test_every_scheme_is_tried() -> None:
    assert {url.partition(":")[0] for url in (*SERVERS, *OTHERS)} == set(BACKENDS)


def test_escaped_letters_of_a_password_are_undone() -> None:
    settings = email_settings("smtp+tls://desk%40example.org:a%2Fb%3F%23%25@mail.example.org", SITE)
    assert (settings["EMAIL_HOST_USER"], settings["EMAIL_HOST_PASSWORD"]) == ("desk@example.org", "a/b?#%")


@pytest.mark.parametrize(
    "url",
    [
        "smtp://user:secret@mail.example.org",
        "smtp://user:secret@10.0.0.1:587",
        "smtp://user:secret@localhost.example.org",
        "smtp+tls://user:secret@",
        "smtp+tls://user@mail.example.org",
        "smtp+tls://:secret@mail.example.org",
        "smtp+tls://user:secret@mail.example.org:mail",
        "smtp+tls://user:sec#ret@mail.example.org",
        "smtp+tls://mail.example.org/inbox",
        "smtp+tls://mail.example.org?ssl=maybe",
        "smtp+tls://mail.example.org?_default_from_email=desk",
        "smtp+tls://mail.example.org?_default_from_email=a@b.org%0aBcc:c@d.org",
        "smtp+starttls://mail.example.org",
        "file://var/mail",
        "file:///",
        "pigeon:",
    ],
)
def test_what_cannot_be_meant_or_would_betray_a_password_is_refused(url: str) -> None:
    with pytest.raises(env.BadSetting, match=r"a password only to this machine") as refusal:
        env.read({"EMAIL_URL": url})
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("site", "sender"),
    [
        ("https://facts.example.org", "claimtrack@facts.example.org"),
        ("http://localhost:8000", "claimtrack@localhost"),
        ("http://127.0.0.1:8000", "claimtrack@[127.0.0.1]"),
        ("http://[::1]:8000", "claimtrack@[IPv6:::1]"),
    ],
)
def test_the_sender_is_at_the_site_s_host(site: str, sender: str) -> None:
    settings = email_settings("console:", site)
    assert (settings["DEFAULT_FROM_EMAIL"], settings["SERVER_EMAIL"]) == (sender, sender)


def test_the_sender_may_be_named() -> None:
    settings = email_settings("smtp://?_default_from_email=Desk%20<desk@example.org>", SITE)
    assert (settings["DEFAULT_FROM_EMAIL"], settings["SERVER_EMAIL"]) == (
        "Desk <desk@example.org>",
        "claimtrack@facts.example.org",
    )


def test_django_is_set_so(tmp_path: Path) -> None:
    """In a fresh process, as a worker reads its environment."""
    program = (
        "from django.conf import settings as s; "
        "print(s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL, s.DEFAULT_FROM_EMAIL)"
    )
    variables = {
        "DJANGO_SETTINGS_MODULE": "claimtrack.settings",
        "CLAIMTRACK_DATA_DIR": str(tmp_path),
        "SITE_URL": SITE,
        "EMAIL_URL": "smtp+tls://user:secret@mail.example.org",
    }
    said = subprocess.check_output([sys.executable, "-c", program], env=variables, cwd=env.ROOT, text=True)
    assert said.split() == ["mail.example.org", "587", "True", "False", "claimtrack@facts.example.org"]


@pytest.fixture
def deaf_server() -> Iterator[tuple[int, bytearray]]:
    """A mail server that knows no TLS; its port, and every byte that it hears."""
    listening, heard = socket.create_server(("127.0.0.1", 0)), bytearray()

    def converse() -> None:
        connection, _ = listening.accept()
        connection.settimeout(2)
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"220 here\r\n")
            while piece := connection.recv(4096):
                heard.extend(piece)
                connection.sendall(b"250-here\r\n250 AUTH PLAIN LOGIN\r\n")

    thread = threading.Thread(target=converse, daemon=True)
    thread.start()
    yield listening.getsockname()[1], heard
    listening.close()
    thread.join(3)


@pytest.mark.parametrize("scheme", ["smtp+tls", "smtp+ssl", "smtps", "submission"])
def test_a_server_without_tls_never_hears_the_password(
    scheme: str, deaf_server: tuple[int, bytearray], settings: Any
) -> None:
    port, heard = deaf_server
    for name, value in email_settings(f"{scheme}://user:secret@127.0.0.1:{port}", SITE).items():
        setattr(settings, name, value)
    with pytest.raises((SMTPException, OSError)):
        EmailMessage("x", "y", to=["a@example.org"], connection=get_connection(timeout=1)).send()
    assert b"AUTH" not in heard
    assert scheme in ("smtp+ssl", "smtps") or b"ehlo" in heard.lower()
