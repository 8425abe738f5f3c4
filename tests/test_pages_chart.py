"""The quantity chart's geometry."""

from __future__ import annotations

from typing import Any

import pytest

from pages.chart import quantity_chart


def quantity(low: str | None, high: str | None, unit: str = "people") -> dict[str, Any]:
    return {"as_stated": "", "low": low, "high": high, "unit": unit}


def evidence(*quantities: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [{"stance": "refutes", "quantity": one, "source": {"publisher": "A paper"}} for one in quantities]


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


def test_the_claimed_range_comes_first_and_an_open_one_reaches_the_edge() -> None:
    chart = quantity_chart(quantity("2000", None), evidence(quantity("200", "500")))
    assert chart is not None
    assert chart.claimed.is_claim and chart.claimed.is_open
    assert round(percent(chart.claimed.x) + percent(chart.claimed.width)) == 100
    [found] = chart.found
    assert percent(found.x) < percent(found.x) + percent(found.width) < percent(chart.claimed.x)


def test_a_single_number_is_still_wide_enough_to_see() -> None:
    chart = quantity_chart(quantity("500", "500"), evidence(quantity("2", "2")))
    assert chart is not None
    assert all(percent(bar.width) > 1 for bar in chart.bars)
    assert all(percent(bar.x) + percent(bar.width) <= 100 for bar in chart.bars)


def test_percentages_run_to_a_hundred() -> None:
    chart = quantity_chart(quantity("70.96", "70.96", "%"), evidence(quantity("70", "70", "%")))
    assert chart is not None and chart.end == 100


def test_evidence_in_another_unit_is_left_out() -> None:
    assert quantity_chart(quantity("2000", None), evidence(quantity("70", "70", "%"), None)) is None


def test_nothing_to_compare_is_no_chart() -> None:
    assert quantity_chart(None, evidence(quantity("1", "2"))) is None
    assert quantity_chart(quantity(None, None), evidence(quantity("1", "2"))) is None
    assert quantity_chart(quantity("0", "0"), evidence(quantity("0", "0"))) is None
    assert quantity_chart(quantity("nonsense", "NaN"), evidence(quantity("1", "2"))) is None


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ({"source": {"publisher": "A paper", "title": "A title"}}, "A paper"),
        ({"source": {"url": "https://www.news.example/a"}}, "news.example"),
        ({"source": None, "file": {"name": "count.pdf"}}, "count.pdf"),
        ({"source": None, "description": "Interview with the press office"}, "Interview with the press office"),
        ({"description": "A long word " * 20}, f"{('A long word ' * 20)[:59].rstrip()}…"),
    ],
)
def test_every_found_number_says_where_it_is_from(item: dict[str, Any], label: str) -> None:
    chart = quantity_chart(quantity("500", "500"), [{"stance": "refutes", "quantity": quantity("2", "2")} | item])
    assert chart is not None and chart.found[0].label == label
