"""The daily mail when the mail server or a worker fails: nothing is lost, nothing is sent twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from claims import services
from claims.models import Digest, User
from claims.services.mailing import LEASE
from tests.test_digest import DUE, MINUTE, bodies, newsroom, reader, tell, with_address

__all__ = ["newsroom", "reader"]

pytestmark = pytest.mark.django_db


class Broken(EmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise OSError("connection refused")


def test_one_that_fails_is_tried_again_and_keeps_its_notices(reader: User, settings: Settings) -> None:
    tell(reader)
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Broken"
    assert services.send_digests(at=DUE) == 0
    assert Digest.objects.get().error == "OSError: connection refused"
    settings.EMAIL_BACKEND = working
    assert services.send_digests(at=DUE + MINUTE) == 1
    assert (Digest.objects.get().error, Digest.objects.get().attempts) == ("", 2)
    assert "Published: a claim" in bodies()[0]


def test_a_worker_killed_while_it_sends_loses_none(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(reader)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", killed)
        with pytest.raises(SystemExit):
            services.send_digests(at=DUE)
    assert services.send_digests(at=DUE + 5 * MINUTE) == 0
    assert services.send_digests(at=DUE + LEASE) == 1


def test_one_that_leaves_again_is_the_same_message_unless_it_tells_more(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(reader)
    send = EmailBackend.send_messages

    def killed_behind_it(*sent: Any) -> None:
        send(*sent)
        raise SystemExit

    for attempt in range(2):
        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(EmailBackend, "send_messages", killed_behind_it)
            services.send_digests(at=DUE + attempt * LEASE)
    tell(reader, "two")
    assert services.send_digests(at=DUE + 2 * LEASE) == 1
    first, again, more = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == again != more
    assert first.endswith("@testserver>")


def test_while_one_worker_sends_another_finds_nothing_to_send(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(reader)
    meanwhile = []

    def send(*_: Any) -> int:
        meanwhile.append(services.send_digests(at=DUE))
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert services.send_digests(at=DUE) == 1
    assert meanwhile == [0]


def test_one_person_s_trouble_is_not_another_s(reader: User, editor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with_address(editor)
    tell(reader)
    tell(editor)
    sent = []

    def send(_: Any, letters: Any) -> int:
        if letters[0].to == [reader.email]:
            raise OSError("no such mailbox")
        sent.append(letters[0].to)
        return 1

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    assert services.send_digests(at=DUE) == 1
    assert sent == [[editor.email]]
