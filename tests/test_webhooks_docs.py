"""What docs/webhooks.md tells receivers is true: its code runs, its figures are those of the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from feed.services.telling import LONG_LAG
from feed.webhooks.retrying import ATTEMPTS, GAPS, RETRY_AFTER_AT_MOST
from sources.fetching.posting import CONNECT_TIME, WHOLE_TIME
from tests.webhook_receiver import deliver, happen, make_endpoint_with_secret, receiving

TEXT = (Path(__file__).parent.parent / "docs/webhooks.md").read_text()


@pytest.mark.django_db
@pytest.mark.parametrize("spoilt", [False, True])
def test_the_python_example_accepts_what_we_send_and_refuses_what_was_changed(spoilt: bool, settings: Any) -> None:
    names: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", TEXT, re.S)[0], names)
    with receiving(settings) as receiver:
        _, secret = make_endpoint_with_secret(receiver)
        happen()
        deliver(timezone.now())
        (got,) = receiver.got
        body = got.body.replace(b"published", b"retracted") if spoilt else got.body
        assert names["verify"](secret, got.headers, body) is not spoilt
        assert not names["verify"](secret, got.headers | {"webhook-timestamp": "1764100000"}, got.body)


def test_the_figures_are_those_of_the_code() -> None:
    assert (CONNECT_TIME, WHOLE_TIME) == (5, 15) and "take 5 seconds, all of it 15" in TEXT
    assert ATTEMPTS == 25 and "The 25th failure" in TEXT and f"8 to {len(GAPS)}" in TEXT
    row = next(line for line in TEXT.splitlines() if line.startswith("| again in"))
    words = [cell.strip() for cell in row.split("|")[2:-1]]
    seconds = [_seconds(word.removesuffix(" each")) for word in words]
    assert [gap.total_seconds() for gap in GAPS] == seconds[:-1] + seconds[-1:] * (len(GAPS) - len(seconds) + 1)
    assert RETRY_AFTER_AT_MOST.total_seconds() == 6 * 3600 and "six hours are believed" in TEXT
    assert LONG_LAG.total_seconds() == 15 * 60 and "15 minutes behind" in TEXT


def _seconds(word: str) -> float:
    number, unit = word.split()
    return float(number) * {"s": 1, "min": 60, "h": 3600}[unit]
