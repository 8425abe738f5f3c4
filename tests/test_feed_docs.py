"""The page about the API: its programs run and print something, its answers are true, and it needs no script."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from claims.choices import VerdictStatus
from feed.describing.operations import answering
from tests.docs_page import DOCS, blocks, page_of
from tests.schema_rows import Site, made, site

__all__ = ["made", "site"]


def test_the_guide_names_every_state_of_a_verdict(client: Client, site: Site) -> None:
    page = client.get("/developers/").content.decode()
    for status in VerdictStatus.values:
        assert f"<dt><code>{status}</code></dt>" in page


@pytest.mark.parametrize("path", ["/developers/", "/kk/developers/"])
def test_every_address_the_guide_links_answers(client: Client, site: Site, path: str) -> None:
    page = client.get(path).content.decode().partition('<div class="prose"')[2].partition("</main>")[0]
    for address in re.findall(r'href="(/[^"#]*)', page):
        response: Any = client.get(address)
        assert response.status_code == 200 and response.getvalue(), address
    for place in re.findall(r'href="#([^"]*)', page):
        assert f'id="{place}"' in page


def test_every_answer_shown_is_the_answer_given(client: Client, site: Site) -> None:
    answers = blocks(page_of(client), "data-answer")
    assert len(answers) > 15
    for address, shown in answers:
        response: Any = client.get(address)
        given = response.getvalue().decode()
        if shown[:1] == "{" and given[:1] == "{" and "ndjson" not in address and "jsonld" not in address:
            assert json.loads(shown) == json.loads(given), address
        else:
            assert shown[:40] == given[:40], address


def test_the_problem_shown_is_the_problem_given(client: Client, site: Site) -> None:
    [(address, shown)] = blocks(page_of(client), "data-problem")
    assert client.get(address.removeprefix("http://testserver")).json() == json.loads(shown)


def test_nothing_on_the_page_is_from_elsewhere_or_needs_a_script(client: Client, site: Site) -> None:
    page = page_of(client)
    assert [source for source in re.findall(r'(?:src|href)="(?!#)([^"]*)"', page) if not source.startswith("/")] == []
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=", page)
    assert client.get(DOCS)["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_people_wrote_stands_on_the_page_as_text(client: Client, site: Site) -> None:
    """The claim in the answers speaks of </script>."""
    assert "&lt;/script&gt;" in page_of(client)
    assert page_of(client).count("</script>") == 1


def test_every_parameter_of_every_address_is_explained(client: Client, site: Site) -> None:
    page = page_of(client)
    for operation in answering():
        section = page.split(f'<h3 id="{operation.name}">')[1].split("</section>")[0]
        for parameter in operation.parameters:
            assert f"<code>{html.escape(parameter.name)}</code>" in section
