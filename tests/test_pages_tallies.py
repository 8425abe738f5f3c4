"""A claimant's and a topic's verdicts, drawn by rating and over time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from claims.models import User, VerdictDocument
from pages.tallies import MOST_COLUMNS, tally
from tests.make import make_published_verdict, make_topic
from tests.pages_rows import read

SCALE = [{"code": "true", "name": "True"}, {"code": "mixed", "name": "Mixed"}, {"code": "false", "name": "False"}]


def test_each_rating_has_a_bar_beside_the_longest_and_unused_ones_have_none() -> None:
    drawn = tally([(date(2026, 1, 1), "true", 1), (date(2026, 1, 1), "false", 4)], SCALE)
    assert [(each["rating"]["code"], each["count"], each["width"]) for each in drawn.ratings] == [
        ("true", 1, "25.0%"),
        ("false", 4, "100.0%"),
    ]
    assert drawn.total == 5 and drawn.columns == []


def test_months_without_a_verdict_keep_their_place() -> None:
    drawn = tally([(date(2025, 12, 1), "true", 2), (date(2026, 2, 1), "false", 1)], SCALE)
    assert [(column.begins, column.row) for column in drawn.columns] == [
        (date(2025, 12, 1), [2, 0]),
        (date(2026, 1, 1), [0, 0]),
        (date(2026, 2, 1), [0, 1]),
    ]
    assert (drawn.columns[0].parts[0].y, drawn.columns[0].parts[0].height) == ("0.00%", "100.00%")
    assert (drawn.columns[2].parts[0].y, drawn.columns[2].parts[0].height) == ("50.00%", "50.00%")


def test_long_times_are_drawn_by_year_and_only_the_last_of_them() -> None:
    drawn = tally([(date(1990, 5, 1), "true", 1), (date(2026, 2, 1), "true", 2), (date(2026, 3, 1), "true", 1)], SCALE)
    assert drawn.by_year and len(drawn.columns) == MOST_COLUMNS
    assert drawn.columns[-1].begins == date(2026, 1, 1) and drawn.columns[-1].total == 3
    assert drawn.total == 4


@pytest.mark.django_db
def test_a_topic_page_draws_them_and_says_that_they_are_no_sample(client: Client, checker: User, editor: User) -> None:
    topic = make_topic("Protests")
    for month in (1, 3):
        claim = make_published_verdict(checker, editor, f"Claim of month {month}", topics=[topic]).verdict.claim
        VerdictDocument.objects.filter(claim=claim).update(published_at=datetime(2026, month, 5, tzinfo=UTC))
    html = read(client, f"/topics/{topic.slug}/")
    assert "Published by month" in html and html.count('<rect class="tone-false"') == 2
    assert "January 2026" in html and "March 2026" in html
    assert "This is no sample" in html


def test_a_high_part_carries_its_rating_s_shape_and_a_low_one_does_not() -> None:
    counts = [(date(2026, 1, 1), "true", 9), (date(2026, 1, 1), "false", 1), (date(2026, 2, 1), "true", 1)]
    first, second = tally(counts, SCALE).columns
    assert [part.middle for part in first.parts] == ["55.00%", ""]
    assert [part.middle for part in second.parts] == [""]
