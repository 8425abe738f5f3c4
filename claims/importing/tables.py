"""A table somebody saved from a spreadsheet: its encoding and separator recognised or clearly refused. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sources.cells import unguarded

SEPARATORS = (",", ";", "\t")
MAX_BYTES = 20 * 1024 * 1024
# One cell; a claim has at most 4,000 characters.
MAX_CELL = 100_000
_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]{2,}")


class UnreadableTable(ValueError):
    """The file as a whole cannot be read; the text says how to mend it."""


@dataclass(frozen=True)
class Table:
    """rows: (number as a spreadsheet counts, {column: cell}); cells have no blanks around them and may be empty.

    ragged: numbers of rows with more cells than there are columns, and how many they have.
    """

    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]
    ragged: dict[int, int]


def read_table(content: bytes, *, known: Callable[[str], str | None], most: int) -> Table:
    """`known` gives the column's own name for what stands in the first row, or None. Raises UnreadableTable.

    The first row names the columns; columns nobody knows keep their heading. Empty rows are passed over.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableTable(_("The file is larger than 20 MB. Split it into several."))
    text, encoding = decoded(content)
    first, separator = _head(text, known)
    names = tuple(known(heading) or heading for heading in first)
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnreadableTable(_("The column “%(name)s” is there twice: leave one out.") % {"name": sorted(twice)[0]})
    rows: list[tuple[int, dict[str, str]]] = []
    ragged: dict[int, int] = {}
    for number, cells in _records(text, separator):
        if number == 1 or not any(cells):
            continue
        if len(rows) >= most:
            raise UnreadableTable(
                _("The file has more than %(most)s rows. Split it into several.") % {"most": f"{most:,}"}
            )
        if len([cell for cell in cells[len(names) :] if cell]) > 0:
            ragged[number] = len(cells)
        padded = [*cells, *[""] * len(names)]
        rows.append((number, {name: padded[place] for place, name in enumerate(names) if name}))
    if not rows:
        raise UnreadableTable(_("There is no row below the column names."))
    return Table(encoding, separator, names, rows, ragged)


def decoded(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding). UTF-8 and UTF-16 by their marks, UTF-8 by its form, Windows-1251 by its words."""
    for mark, encoding in ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if content.startswith(mark):
            try:
                codec = "utf-8-sig" if encoding == "UTF-8" else "utf-16"
                return _without_nul(content.decode(codec)), encoding
            except UnicodeDecodeError:
                raise UnreadableTable(_unknown()) from None
    if not content.strip():
        raise UnreadableTable(_("The file is empty."))
    if content.startswith(b"PK\x03\x04"):
        raise UnreadableTable(_("This is a workbook (XLSX, ODS). Save it as “CSV UTF-8” and choose that file."))
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise UnreadableTable(_("This is no text file. Save the table as “CSV UTF-8” and choose that file."))
    if b"\0" in content[:4096]:
        return _without_nul(_utf_16_without_mark(content)), "UTF-16"
    try:
        return _without_nul(content.decode()), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1251")
    except UnicodeDecodeError:
        raise UnreadableTable(_unknown()) from None
    if not _reads_as_cyrillic(text):
        raise UnreadableTable(_unknown())
    return _without_nul(text), "Windows-1251"


def _unknown() -> str:
    return _("The file is neither UTF-8 nor UTF-16 nor Windows-1251. Save it as “CSV UTF-8” and choose that file.")


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise UnreadableTable(_unknown())
    return text


def _utf_16_without_mark(content: bytes) -> str:
    """Column names begin with a Latin letter, which has a zero byte on one side: it tells which byte comes first."""
    if 0 not in content[:2]:
        raise UnreadableTable(_unknown())
    try:
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    except UnicodeDecodeError:
        raise UnreadableTable(_unknown()) from None


def _reads_as_cyrillic(text: str) -> bool:
    """KOI8-R and CP866 read as Windows-1251 give capitals amid words, or signs that are no letters."""
    foreign = [character for character in text if ord(character) > 127]
    letters = [character for character in foreign if "\u0400" <= character <= "\u04ff"]
    usual = [character for character in letters if character in "ёЁ" or "А" <= character <= "я"]
    words = _CYRILLIC_WORD.findall(text)
    small = [character for character in letters if character.islower()]
    well_formed = [word for word in words if word.isupper() or word[1:].islower()]
    return (
        bool(words)
        and len(usual) >= 0.8 * len(foreign)
        and len(well_formed) >= 0.8 * len(words)
        and len(small) > len(letters) / 2
    )


def _head(text: str, known: Callable[[str], str | None]) -> tuple[list[str], str]:
    """The first row by the separator that finds the most columns in it."""
    best: tuple[int, list[str], str] = (0, [], ",")
    for separator in SEPARATORS:
        first = next(_records(text, separator), (1, []))[1]
        found = len([heading for heading in first if known(heading)])
        if found > best[0]:
            best = found, first, separator
    if not best[0]:
        seen = text.lstrip().splitlines()[0][:80] if text.strip() else ""
        raise UnreadableTable(
            _("The first row names no column we know (it is: %(seen)s). Take the names from the template.")
            % {"seen": seen}
        )
    return best[1], best[2]


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, [unguarded(cell.strip()).strip() for cell in cells]
    except csv.Error as error:
        raise UnreadableTable(
            _("Row %(row)s cannot be read (%(why)s). A quotation mark inside a text is written twice.")
            % {"row": number + 1, "why": error}
        ) from None
