"""Finding rows by their words at a bounded price, whether the words are in one row of a million or in every one.

Words of many rows are found soonest by reading the newest rows one by one, words of few rows by the index of words.
Which it is nobody knows beforehand: PostgreSQL's statistics know of no word that was in the news years ago alone. So
a window of the newest rows is read first, a longer one when that promises to be enough, and the index asked last.
Measured by benchmarks/search.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import OperationalError, connection, models, transaction
from django.db.models import F, OrderBy, Value
from django.db.models.functions import Cast, Coalesce

from claims.rendering.search_words import MOST_WORDS, terms_of

AnyModel = TypeVar("AnyModel", bound=models.Model)

# Of the rows that match, the newest so many are put in order of relevance. Ranking one takes about 5 µs, and nobody
# reads the thousandth.
CANDIDATES = 1000
# Rows of the first window: 2 ms.
WINDOW = 2000
# A longer window has at most so many rows for each one wanted, and at most so many in all. Reading a row in order
# takes 1 µs, fetching one by the index about 8: beyond this the index is quicker, in a million rows.
WINDOW_EACH, LONGEST_WINDOW = 400, 100_000
# Milliseconds that one statement may take. The worst known, a word of every second row but of no new one, takes 0.8 s
# in a million rows.
TIME_LIMIT = 3000
QUERY_CANCELED = "57014"


class SearchTakesTooLong(OperationalError):
    """Given up at TIME_LIMIT: the words are too common, or the database too busy."""


class SearchableQuerySet(models.QuerySet[AnyModel]):
    """Rows of a Searchable model."""

    def matching(self, text: str, *, most: int = MOST_WORDS) -> Self:
        """They hold every word of the text, or a longer one that begins so; see terms_of(). No word finds nothing.

        Words after the first `most` are left out.
        """
        terms = terms_of(text)[:most]
        return self.filter(search_vector=_query(terms)) if terms else self.none()

    def beginning(self, words: Sequence[str]) -> Self:
        """They hold, for each of these words, one that begins with it. No word finds nothing."""
        return self.filter(search_vector=_query([f"'{word}':*" for word in words])) if words else self.none()

    def holding(self, term: str) -> Self:
        """They hold this one term, as beginning_of() and terms_of() give them."""
        return self.filter(search_vector=_query([term]))

    def ranked(self, text: str, *, most: int = MOST_WORDS) -> Self:
        """With a `rank`: the higher, the more often the text's words are in a row for its length. Not for many rows."""
        # 1 divides by 1 + the logarithm of the length: a long answer is no better than a short one.
        rank = SearchRank(F("search_vector"), _query(terms_of(text)[:most]), normalization=Value(1))
        return self.annotate(rank=Cast(rank, models.FloatField()))

    def first_matching(
        self, text: str, ordering: Sequence[str], *, limit: int, among: Self | None = None, most: int = MOST_WORDS
    ) -> list[Any]:
        """Primary keys of the first `limit` of these rows that match, in this order of columns, exactly.

        `among`: rows of which these are a part and which an index holds in this order; None where there is none.
        Raises SearchTakesTooLong.
        """
        if not terms_of(text) or limit < 1:
            return []
        rows = self.matching(text, most=most)
        with time_limit():
            window = WINDOW
            while among is not None and window <= min(WINDOW_EACH * limit, LONGEST_WINDOW):
                newest = _up_to(rows, among, ordering, window)
                if newest is None:
                    break
                found = list(newest.order_by(*ordering).values_list("pk", flat=True)[:limit])
                if len(found) == limit:
                    return found
                # As long as would have been enough, and half as long again.
                window = max(window + 1, 3 * window * limit // (2 * len(found))) if found else LONGEST_WINDOW + 1
            return list(rows.order_by(*_by_no_index(ordering)).values_list("pk", flat=True)[:limit])


def _query(terms: Sequence[str]) -> SearchQuery:
    return SearchQuery(" & ".join(terms), config="simple", search_type="raw")


def _up_to(rows: Any, among: Any, ordering: Sequence[str], place: int) -> Any:
    """Those of the rows that come no later than the row at this place among all; None when there are not so many."""
    column = ordering[0].removeprefix("-")
    edge = list(among.order_by(*ordering).values_list(column, flat=True)[place - 1 : place])
    side = "gte" if ordering[0].startswith("-") else "lte"
    return rows.filter(**{f"{column}__{side}": edge[0]}) if edge else None


def _by_no_index(ordering: Sequence[str]) -> list[OrderBy]:
    """The same order, as an expression that no index holds: all matches are fetched, then sorted."""
    columns = [(F(name.removeprefix("-")), name.startswith("-")) for name in ordering]
    return [OrderBy(Coalesce(column, column), descending=descending) for column, descending in columns]


@contextmanager
def time_limit(milliseconds: int = TIME_LIMIT) -> Iterator[None]:
    """Statements inside that take longer are given up. Raises SearchTakesTooLong."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {milliseconds:d}")
            yield
            # Within somebody's transaction, what follows is theirs again.
            cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != QUERY_CANCELED:
            raise
        raise SearchTakesTooLong(f"a search took longer than {milliseconds} ms") from error
