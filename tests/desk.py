"""A browser without JavaScript for the desk: reads a form as it stands, changes fields, posts it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from claims.models import Claim, User
from tests.make import QUOTE

CLAIMS = "/admin/claims/claim/"
URL = "https://news.example/square"


class _Forms(HTMLParser):
    """Every form's fields with the values a browser would send if nobody touched anything."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self._form: dict[str, list[str]] | None = None
        self._select: tuple[str, bool] | None = None
        self._first_option: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self._form = self.forms.setdefault(given.get("id") or f"form{len(self.forms)}", {})
        if self._form is None or "disabled" in given:
            return
        if tag == "input" and name and given.get("type") not in {"submit", "button", "file"}:
            box = given.get("type") in {"checkbox", "radio"}
            if not box or "checked" in given:
                self._form.setdefault(name, []).append(given.get("value") or ("on" if box else ""))
        elif tag == "select" and name:
            self._select, self._first_option = (name, "multiple" in given), None
        elif tag == "option" and self._select:
            value = given.get("value") or ""
            if "selected" in given:
                self._form.setdefault(self._select[0], []).append(value)
            elif self._first_option is None:
                self._first_option = value
        elif tag == "textarea" and name:
            self._textarea = name
            self._form[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select" and self._select and self._form is not None:
            name, multiple = self._select
            if name not in self._form and not multiple and self._first_option is not None:
                self._form[name] = [self._first_option]
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            # Browsers drop the newline right after the tag.
            self._form[self._textarea][0] += data


def fields_of(html: str, form: str) -> dict[str, Any]:
    """What a browser would send for the form with this id."""
    parser = _Forms()
    parser.feed(html)
    assert form in parser.forms, f"no form {form}; there are {list(parser.forms)}"
    # Browsers drop the line break that stands right after <textarea>.
    read = {
        name: [text.removeprefix("\r\n").removeprefix("\n") for text in values]
        for name, values in parser.forms[form].items()
    }
    return {name: values if len(values) > 1 else values[0] for name, values in read.items()}


class Desk:
    """One person at the desk."""

    def __init__(self, user: User) -> None:
        self.client = Client(enforce_csrf_checks=False)
        self.client.force_login(user)

    def get(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return str(response.content.decode())

    def form(self, path: str, form: str = "claim_form") -> dict[str, Any]:
        return fields_of(self.get(path), form)

    def send(self, path: str, fields: dict[str, Any]) -> HttpResponse:
        return self.client.post(path, fields)  # type: ignore[return-value]

    def fill(self, path: str, form: str = "claim_form", **changes: Any) -> HttpResponse:
        """Open the page, change these fields of its form, send it."""
        return self.send(path, self.form(path, form) | changes)

    def claim(self, claim: Claim, page: str = "change") -> str:
        return f"{CLAIMS}{claim.pk}/{page}/"


def row(prefix: str, number: int, **fields: Any) -> dict[str, Any]:
    """Fields of one row below the claim, and the count that makes Django read it."""
    named = {f"{prefix}-{number}-{name}": value for name, value in fields.items()}
    return named | {f"{prefix}-TOTAL_FORMS": str(number + 1)}


def page_row(number: int = 0, **fields: Any) -> dict[str, Any]:
    """Fields of one row of page evidence that refutes the claim, unless `fields` say otherwise."""
    return row("evidence", number, **({"kind": "page", "stance": "refutes", "url": URL, "quote": QUOTE} | fields))


def html(response: Any) -> str:
    """The page that came back instead of a redirect: the form was refused."""
    assert response.status_code == 200, response.headers.get("Location")
    return str(response.content.decode())


def html_of(letter: Any) -> str:
    """What a mail says to a program that shows HTML."""
    (page,) = [content for content, kind in letter.alternatives if kind == "text/html"]
    return str(page)
