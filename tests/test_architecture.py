"""Imports flow one way, one door leads outside, files stay readable."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import nan
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("claimtrack", "accounts", "claims", "sources", "feed", "pages", "demo")
MAX_LINES = 300

# What each app may import of the others. Nobody imports accounts, feed, pages or demo: each could be removed whole.
MAY_IMPORT = {
    "sources": set(),
    "claims": {"sources"},
    "accounts": {"claims", "sources"},
    "feed": {"claims", "sources"},
    "pages": {"claims", "sources"},
    "demo": {"claims", "sources"},
    # Only what every command of ours has in common.
    "claimtrack": {"sources"},
}
# Inside an app: layers from the outside in. A module may import its own layer and those after it.
LAYERS = (
    {"admin", "tasks", "management"},
    {"api", "feeds", "views"},
    {"services"},
    {"permissions"},
    {"models"},
    {"querysets"},
    {"choices"},
)
HTTP_CLIENTS = {"aiohttp", "requests", "httpx", "urllib3", "pycurl", "http.client", "urllib.request", "socket"}
# The one door to strangers' addresses.
DOOR = "sources/fetching/"
# Opens no socket: cuts the ones to our own PostgreSQL.
WATCHDOG = "claimtrack/watchdog"


def python_files(root: Path) -> Iterator[Path]:
    for app in APPS:
        yield from sorted((root / app).rglob("*.py"))


def imports_of(path: Path, root: Path) -> Iterator[str]:
    """Every module imported anywhere in the file, type-checking blocks left out (they import nothing when run)."""
    package = path.relative_to(root).with_suffix("").parts
    for node in _running(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: -node.level]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield node
        yield from _running(node)


def layer_of(parts: tuple[str, ...]) -> float:
    """Its place in LAYERS; a module outside them may import and be imported by all (nan compares with nothing)."""
    word = parts[1] if len(parts) > 1 else ""
    return next((number for number, names in enumerate(LAYERS) if word in names), nan)


def wrong_arrows(root: Path) -> list[str]:
    found = []
    for path in python_files(root):
        here = path.relative_to(root).with_suffix("").parts
        for module in set(imports_of(path, root)):
            there = tuple(module.split("."))
            stranger = there[0] in APPS and there[0] != here[0] and there[0] not in MAY_IMPORT[here[0]]
            uphill = there[0] == here[0] and layer_of(there) < layer_of(here)
            if stranger or uphill:
                found.append(f"{'/'.join(here)} imports {module}")
    return sorted(found)


def open_doors(root: Path) -> list[str]:
    return sorted(
        f"{path.relative_to(root)} imports {module}"
        for path in python_files(root)
        if not str(path.relative_to(root)).startswith((DOOR, "claimtrack/embedded/", "claimtrack/start", WATCHDOG))
        for module in set(imports_of(path, root))
        if module in HTTP_CLIENTS
    )


def test_imports_flow_one_way() -> None:
    assert wrong_arrows(ROOT) == []


def test_only_the_fetcher_opens_sockets_to_strangers() -> None:
    assert open_doors(ROOT) == []


def test_no_file_is_longer_than_a_reader_bears() -> None:
    long = {
        str(path.relative_to(ROOT)): length
        for path in (*python_files(ROOT), *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "tests").rglob("*.py"))
        if "migrations" not in path.parts and (length := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("sources/models.py", "from claims.models import Claim"),
        ("claims/services/x.py", "import feed.api"),
        ("claims/services/x.py", "from claims.tasks import assess_changes"),
        ("claims/models/x.py", "from claims import services"),
        ("claims/models/x.py", "from .. import services"),
        ("claims/choices.py", "def f():\n    from claims.models import Claim"),
        ("claimtrack/settings.py", "from claims.models import Claim"),
        ("claims/admin/x.py", "from accounts.services import invite"),
        ("accounts/services/x.py", "from accounts.views import pages"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, file: str, line: str) -> None:
    planted = tmp_path / file
    planted.parent.mkdir(parents=True)
    planted.write_text(line)
    assert len(wrong_arrows(tmp_path)) >= 1


def test_a_planted_http_client_is_found(tmp_path: Path) -> None:
    (tmp_path / "claims").mkdir()
    (tmp_path / "claims/peek.py").write_text("import urllib.request")
    assert open_doors(tmp_path) == ["claims/peek.py imports urllib.request"]
