"""Everything schemathesis knows to try, against every address, with every check and following every link."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connections
from pytest_django import Settings
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from claims.models import User
from tests.schema_rows import make_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

# What `schemathesis run` does without further options, but for how often: CI tries the same inputs every time.
CONFIG: dict[str, Any] = {
    # Its client in this process does not undo gzip.
    "headers": {"Accept-Encoding": "identity"},
    "generation": {"deterministic": bool(os.environ.get("CI")), "database": "none", "no-shrink": True},
    "phases": {
        "fuzzing": {"generation": {"max-examples": 8}},
        "stateful": {"generation": {"max-examples": 8}, "max-steps": 5},
    },
}


def application(environ: Any, start_response: Any) -> list[bytes]:
    """The whole stack, as a web server calls it: read to the end, closed, and no thread keeps a connection."""
    response = get_wsgi_application()(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()
        connections.close_all()


@pytest.fixture
def schema(settings: Settings, checker: User, editor: User) -> Any:
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.SITE_URL = "http://localhost"
    make_site(checker, editor)
    return schemathesis.openapi.from_wsgi("/api/schema/", application, config=SchemathesisConfig.from_dict(CONFIG))


def test_schemathesis_finds_nothing(schema: Any) -> None:
    found: list[str] = []
    tried = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            tried += len(event.recorder.cases)
            found += failures(event.recorder)
        if isinstance(event, events.NonFatalError):
            found.append(f"{event.label}: {event.info.title}: {event.info.message}")
        if isinstance(event, events.FatalError):
            raise event.exception
    assert found == [], f"{len(found)} findings\n" + "\n".join(found[:40])
    assert tried > 500


def failures(recorder: Any) -> list[str]:
    """What failed, with the request that shows it."""
    return [
        f"{check.name}: {check.failure_info.failure.title}: {check.failure_info.failure.message}\n"
        f"    {recorder.cases[case].value.as_curl_command()[:600]}"
        for case, checks in recorder.checks.items()
        for check in checks
        if check.failure_info is not None
    ]
