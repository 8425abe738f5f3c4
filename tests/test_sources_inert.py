"""Whatever a captured page holds, looking at it runs, loads and leads to nothing."""

from __future__ import annotations

import gzip
import html.parser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from claims.models import User
from sources.archive import storage
from sources.inert import page as inert_page
from sources.inert.markup import DROPPED, KEPT, inert_markup
from sources.models import Snapshot
from tests.sources_support.attacks import ATTACKS
from tests.sources_support.helpers import START, make_source, visit
from tests.sources_support.server import Server, http

pytest_plugins = ["tests.sources_support.fixtures"]
pytestmark = pytest.mark.django_db
WORDS = "Police counted a few hundred people."
# A page that leads on at once is no page of its own: it is never captured.
SHOWN = {name: markup for name, markup in ATTACKS.items() if name != "refresh"}
ATTRIBUTES = {"lang", "dir", "title", "colspan", "rowspan", "class"}


class Found(html.parser.HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_inert(markup: str) -> None:
    found = Found(markup)
    assert found.tags <= KEPT | {"span"}
    assert found.attributes <= ATTRIBUTES
    assert not found.tags & DROPPED


@pytest.mark.parametrize("name", sorted(ATTACKS))
@pytest.mark.parametrize("around", ["{}", "<table><tr><td>{}", "<p><b><i>{}", "<svg><foreignObject>{}"])
def test_nothing_that_acts_is_left(name: str, around: str) -> None:
    markup = inert_markup(f"<p>Before.</p>{around.format(ATTACKS[name])}<p>{WORDS}</p>")
    assert_inert(markup)


@given(
    st.lists(
        st.sampled_from([*ATTACKS.values(), "<p>", "</p>", "<table>", "</svg>", "<!--", "-->", '"', "'", "<b>", "x"])
    )
)
def test_no_mixture_of_attacks_leaves_anything(parts: list[str]) -> None:
    assert_inert(inert_markup("".join(parts)))


@given(st.text(alphabet="<>/!-='\"& \tabsvgimonrecptl&#;\u00a0"))
def test_no_text_at_all_leaves_anything(text: str) -> None:
    assert_inert(inert_markup(text))


def test_the_words_their_order_and_their_structure_stay() -> None:
    markup = inert_markup(
        "<h1>Title</h1><nav>menu</nav><p lang=kk dir=ltr>Өңірлік <b>әкімдік</b> &lt;10 &amp; more</p>"
        "<table><tr><th colspan=2>Head<td>Cell</table><img alt='A crowd' src=x><a href='https://b.example/x'>link</a>"
    )
    assert markup == (
        '<h1>Title</h1>menu<p lang="kk" dir="ltr">Өңірлік <b>әкімдік</b> &lt;10 &amp; more</p>'
        '<table><tr><th colspan="2">Head</th><td>Cell</td></tr></table><span class="image">A crowd</span>'
        '<span class="link" title="https://b.example/x">link</span>'
    )


# Through the desk.


@pytest.fixture
def desk(client: Client, outsider: User) -> Client:
    client.force_login(outsider)
    return client


def captured(web: Server, body: str | bytes, *, path: str = "/page", **headers: str) -> Snapshot:
    web[path] = http(200, body, **headers)
    source = make_source(web, path)
    visit(source, START)
    assert source.current_snapshot is not None
    return source.current_snapshot


def url(snapshot: Snapshot, part: str = "") -> str:
    return f"/admin/sources/snapshot/{snapshot.pk}/capture/{part}"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def is_locked_up(response: Any) -> None:
    """The headers that make a page inert whatever is in it."""
    policy = [part.strip() for part in response["Content-Security-Policy"].split(";")]
    assert {"sandbox", "default-src 'none'", "form-action 'none'", "base-uri 'none'"} <= set(policy)
    assert not any(word in response["Content-Security-Policy"] for word in ("allow-", "script-src", "http", "*"))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_the_capture_is_framed_in_a_sandbox(desk: Client, web: Server) -> None:
    snapshot = captured(web, f"<title>T</title><p>{WORDS}</p>")
    frame = text_of(desk.get(url(snapshot)))
    assert f'<iframe sandbox class="capture" src="{url(snapshot, "page/")}"' in frame
    assert "allow-" not in frame.partition("<iframe")[2].partition(">")[0]
    response = desk.get(url(snapshot, "page/"))
    is_locked_up(response)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert WORDS in text_of(response)


def test_every_attack_together_arrives_as_words(desk: Client, web: Server) -> None:
    snapshot = captured(web, f"<p>{WORDS}</p>{''.join(SHOWN.values())}")
    page = text_of(desk.get(url(snapshot, "page/")))
    assert WORDS in page
    assert "<script" not in page.lower() and "<iframe" not in page.lower()
    assert_inert(page.partition("<body>")[2].partition("</body>")[0])


def test_markup_sent_as_plain_text_is_shown_as_text(desk: Client, web: Server) -> None:
    snapshot = captured(web, f"<script>steal()</script> {WORDS}", content_type="text/plain")
    response = desk.get(url(snapshot, "page/"))
    assert f"<pre>&lt;script&gt;steal()&lt;/script&gt; {WORDS}</pre>" in text_of(response)
    is_locked_up(response)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("text/html; charset=windows-1251", "cp1251"), ("text/html", "utf-8"), ("text/html; charset=utf-16", "utf-16")],
)
def test_russian_and_kazakh_words_stay_readable(desk: Client, web: Server, declared: str, encoding: str) -> None:
    words = "Полиция насчитала несколько сотен" + ("" if encoding == "cp1251" else ", әкімдік мың деді")
    snapshot = captured(web, f"<p>{words}.</p>".encode(encoding), content_type=declared)
    assert words in text_of(desk.get(url(snapshot, "page/")))


