"""The image beside a shared link: what it shows, where it is, and that it is drawn once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.test import Client
from PIL import Image

from claims import services
from claims.models import Claim, Rating, Translation, User, VerdictDocument
from pages.sharing import drawing, kept, lettering
from pages.sharing.face import Face
from pages.sharing.shapes import shape
from tests.make import make_claim, make_correction, make_withheld
from tests.pages_rows import path_of, published, read

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
FACE = Face(
    public_id="abc", language="kk", claim_language="kk", claim=f"Ұлттық қауіпсіздік {KAZAKH}", claimant="Әнуар",
    headline="Олай емес", rating="Жалған", tone="false", state="published", state_words="", dated="9 маусым 2026",
    site_name="Claimtrack",
)  # fmt: skip


def image_in(html: str) -> str:
    found = re.search(r'property="og:image" content="http://testserver([^"]+)"', html)
    assert found
    return found[1]


@pytest.mark.django_db
def test_the_claim_page_names_its_image_with_size_and_words(client: Client, checker: User, editor: User) -> None:
    html = read(client, path_of(published(checker, editor)))
    response = client.get(image_in(html))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert "immutable" in response["Cache-Control"] and not response.cookies
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    for tag in ('og:image:width" content="1200"', 'og:image:height" content="630"', '"summary_large_image"'):
        assert tag in html
    assert "Claim: “Thousands of protesters filled the square”. Our rating: False." in html


@pytest.mark.django_db
def test_a_correction_moves_the_image_and_the_old_address_leads_to_it(
    client: Client, checker: User, editor: User
) -> None:
    claim = published(checker, editor)
    old = image_in(read(client, path_of(claim)))
    make_correction(claim, checker, editor, rating=Rating.objects.get(code="true"), kind="substantive")
    new = image_in(read(client, path_of(claim)))
    assert new != old
    response = client.get(old)
    assert response.status_code == 302 and response["Location"].endswith(new)
    assert "immutable" not in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["review", "retraction"])
def test_doubt_is_part_of_the_image(client: Client, checker: User, editor: User, step: str) -> None:
    claim = published(checker, editor)
    old = image_in(read(client, path_of(claim)))
    if step == "review":
        services.look_again(claim, by=checker, reason="A reader wrote.")
    else:
        services.retract_verdict(claim, by=editor, reason="We were wrong.")
    html = read(client, path_of(claim))
    assert image_in(html) != old
    assert f"False ({'Being looked at again' if step == 'review' else 'Retracted'})" in html


@pytest.mark.django_db
def test_there_is_no_image_before_publication_nor_of_what_is_withheld(
    client: Client, checker: User, editor: User
) -> None:
    draft = make_claim(checker)
    read(client, f"/share/{draft.public_id}/en/abc.png", 404)
    claim = published(checker, editor)
    address = image_in(read(client, path_of(claim)))
    assert client.get(address).status_code == 200
    make_withheld(claim)
    response = client.get(address)
    assert response.status_code == 451 and b"PNG" not in response.content


@pytest.mark.django_db
def test_what_goes_around_of_a_demonstration_says_so(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    VerdictDocument.objects.filter(claim=claim).update(is_demo=True)
    html = read(client, path_of(claim))
    assert re.search(r'og:image:alt" content="[^"]*demonstration', html)
    assert re.search(r"share-quotation.*?Published [^<]* · demonstration.*?</textarea>", html, re.DOTALL)
    assert client.get(image_in(html))["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_a_translation_has_an_image_in_its_own_words(client: Client, checker: User, editor: User) -> None:
    claim = published(checker, editor)
    translated(claim)
    address = image_in(read(client, f"/ru{path_of(claim)}"))
    assert "/ru/" in address
    with patch.object(kept.images, "drawn", wraps=drawing.draw) as draw:
        assert client.get(address)["Content-Language"] == "ru"
    face = draw.call_args.args[0]
    assert (face.claim, face.rating) == ("Тысячи протестующих", "Ложь") and face.dated.startswith("Опубликовано ")


def translated(claim: Claim) -> None:
    Translation.objects.create(
        claim=claim, language="ru", of_version=1, claim_text="Тысячи протестующих", headline="Сотни", summary="Сотни."
    )
    services.store_documents([claim.pk])


@pytest.mark.django_db
def test_whoever_has_the_image_is_told_so_without_drawing(client: Client, checker: User, editor: User) -> None:
    address = image_in(read(client, path_of(published(checker, editor))))
    etag = client.get(address)["ETag"]
    with patch.object(kept.images, "of") as drawn:
        response = client.get(address, headers={"If-None-Match": etag})
    assert response.status_code == 304 and not drawn.called


@pytest.mark.django_db
def test_too_much_to_draw_is_a_pause_and_no_failure(client: Client, checker: User, editor: User) -> None:
    address = image_in(read(client, path_of(published(checker, editor))))
    with patch.object(kept.images, "of", side_effect=kept.Busy):
        response = client.get(address)
    assert response.status_code == 503 and response["Retry-After"] == "2"
    assert "immutable" not in response["Cache-Control"]


def test_many_who_ask_at_once_get_one_drawing() -> None:
    drawn: list[Face] = []
    together = Barrier(4)
    kept_images = kept.Images(lambda face: drawn.append(face) or b"image")  # type: ignore[func-returns-value]

    def ask() -> None:
        together.wait()
        assert kept_images.of(FACE) == b"image"

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1


def test_old_images_make_room() -> None:
    kept_images = kept.Images(lambda face: b"x" * 10, capacity=25)
    for number in range(5):
        kept_images.of(replace(FACE, public_id=str(number)))
    assert kept_images.size == 20


@pytest.mark.parametrize("family", ["serif", "sans"])
def test_every_letter_of_kazakh_has_a_shape_of_its_own(family: lettering.Family) -> None:
    face = lettering.font(family, 40)
    shapes = {bytes(face.getmask(letter)) for letter in KAZAKH + lettering.NO_LETTER}
    assert len(shapes) == len(KAZAKH) + 1


@pytest.mark.parametrize("tone", [*drawing.TONES, "unheard-of"])
def test_every_rating_has_a_shape_of_its_own(tone: str) -> None:
    others = {bytes(shape(other, 40).tobytes()) for other in drawing.TONES if other != tone}
    assert len(others) >= len(drawing.TONES) - 1 and (
        tone not in drawing.TONES or shape(tone, 40).tobytes() not in others
    )


@pytest.mark.parametrize("claim", ["", "слово" * 5000, "数千名抗议者", "“ ” " * 400])
def test_the_longest_and_strangest_texts_are_drawn_in_a_moment(claim: str) -> None:
    face = replace(FACE, claim=claim, state="under_review", state_words="Қайта қаралуда")
    assert drawing.draw(face).startswith(b"\x89PNG")


def test_a_rating_is_never_shortened() -> None:
    block = drawing.rating_block("Негізінен жалған, бірақ қанағаттандырылмағандықтарыңыздан", 600)
    assert "…" not in "".join(block.lines) and block.height <= drawing.PLATE_HEIGHT


def test_the_same_face_gives_the_same_bytes() -> None:
    assert drawing.draw(FACE) == drawing.draw(FACE)


def test_colours_are_the_tokens_of_the_light_theme() -> None:
    css = (Path(drawing.__file__).parent.parent / "static/pages/site.css").read_text().partition("@media")[0]
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))
    drawn = {f"tone-{tone.replace('_', '-')}{end}": colour for tone, pair in drawing.TONES.items()
             for end, colour in zip(("", "-tint"), pair, strict=True)}  # fmt: skip
    drawn |= {"paper": drawing.PAPER, "ink": drawing.INK, "ink-soft": drawing.SOFT, "link": drawing.LINK}
    drawn |= {"notice": drawing.NOTICE, "notice-tint": drawing.NOTICE_TINT}
    assert json.dumps({name: tokens[name] for name in drawn}) == json.dumps(drawn)


@pytest.mark.parametrize("text", ["One two three four five six seven eight nine ten", "ж" * 200, "ә́" * 90])
def test_a_long_text_fits_and_ends_in_an_ellipsis(text: str) -> None:
    block = lettering.fitted(text, family="serif", weight=400, sizes=range(40, 29, -2), width=200, height=100)
    assert block.height <= 100 and block.lines[-1].endswith("…")
    assert all(block.face.getlength(line) <= 200 for line in block.lines)


def test_a_short_text_is_not_left_with_a_word_alone() -> None:
    block = lettering.fitted(
        "Thousands of protesters filled the square", family="serif", weight=400, sizes=range(56, 55, -1), width=1000,
        height=200,
    )  # fmt: skip
    assert [len(line.split()) for line in block.lines] == [3, 3]


def test_signs_without_a_shape_are_left_out() -> None:
    assert lettering.drawable("Бұл 😀 рас\u202e") == "Бұл рас"
    assert lettering.drawable("数千名抗议者") == ""
