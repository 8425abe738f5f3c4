"""The rows of a file as claims, each through the same services as at the desk."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from claims.errors import NotAllowed
from claims.importing.claim_rows import ClaimRow, Finding
from claims.models import Claimant, ClaimFile, FiledClaim, Topic
from claims.services.claim_files.matching import Known
from claims.services.claim_files.progress import Progress
from claims.services.logging_claims import add_appearance, log_claim
from claims.services.record import record
from sources.urls import UnusableURL


class RowRefused(Exception):
    """A service refused a row that looked right; the whole file is undone."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def log_rows(rows: list[ClaimRow], file: ClaimFile, known: Known, progress: Progress) -> int:
    """How many were logged. Raises RowRefused. The caller's transaction holds all of it."""
    progress.begin(len(rows))
    for row in rows:
        try:
            # No savepoint of its own: the first refusal undoes the whole file.
            _log(row, file, known)
        except ValidationError as error:
            raise RowRefused(_finding(row, error)) from None
        except IntegrityError:
            raise RowRefused(
                Finding(row.number, "", _("Another file with this row was logged at the same moment: try again."))
            ) from None
        except (UnusableURL, NotAllowed) as error:
            raise RowRefused(Finding(row.number, "", str(error))) from None
        progress.step()
    return len(rows)


def _log(row: ClaimRow, file: ClaimFile, known: Known) -> None:
    by = file.brought_by
    fields = dict(row.fields)
    text = fields.pop("text")
    claim = log_claim(
        text,
        by=by,
        topics=Topic.objects.filter(pk__in=[_topic(name, file, known) for name in row.topics]) if row.topics else (),
        claimant_id=_claimant(row.claimant, file, known),
        **fields,
    )
    for place, url in enumerate(row.urls):
        add_appearance(claim, url=url, by=by, **(row.appearance if place == 0 else {}))
    FiledClaim.objects.create(claim=claim, key=row.key, file=file, row=row.number)


def _claimant(name: str, file: ClaimFile, known: Known) -> int | None:
    if not name:
        return None
    found = known.claimants[name.casefold()]
    if not found:
        made = Claimant(name=name)
        made.full_clean()
        made.save()
        record(None, "entered a claimant", by=file.brought_by, detail=f"{name} ({file.name})")
        found.add(made.pk)
    return next(iter(found))


def _topic(name: str, file: ClaimFile, known: Known) -> int:
    if name.casefold() not in known.topics:
        made = Topic(name=name)
        made.full_clean()
        made.save()
        record(None, "entered a topic", by=file.brought_by, detail=f"{name} ({file.name})")
        known.topics[name.casefold()] = made.pk
    return known.topics[name.casefold()]


def _finding(row: ClaimRow, error: ValidationError) -> Finding:
    if hasattr(error, "error_dict"):
        name, messages = next(iter(error.message_dict.items()))
        return Finding(row.number, "" if name == "__all__" else name, " ".join(messages))
    return Finding(row.number, "", " ".join(error.messages))
