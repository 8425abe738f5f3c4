"""Where the embedded services keep their things in the data directory. Reads only; importing it starts nothing."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A Unix socket's whole path must fit in 107 bytes; the names put below these directories take up to 15.
SOCKET_DIRECTORY_LIMIT = 85

DATABASE = "claimtrack"
DATABASE_USER = "claimtrack"


@dataclass(frozen=True)
class Home:
    """The data directory. Every path the supervisor, `manage.py` and the settings share is named here."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def snapshots(self) -> Path:
        return self.path / "snapshots"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def newsroom(self) -> Path:
        return self.path / "newsroom"

    @property
    def demo_password(self) -> Path:
        return self.path / "demo-password"

    @property
    def demo_loaded(self) -> Path:
        """Holds the demo newsroom's `host:port`, once the demo is in the database."""
        return self.path / "demo-loaded"

    @property
    def site_url_file(self) -> Path:
        return self.path / "site-url"

    @property
    def site_url(self) -> str:
        """SITE_URL of the last start, "" before the first: commands must render the addresses that the site has."""
        try:
            return self.site_url_file.read_text().strip()
        except OSError:
            return ""

    def socket_directory(self, service: str) -> Path:
        """Directory of the socket of `postgres` or `redis`: below `run`, unless that is too long (see sockets.py)."""
        try:
            return Path(json.loads((self.run / "sockets.json").read_text())[service])
        except (OSError, ValueError, KeyError):
            return self.run / service

    def secret(self, name: str) -> str:
        """A secret made by the supervisor, or "" when there is none yet."""
        try:
            return (self.secrets / name).read_text().strip()
        except OSError:
            return ""

    def database(self) -> dict[str, Any]:
        """Django's connection settings for the embedded PostgreSQL."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE,
            "USER": DATABASE_USER,
            "PASSWORD": self.secret("postgres-password"),
            "HOST": str(self.socket_directory("postgres")),
            "PORT": "5432",
        }

    def redis_socket(self) -> Path:
        return self.socket_directory("redis") / "redis.sock"
