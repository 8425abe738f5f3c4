"""Routes that need no setting up: every way of misbehaving that has been seen in a web server, by address."""

from __future__ import annotations

import io
import itertools
import re
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

from .answers import Answer, Asked, bomb, drip, hang, http, late, page

OK_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"
CHUNKED = OK_HEAD + b"transfer-encoding: chunked\r\n\r\n"
# Chunk sizes are in hexadecimal; this one announces more than comes.
HALF_A_CHUNK = b"4\r\n<p>x\r\nffff\r\nhalf of"
CHALLENGE = "<title>Just a moment...</title><h1>example.org</h1><p>Checking if the connection is secure."
SITE_404 = page("Try our search instead.", title="404 – Page not found")
_visits = itertools.count()


def reset(_: Asked, connection: socket.socket) -> None:
    """Ends the connection the hard way (RST), as a crashing server does."""
    connection.sendall(OK_HEAD)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def adverts(_: Asked, __: socket.socket) -> bytes:
    """The same article, with another advertisement and another token on every visit."""
    number = next(_visits)
    advert = f"<aside class=ad><a href=/ad/{number}>Buy number {number} now!</a></aside>"
    return http(200, f"<title>A page</title>{advert}<p>The article.</p><input type=hidden value={number:x}>")


def cookies(asked: Asked, _: socket.socket) -> bytes:
    """Sets cookies at both steps of a redirect; says on the page which came back."""
    if asked.path == "/cookies":
        return http(302, location="/cookies/back", set_cookie="visitor=1; Path=/")
    return page(f"Cookies: {asked.headers.get('cookie', 'none')}.", set_cookie="visitor=2; Path=/")


@cache
def gzip_bomb() -> bytes:
    return bomb(50)


@cache
def zip_bomb(mebibytes: int) -> bytes:
    """An archive that swells a thousandfold."""
    packed, piece = io.BytesIO(), bytes(1024 * 1024)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("report.txt", "w") as report:
        for _ in range(mebibytes):
            report.write(piece)
    return packed.getvalue()


@cache
def pdf_bomb(mebibytes: int) -> bytes:
    """A one-page PDF whose page description swells a thousandfold."""
    operators = b"BT /F1 12 Tf (claim) Tj ET\n" + b" " * 997
    deflate = zlib.compressobj(9)
    packed = b"".join(deflate.compress(operators * 1024) for _ in range(mebibytes)) + deflate.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(body)


