"""The demo newsroom: a small server whose pages change, vanish and move, and stay so over a restart."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import cases
from demo.local_pages import FARES, LIBRARY, NOTES, PAGES, RESERVOIR, ROADS, Page
from demo.newsroom import Files
from tests.newsroom import get, open_newsroom

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[str]:
    with open_newsroom(tmp_path) as address:
        yield address


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_page_says_in_its_language_that_it_is_made_up(newsroom: str, page: Page) -> None:
    status, headers, body = get(newsroom, page.path)
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert NOTES[page.language] in body


def test_it_answers_304_to_who_has_the_page(newsroom: str) -> None:
    _, headers, _ = get(newsroom, ROADS)
    assert get(newsroom, ROADS, {"If-None-Match": headers["etag"]})[0::2] == (304, "")
    assert get(newsroom, ROADS, {"If-Modified-Since": headers["last-modified"]})[0] == 304
    assert get(newsroom, ROADS, {"If-None-Match": '"other"', "If-Modified-Since": headers["last-modified"]})[0] == 200
    assert get(newsroom, ROADS, {"If-Modified-Since": "yesterday"})[0] == 200


def test_its_robots_file_allows_everything(newsroom: str) -> None:
    assert get(newsroom, "/robots.txt")[2] == "User-agent: *\nAllow: /\n"


@pytest.mark.parametrize(
    "path", ["/nothing", "/roads", "/../newsroom", "/roads/%2e%2e/edits", "/edits", "/roads/resurfacing.html"]
)
def test_what_is_not_a_page_is_not_found(newsroom: str, path: str) -> None:
    assert get(newsroom, path)[0] == 404


def test_head_answers_without_a_body(newsroom: str) -> None:
    status, headers, body = get(newsroom, ROADS, method="HEAD")
    assert (status, body) == (200, "")
    assert int(headers["content-length"]) > 500


def test_an_edit_changes_the_figure_and_nothing_else(newsroom: str, tmp_path: Path) -> None:
    before = get(newsroom, ROADS)
    edit = cases.edit_figure(Files(tmp_path))
    after = get(newsroom, ROADS, {"If-None-Match": before[1]["etag"]})
    assert (edit.before, edit.after) == ("42 kilometres", "24 kilometres")
    assert after[0] == 200
    assert after[2] == before[2].replace("42 kilometres", "24 kilometres")


def test_every_further_edit_shows_another_figure(newsroom: str, tmp_path: Path) -> None:
    shown = [cases.edit_figure(Files(tmp_path)).after for _ in range(6)]
    assert len(set(shown)) == 6


def test_a_removed_page_is_gone(newsroom: str, tmp_path: Path) -> None:
    assert cases.remove(Files(tmp_path)).changed
    assert not cases.remove(Files(tmp_path)).changed
    assert get(newsroom, RESERVOIR)[0] == 410


def test_a_moved_page_redirects_for_good_to_the_same_text(newsroom: str, tmp_path: Path) -> None:
    before = get(newsroom, FARES)[2]
    cases.move(Files(tmp_path))
    status, headers, _ = get(newsroom, FARES)
    assert (status, headers["location"]) == (301, cases.FARES_MOVED_TO)
    assert get(newsroom, cases.FARES_MOVED_TO)[2] == before


def test_the_page_with_adverts_differs_at_every_visit_in_its_adverts_alone(newsroom: str) -> None:
    first, second = (get(newsroom, LIBRARY, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}) for _ in range(2))
    assert (first[0], second[0]) == (200, 200)
    assert first[2] != second[2]
    assert first[2].partition("<aside")[0] == second[2].partition("<aside")[0]


def test_restore_puts_every_page_back(newsroom: str, tmp_path: Path) -> None:
    files = Files(tmp_path)
    for case in (cases.edit_figure, cases.remove, cases.move):
        case(files)
    assert cases.restore(files).changed
    assert [get(newsroom, page.path)[0] for page in PAGES] == [200] * len(PAGES)
    assert "42 kilometres" in get(newsroom, ROADS)[2]
    assert not cases.restore(files).changed


def test_a_restart_keeps_what_happened_to_the_pages(tmp_path: Path) -> None:
    with open_newsroom(tmp_path):
        files = Files(tmp_path)
        cases.edit_figure(files)
        cases.remove(files)
    with open_newsroom(tmp_path) as address:
        assert "24 kilometres" in get(address, ROADS)[2]
        assert get(address, RESERVOIR)[0] == 410


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "demo.newsroom", *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def test_term_stops_it_at_once_and_cleanly(tmp_path: Path) -> None:
    process = start("--port", "0", "--dir", str(tmp_path))
    try:
        deadline = time.monotonic() + 10
        while not (tmp_path / f"{LIBRARY[1:]}.html").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=5)
        assert (process.returncode, errors) == (0, "")
    finally:
        process.kill()


def test_a_taken_port_is_one_clear_line(newsroom: str, tmp_path: Path) -> None:
    port = newsroom.rpartition(":")[2]
    process = start("--port", port, "--dir", str(tmp_path))
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert errors.count("\n") == 1
    assert f"127.0.0.1:{port}" in errors
