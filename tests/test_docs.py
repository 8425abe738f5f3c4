"""Docs name what people use: every setting, event, command and URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from claims.choices import EventType
from claimtrack.env import SETTINGS

ROOT = Path(__file__).resolve().parent.parent


def docs(name: str = "*.md") -> str:
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob(name))])


def paths(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every public path, parameters written <name>; the admin's own hundreds are Django's."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not path.startswith("admin/"):
                yield from paths(pattern.url_patterns, path)
        else:
            yield readable(path)


def readable(path: str) -> str:
    """Both of Django's spellings: 'claims/<str:id>/' and '^claims/(?P<id>…)/$' become '/claims/<id>/'."""
    path = re.sub(r"\(\?P(<\w+>)[^()]*\)", r"\1", path)
    path = re.sub(r"<\w+:(\w+)>", r"<\1>", path)
    return "/" + path.replace("^", "").replace("$", "").replace("\\", "").lstrip("/")


def test_every_setting_is_documented() -> None:
    text = docs("settings.md")
    assert [setting.name for setting in SETTINGS if f"`{setting.name}`" not in text] == []


def test_every_event_is_documented() -> None:
    text = docs("api.md")
    assert [kind for kind in EventType.values if f"`{kind}`" not in text] == []


def test_every_command_is_documented() -> None:
    text = docs()
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}
    assert sorted(name for name in commands if f"manage.py {name}" not in text and f"`{name}" not in text) == []


def test_every_url_is_documented() -> None:
    text = docs()
    assert sorted({path for path in paths(get_resolver().url_patterns) if path not in text}) == []
