"""PostgreSQL and Redis from wheels: made whole, private, also in awkward places; each in a throw-away folder."""

import contextlib
import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from claimtrack import env
from claimtrack.embedded import cluster, datadir, newsroom, sockets
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home
from claimtrack.embedded.locks import lock_server
from claimtrack.embedded.privileges import CAP_DAC_READ_SEARCH, Account, become, choose_account
from claimtrack.embedded.watchdog import group_lives

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="ROOT ONLY: needs a user id to give up")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any account may enter (pytest's own are closed to all but the caller)."""
    path = Path(tempfile.mkdtemp(prefix="claimtrack-embedded-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def ask(home: Home, query: str) -> object:
    settings = home.database()
    connection = psycopg2.connect(
        dbname=settings["NAME"], user=settings["USER"], password=settings["PASSWORD"], host=settings["HOST"]
    )
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def postmaster(home: Home) -> int:
    return int((home.postgres / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_a_path_too_long_for_a_socket_gets_a_private_directory_that_is_removed(folder: Path) -> None:
    home = Home(folder / ("long" * 30) / "var")
    with cluster.running(home, may_create=True, throwaway=True):
        outside = home.socket_directory("postgres")
        assert not outside.is_relative_to(home.path)
        assert stat.S_IMODE(outside.stat().st_mode) == 0o700
        assert ask(home, "SELECT lower('Т')") == "т"
    assert not outside.exists() and not (home.run / "sockets.json").exists()


def test_a_directory_that_a_killed_start_left_is_removed_by_the_next(folder: Path) -> None:
    home = Home(folder / ("long" * 30))
    datadir.prepare(home)
    left = sockets.prepare(home, None)
    again = sockets.prepare(home, None)
    assert not any(path.exists() for path in left) and all(path.exists() for path in again)
    sockets.remove(home)


@as_root
def test_root_runs_postgresql_as_somebody_else_below_a_home_that_is_closed_to_them(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    home = Home(closed / "var")
    with cluster.running(home, may_create=True, throwaway=True):
        pid = postmaster(home)
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        assert int(status["Uid"].split()[1]) != 0
        # At most the one capability that passes through folders.
        assert int(status["CapEff"], 16) in (1 << 1, 1 << 2)
        assert ask(home, "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0


@as_root
def test_root_gives_no_capability_where_none_is_needed(folder: Path) -> None:
    account = choose_account(folder, Path("/bin/true"), [Path("/usr/bin")])
    assert account is not None and account.uid != 0
    status = subprocess.check_output(["/bin/cat", "/proc/self/status"], preexec_fn=lambda: become(account), text=True)
    assert "CapEff:\t0000000000000000" in status and "CapPrm:\t0000000000000000" in status


def _everybody_reaches(path: Path) -> bool:
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


@as_root
def test_an_ordinary_user_may_run_it_too(folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    # Where Python or the project lie below a closed folder, this user may pass through it; nothing else is lent.
    open_to_all = all(map(_everybody_reaches, (Path(sys.executable).resolve(), env.ROOT)))
    account = Account(nobody.pw_uid, nobody.pw_gid, None if open_to_all else CAP_DAC_READ_SEARCH)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "contenttypes", "-v", "0"],
        env={"PATH": os.defpath, "CLAIMTRACK_DATA_DIR": str(folder / "var"), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=env.ROOT,
        preexec_fn=lambda: become(account),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "var" / "postgres" / "data").stat().st_uid == nobody.pw_uid


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    home = Home(folder / "var")
    datadir.prepare(home)
    (home.postgres / "making").mkdir(parents=True)
    (home.postgres / "making" / "PG_VERSION").write_text("18")
    with cluster.running(home, may_create=True, throwaway=True):
        assert ask(home, "SELECT 1") == 1
    assert not (home.postgres / "making").exists()


def test_a_command_says_when_there_is_no_database_yet(folder: Path) -> None:
    with pytest.raises(Failure, match="start script/server once"), cluster.running(Home(folder), may_create=False):
        pass
    assert list(folder.iterdir()) == []


def test_a_killed_command_takes_its_database_along(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from claimtrack.embedded import cluster\n"
        "from claimtrack.embedded.home import Home\n"
        f"with cluster.running(Home(Path({str(folder / 'var')!r})), may_create=True, throwaway=True):\n"
        "    print('up', flush=True); time.sleep(60)"
    )
    command = subprocess.Popen([sys.executable, "-c", program], cwd=env.ROOT, stdout=subprocess.PIPE, text=True)
    assert command.stdout is not None and command.stdout.readline() == "up\n"
    server = postmaster(Home(folder / "var"))
    command.kill()
    command.wait()
    deadline = time.monotonic() + 10
    while group_lives(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not group_lives(server)


def test_another_major_version_is_refused_by_name(folder: Path) -> None:
    home = Home(folder / "var")
    datadir.prepare(home)
    (home.postgres / "data").mkdir(parents=True)
    (home.postgres / "data" / "PG_VERSION").write_text("15\n")
    refusal = pytest.raises(Failure, match="made by PostgreSQL 15, this is PostgreSQL 18")
    with refusal, cluster.running(home, may_create=True, throwaway=True):
        pass


def supervise(program: Path) -> "subprocess.Popen[str]":
    """A supervisor of `program` alone, in a process of its own because it takes over signals and children."""
    code = (
        "import sys; from claimtrack.embedded.supervisor import Service, Supervisor\n"
        "supervisor = Supervisor(adopts=True)\n"
        "supervisor.start(Service('program', [sys.argv[1]], {'PATH': '/usr/bin:/bin'}, is_store=True))\n"
        "supervisor.watch()\n"
        "print('nothing left' if supervisor.close() else 'something left')"
    )
    command = [sys.executable, "-c", code, str(program)]
    return subprocess.Popen(command, cwd=env.ROOT, stdout=subprocess.PIPE, text=True)


def script(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


def line_with(supervisor: "subprocess.Popen[str]", words: str) -> str:
    assert supervisor.stdout is not None
    for line in supervisor.stdout:
        if words in line:
            return line
    raise AssertionError(f"The supervisor ended before it said {words!r}")


def test_a_program_that_cannot_be_started_again_is_tried_later(folder: Path) -> None:
    program = script(folder / "program", "exec rm $0")
    supervisor = supervise(program)
    assert "starting it again in 2 s" in line_with(supervisor, "program cannot start")
    script(program, "echo here again", "exec sleep 60")
    line_with(supervisor, "here again")
    supervisor.terminate()
    assert supervisor.communicate()[0].endswith("nothing left\n")


# Like PostgreSQL's backends, it is in a group of its own.
LEAVES_A_PROCESS = ("setsid sleep 60 >/dev/null &", "echo left $!")


def test_what_a_crashed_program_left_running_ends_before_the_next_start(folder: Path) -> None:
    supervisor = supervise(script(folder / "program", *LEAVES_A_PROCESS, "sleep 0.2"))
    left = int(line_with(supervisor, "left").split()[-1])
    line_with(supervisor, "starting it again")
    assert not Path(f"/proc/{left}").exists()
    supervisor.terminate()
    assert supervisor.communicate()[0].endswith("nothing left\n")


def test_what_a_frozen_program_started_ends_with_it(folder: Path) -> None:
    supervisor = supervise(script(folder / "program", *LEAVES_A_PROCESS, "kill -STOP $$"))
    left = int(line_with(supervisor, "left").split()[-1])
    supervisor.terminate()
    assert supervisor.communicate()[0].endswith("nothing left\n")
    assert not Path(f"/proc/{left}").exists()


def test_a_secret_is_made_once_and_private(folder: Path) -> None:
    first = datadir.keep_secret(folder / "key")
    assert datadir.keep_secret(folder / "key") == first and len(first) >= 48
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600


def test_a_data_directory_that_exists_keeps_its_mode(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var").chmod(0o750)
    datadir.prepare(Home(folder / "var"))
    assert stat.S_IMODE((folder / "var").stat().st_mode) == 0o750


def test_the_lock_of_a_dead_supervisor_is_waited_for(folder: Path) -> None:
    home = Home(folder / "var")
    datadir.prepare(home)
    # What a killed supervisor leaves: its number in the file, the lock held by its watchdog for a moment.
    (home.run / "server.lock").write_text("4194305")
    holder = subprocess.Popen(["flock", str(home.run / "server.lock"), "sleep", "0.5"])
    time.sleep(0.2)
    said: list[str] = []
    descriptor = lock_server(home, said.append)
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)
    assert said == ["The previous run was killed and is still being cleared away; waiting."]
    holder.wait()


def test_the_newsroom_keeps_the_address_the_demo_was_loaded_with(folder: Path) -> None:
    home = Home(folder)
    assert newsroom.address(home, port=8001) == "127.0.0.1:8001"
    home.demo_loaded.write_text("127.0.0.1:9001")
    assert newsroom.address(home, port=8001) == "127.0.0.1:9001"
    with pytest.raises(Failure, match="9001 belongs to the demo newsroom"):
        newsroom.check_port(newsroom.address(home, port=8001), port=9001)


def test_exactly_the_newsroom_is_added_to_what_may_be_fetched() -> None:
    assert newsroom.allowed({}, "127.0.0.1:8001") == "127.0.0.1:8001"
    assert newsroom.allowed({"CLAIMTRACK_FETCH_ALLOW": "a:1"}, "127.0.0.1:8001") == "a:1,127.0.0.1:8001"
