"""What `script/test` runs: lint, types, migrations, then pytest on throw-away PostgreSQL and Redis."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from claimtrack import env, redis_urls
from claimtrack.embedded import datadir, postgres, sockets
from claimtrack.embedded.errors import Failure, Stopped
from claimtrack.embedded.home import DATABASE, DATABASE_USER, Home
from claimtrack.embedded.redis import Redis
from claimtrack.embedded.server import is_no_chat, is_trouble
from claimtrack.embedded.supervisor import Service, Supervisor


class Run:
    """One run in a temporary folder, which the watchdog removes even when we are killed."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self.supervisor = Supervisor()
        self.folder = Path(tempfile.mkdtemp(prefix="claimtrack-tests-"))
        self.supervisor.watchdog.remove(self.folder)
        self.home = Home(self.folder / "var")
        temporary, data = self.folder / "tmp", self.folder / "data"
        for directory in (temporary, data):
            directory.mkdir()
        # Ours alone, but PostgreSQL's account must pass through.
        self.folder.chmod(0o711)
        temporary.chmod(0o711)
        # Whatever the tests leave behind goes with the folder.
        self.environment = os.environ | {"TMPDIR": str(temporary), "CLAIMTRACK_TEST_DATA_DIR": str(data)}

    def all(self) -> int:
        """The exit status of the first step that fails, else pytest's."""
        try:
            self._services()
            for name, *command in STEPS:
                self.supervisor.say(name)
                if status := self._python(*command, environment=self._settings()):
                    self.supervisor.say(f"{name}: failed")
                    return status
            self.supervisor.say("Tests")
            return self._python("-m", "pytest", *self._workers(), *self.arguments)
        except Stopped:
            return 130
        finally:
            self.supervisor.close()
            sockets.remove(self.home)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _python(self, *arguments: str, environment: dict[str, str] | None = None) -> int:
        return self.supervisor.run("", [sys.executable, *arguments], environment or self.environment, plain=True)

    def _settings(self) -> dict[str, str]:
        """For steps that import Django's settings outside pytest."""
        return self.environment | {
            "DATABASE_URL": self.environment["TEST_DATABASE_URL"],
            "REDIS_URL": self.environment["TEST_REDIS_URL"],
            "SECRET_KEY": "x" * 50,
        }

    def _workers(self) -> list[str]:
        # For a few files one process is done before a second one has started.
        return [] if self.arguments else ["-n", "2"]

    def _services(self) -> None:
        need_database, need_redis = (name not in self.environment for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"))
        if not (need_database or need_redis):
            return
        self.supervisor.say("Starting throw-away PostgreSQL and Redis")
        datadir.prepare(self.home)
        database = postgres.Postgres(self.home, throwaway=True)
        for directory in sockets.prepare(self.home, database.account):
            self.supervisor.watchdog.remove(directory)
        if need_database:
            database.create()
            self._keep(
                Service("postgres", database.command(), database.environment(), database.account,
                        stop_signal=2, is_store=True, shows=is_no_chat),
                lambda: postgres.answers(self.home),
            )
            secret, place = self.home.secret("postgres-password"), self.home.socket_directory("postgres")
            self.environment["TEST_DATABASE_URL"] = (
                f"postgres://{DATABASE_USER}:{quote(secret)}@{quote(str(place), safe='')}:5432/{DATABASE}"
            )
        if need_redis:
            redis = Redis(self.home, throwaway=True)
            service = Service("redis", redis.command(), self.environment, is_store=True, shows=is_trouble)
            self._keep(service, redis.answers)
            self.environment["TEST_REDIS_URL"] = redis_urls.socket_url(self.home.redis_socket())

    def _keep(self, service: Service, answers: Callable[[], bool]) -> None:
        self.supervisor.start(service)
        self.supervisor.wait_until(answers, service, seconds=60)


STEPS = (
    ("Lint", "-m", "ruff", "check", "."),
    ("Types", "-m", "mypy", "."),
    ("Migrations", "manage.py", "makemigrations", "--check", "--dry-run"),
)


def main(arguments: list[str]) -> int:
    os.umask(0o077)
    os.chdir(env.ROOT)
    try:
        return Run(arguments).all()
    except Failure as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
