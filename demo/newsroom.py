"""The demo newsroom: a small web server of made-up pages that change, so that re-checking can be seen offline.

    python -m demo.newsroom --port 8001 --dir var/newsroom

What it shows is what lies in the directory, read anew for every request (paths are without the leading slash):
`<path>.html` is a page, `<path>.gone` answers 410, `<path>.moved` holds the path it redirects to for good (301).
demo/cases.py edits these files; they are written once and survive restarts. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import re
import signal
import socketserver
import sys
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from demo.local_pages import ADVERT_SLOT, ADVERTS, MASTHEADS, NOTES, PAGES

ROBOTS = "User-agent: *\nAllow: /\n"
# Nothing outside it can name a file: no dots, so no way up and no hidden files.
PATH = re.compile(r"/[a-z0-9-]+(?:/[a-z0-9-]+)*\Z")


class Files:
    """The newsroom's directory: what is at a path, and how to change it. Every write is whole or not at all."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def file(self, path: str, kind: str) -> Path:
        """The file of this kind ("html", "gone", "moved") for an address such as "/roads/resurfacing"."""
        return self.directory / f"{path.removeprefix('/')}.{kind}"

    def is_known(self, path: str) -> bool:
        return any(self.file(path, kind).exists() for kind in ("html", "gone", "moved"))

    def write(self, path: str, kind: str, text: str) -> None:
        """Put a file in place of whatever the path has been; a reader sees the old or the new, never half."""
        target = self.file(path, kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(target.name + ".part")
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, target)
        for other in {"html", "gone", "moved"} - {kind}:
            self.file(path, other).unlink(missing_ok=True)

    def write_missing_pages(self) -> None:
        """The first start. A page that is there in any form is left as it is."""
        for page in PAGES:
            if not self.is_known(page.path):
                self.write(page.path, "html", page.html())


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD over the files. One connection per request."""

    server: Newsroom
    server_version = "demo-newsroom"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        files = self.server.files
        if path == "/robots.txt":
            self.answer(200, ROBOTS, media_type="text/plain")
        elif path == "/":
            self.answer(200, front_page())
        elif not PATH.match(path):
            self.answer(404, notice("There is no such page."))
        elif (page := files.file(path, "html")).exists():
            self.show(page)
        elif (moved := files.file(path, "moved")).exists():
            self.answer(301, notice("This page has moved."), location=moved.read_text("utf-8"))
        elif files.file(path, "gone").exists():
            self.answer(410, notice("This page has been removed."))
        else:
            self.answer(404, notice("There is no such page."))

    do_HEAD = do_GET

    def show(self, file: Path) -> None:
        """A page. With an advertisement it differs at every visit, so it has no date that could vouch for it."""
        text = file.read_text(encoding="utf-8")
        modified = datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
        if ADVERT_SLOT in text:
            self.answer(200, text.replace(ADVERT_SLOT, self.server.next_advert()))
        else:
            self.answer(200, text, modified=modified)

    def answer(
        self,
        status: int,
        text: str,
        *,
        media_type: str = "text/html",
        location: str = "",
        modified: datetime | None = None,
    ) -> None:
        body = text.encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if status == 200 and self.is_fresh(etag, modified):
            status, body = 304, b""
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        if status in (200, 304):
            self.send_header("ETag", etag)
            self.send_header("Cache-Control", "no-cache")
        if modified is not None:
            self.send_header("Last-Modified", format_datetime(modified, usegmt=True))
        if status != 304:
            self.send_header("Content-Type", f"{media_type}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def is_fresh(self, etag: str, modified: datetime | None) -> bool:
        """Whether the visitor has this very page already. If-None-Match decides alone when given (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        if since is None or modified is None:
            return False
        try:
            return modified <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # no date, or one without a time zone
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: visits are in claimtrack's own record."""


class Newsroom(socketserver.ThreadingTCPServer):
    """The server; `server_address` tells the port it got when asked for port 0."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 32

    def __init__(self, address: tuple[str, int], directory: Path) -> None:
        self.files = Files(directory)
        self.files.write_missing_pages()
        self._adverts = itertools.cycle(ADVERTS)
        super().__init__(address, Handler)

    def next_advert(self) -> str:
        return next(self._adverts)


def front_page() -> str:
    """Links to every page, whatever has become of it."""
    links = "\n".join(f'<li><a href="{page.path}">{page.title}</a></li>' for page in PAGES)
    return notice(f"<ul>\n{links}\n</ul>", title=MASTHEADS["en"])


def notice(text: str, *, title: str = "Demo newsroom") -> str:
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1><p>{NOTES['en']}</p>\n<div>{text}</div></body></html>\n"
    )


def main(arguments: list[str] | None = None) -> int:
    """Serve until TERM or Ctrl-C. Exit status 1 with one line when the port or the directory cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m demo.newsroom", description="Serve the demo newsroom's pages.")
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument("--dir", type=Path, required=True, help="directory of the pages; filled at the first start")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Newsroom((options.host, options.port), options.dir) as server:
            server.serve_forever()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError) as error:
        place = f"{options.host}:{options.port} with the pages in {options.dir}"
        print(f"The demo newsroom cannot serve {place}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
