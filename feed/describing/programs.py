"""The copy-paste programs of /api/docs/: the same question in curl, Python and JavaScript. Tests run every one."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from feed.describing.described import Operation

# Whole clients, which run as they stand but for the address in them.
CLIENTS = Path(__file__).resolve().parents[2] / "docs" / "clients"
ITS_ADDRESS = "https://facts.example"
# Whoever copies this once copies it for good: a client that waits for ever is no good example.
SECONDS = 30


@dataclass(frozen=True)
class Program:
    """`language` as people call it; `text` runs as it stands. `name` is what a file of it would be called."""

    language: str
    text: str
    name: str = ""


def programs_for(operation: Operation, address: str) -> list[Program]:
    """Three ways to ask for `address` once."""
    return [
        Program("curl", f"curl --fail-with-body --compressed {shlex.quote(address)}"),
        Program("Python", _python(operation, address)),
        Program("JavaScript", _javascript(operation, address)),
    ]


def followers() -> list[Program]:
    """A client that misses no correction, in each language, for this site."""
    return [
        Program(language, (CLIENTS / name).read_text().replace(ITS_ADDRESS, settings.SITE_URL), name)
        for language, name in (("Python", "follow.py"), ("JavaScript", "follow.mjs"), ("curl", "follow.sh"))
    ]


def _python(operation: Operation, address: str) -> str:
    imports, read = ("import json\n", "json.load(answer)") if operation.is_json else ("", "answer.read().decode()")
    return f"""{imports}from urllib.request import urlopen

with urlopen({json.dumps(address)}, timeout={SECONDS}) as answer:
    found = {read}

{_python_shows(operation)}"""


def _python_shows(operation: Operation) -> str:
    if operation.is_list and operation.shows:
        keys = ", ".join(f'row["{key}"]' for key in operation.shows)
        return f'for row in found["results"]:\n    print({keys})'
    if operation.shows:
        keys = ", ".join(f'found["{key}"]' for key in operation.shows)
        return f"print({keys})"
    return "print(list(found))" if operation.is_json else "print(found[:500])"


def _javascript(operation: Operation, address: str) -> str:
    read = "json" if operation.is_json else "text"
    return f"""const answer = await fetch({json.dumps(address)}, {{
  signal: AbortSignal.timeout({SECONDS * 1000}),
}});
if (!answer.ok) throw new Error(await answer.text());
const found = await answer.{read}();

{_javascript_shows(operation)}"""


def _javascript_shows(operation: Operation) -> str:
    if operation.is_list and operation.shows:
        keys = ", ".join(f"row.{key}" for key in operation.shows)
        return f"for (const row of found.results) console.log({keys});"
    if operation.shows:
        keys = ", ".join(f"found.{key}" for key in operation.shows)
        return f"console.log({keys});"
    return "console.log(Object.keys(found));" if operation.is_json else "console.log(found.slice(0, 500));"
