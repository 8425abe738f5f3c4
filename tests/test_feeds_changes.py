"""What becomes of an entry of RSS, Atom and JSON Feed when its verdict is corrected, retracted or withheld."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from lxml import etree

from claims import services
from claims.models import User, VerdictDocument
from claims.services.documents import next_change
from tests.feed_readers import CHECKS, FORMATS, XML, feed, items
from tests.feed_rows import withhold
from tests.make import make_correction, make_published_verdict, make_topic

pytestmark = pytest.mark.django_db


def test_a_correction_of_an_old_verdict_comes_to_the_top_under_the_same_id(
    client: Client, checker: User, editor: User
) -> None:
    old = make_published_verdict(checker, editor, text="Old").verdict.claim
    make_published_verdict(checker, editor, text="New")
    before = items(client)
    assert before[1]["url"].endswith("/old/")
    make_correction(old, checker, editor, reason="We had the wrong day.")
    after = items(client)
    assert after[0]["id"] == before[1]["id"] and after[0]["date_published"] == before[1]["date_published"]
    assert after[0]["date_modified"] > before[1]["date_modified"]
    assert "We had the wrong day." in after[0]["content_html"]


@pytest.mark.parametrize("form", XML)
def test_a_retraction_stays_and_says_so_first(client: Client, checker: User, editor: User, form: str) -> None:
    claim = make_published_verdict(checker, editor, text="The bridge was closed").verdict.claim
    standing = feed(client, form).entries[0]
    services.retract_verdict(claim, by=editor, reason="It was another bridge.")
    entry = feed(client, form).entries[0]
    assert entry.id == standing.id
    assert entry.title.startswith("Retracted: ") and "It was another bridge." in entry.summary
    assert [(tag.scheme, tag.term) for tag in entry.tags] == [("urn:claimtrack:status", "retracted")]
    content = entry.content[0].value
    assert content.index("We have taken this verdict back") < content.index("The bridge was closed")
    assert json.loads(VerdictDocument.objects.get().body)["summary"] not in content


@pytest.mark.parametrize("form", FORMATS)
def test_a_withheld_verdict_is_an_entry_without_its_text(
    client: Client, checker: User, editor: User, form: str
) -> None:
    make_published_verdict(checker, editor, text="Secret words", topics=[make_topic("Secret topic")])
    withhold(VerdictDocument.objects.get())
    response = client.get(f"/feeds/verdicts.{form}")
    text = response.content.decode()
    assert CHECKS[form](response.content, f"http://testserver/feeds/verdicts.{form}") == []
    assert "Withheld for legal reasons" in text and "Court order 7" in text
    assert "Secret words" not in text and "Secret topic" not in text and "few hundred" not in text


def test_an_entry_speaks_the_language_of_its_verdict(client: Client, checker: User, editor: User) -> None:
    claim = make_published_verdict(checker, editor).verdict.claim
    row = VerdictDocument.objects.get()
    VerdictDocument.objects.update(body=json.dumps(json.loads(row.body) | {"language": "ru"}), change=next_change())
    entry = feed(client, "atom").entries[0]
    assert entry.title.startswith("Ложь: ") and "Утверждение" in entry.content[0].value
    services.retract_verdict(claim, by=editor, reason="x")
    document = json.loads(VerdictDocument.objects.get().body) | {"language": "kk"}
    VerdictDocument.objects.update(body=json.dumps(document), change=next_change())
    assert feed(client, "rss").entries[0].title.startswith("Қайтарып алынды: ")


def test_an_empty_feed_is_the_same_at_every_request(client: Client) -> None:
    assert etree.fromstring(client.get("/feeds/verdicts.atom").content).findtext("{*}updated", "").startswith("1970-")