def test_letters_that_only_another_encoding_makes_markup_stay_letters(desk: Client, web: Server) -> None:
    body = b"<p>Words.</p><p>+ADw-script+AD4-steal()+ADw-/script+AD4-</p>"
    page = text_of(desk.get(url(captured(web, body, content_type="text/html; charset=utf-7"), "page/")))
    assert "<script" not in page
    assert '<meta charset="utf-8">' in page


def test_a_compressed_page_is_unpacked(desk: Client, web: Server) -> None:
    snapshot = captured(web, gzip.compress(f"<p>{WORDS}</p>".encode()), content_encoding="gzip")
    assert WORDS in text_of(desk.get(url(snapshot, "page/")))


@pytest.mark.parametrize(
    ("media_type", "ending"), [("application/pdf", "pdf"), ("image/svg+xml", "bin"), ("application/x-whatever", "bin")]
)
def test_a_document_is_only_ever_saved(desk: Client, web: Server, media_type: str, ending: str) -> None:
    body = b"<svg xmlns='http://www.w3.org/2000/svg'><script>steal()</script></svg>"
    snapshot = captured(web, body, content_type=media_type)
    response = desk.get(url(snapshot, "document/"))
    is_locked_up(response)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="capture-{snapshot.public_id}.{ending}"'
    assert response.content == body
    assert "<svg" not in text_of(desk.get(url(snapshot, "page/")))
    assert url(snapshot, "document/") in text_of(desk.get(url(snapshot)))


def test_a_page_is_not_handed_out_as_a_file_to_open(desk: Client, web: Server) -> None:
    assert desk.get(url(captured(web, "<p>x</p>"), "document/")).status_code == 404


def test_one_capture_is_downloaded_as_warc(desk: Client, web: Server, tmp_path: Path) -> None:
    snapshot = captured(web, f"<p>{WORDS}</p>")
    response = desk.get(url(snapshot, "warc/"))
    is_locked_up(response)
    path = tmp_path / "x.warc.gz"
    path.write_bytes(response.content)
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file, check_digests="raise")]
    assert kinds == ["warcinfo", "response", "request", "conversion"]


def test_a_damaged_capture_is_named_and_not_shown(desk: Client, web: Server) -> None:
    snapshot = captured(web, "<p>x</p>")
    Path(storage().path(snapshot.storage_key)).write_bytes(b"nonsense")
    frame = text_of(desk.get(url(snapshot)))
    assert snapshot.storage_key in frame and "<iframe" not in frame
    assert [desk.get(url(snapshot, part)).status_code for part in ("page/", "warc/")] == [404, 404]


def test_a_page_nobody_can_untangle_in_time_is_shown_as_text(
    desk: Client, web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inert_page, "PATIENCE", 0.001)
    page = text_of(desk.get(url(captured(web, f"<p>{WORDS}</p>"), "page/")))
    assert f"<pre>{WORDS}</pre>" in page and "too tangled" in page


def test_deep_nesting_and_endless_attributes_do_not_hold_the_desk_up(desk: Client, web: Server) -> None:
    for number, body in enumerate(
        (f"<p>{WORDS}</p>" + "<div>" * 39_000, f"<p {' '.join(f'a{n}=1' for n in range(5_000))}>{WORDS}")
    ):
        assert WORDS in text_of(desk.get(url(captured(web, body, path=f"/{number}"), "page/")))


def test_only_people_of_the_desk_see_captures(client: Client, web: Server, checker: User) -> None:
    snapshot = captured(web, "<p>x</p>")
    checker.is_staff = False
    checker.save()
    for _ in range(2):
        assert {client.get(url(snapshot, part)).status_code for part in ("", "page/", "warc/", "document/")} == {302}
        client.force_login(checker)
