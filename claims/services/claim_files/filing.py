"""The rows of a file as claims, by the same rules as at the desk."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.importing.claim_rows import ClaimRow, Finding
from claims.models import Claimant, ClaimFile, FiledClaim, Topic
from claims.services.claim_files.matching import Known
from claims.services.claim_files.progress import Progress
from claims.services.logging_many import NewClaim, log_claims
from claims.services.record import record
from sources.urls import UnusableURL


class RowRefused(Exception):
    """A service refused a row that looked right; the whole file is undone."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


# So many rows share their statements, and the counters move after each such batch.
BATCH = 250


def log_rows(rows: list[ClaimRow], file: ClaimFile, known: Known, progress: Progress) -> int:
    """How many were logged. Raises RowRefused. The caller's transaction holds all of it."""
    progress.begin(len(rows))
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        try:
            _log(batch, file, known)
        except REFUSALS:
            # Each by itself, to tell which of them it is; the first refusal undoes the whole file.
            for row in batch:
                _log_or_refuse(row, file, known)
        progress.step(len(batch))
    return len(rows)


REFUSALS = (ValidationError, IntegrityError, UnusableURL, NotAllowed)


def _log_or_refuse(row: ClaimRow, file: ClaimFile, known: Known) -> None:
    try:
        _log([row], file, known)
    except ValidationError as error:
        raise RowRefused(_finding(row, error)) from None
    except IntegrityError:
        raise RowRefused(
            Finding(row.number, "", _("Another file with this row was logged at the same moment: try again."))
        ) from None
    except (UnusableURL, NotAllowed) as error:
        raise RowRefused(Finding(row.number, "", str(error))) from None


def _log(rows: list[ClaimRow], file: ClaimFile, known: Known) -> None:
    # Who and what is new is entered outside the savepoint: `known` remembers them when the batch is undone.
    entries = [_entry(row, file, known) for row in rows]
    with transaction.atomic():
        claims = log_claims(entries, by=file.brought_by)
        filed = zip(claims, rows, strict=True)
        FiledClaim.objects.bulk_create(
            [FiledClaim(claim=claim, key=row.key, file=file, row=row.number) for claim, row in filed]
        )


def _entry(row: ClaimRow, file: ClaimFile, known: Known) -> NewClaim:
    return NewClaim(
        fields=row.fields | {"claimant_id": _claimant(row.claimant, file, known)},
        topics=[_topic(name, file, known) for name in row.topics],
        appearances=[{"url": url} | (row.appearance if place == 0 else {}) for place, url in enumerate(row.urls)],
    )


def _claimant(name: str, file: ClaimFile, known: Known) -> int | None:
    if not name:
        return None
    found = known.claimants[name.casefold()]
    if not found:
        made = Claimant(name=name)
        _enter(made)
        record(None, "entered a claimant", by=file.brought_by, detail=f"{name} ({file.name})")
        found.add(made.pk)
    return next(iter(found))


def _topic(name: str, file: ClaimFile, known: Known) -> int:
    if name.casefold() not in known.topics:
        made = Topic(name=name)
        _enter(made)
        record(None, "entered a topic", by=file.brought_by, detail=f"{name} ({file.name})")
        known.topics[name.casefold()] = made.pk
    return known.topics[name.casefold()]


@transaction.atomic
def _enter(made: Claimant | Topic) -> None:
    made.full_clean()
    made.save()


def _finding(row: ClaimRow, error: ValidationError) -> Finding:
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        return Finding(row.number, "" if name == "__all__" else name, " ".join(messages))
    return Finding(row.number, "", " ".join(error.messages))
