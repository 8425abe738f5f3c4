"""The text of a page as its readers see it, and pages that would rather break us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sources.choices import Outcome
from sources.extraction import box
from sources.extraction.page import Page
from sources.extraction.reading import read_page
from sources.outcomes import Answer, outcome_of

HTML = "text/html; charset=utf-8"
ROOT = Path(__file__).resolve().parent.parent


def text_of(markup: str) -> str | None:
    return read_page(markup.encode(), HTML).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<p>One <b>bold</b>\n  word</p>", "One bold word"),
        ("half<b>way</b>there", "halfwaythere"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>500<td>people</table>", "500\npeople"),
        ("a<br>b", "a\nb"),
        ("<p>Shown<script>hidden()</script><style>x</style><template>t</template></p>", "Shown"),
        ("<p>Shown</p><p hidden>no</p><p style='display: none'>no</p><p aria-hidden=true>no</p>", "Shown"),
        ("<nav>menu</nav><p>Shown</p><div class='ad-box ads'>Buy</div><aside>Fact box</aside>", "Shown\nFact box"),
        ("<div class='leaderboard heads roads'>Shown</div>", "Shown"),
        ("<p>a<!-- no -->b</p>", "ab"),
        ("<blockquote>“Quoted”</blockquote><footer>Corrected on Monday</footer>", "“Quoted”\nCorrected on Monday"),
        ("<p>5&nbsp;000&#8239;people</p>", "5 000\u202fpeople"),
        ("", ""),
        ("<!-- only -->", ""),
    ],
)
def test_what_a_reader_sees_is_the_text(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_title_and_language_are_found() -> None:
    page = read_page(b"<html lang='kk'><head><title> A \n title </title></head><body>x</body></html>", HTML)
    assert (page.title, page.language) == ("A title", "kk")


def test_a_language_that_is_none_is_left_out() -> None:
    assert read_page(b"<html lang='<script>'><p>x", HTML).language == ""


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/there">', "/there"),
        ("<META HTTP-EQUIV=Refresh CONTENT='3;URL=\"https://e.org/b\"'>", "https://e.org/b"),
        ("<meta http-equiv=refresh content='0,https://e.org/b'>", "https://e.org/b"),
        ("<meta http-equiv=refresh content='600; url=/same'>", ""),
        ("<meta http-equiv=refresh content='5'>", ""),
        ("<noscript><meta http-equiv=refresh content='0; url=/plain'></noscript>", ""),
        ("<meta name=refresh content='0; url=/there'>", ""),
        ("<p>refresh</p>", ""),
    ],
)
def test_where_a_page_leads_on_by_itself_is_found(markup: str, target: str) -> None:
    assert read_page(f"<html><head>{markup}</head><body>x".encode(), HTML).leads_to == target


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<p>Қазақстан".encode(), "text/html"),
        ("<p>Қазақстан".encode("utf-16"), "text/html; charset=utf-16"),
        ("\ufeff<p>Қазақстан".encode(), "text/html; charset=windows-1251"),
        ("<meta charset=utf-8><p>Қазақстан".encode(), "text/html"),
        ("<p>Қазақстан".encode(), "text/html; charset=nonsense"),
        ("<p>Қазақстан".encode(), "text/html; charset=punycode"),
        ("<p>Қазақстан".encode(), "text/html; charset=undefined"),
    ],
)
def test_the_charset_is_found_as_browsers_find_it(content: bytes, kind: str) -> None:
    assert read_page(content, kind).text == "Қазақстан"


def test_an_old_russian_page_is_read() -> None:
    content = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251"><p>Выборы'.encode("cp1251")
    assert read_page(content, "text/html").text == "Выборы"


def test_plain_text_is_text_and_an_image_is_none() -> None:
    assert read_page(b"One\n\n Two ", "text/plain").text == "One\nTwo"
    assert read_page(b"\x89PNG", "image/png") == Page(None)


def test_the_box_reads_like_the_plain_function() -> None:
    content = "<title>T</title><p>Қазақстан".encode()
    assert box.extract(content, HTML) == read_page(content, HTML)


def test_a_page_nested_without_end_is_survived() -> None:
    assert "deep" in (box.extract(b"<div>" * 200_000 + b"deep", HTML).text or "deep")


def test_a_page_that_takes_too_long_costs_the_child_and_not_the_worker() -> None:
    with pytest.raises(box.ExtractionFailed, match="took more than"):
        box.extract(b"<p>x</p>" * 1_000_000, HTML, time_limit=0.01)
    assert box.extract(b"<p>still there", HTML).text == "still there"


def test_a_child_that_died_is_replaced() -> None:
    box.extract(b"x", HTML)
    assert box._child is not None
    box._child.kill()
    box._child.wait()
    assert box.extract(b"<p>again", HTML).text == "again"


@pytest.mark.parametrize(
    "escape",
    [
        "os.write(os.open({!r}, os.O_CREAT | os.O_WRONLY), b'x')",
        "bytearray(2 << 30)",
        # The system lets root start programs all the same.
        "os.geteuid() and os.fork() or os.abort()",
    ],
)
def test_the_reader_s_process_can_neither_write_nor_swell_nor_start_programs(escape: str, tmp_path: Path) -> None:
    code = (
        f"import os\nfrom sources.extraction.child import confine\nconfine()\n{escape.format(str(tmp_path / 'file'))}"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True)
    assert ended.returncode != 0
    assert not any(path.stat().st_size for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.OK), (304, Outcome.NOT_MODIFIED), (400, Outcome.CLIENT_ERROR), (401, Outcome.AUTH_REQUIRED),
        (402, Outcome.AUTH_REQUIRED), (403, Outcome.BLOCKED), (404, Outcome.NOT_FOUND), (406, Outcome.BLOCKED),
        (410, Outcome.GONE), (429, Outcome.RATE_LIMITED), (451, Outcome.BLOCKED), (500, Outcome.SERVER_ERROR),
        (503, Outcome.SERVER_ERROR), (999, Outcome.BLOCKED), (300, Outcome.BAD_CONTENT),
    ],
)  # fmt: skip
def test_a_status_has_its_outcome(status: int, outcome: Outcome) -> None:
    answer = Answer("https://e.org/a", "https://e.org/a", status, text="Some text.")
    assert outcome_of(answer)[0] == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer("https://e.org/a", "https://e.org/b", 200, redirects=(301, 308), text="x"), Outcome.REDIRECT_PERMANENT),
        (Answer("https://e.org/a", "https://e.org/b", 200, redirects=(301, 302), text="x"), Outcome.REDIRECT_TEMPORARY),
        (Answer("https://e.org/a", "https://e.org/", 200, redirects=(301,), text="x"), Outcome.REDIRECT_TO_ROOT),
        (Answer("http://e.org/", "https://e.org/", 200, redirects=(301,), text="x"), Outcome.REDIRECT_PERMANENT),
        (Answer("https://e.org/a", "https://e.org/404.html", 200, redirects=(302,), text="x"), Outcome.SOFT404_SUSPECT),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Page not found", text="x"), Outcome.SOFT404_SUSPECT),
        (Answer("https://e.org/a", "https://e.org/a", 200, text="Страница не найдена\nx"), Outcome.SOFT404_SUSPECT),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Why we say not found", text="w " * 999), Outcome.OK),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Peugeot 4040", text="A car."), Outcome.OK),
        (Answer("https://e.org/a", "https://e.org/a", 200, text=" \n "), Outcome.EMPTY_TEXT),
        (Answer("https://e.org/a", "https://e.org/a", 200, text=None), Outcome.OK),
        (Answer("https://e.org/a", "https://e.org/a", 200, text="x", truncated=True), Outcome.TOO_LARGE),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Just a moment...", text="x"), Outcome.BLOCKED),
        (Answer("https://e.org/a", "https://e.org/a", 503, {"cf-mitigated": "challenge"}), Outcome.BLOCKED),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Attention Required! | X", text="x"), Outcome.BLOCKED),
        (Answer("https://e.org/a", "https://e.org/a", 200, title="Just a moment...", text="w " * 999), Outcome.OK),
    ],
)
def test_an_answer_has_its_outcome(answer: Answer, outcome: Outcome) -> None:
    assert outcome_of(answer)[0] == outcome


@pytest.mark.parametrize(
    ("text", "leads_to", "outcome"),
    [
        ("You should be redirected quickly, if not click here.", "", Outcome.SOFT404_SUSPECT),
        ("Redirecting…", "/b", Outcome.SOFT404_SUSPECT),
        ("Вы будете перенаправлены", "", Outcome.SOFT404_SUSPECT),
        ("Moved.", "/", Outcome.REDIRECT_TO_ROOT),
        ("Please stand by.", "/a", Outcome.BLOCKED),
        ("x", "javascript:alert(1)", Outcome.SOFT404_SUSPECT),
        ("You need to enable JavaScript to run this app.", "", Outcome.BLOCKED),
        ("JavaScript is disabled. Please turn it on.", "", Outcome.BLOCKED),
        ("word " * 999, "/b", Outcome.OK),
        ("The mayor was redirected by the police. " * 9, "", Outcome.OK),
        ("How to enable JavaScript in your browser: open the settings. " * 9, "", Outcome.OK),
        ("A short note about a mayor.", "", Outcome.OK),
    ],
)
def test_what_stands_in_for_a_page_is_no_version_of_it(text: str, leads_to: str, outcome: Outcome) -> None:
    answer = Answer("https://e.org/a", "https://e.org/a", 200, text=text, leads_to=leads_to)
    assert outcome_of(answer)[0] == outcome


def test_a_page_that_leads_on_says_where() -> None:
    answer = Answer("https://e.org/a", "https://e.org/a", 200, text="Moved.", leads_to="../news/b")
    assert "https://e.org/news/b" in outcome_of(answer)[1]
