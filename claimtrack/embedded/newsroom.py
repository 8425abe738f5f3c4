"""The demo newsroom: a small web site on this machine whose pages the demo's evidence quotes."""

from collections.abc import Mapping

from claimtrack.embedded.datadir import keep_secret
from claimtrack.embedded.errors import Failure
from claimtrack.embedded.home import Home

HOST = "127.0.0.1"


def address(home: Home, *, port: int) -> str:
    """`host:port` of the newsroom: the one whose URLs the demo was loaded with, else the one at `port`."""
    try:
        return home.demo_loaded.read_text().strip() or f"{HOST}:{port}"
    except OSError:
        return f"{HOST}:{port}"


def allowed(environ: Mapping[str, str], newsroom: str) -> str:
    """CLAIMTRACK_FETCH_ALLOW as the caller set it, and exactly the newsroom in addition."""
    return ",".join(filter(None, [environ.get("CLAIMTRACK_FETCH_ALLOW", ""), newsroom]))


def check_port(newsroom: str, *, port: int) -> None:
    """Raises Failure when the site is to listen where the loaded demo's pages live."""
    if newsroom.rpartition(":")[2] == str(port):
        raise Failure(
            f"Port {port} belongs to the demo newsroom of this data directory. "
            "Choose another PORT, another CLAIMTRACK_DATA_DIR, or set CLAIMTRACK_DEMO=0."
        )


def password(home: Home) -> str:
    """The password of the demo logins, made once."""
    return keep_secret(home.demo_password, length=9)
