"""Looking through a file and logging its claims, called by beat or, for a short file, at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.choices import ClaimFileState
from claims.importing.claim_rows import ClaimRow, Finding, column_of, read_row
from claims.importing.tables import Table, UnreadableTable, read_table
from claims.models import ClaimFile
from claims.services.claim_files.filing import RowRefused, log_rows
from claims.services.claim_files.matching import Known
from claims.services.claim_files.progress import Progress
from claims.services.languages import speaking_to
from claims.services.record import record

logger = logging.getLogger(__name__)

MOST_ROWS = 10_000
# A file of at most so many bytes is worked on in the request that brings it.
AT_ONCE = 50_000
KEPT_FINDINGS = 500
# So long a file waits for a decision, as words wait that were typed and not saved.
KEPT_FOR = timedelta(days=30)
# Namespace of the advisory lock that keeps a file with one worker: "CF".
LOCK = 0x4346
# Files are looked through side by side and logged one after the other: of two that name the same new person or hold the
# same row, the second knows what the first has entered.
LOGS = 0


def work_on_claim_files() -> int:
    """Every file that waits; how many were worked on. A killed worker's file is taken up from its beginning."""
    done = 0
    for pk in ClaimFile.objects.filter(state__in=WORK).order_by("pk").values_list("pk", flat=True):
        try:
            done += work_on_claim_file(pk)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # A file that breaks us stops no other, and is not tried for ever.
            logger.exception("file of claims %s", pk)
            _fail(pk)
    return done


def work_on_claim_file(pk: int) -> bool:
    """Look through or log this file, whichever it waits for; False when it waits for nothing or is taken.

    Logging is one transaction: all its claims or none.
    """
    progress = Progress(pk)
    try:
        with transaction.atomic():
            file = ClaimFile.objects.filter(pk=pk, state__in=WORK).first() if _taken(pk) else None
            if file is None or (file.state == ClaimFileState.TO_LOG and not _taken(LOGS)):
                return False
            with speaking_to(file.brought_by):
                WORK[file.state](file, progress)
            return True
    except _Stopped as stopped:
        # What was written is undone; what stopped it is told.
        _stop(pk, stopped.findings)
        return True
    finally:
        progress.close()


class _Stopped(Exception):
    def __init__(self, findings: list[Finding]) -> None:
        super().__init__()
        self.findings = findings


def _taken(key: int) -> bool:
    """No row lock: the counters of the row are written from outside while this transaction goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, key])
        return bool(cursor.fetchone()[0])


def _check(file: ClaimFile, progress: Progress) -> None:
    try:
        table, rows, known = _read(file, progress)
    except UnreadableTable as error:
        _give_up(file, str(error), at=timezone.now())
        record(None, "could not read a file of claims", by=file.brought_by, detail=f"{file.name}: {error}")
        return
    file.encoding, file.separator = table.encoding, table.separator
    file.unread_columns = [name for name in table.columns if name and not column_of(name)]
    _note(file, rows, known)
    file.state = ClaimFileState.CHECKED
    file.save()


def _log(file: ClaimFile, progress: Progress) -> None:
    """Reads it again: names and rows may have become known, or unknown, since somebody looked."""
    _table, rows, known = _read(file, progress)
    wrong = [finding for row in rows for finding in row.findings]
    if wrong and not file.leave_out_wrong:
        raise _Stopped(wrong)
    good = [row for row in rows if not row.findings and row.key not in known.keys]
    try:
        file.logged = log_rows(good, file, known, progress)
    except RowRefused as refused:
        raise _Stopped([refused.finding]) from None
    _note(file, rows, known)
    file.state, file.content, file.finished_at = ClaimFileState.DONE, b"", timezone.now()
    file.save()
    told = f"{file.name}: {file.logged} logged, {file.known} already here, {file.wrong} left out"
    record(None, "logged a file of claims", by=file.brought_by, detail=told)


WORK: dict[str, Callable[[ClaimFile, Progress], None]] = {ClaimFileState.TO_CHECK: _check, ClaimFileState.TO_LOG: _log}


def _read(file: ClaimFile, progress: Progress) -> tuple[Table, list[ClaimRow], Known]:
    table = read_table(bytes(file.content), known=column_of, most=MOST_ROWS)
    if "text" not in table.columns:
        raise UnreadableTable(_("There is no column “text”: it holds the claim's words."))
    if "language" not in table.columns:
        raise UnreadableTable(_("There is no column “language”: it says en, ru, kk, … for each claim."))
    progress.begin(len(table.rows))
    rows = []
    for number, cells in table.rows:
        row = read_row(number, cells)
        if number in table.ragged:
            row.refuse("", _("This row has more cells than there are columns: put texts with separators in quotes."))
        rows.append(row)
        progress.step()
    known = Known(rows)
    first: dict[str, int] = {}
    for row in rows:
        known.judge(row, make_missing=file.make_missing)
        if row.key in first:
            row.refuse("", _("This row says the same as row %(row)s: leave one out.") % {"row": first[row.key]})
        first.setdefault(row.key, row.number)
    return table, rows, known


def _note(file: ClaimFile, rows: list[ClaimRow], known: Known) -> None:
    findings = [finding for row in rows for finding in row.findings]
    file.rows = file.looked_at = len(rows)
    file.wrong = len([row for row in rows if row.findings])
    file.known = len([row for row in rows if not row.findings and row.key in known.keys])
    file.findings = [finding._asdict() for finding in findings[:KEPT_FINDINGS]]


@transaction.atomic
def _stop(pk: int, findings: list[Finding]) -> None:
    """Back to the decision, with what has become wrong since."""
    file = ClaimFile.objects.select_for_update().get(pk=pk)
    file.state, file.findings = ClaimFileState.CHECKED, [finding._asdict() for finding in findings[:KEPT_FINDINGS]]
    file.wrong = len({finding.row for finding in findings})
    file.save(update_fields=["state", "findings", "wrong"])


@transaction.atomic
def _fail(pk: int) -> None:
    file = ClaimFile.objects.select_for_update().get(pk=pk)
    with speaking_to(file.brought_by):
        told = _(
            "By a fault of ours this file could not be worked on; nothing of it was logged. Tell the administrator."
        )
    _give_up(file, told, at=timezone.now())


@transaction.atomic
def forget_claim_files(*, at: datetime | None = None) -> int:
    """Give up what nobody decided about in KEPT_FOR: how many files were let go. Their content is deleted."""
    at = at or timezone.now()
    waiting = ClaimFile.objects.filter(state=ClaimFileState.CHECKED, brought_at__lt=at - KEPT_FOR)
    files = list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("pk").defer("content"))
    for file in files:
        with speaking_to(file.brought_by):
            told = _("Nobody decided about this file for %(days)s days. Bring it again.") % {"days": KEPT_FOR.days}
        _give_up(file, told, at=at)
        record(None, "forgot a file of claims", by=None, detail=file.name)
    return len(files)


def _give_up(file: ClaimFile, told: str, *, at: datetime) -> None:
    """Nothing of it was or will be logged, so its content is needed by nobody."""
    file.findings = [{"row": 0, "column": "", "message": told}]
    file.state, file.content, file.finished_at = ClaimFileState.GIVEN_UP, b"", at
    file.save(update_fields=["findings", "state", "content", "finished_at"])
