"""Small PDF files written by hand: one font that is named and not carried, its letters told by a ToUnicode table."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def pdf(*pages: str, title: str = "", language: str = "", encrypted: bool = False) -> bytes:
    """A PDF of these pages, each line of a page on a line of its own, in any script."""
    letters = sorted(set("".join(pages)) - {"\n"})
    codes = {letter: number for number, letter in enumerate(letters, start=1)}
    objects: list[bytes] = [b""] * 6
    kids = []
    for page in pages:
        content = zlib.compress(_lines(page.split("\n"), codes))
        objects.append(_stream(content, b"/Filter /FlateDecode"))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    lang = f" /Lang ({language})".encode() if language else b""
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R%s >>" % lang
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects[2] = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects[3] = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arial /DW 600"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects[4] = _stream(_to_unicode(codes))
    objects[5] = b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode()
    return _file(objects, encrypted)


def _lines(lines: Sequence[str], codes: dict[str, int]) -> bytes:
    shown = (b"<%s> Tj" % b"".join(b"%04x" % codes[letter] for letter in line) for line in lines)
    return b"BT /F 10 Tf 14 TL 40 800 Td " + b" T* ".join(shown) + b" ET"


def _to_unicode(codes: dict[str, int]) -> bytes:
    table = b"\n".join(
        b"<%04x> <%s>" % (code, letter.encode("utf-16-be").hex().encode()) for letter, code in codes.items()
    )
    return (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def"
        b" 1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"%d beginbfchar\n%s\nendbfchar endcmap end end" % (len(codes), table)
    )


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def _file(objects: Sequence[bytes], encrypted: bool) -> bytes:
    written = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    # A password nobody knows: digests that none fits.
    lock = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -1 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    trailer = b"<< /Size %d /Root 1 0 R /Info 6 0 R%s >>" % (len(objects) + 1, lock if encrypted else b"")
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return written + b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer, start)
