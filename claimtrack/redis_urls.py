"""One Redis address, in the two spellings that redis-py and Celery's transport want."""

from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit


def socket_url(path: Path) -> str:
    """redis-py's address of a Redis that listens on the Unix socket at `path`."""
    return "unix://" + quote(str(path)) + "?db=0"


def broker_url(url: str) -> str:
    """Celery's spelling of `url`: it calls `unix://…?db=0` `redis+socket://…?virtual_host=0`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    user = f"{parts.netloc}" if parts.netloc else ""
    return f"redis+socket://{user}{quote(unquote(parts.path))}?virtual_host={database}"
