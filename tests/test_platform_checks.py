"""The system check of the database's letters, and check_deployment."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker, Settings

from claimtrack.checks import database_speaks_unicode


@pytest.mark.django_db
def test_a_unicode_database_passes() -> None:
    assert database_speaks_unicode(databases=["default"]) == []


def _database_made_with(options: str, blocker: DjangoDbBlocker) -> list[Any]:
    """The check's findings on a database created with `options`, dropped afterwards."""
    with blocker.unblock():
        name = "test_platform_locale"
        main = connection.settings_dict["NAME"]
        probe = connections["default"].copy()
        admin = connections["default"].copy()
        admin.settings_dict = {**admin.settings_dict, "NAME": "postgres"}
        probe.settings_dict = {**probe.settings_dict, "NAME": name}
        assert name != main
        with admin.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        connections["default"], kept = probe, connections["default"]
        try:
            return database_speaks_unicode(databases=["default"])
        finally:
            connections["default"] = kept
            probe.close()
            with admin.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")
            admin.close()


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "claimtrack.E002"),
        ("ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'", "claimtrack.E001"),
    ],
)
def test_a_database_that_knows_no_cyrillic_is_found(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, options: str, found: str
) -> None:
    messages = _database_made_with(options, django_db_blocker)
    assert [message.id for message in messages] == [found]
    assert "CREATE DATABASE" in (messages[0].hint or "")


@pytest.mark.django_db
def test_check_deployment_reports_findings_as_json_and_exits_1(settings: Settings) -> None:
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_deployment", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert end.value.code == 1 and report["ok"] is False
    assert all({"part", "problem", "mend"} == finding.keys() for finding in report["findings"])
    assert any("SITE_URL" in finding["problem"] for finding in report["findings"])


def test_check_deployment_refuses_an_unknown_option() -> None:
    with pytest.raises((CommandError, TypeError)):
        call_command("check_deployment", "--unknown")
