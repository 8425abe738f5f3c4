"""The page about the API, taken apart: its programs and its answers."""

from __future__ import annotations

import html
import re

from django.test import Client

DOCS = "/api/docs/"
BLOCK = re.compile(r'<pre tabindex="0"([^>]*)><code>(.*?)</code></pre>', re.DOTALL)


def page_of(client: Client) -> str:
    response = client.get(DOCS)
    assert response.status_code == 200
    return response.content.decode()


def blocks(page: str, mark: str) -> list[tuple[str, str]]:
    """(value of the attribute, text) of every program or answer that has it."""
    found = []
    for attributes, text in BLOCK.findall(page):
        match = re.search(rf'{mark}="([^"]*)"', attributes)
        if match:
            found.append((html.unescape(match[1]), html.unescape(text)))
    return found
