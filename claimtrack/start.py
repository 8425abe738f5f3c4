"""The start command of every process, and the question whether it lives, in one place.

`python -m claimtrack.start web|worker|beat|release|…`: script/server and docker-compose.yml both call these.
"""

import http.client
import os
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from claimtrack import env

HOLDS_DEMO = 3


def web(values: env.Values) -> NoReturn:
    """The web server. Threads, because a request mostly waits for PostgreSQL; few processes, because memory counts."""
    _become(
        "granian",
        *("--interface", "wsgi", "--host", values["HOST"], "--port", str(values["PORT"])),
        *("--workers", str(values["CLAIMTRACK_WEB_WORKERS"])),
        *("--blocking-threads", str(values["CLAIMTRACK_WEB_THREADS"])),
        # A blocking thread that idles longer than this would give up its database connection.
        *("--blocking-threads-idle-timeout", "600"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "4", "--log-level", "error", "--no-ws"),
        "claimtrack.wsgi:application",
    )


def worker(values: env.Values) -> NoReturn:
    """A Celery worker; any number may run."""
    _become(
        # `release` ran the checks; here they would only load every page and feed into memory.
        *("celery", "--quiet", "--skip-checks", "-A", "claimtrack.celery", "worker", "--loglevel", "WARNING"),
        *("--concurrency", str(values["CLAIMTRACK_WORKER_PROCESSES"])),
        *("--without-gossip", "--without-mingle"),
    )


def beat(values: env.Values) -> NoReturn:
    """The clock of the schedule in celery.py; exactly one may run."""
    _become(
        *("celery", "--quiet", "--skip-checks", "-A", "claimtrack.celery", "beat", "--loglevel", "WARNING"),
        *("--pidfile", ""),
    )


def release(values: env.Values) -> int:
    """Once before the web server starts: migrate, and collect static files when they changed.

    The embedded database's documents are rendered anew when that is due. A large site does it while it serves the old
    ones: check_deployment says when.
    """
    _setup()
    from django.conf import settings
    from django.core.management import CommandError, call_command
    from django.db import OperationalError

    try:
        _migrate()
        if settings.EMBEDDED_DATABASE:
            call_command("rebuild_documents", "--if-outdated", verbosity=0)
    except OperationalError as error:
        print(f"claimtrack: the database does not answer: {str(error).strip()}", file=sys.stderr)
        return 1
    except CommandError as error:  # also what the system checks found
        print(f"claimtrack: {error}", file=sys.stderr)
        return 1

    from claimtrack.static_files import collect

    collect()
    return 0


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    call_command("migrate", interactive=False, verbosity=1 if due else 0, skip_checks=False)


def empty(values: env.Values) -> int:
    """0 when the database holds nobody and no claim, so that the demo may be loaded; HOLDS_DEMO, or else 1."""
    _setup()
    from django.apps import apps

    claims = apps.get_model("claims.Claim")._default_manager
    if claims.filter(is_demo=True).exists():
        return HOLDS_DEMO
    return int(claims.exists() or apps.get_model("claims.User")._default_manager.exists())


def alive_web(values: env.Values) -> int:
    """0 when the web server of this container answers."""
    listens: str = values["HOST"]
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listens, listens)
    connection = http.client.HTTPConnection(reachable, values["PORT"], timeout=4)
    # A name that the site answers to; `*` takes any, and `.example.org` takes example.org too.
    host = values["ALLOWED_HOSTS"][0].removeprefix(".").replace("*", "localhost")
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return int(connection.getresponse().status != 200)
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


def alive_worker(values: env.Values) -> int:
    """0 when the worker of this container (not just any worker) answers a ping."""
    from claimtrack.celery import app

    return int(not app.control.ping([f"celery@{socket.gethostname()}"], timeout=5))


def alive_beat(values: env.Values) -> int:
    """0 when beat gave a sign of life lately."""
    from claimtrack import celery, heartbeats  # noqa: F401  (celery names the settings)

    return int(heartbeats.seconds_since_sign("beat") is None)


COMMANDS: dict[str, Callable[[env.Values], int]] = {
    "web": web,
    "worker": worker,
    "beat": beat,
    "release": release,
    "empty": empty,
    "alive-web": alive_web,
    "alive-worker": alive_worker,
    "alive-beat": alive_beat,
}


def _become(module: str, *arguments: str) -> NoReturn:
    # Celery warns of root because of pickled messages; ours are JSON.
    ignored = "ignore:You're running the worker with superuser"
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, [os.environ.get("PYTHONWARNINGS", ""), ignored]))
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def _setup() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    import django

    django.setup()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python -m claimtrack.start {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[arguments[0]](env.read(os.environ))
    except env.BadSetting as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
