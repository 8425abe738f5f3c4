"""A browser that signs in as people do, and a clock for what their apps show."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlsplit

import pyotp
from django.core import mail
from django.test import Client

from accounts import services
from claims.models import User
from tests.make import PASSWORD

LOGIN = "/admin/login/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"


class Browser:
    """One browser, with its cookies, at one address."""

    def __init__(self, address: str = "203.0.113.7", agent: str = FIREFOX, **options: Any) -> None:
        self.client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **options)

    def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(path, fields or {}, **options)

    def sign_in(self, name: Any, password: str = PASSWORD, path: str = LOGIN, **fields: Any) -> Any:
        return self.post(path, {"username": str(name), "password": password, **fields})

    def give(self, token: str, path: str = LOGIN) -> Any:
        return self.post(path, {"token": token})

    @property
    def is_in(self) -> bool:
        return bool(self.get("/admin/account/").status_code == 200)

    @property
    def session_key(self) -> str:
        return str(self.client.cookies["sessionid"].value)


def signed_in(user: User, address: str = "203.0.113.7", agent: str = FIREFOX, password: str = PASSWORD) -> Browser:
    browser = Browser(address, agent)
    assert browser.sign_in(user, password).status_code == 302
    assert browser.is_in
    return browser


def give_factor(user: User) -> tuple[pyotp.TOTP, list[str]]:
    """Their app and their recovery codes; the token of two steps ago was used for the setup."""
    secret = services.new_secret()
    app = pyotp.TOTP(secret)
    codes = services.set_up(user, secret=secret, token=app.at(time.time() - 30), session_key=None)
    return app, codes


def link_in_mail(number: int = -1) -> str:
    """The path of the one link below /admin/ with something behind it."""
    services.send_letters()
    found = re.findall(r"https?://\S+/admin/\S+", str(mail.outbox[number].body))
    return str(urlsplit(found[0]).path)