# Plain paths.
ROUTES: dict[str, Callable[[], Answer]] = {
    "/loop": lambda: http(301, location="/loop"),
    "/to-root": lambda: http(302, location="/"),
    "/": lambda: page("Welcome to our home page."),
    "/moved": lambda: http(301, location="/new-address"),
    "/new-address": lambda: page("The same words."),
    # A page in place of the page.
    "/challenge": lambda: http(200, CHALLENGE),
    "/challenge/header": lambda: http(403, "<p>Sorry.", cf_mitigated="challenge"),
    "/empty": lambda: http(200, ""),
    # Connections that end early or never.
    "/drop": lambda: b"",
    "/drop/headers": lambda: OK_HEAD,
    "/drop/body": lambda: CHUNKED + HALF_A_CHUNK,
    "/reset": lambda: reset,
    "/partial": lambda: http(200, "half").replace(b"length: 4", b"length: 99"),
    "/hang": lambda: hang(),
    "/hang/headers": lambda: hang(OK_HEAD + b"content-length: 10\r\n\r\n"),
    "/drip": lambda: drip(b"x", 0.02, OK_HEAD + b"content-length: 1000000\r\n\r\n"),
    "/drip/headers": lambda: drip(b"x", 0.02, OK_HEAD + b"x-slow: "),
    # Not quite HTTP.
    "/chunks/broken": lambda: CHUNKED + b"zz\r\nbroken",
    "/chunks/huge": lambda: CHUNKED + b"f" * 40_000,
    "/nonsense": lambda: b"nonsense\r\n\r\n",
    "/http09": lambda: b"<html><body><p>No headers at all.</body></html>",
    "/status-line/huge": lambda: b"HTTP/1.1 200 " + b"O" * 200_000 + b"\r\n\r\n",
    "/status-line/number": lambda: b"HTTP/1.1 20000 OK\r\n\r\n",
    "/header/bad": lambda: OK_HEAD + b"this line has no colon\r\n\r\n<p>x",
    "/header/nul": lambda: OK_HEAD + b"x-nul: a\0b\r\ncontent-length: 0\r\n\r\n",
    "/header/long": lambda: http(200, "x", x_long="y" * 20_000),
    "/headers/many": lambda: OK_HEAD + b"a: b\r\n" * 5_000 + b"\r\n",
    "/headers/endless": lambda: drip(b"x-more: y\r\n" * 50, 0, OK_HEAD),
    "/1xx": lambda: drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 20, 0.001),
    "/1xx/hints": lambda: drip(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" * 20, 0.001),
    "/length/short": lambda: http(200, "<p>The whole page.").replace(b"length: 18", b"length: 9"),
    "/length/two": lambda: OK_HEAD + b"content-length: 3\r\ncontent-length: 9\r\n\r\n<p>123456",
    "/length/negative": lambda: OK_HEAD + b"content-length: -1\r\n\r\n<p>x",
    "/length/huge": lambda: hang(OK_HEAD + b"content-length: 99999999999999\r\n\r\n<p>x"),
    "/length/and-chunks": lambda: CHUNKED.replace(b"\r\n\r\n", b"\r\ncontent-length: 3\r\n\r\n") + b"0\r\n\r\n",
    # Bodies that are more than they look.
    "/gzip": gzip_bomb,
    "/gzip/broken": lambda: http(200, b"\x1f\x8bbroken", content_encoding="gzip"),
    "/gzip/cut-off": lambda: http(200, bomb(1).partition(b"\r\n\r\n")[2][:100], content_encoding="gzip"),
    "/gzip/twice": lambda: http(200, b"x", content_encoding="gzip, gzip"),
    "/brotli": lambda: http(200, b"\xcb\xff\xff?\x00\xe2\xb7" * 1000, content_encoding="br"),
    "/zstd": lambda: http(200, b"\x28\xb5\x2f\xfd" + b"\xff" * 1000, content_encoding="zstd"),
    "/zip": lambda: http(200, zip_bomb(100), content_type="application/zip"),
    "/pdf": lambda: http(200, pdf_bomb(100), content_type="application/pdf"),
    "/adverts": lambda: adverts,
    "/cookies": lambda: cookies,
    "/cookies/back": lambda: cookies,
}

# Paths with a number in them, or with anything.
PATTERNS: tuple[tuple[str, Callable[[str], Answer]], ...] = (
    (r"/status/(204|304)", lambda number: b"HTTP/1.1 %s Nothing\r\nconnection: close\r\n\r\n" % number.encode()),
    (r"/status/(\d+)", lambda number: http(int(number), "as you asked")),
    (r"/delay/([\d.]+)", lambda seconds: late(float(seconds), page("Late."))),
    (r"/redirect/(\d+)", lambda left: _redirect(int(left))),
    (r"/size/(\d+)", lambda size: http(200, "<p>" + "0123456789abcdef" * (int(size) // 16))),
    # A site that says 200 to every address.
    (r"/says-200/(.+)", lambda _: SITE_404),
)


def _redirect(left: int) -> bytes:
    return http(302, location=f"/redirect/{left - 1}") if left else page("The end of the chain.")


def builtin(path: str) -> Answer | None:
    """What the route answers; None where there is none."""
    if path in ROUTES:
        return ROUTES[path]()
    return next((make(found[1]) for pattern, make in PATTERNS if (found := re.fullmatch(pattern, path))), None)
