#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it starts the embedded PostgreSQL for the command if it is down."""

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimtrack.embedded.home import Home

# Commands that ask no database; nothing is started for them.
WITHOUT_DATABASE = {
    *("help", "version", "--version", "--help", "-h", "check", "collectstatic", "findstatic", "diffsettings"),
    *("makemessages", "compilemessages", "makemigrations", "startapp", "startproject", "sendtestemail", "testserver"),
}
# Commands that make sense before there is a database.
MAKES_DATABASE = {"migrate", "check_deployment"}


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
    use_virtual_environment(arguments)
    from claimtrack import env
    from claimtrack.embedded.errors import Failure

    try:
        run(arguments, env.read(os.environ))
    except (Failure, env.BadSetting) as problem:
        print(f"claimtrack: {problem}", file=sys.stderr)
        return 1
    return 0


def run(arguments: list[str], values: dict[str, Any]) -> None:
    from django.core.management import execute_from_command_line

    from claimtrack.embedded import cluster
    from claimtrack.embedded.home import Home

    home = Home(values["CLAIMTRACK_DATA_DIR"])
    if values["DATABASE_URL"]:
        execute_from_command_line(arguments)
        return
    follow_server(home)
    command = arguments[1] if len(arguments) > 1 else "help"
    if asks_database(command, arguments):
        with cluster.running(home, may_create=command in MAKES_DATABASE):
            execute_from_command_line(arguments)
    else:
        execute_from_command_line(arguments)


def asks_database(command: str, arguments: list[str]) -> bool:
    if "--database" in arguments:
        return True
    return command not in WITHOUT_DATABASE and not {"-h", "--help"} & set(arguments)


def use_virtual_environment(arguments: list[str]) -> None:
    """`python manage.py` with a Python that knows no Django: go on in the .venv that script/server made."""
    if importlib.util.find_spec("django") is not None:
        return
    python = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if not python.exists() or Path(sys.executable) == python:
        sys.exit("claimtrack: Django is missing. Start script/server once: it makes .venv.")
    os.execv(python, [str(python), *arguments])


def follow_server(home: "Home") -> None:
    """Commands see the site and the demo newsroom where `script/server` last put them."""
    from claimtrack.embedded import newsroom

    if home.site_url and not {"SITE_URL", "PORT", "HOST"} & set(os.environ):
        os.environ["SITE_URL"] = home.site_url
    if home.demo_loaded.exists():
        address = newsroom.address(home, port=0)
        os.environ["CLAIMTRACK_FETCH_ALLOW"] = newsroom.allowed(os.environ, address)
        os.environ["CLAIMTRACK_DEMO_PORT"] = address.rpartition(":")[2]


if __name__ == "__main__":
    sys.exit(main(sys.argv))
