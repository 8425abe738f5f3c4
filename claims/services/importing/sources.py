"""What import_claimreview was given: files, folders, standard input, addresses; opened one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from claims.importing.findings import Found
from claims.importing.reading import read_stream
from claims.importing.reviews import Origin
from claims.importing.values import site_of
from sources.services import fetch_document

# Of a folder, these are read; each may end in .gz besides.
SUFFIXES = (".json", ".jsonld", ".ndjson", ".jsonl", ".html", ".htm")
STANDARD_INPUT = "-"


class UnusableSource(Exception):
    """Nothing can be read there; the text says why and how to mend it."""


@dataclass
class Given:
    """One thing to read. `name` stands in front of every place reported from it."""

    name: str
    path: Path | None = None
    url: str = ""
    # Bytes there are, where that is known beforehand.
    size: int | None = None
    # Which state of it was opened; an interrupted import goes on only in the same one.
    stamp: str = ""
    # Of an address, once opened: whose word it is. "" for files: whoever names a file vouches for it.
    site: str = ""
    _stream: BinaryIO | None = field(default=None, repr=False)

    def done(self) -> int:
        """Bytes read so far, of a file that is open."""
        return self._stream.tell() if self._stream is not None and self.path is not None else 0

    @contextmanager
    def opened(self) -> Iterator[Iterator[Found]]:
        """Its findings. Raises sources.services.NotFetched for an address, OSError for a file."""
        if self.url:
            yield self._from_url()
        elif self.path is None:
            yield read_stream(sys.stdin.buffer, Origin("standard input"))
        else:
            with self.path.open("rb") as stream:
                self._stream = stream
                self.stamp = _stamp(self.path)
                yield read_stream(stream, Origin(self.name), name=self.path.name)
            self._stream = None

    def _from_url(self) -> Iterator[Found]:
        document = fetch_document(self.url)
        self.stamp, self.site = document.sha256, site_of(document.url)
        is_page = document.content_type.partition(";")[0].strip().lower() in ("text/html", "application/xhtml+xml")
        only = self.site if is_page else ""
        origin = Origin(self.name, base=document.url, only_site=only)
        name = document.url.partition("?")[0].rpartition("/")[2]
        return read_stream(BytesIO(document.content), origin, name=name, content_type=document.content_type)


def given_sources(words: list[str]) -> list[Given]:
    """What the command line names, folders as their files in the order of their names. Raises UnusableSource."""
    found = [given for word in words for given in _given(word)]
    if sum(given.name == STANDARD_INPUT for given in found) > 1:
        raise UnusableSource("Standard input (-) can be read once only.")
    return found


def passed_over(words: list[str]) -> list[str]:
    """Files in the given folders that are of another kind, so that nobody takes them for imported."""
    folders = [Path(word) for word in words if Path(word).is_dir()]
    files = [(file, folder) for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    return [as_text(str(file)) for file, folder in files if not _is_readable_kind(file, folder)]


def _given(word: str) -> list[Given]:
    if word == STANDARD_INPUT:
        return [Given(STANDARD_INPUT)]
    if word.lower().startswith(("http://", "https://")):
        return [Given(word, url=word)]
    path = Path(word)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if _is_readable_kind(file, path))
        if not files:
            raise UnusableSource(f"{word} holds no file that ends in {', '.join(SUFFIXES)} (or these with .gz).")
        _refuse_leading_out(files, path)
        return [_file(file) for file in files]
    if not path.is_file():
        raise UnusableSource(f"There is no file or folder {word}. Addresses begin with https://.")
    return [_file(path)]


def _refuse_leading_out(files: list[Path], folder: Path) -> None:
    """A folder from elsewhere must not bring in this machine's own files."""
    whole = folder.resolve()
    for file in files:
        if not file.resolve().is_relative_to(whole):
            raise UnusableSource(f"{file} is a link that leads out of {folder}: remove it, or name that file itself.")


def _is_readable_kind(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.name.lower().removesuffix(".gz").endswith(SUFFIXES) and not hidden and file.is_file()


def _file(path: Path) -> Given:
    return Given(as_text(str(path)), path=path, size=path.stat().st_size)


def as_text(name: str) -> str:
    """A file's name as text that can be printed and stored: bytes of it that are no UTF-8 are spelled out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _stamp(path: Path) -> str:
    state = path.stat()
    return f"{state.st_size}-{state.st_mtime_ns}"
