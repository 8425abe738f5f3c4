"""The feed's benchmark: a corpus that is what it says it is, and rules that can fail."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from benchmarks import copies, corpus, feed, feed_cases, feed_publishing
from benchmarks.tables import Findings
from claims.models import Event, VerdictDocument
from claims.services import verify_history
from tests.make import tamper


@pytest.fixture
def corpus_of_50(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty originals, and copies of them in one whole block and a half."""
    for module in (copies, corpus):
        monkeypatch.setattr(module, "SEEDS", 20)
    corpus.fill(20)
    corpus.fill(50)


@pytest.mark.usefixtures("corpus_of_50")
def test_every_copy_is_what_the_renderer_makes_of_its_rows() -> None:
    bodies = [json.loads(body) for body in VerdictDocument.objects.values_list("body", flat=True)]
    assert len({body["id"] for body in bodies}) == len({body["content_digest"] for body in bodies}) == 50
    corpus.check()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_verdictdocument SET body = replace(body, 'thousands', 'hundreds')")
    with pytest.raises(AssertionError, match="50 of 50 documents differ"):
        corpus.check()


@pytest.mark.usefixtures("corpus_of_50")
def test_its_event_log_is_a_chain_of_one_event_for_each_verdict() -> None:
    assert list(Event.objects.values_list("sequence", flat=True)) == list(range(1, 51))
    assert verify_history().tampering is None
    tamper("UPDATE claims_event SET entry = replace(entry, 'sha256:', 'sha255:') WHERE sequence = 40")
    assert verify_history().tampering is not None


@pytest.mark.usefixtures("corpus_of_50")
def test_the_places_it_begins_at_are_deep_in_the_list() -> None:
    newest = list(VerdictDocument.objects.order_by("-published_at").values_list("public_id", flat=True))
    places = corpus.places(30)
    assert places == corpus.places(30) and all(5 <= newest.index(public_id) < 45 for _, public_id in places)


@pytest.mark.usefixtures("corpus_of_50")
def test_measured_publishing_leaves_the_corpus_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_publishing, "TIMES", 1)
    assert feed_publishing.publishing() > 0
    assert (VerdictDocument.objects.count(), Event.objects.count()) == (50, 50)


def rates(**rounds: list[float]) -> dict[str, list[float]]:
    """Of every case, the same in every round, unless said otherwise."""
    named = {rule.case for rule in feed_cases.RULES} | {rule.other for rule in feed_cases.RULES}
    usual = {name: [1000.0] * 3 for name in named}
    fast = {feed_cases.UNCHANGED: [3000.0] * 3, feed_cases.PLAIN: [10.0] * 3, feed_cases.TUNED: [50.0] * 3}
    return usual | fast | {getattr(feed_cases, name): seen for name, seen in rounds.items()}


def test_a_rule_that_does_not_hold_is_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    findings = Findings()
    feed.judge(findings, 1_000_000, rates())
    assert findings.status == 0
    feed.judge(findings, 1_000_000, rates(PLAIN=[20.0] * 3))
    assert findings.status == 1
    assert "MISSED: at least 60 times plain DRF, not kept (1000000 verdicts: 50.00)" in capsys.readouterr().out


def test_what_is_promised_for_the_large_size_is_asked_of_it_alone_and_said_of_every_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    findings = Findings()
    feed.judge(findings, 10_000, rates(PLAIN=[900.0] * 3))
    assert findings.status == 0
    said = "promised of 1000000 verdicts: at least 15 times tuned DRF, not kept (10000 verdicts: 20.00)"
    assert said in capsys.readouterr().out


def test_one_slow_round_slows_both_sides_and_not_their_ratio() -> None:
    seen = rates(NEW=[900.0, 90.0, 900.0], BARE=[1000.0, 100.0, 1000.0])
    assert feed.ratio(seen, feed_cases.NEW, feed_cases.BARE) == pytest.approx(0.9)


def test_publishing_that_grows_with_the_table_is_found() -> None:
    findings = Findings()
    feed.judge_publishing(findings, {10_000: 0.010, 1_000_000: 0.011})
    assert findings.status == 0
    feed.judge_publishing(findings, {10_000: 0.010, 1_000_000: 0.020})
    assert findings.status == 1
