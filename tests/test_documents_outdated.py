"""Stored documents follow the renderer and the settings, also after an upgrade or a move."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from pytest_django import Settings

from claims import services
from claims.models import DocumentCounter, User, VerdictDocument
from tests.make import make_published_verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(checker: User, editor: User) -> VerdictDocument:
    make_published_verdict(checker, editor)
    list(services.rebuild_documents())
    return VerdictDocument.objects.get()


def _warned() -> bool:
    return "claims.W001" in {
        message.id for message in run_checks(include_deployment_checks=True, databases=["default"])
    }


def test_an_empty_site_is_up_to_date() -> None:
    assert not services.documents_are_outdated()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SITE_URL", "https://elsewhere.example"),
        ("PUBLISHER_NAME", "Another House"),
        ("PUBLISHER_LOGO", "https://elsewhere.example/logo.png"),
        ("FEED_LICENSE", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CLAIMTRACK_PUBLIC_SNAPSHOTS", "full"),
    ],
)
def test_a_setting_that_documents_follow_makes_them_outdated(
    document: VerdictDocument, settings: Settings, name: str, value: str
) -> None:
    assert not _warned()
    setattr(settings, name, value)
    assert _warned()


def test_rendering_them_anew_makes_them_current(document: VerdictDocument, settings: Settings) -> None:
    settings.SITE_URL = "https://elsewhere.example"
    call_command("rebuild_documents", "--if-outdated")
    document.refresh_from_db()
    assert '"url":"https://elsewhere.example/claims/' in document.body
    assert not services.documents_are_outdated()


def test_what_is_current_is_left_alone(document: VerdictDocument, capsys: pytest.CaptureFixture[str]) -> None:
    before = DocumentCounter.objects.get().value
    call_command("rebuild_documents", "--if-outdated")
    assert DocumentCounter.objects.get().value == before
    assert "in force" in capsys.readouterr().out


def test_a_site_from_before_this_was_noted_counts_as_outdated(document: VerdictDocument) -> None:
    DocumentCounter.objects.update(rendered_with="")
    assert services.documents_are_outdated()
