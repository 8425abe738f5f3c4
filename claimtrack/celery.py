"""The Celery application, and the beat schedule as one table.

Tasks carry no truth: each looks up rows that are due and may be lost, repeated or late without harm.
"""

import logging
import os

from celery import Celery
from django.db import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

app = Celery("claimtrack")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# task, seconds between two runs. A run that no worker took within that time expires,
# so that a stopped worker does not come back to a backlog of the same question.
SCHEDULE: tuple[tuple[str, float], ...] = (
    ("sources.tasks.recheck_due_sources", 5),
    ("claims.tasks.assess_changes", 5),
    ("claims.tasks.announce_name_changes", 15),
    ("claims.tasks.work_on_claim_files", 5),
    ("claims.tasks.write_due_words", 5),
    ("claims.tasks.send_notices", 30),
    ("claims.tasks.send_digests", 60),
    ("claims.tasks.raise_alarms", 60),
    ("claims.tasks.erase_withheld_files", 60),
    ("claims.tasks.tell_of_due_looks", 300),
    ("claims.tasks.forget_contacts", 3600),
    ("claims.tasks.count_shares", 21600),
    ("accounts.tasks.send_letters", 10),
    ("accounts.tasks.forget_old", 3600),
    ("claims.tasks.forget_old_words", 3600),
    ("claims.tasks.forget_claim_files", 3600),
    ("feed.tasks.queue_deliveries", 3),
    ("feed.tasks.send_due_deliveries", 3),
    ("feed.tasks.look_after_webhooks", 60),
    ("feed.tasks.prune_deliveries", 3600),
    ("sources.tasks.roll_up_checks", 3600),
    ("sources.tasks.mend_dates", 3600),
    ("sources.tasks.probe_missing_pages", 30),
    ("sources.tasks.reextract_snapshots", 60),
)

app.conf.beat_schedule = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}} for task, seconds in SCHEDULE
}


def _one_line_while_away(record: logging.LogRecord) -> bool:
    """While PostgreSQL is away every task fails every few seconds: each failure is one line, without a traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, (OperationalError, InterfaceError)):
        task = getattr(record, "data", {}).get("name", "a task")
        record.msg = "%s: the database does not answer, the next run tries again: %s"
        record.args = (task, " ".join(str(error).split()))
        record.exc_info = record.exc_text = None
    return True


# The logger with which Celery reports a failed task.
logging.getLogger("celery.app.trace").addFilter(_one_line_while_away)

# Imported for its signal handler: the worker's signs of life.
from claimtrack import heartbeats  # noqa: E402, F401
