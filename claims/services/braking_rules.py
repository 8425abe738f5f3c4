"""How much at once is too much: the figures of the brake, and what they are counted over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from claims.choices import EvidenceKind
from claims.models import Evidence, TouchedQuote

# "One sweep": a site that relaunches is noticed page by page as visits fall due, one second apart on its host, so
# what was touched within this time counts together. A person's decision starts the count afresh.
WINDOW = timedelta(hours=1)
# More verdicts than this within the window are held. Counted for each host, and, among what no host's own hold
# explains, over all hosts together: a mistake of ours shows on many sites at once, one verdict each. What passed
# before the limit was reached stays public: at most this many reviews an hour.
MOST_VERDICTS = 5
# A larger share than this of the load-bearing quotes from one host is held, too...
MOST_OF_A_HOST = 0.20
# ...but from this many verdicts on: a host that one or two verdicts quote would reach any share with one edited
# article, and that is what reviews are for.
FEWEST_VERDICTS = 3


def too_much_of_one_host(host: str, rows: list[TouchedQuote], at: datetime) -> str:
    """Why these, all from `host`, are held: in words with figures; empty when they are not."""
    quotes, verdicts = _counted(rows, TouchedQuote.objects.counted_since(at - WINDOW).filter(host=host))
    what = f"{len(quotes)} quotes from {host}, on which {len(verdicts)} verdicts rest, changed or vanished in an hour"
    if len(verdicts) > MOST_VERDICTS:
        return f"{what}. More than {MOST_VERDICTS} verdicts at once are held."
    there_are = quotes_of(host)
    if len(verdicts) < FEWEST_VERDICTS or len(quotes) <= MOST_OF_A_HOST * there_are:
        return ""
    return f"{what}: {len(quotes)} of {there_are}. More than {MOST_OF_A_HOST:.0%} of a host's quotes are held."


def too_much_at_once(rows: list[TouchedQuote], at: datetime, *, explained: set[str]) -> str:
    """The same over all hosts; those in `explained` have a hold of their own."""
    quotes, verdicts = _counted(rows, TouchedQuote.objects.counted_since(at - WINDOW).exclude(host__in=explained))
    if not rows or len(verdicts) <= MOST_VERDICTS:
        return ""
    return (
        f"{len(quotes)} quotes from several hosts, on which {len(verdicts)} verdicts rest, changed or vanished in an "
        f"hour. More than {MOST_VERDICTS} verdicts at once are held."
    )


def quotes_of(host: str) -> int:
    """How many load-bearing quotes from this host standing verdicts show."""
    quotes = Evidence.objects.in_public().filter(source__host=host, kind=EvidenceKind.PAGE, load_bearing=True)
    return quotes.distinct().count()


def _counted(rows: list[TouchedQuote], lately: QuerySet[TouchedQuote]) -> tuple[set[int], set[int]]:
    """The quotes and the verdicts that were touched lately or are by these rows."""
    pairs = {(row.evidence_id, row.evidence.claim_id) for row in rows if row.counts}
    pairs |= set(lately.values_list("evidence_id", "evidence__claim_id"))
    return {quote for quote, _ in pairs}, {verdict for _, verdict in pairs}
