"""Tables of claims as files: encodings, separators, columns, and what is wrong in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.importing.claim_rows import COLUMNS, column_of, read_row, template
from claims.importing.tables import Table, UnreadableTable, read_table

RUSSIAN = "text;language;made_on\r\nТысячи протестующих вышли на площадь;ru;09.06.2019\r\n"


def table(content: bytes | str, most: int = 10) -> Table:
    return read_table(content.encode() if isinstance(content, str) else content, known=column_of, most=most)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (RUSSIAN.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "UTF-8"),
        (RUSSIAN.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), "UTF-16"),
        (RUSSIAN.encode("utf-16-le"), "UTF-16"),
        (RUSSIAN.encode("cp1251"), "Windows-1251"),
    ],
)
def test_the_encoding_is_recognised(content: bytes, encoding: str) -> None:
    read = table(content)
    assert read.encoding == encoding
    assert read.rows[0][1]["text"] == "Тысячи протестующих вышли на площадь"


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "iso8859-5"])
def test_another_encoding_is_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(UnreadableTable, match="CSV UTF-8"):
        table(RUSSIAN.encode(encoding))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_recognised(separator: str) -> None:
    read = table(separator.join(["text", "language"]) + "\n" + separator.join(['"One, two; three\tfour"', "en"]))
    assert read.separator == separator
    assert read.rows[0][1] == {"text": "One, two; three\tfour", "language": "en"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0", "no text file"),
        (b"name,value\n1,2\n", "names no column"),
        (b"text,language\n", "no row"),
        (b"text,text,language\na,b,en\n", "twice"),
        (b'text,language\n"open,en\n', "cannot be read"),
        (b"text,language\na\0,en\n", "CSV UTF-8"),
        (b"text,language\na,en\nb,en\nc,en\n", "more than 2 rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableTable, match=told):
        table(content, most=2)


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    read = table('text,language\n"two\nlines",en\n\nnext,en\n')
    assert [number for number, _cells in read.rows] == [2, 4]


def test_an_apostrophe_before_a_formula_is_taken_off() -> None:
    assert table("text,language\n'=1+1 is three,en\n").rows[0][1]["text"] == "=1+1 is three"


def test_headings_are_known_however_they_are_written() -> None:
    headings = ("Text", "Made on", "APPEARANCE_URL(s)", "claim", "Location", "nonsense")
    assert [column_of(heading) for heading in headings] == [
        "text", "made_on", "appearance_url", "text", "location", None,
    ]  # fmt: skip


def test_the_template_reads_without_a_finding() -> None:
    read = table(template())
    assert set(read.columns) == set(COLUMNS)
    assert read_row(*read.rows[0]).findings == []


def findings(**cells: str) -> dict[str, str]:
    row = read_row(2, {"text": "Cats bark", "language": "en"} | cells)
    return {finding.column: finding.message for finding in row.findings}


@pytest.mark.parametrize(
    ("cells", "column", "told"),
    [
        ({"text": "…"}, "text", "Write the claim"),
        ({"text": "a" * 4001}, "text", "at most 4000"),
        ({"language": ""}, "language", "write en, ru, kk"),
        ({"language": "English!"}, "language", "write en, ru, kk"),
        ({"language": "xx"}, "language", "“xx” is no language"),
        ({"language": "zz-KZ"}, "language", "write en, ru, kk"),
        ({"made_on": "06/09/2019"}, "made_on", "2019-06-09 or 09.06.2019"),
        ({"made_on": "31.02.2019"}, "made_on", "no such day"),
        ({"made_on": "2999-01-01"}, "made_on", "still to come"),
        ({"quantity_low": "many"}, "quantity_low", "no number"),
        ({"quantity_low": "10.000"}, "quantity_low", "may be two"),
        ({"language": "ru", "quantity_low": "10,000"}, "quantity_low", "may be two"),
        ({"quantity_low": "5", "quantity_high": "2"}, "quantity_low", "swap the two"),
        ({"quantity_unit": "u" * 61}, "quantity_unit", "at most 60"),
        ({"topics": "t" * 81}, "topics", "at most 80"),
        ({"appearance_url": "news.example/1"}, "appearance_url", "beginning with https"),
        ({"appearance_url": "https://news.example/1", "audience": "1.5"}, "audience", "whole number"),
        ({"published_on": "2019-06-09"}, "published_on", "fill in the column appearance_url"),
    ],
)
def test_what_is_wrong_is_said_of_its_column(cells: dict[str, str], column: str, told: str) -> None:
    found = findings(**cells)
    assert list(found) == [column]
    assert told in found[column]


def test_everything_wrong_in_a_row_is_said_at_once() -> None:
    assert set(findings(text="", made_on="soon", quantity_low="many")) == {"text", "made_on", "quantity_low"}


def test_a_row_is_read_whole() -> None:
    row = read_row(
        2,
        {
            "text": "Тысячи вышли", "language": "RU", "made_on": "09.06.2019", "topics": "Митинги; Выборы;митинги",
            "quantity_low": "2 000", "quantity_high": "70,96", "appearance_url": "https://a.example/1 https://a.example/2",
            "audience": "124 000",
        },
    )  # fmt: skip
    assert row.fields["language"] == "ru"
    assert str(row.fields["made_on"]) == "2019-06-09"
    assert row.topics == ["Митинги", "Выборы", "митинги"]
    assert str(row.fields["quantity_low"]) == "2000"
    assert row.urls == ["https://a.example/1", "https://a.example/2"]
    assert row.appearance["audience"] == 124000


def test_a_row_keeps_its_key_and_another_row_has_another() -> None:
    cells = {"text": "Cats bark", "language": "en"}
    assert read_row(2, cells).key == read_row(7, cells).key
    assert read_row(2, cells).key != read_row(2, cells | {"made_on": "2019-06-09"}).key
    assert read_row(2, cells | {"external_id": "17"}).key == read_row(3, {"text": "b", "external_id": "17"}).key


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        read = table(b"text,language\n" + content)
    except UnreadableTable:
        return
    for number, cells in read.rows:
        read_row(number, cells)


@given(st.fixed_dictionaries({name: st.text(max_size=60) for name in COLUMNS}))
def test_no_row_breaks_the_reader(cells: dict[str, str]) -> None:
    read_row(2, cells)
