"""A source's life drawn, and two of its versions side by side: right, and bounded however much there is."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest

from sources.health.bars import columns
from sources.health.counting import Day
from sources.kinds import Kind
from sources.life.outlook import outlook
from sources.life.side_by_side import MOST_CHANGES, Comparison, compare
from sources.life.timeline import MARKS, Summed, Timeline, draw
from sources.states import Limits
from tests.sources_support.helpers import DAY, HOUR, START

END = START + 365 * DAY


def strip(*visits: tuple[datetime, str], changes: list[tuple[datetime, str]] | None = None) -> Timeline:
    drawn = draw(visits, changes or [], at=END)
    assert drawn is not None
    return drawn


def test_nothing_is_drawn_before_the_first_visit() -> None:
    assert draw([], [(START, "captured")], at=END) is None


def test_however_many_visits_the_marks_stay_bounded() -> None:
    visits = [(START + minutes * timedelta(minutes=25), "ok") for minutes in range(20_000)]
    drawn = strip(*visits, changes=[(when, kind) for when, _ in visits for kind in ("content", "reverted", "moved")])
    assert len(drawn.marks) <= MARKS
    assert len(drawn.marks) + len(drawn.signs) <= 4 * MARKS
    assert sum(mark.visits for mark in drawn.marks) == 20_000


def test_one_failure_among_many_visits_is_marked_and_does_not_paint_them_all() -> None:
    day = [(START + hour * HOUR, "ok") for hour in range(20)]
    (mark, *_) = strip(*day, (START + HOUR, "not_found"), (END, "ok")).marks
    assert (mark.kind, mark.also, mark.outcome) == (Kind.FOUND, Kind.FAILED, "not_found")


def test_marks_lie_within_the_strip_in_the_order_of_their_visits() -> None:
    drawn = strip((START, "ok"), (START + 100 * DAY, "blocked"), (END, "not_found"))
    places = [float(mark.x.rstrip("%")) for mark in drawn.marks]
    assert places == sorted(places) and places[0] == 0
    last = drawn.marks[-1]
    assert float(last.x.rstrip("%")) + float(last.width.rstrip("%")) <= 100
    assert [mark.kind for mark in drawn.marks] == [Kind.FOUND, Kind.KEPT_OUT, Kind.FAILED]


def test_rolled_up_months_are_wide_marks_and_counted() -> None:
    month = Summed("not_modified", 30, START, START + 28 * DAY)
    drawn = draw([(END, "ok")], [], [month], at=END)
    assert drawn is not None
    wide = drawn.marks[0]
    assert (wide.visits, wide.x) == (30, "0.00%") and float(wide.width.rstrip("%")) > 5
    assert drawn.totals == {Kind.FOUND: 31}
    assert drawn.months[-1].row == [30, 0, 0, 0]


def test_signs_tell_new_texts_old_texts_and_states_apart() -> None:
    drawn = strip((START, "ok"), (END, "ok"), changes=[(START, "captured"), (START, "availability"), (END, "reverted")])
    assert [(sign.kind, sign.count) for sign in drawn.signs] == [("state", 1), ("version", 1), ("back", 1)]
    assert drawn.sign_kinds == ["version", "back", "state"]


@pytest.mark.parametrize(("counted", "gone", "left"), [(1, False, 2), (2, False, 1), (1, True, 1), (2, True, 0)])
def test_the_outlook_follows_the_counting_rule(counted: int, gone: bool, left: int) -> None:
    view = outlook(counted, START, Limits(), gone=gone)
    assert view is not None
    assert (view.left, view.earliest_dead) == (left, START + left * timedelta(hours=72))


def test_without_counted_failures_there_is_no_outlook() -> None:
    assert outlook(0, None, Limits()) is None


def test_columns_stand_as_high_as_their_day_and_show_the_smallest_share() -> None:
    busy = Day(START.date(), {Kind.FOUND: 999, Kind.FAILED: 1, Kind.KEPT_OUT: 0, Kind.UNDECIDED: 0})
    calm = Day(START.date(), {Kind.FOUND: 500, Kind.FAILED: 0, Kind.KEPT_OUT: 0, Kind.UNDECIDED: 0})
    chart = columns([calm, busy])
    assert chart is not None and chart.top == 1000
    heights = [[float(segment.height.rstrip("%")) for segment in column.segments] for column in chart.columns]
    assert heights == [[50.0], [99.0, 1.0]]
    assert columns([]) is None


def words(comparison: Comparison) -> list[tuple[str, str]]:
    """Both sides of every change: what went, what came."""
    return [
        (
            "|".join(part.text.strip() for part in change.before if part.op == "delete"),
            "|".join(part.text.strip() for part in change.after if part.op == "insert"),
        )
        for change in comparison.changes
    ]


def test_only_what_changed_is_shown_with_what_stands_around_it() -> None:
    before = "The title\nSome 40 people came.\nIt rained.\nThe end."
    comparison = compare(before, before.replace("40", "400"))
    assert words(comparison) == [("40", "400")]
    change = comparison.changes[0]
    assert (change.lead, change.trail) == ("The title", "It rained.")
    assert "".join(part.text for part in change.after) == "Some 400 people came."


def test_a_paragraph_that_came_or_went_has_one_side() -> None:
    text = "One.\nTwo.\nThree."
    assert words(compare(text, "One.\nThree.")) == [("Two.", "")]
    assert words(compare("One.\nThree.", text)) == [("", "Two.")]


def test_spaces_and_line_ends_do_not_count() -> None:
    assert compare("One  line.\n\nTwo.", "One line.\nTwo. ").changes == []


def test_repeated_lines_are_matched_in_order() -> None:
    assert words(compare("a\nb\na\nb", "a\nb\nc\na\nb")) == [("", "c")]


def sentences(count: int, *, of: int = 0) -> list[str]:
    return [
        f"Sentence {number} of text {of} speaks of place {number * 7} and of {number} people."
        for number in range(count)
    ]


HUGE = sentences(16_000)


@pytest.mark.parametrize(
    "other",
    [
        [line.replace("people", "women") if number % 300 == 0 else line for number, line in enumerate(HUGE)],
        sentences(16_000, of=1),
        HUGE[::-1],
        ["the same line"] * 70_000,
        ["x" * 1_000_000],
    ],
    ids=["some lines", "all lines", "turned round", "one line repeated", "one word"],
)
@pytest.mark.parametrize("joint", ["\n", " "], ids=["lines", "one line"])
def test_a_megabyte_is_compared_within_a_bounded_time_and_a_bounded_page(other: list[str], joint: str) -> None:
    before, after = joint.join(HUGE), joint.join(other)
    assert len(before) > 1_000_000
    began = time.perf_counter()
    comparison = compare(before, after)
    assert time.perf_counter() - began < 4  # a tenth of it on an idle machine
    assert 0 < len(comparison.changes) <= MOST_CHANGES
    shown = sum(len(part.text) for change in comparison.changes for part in (*change.before, *change.after))
    assert shown < MOST_CHANGES * 25_000


def test_a_long_word_is_not_cut_short() -> None:
    assert words(compare("a" * 5000 + "b", "a" * 5000 + "c"))
