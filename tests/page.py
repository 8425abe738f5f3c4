"""A web page on loopback whose words a test can change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

FILLER = "The weather service had announced rain for the weekend, and shops on the square stayed open until six. "


class Page:
    """Serve `text` as an article at `url`; robots.txt is absent, so everything is allowed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.status = 200
        self.visits = 0
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = page.html().encode() if self.path == "/article" else b"not here"
                page.visits += self.path == "/article"
                self.send_response(page.status if self.path == "/article" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.address}/article"

    def html(self) -> str:
        paragraphs = "".join(f"<p>{line}</p>" for line in (FILLER * 3, self.text, FILLER * 3))
        return f"<!doctype html><html lang=en><title>A report</title><article>{paragraphs}</article></html>"


@contextmanager
def serve(text: str) -> Iterator[Page]:
    page = Page(text)
    thread = Thread(target=page.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield page
    finally:
        page.server.shutdown()
        page.server.server_close()
        thread.join(timeout=5)
