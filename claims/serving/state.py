"""The state that everything public follows from, asked of PostgreSQL in one short question."""

from functools import cache

from django.db import connection

from claims.models import DocumentCounter, Event


def state_of_documents() -> tuple[int, int]:
    """The document counter and the newest sequence of the event log; 0 where there is none yet."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        counter, sequence = cursor.fetchone()
    return counter or 0, sequence or 0


@cache
def _question() -> str:
    # Built once and by hand: putting the same query together anew takes longer than answering it.
    counter, event = DocumentCounter._meta.db_table, Event._meta.db_table
    return f'SELECT (SELECT "value" FROM "{counter}" LIMIT 1), (SELECT max("sequence") FROM "{event}")'
