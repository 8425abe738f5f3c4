"""What the benchmarks count with: a page server that tells the truth, and helpers that count right."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import load, page_bodies, processes, rates, source_rows, workers
from benchmarks.__main__ import NAMES
from sources.models import Source
from sources.urls import host_of, normalise_url


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[workers.PageServer]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "one.html").write_text("<html><body class=x><p>Real.</p></body></html>")
    with workers.serving_pages(small=10, large=True, pages=folder, log=True) as serving:
        yield serving


def test_a_small_page_has_the_size_that_the_figures_are_about(server: workers.PageServer) -> None:
    status, headers, body = load.fetch(server.port, "/e/3")
    assert (status, len(body), headers["content-length"]) == (200, page_bodies.SMALL_BYTES, "6400")


def test_who_has_a_page_already_is_told_so(server: workers.PageServer) -> None:
    _, headers, _ = load.fetch(server.port, "/e/3")
    status, _, body = load.fetch(server.port, "/e/3", headers=f"If-None-Match: {headers['etag']}\r\n")
    assert (status, body) == (304, b"")


def test_another_pages_etag_is_no_reason_to_answer_304(server: workers.PageServer) -> None:
    assert load.fetch(server.port, "/e/3", headers='If-None-Match: "v1-4"\r\n')[0] == 200


def test_a_page_without_validators_arrives_whole_and_the_same_every_time(server: workers.PageServer) -> None:
    first, second = (load.fetch(server.port, "/s/3") for _ in range(2))
    assert first == second and "etag" not in first[1]


def test_a_changing_page_reads_differently_at_every_visit(server: workers.PageServer) -> None:
    first, second = (load.fetch(server.port, "/c/0")[2] for _ in range(2))
    assert first != second and b"<body class=x><p>Counted anew" in first and b"<p>Real.</p>" in first


def test_a_noisy_page_changes_where_nobody_reads(server: workers.PageServer) -> None:
    first, second = (load.fetch(server.port, "/n/0")[2] for _ in range(2))
    assert first != second and b"<body class=x><!-- built" in first


def test_robots_are_allowed_everything_and_are_no_pages(server: workers.PageServer) -> None:
    before = server.asked()
    assert load.fetch(server.port, "/robots.txt")[0] == 404
    load.fetch(server.port, "/s/1")
    assert server.asked() == before + 1


def test_the_log_names_the_host_that_was_asked_and_when(server: workers.PageServer) -> None:
    before = time.monotonic()
    load.fetch(server.port, "/s/1")
    host, asked, answered = server.log()[-1]
    assert host == "127.0.0.1" and before <= asked <= answered <= time.monotonic()


def test_the_page_server_ends_when_whoever_started_it_is_gone() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.page_server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=workers.ROOT,
    )
    with process:
        assert process.stdout and process.stdin and process.stdout.readline().strip().isdigit()
        process.stdin.close()
        assert process.wait(timeout=5) == 0


def test_hosts_are_loopback_addresses_one_after_the_other() -> None:
    assert [workers.host(number) for number in (0, 255, 256, 70_000)] == [
        "127.1.0.0", "127.1.0.255", "127.1.1.0", "127.2.17.112",
    ]  # fmt: skip


@pytest.mark.django_db
def test_made_sources_are_as_registering_would_make_them(server: workers.PageServer) -> None:
    source_rows.fill(600, hosts=300, port=server.port, kind="e", first_host=100)
    source = Source.objects.get(canonical_url=server.url(100 + 555 % 300, "e", 555))
    assert (source.canonical_url, source.host) == (normalise_url(source.url), host_of(source.url))
    assert Source.objects.values("host").distinct().count() == 300
    source.full_clean()


@pytest.mark.django_db(transaction=True)
def test_only_the_pages_of_a_kind_are_made_due(server: workers.PageServer) -> None:
    for kind in ("e", "s"):
        source_rows.fill(5, hosts=5, port=server.port, kind=kind)
    assert source_rows.make_due(server.port, "s") == 5
    due = Source.objects.filter(next_check_at__year__lt=time.gmtime().tm_year + 5)
    assert {source.canonical_url.split("/")[3] for source in due} == {"s"}


def test_the_shortest_pause_is_found_among_all_hosts() -> None:
    log = [("a", 1.0, 1.5), ("b", 1.1, 1.2), ("a", 3.0, 3.1), ("b", 1.9, 2.0)]
    pause, host = rates.smallest_pause(log)
    assert (round(pause, 6), host) == (0.7, "b")


def test_two_requests_in_flight_are_a_pause_below_zero() -> None:
    assert rates.smallest_pause([("a", 1.0, 2.0), ("a", 1.5, 2.5)])[0] < 0


def test_work_and_memory_of_a_process_and_its_children_are_seen() -> None:
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        with processes.measured({"us": [os.getpid()]}, memory_of=[child.pid]) as cost:
            time.sleep(0.3)
        assert child.pid in processes.children(os.getpid())
    finally:
        child.kill()
        child.wait()
    assert cost.cpu["us"] >= 0.05 and cost.seconds >= 0.3 and 1 < cost.peak_pss < 1000
    assert processes.pss(child.pid) == 0


def test_pages_are_read_from_a_tar_file_too(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>x")
    with tarfile.open(tmp_path / "pages.tar.xz", "w:xz") as archive:
        archive.add(tmp_path / "page.html", "page.html")
    assert page_bodies.large_pages(tmp_path / "pages.tar.xz") == [b"<p>x"]


def test_a_folder_without_pages_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"holds no \.html files"):
        page_bodies.large_pages(tmp_path)


def test_benchmarks_are_found_by_name() -> None:
    assert {"claiming", "feed", "recheck"} <= set(NAMES)
