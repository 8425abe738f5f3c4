"""One import from begin to end: findings in batches, each batch stored whole or not at all, with how far it came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from claims.importing.findings import Found, FoundReview, Skipped, Withdrawn
from claims.importing.values import site_of
from claims.models import ImportRun, Rating
from claims.models.importing import COUNTS
from claims.services.documents import next_change
from claims.services.history import MAX_BATCH
from claims.services.importing.labels import LabelTable
from claims.services.importing.own import OwnImport, plan_own, publish_own
from claims.services.importing.reviews import store_reviews, withdraw_reviews
from claims.services.importing.sources import Given, as_text
from sources.services import NotFetched

BATCH = 1000
# Any constant does; it only has to be the same in every process that imports.
LOCK_KEY = 0x696D_706F_7274
# Skipped items that the desk shows; the command's report has them all.
KEPT_SKIPPED = 1000

OWN_NOT_ASKED_FOR = (
    "it is on this site ({site}), so it is our own: import our own past with --own, which makes verdicts of it"
)
OWN_WITHDRAWN = "its publisher is this site: verdicts of ours are retracted on the desk, by a person"


@dataclass
class Progress:
    """What the caller is told after each batch."""

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[Skipped] = field(default_factory=list)
    # (where, remark) of items that were taken nevertheless.
    remarks: list[tuple[str, str]] = field(default_factory=list)


def begin_import(sources: list[str], *, own: bool, started_by: str = "") -> ImportRun:
    return ImportRun.objects.create(source=_written(sources), own=own, started_by=started_by[:150])


def interrupted_import(sources: list[str], *, own: bool) -> ImportRun | None:
    """The latest import of the same sources that did not come to its end."""
    runs = ImportRun.objects.filter(source=_written(sources), own=own, finished_at__isnull=True)
    return runs.order_by("-pk").first()


def _written(sources: list[str]) -> str:
    return "\n".join(map(as_text, sources))


def run_import(
    given: list[Given], run: ImportRun, *, language: str = "", told: Callable[[Given, Progress], None]
) -> None:
    """Store everything the sources hold, from the run's position on. `told` hears of each batch once it is stored.

    A source that cannot be read is one skipped item; the others are imported.
    """
    for one in _remaining(given, run):
        if run.position_source != one.name:
            run.position_source, run.position_stamp, run.position_items = one.name, "", 0
        try:
            with one.opened() as found:
                _import_source(one, found, run, language=language, told=told)
        except (NotFetched, OSError) as error:
            told(one, _store(one, [Skipped(where=one.name, reason=str(error))], run, language=language))
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at"])


def preview_import(
    given: list[Given], *, own: bool, language: str = "", told: Callable[[Given, Progress], None]
) -> None:
    """Read everything and store nothing; what would be taken is counted as `readable`."""
    for one in given:
        try:
            with one.opened() as found:
                for batch in _batches(found, MAX_BATCH if own else BATCH):
                    told(one, _previewed(batch, own=own, language=language))
        except (NotFetched, OSError) as error:
            told(one, _previewed([Skipped(where=one.name, reason=str(error))], own=own, language=language))


@transaction.atomic
def _previewed(batch: list[Found], *, own: bool, language: str) -> Progress:
    kinds = _sorted_out(batch, own=own)
    progress = Progress(skipped=kinds.skipped, remarks=_remarks(batch))
    if kinds.own:
        unsaved = OwnImport(ImportRun(own=True), LabelTable(), _ratings(), language, timezone.now())
        result, publications = plan_own(kinds.own, unsaved)
        progress.skipped += result.skipped
        progress.counts["readable"] = len(publications) + result.counts["unchanged"]
    progress.counts["readable"] += len(kinds.others)
    progress.counts["withdrawn"] = len(kinds.withdrawn)
    progress.counts["skipped"] = len(progress.skipped)
    return progress


def _remaining(given: list[Given], run: ImportRun) -> Iterator[Given]:
    """Sources the run has not done with; all of them when it is new, or does not know the place any more."""
    names = [one.name for one in given]
    first = names.index(run.position_source) if run.position_source in names else 0
    yield from given[first:]


def _import_source(
    one: Given, found: Iterator[Found], run: ImportRun, *, language: str, told: Callable[[Given, Progress], None]
) -> None:
    head = next(found, None)  # opens it, so that its stamp is known
    rest = _with_head(head, found)
    if run.position_stamp != one.stamp:  # another state of it: begin anew, what is known is left alone
        run.position_stamp, run.position_items = one.stamp, 0
    for batch in _batches(islice(rest, run.position_items, None), MAX_BATCH if run.own else BATCH):
        told(one, _store(one, batch, run, language=language))


def _with_head(head: Found | None, rest: Iterator[Found]) -> Iterator[Found]:
    if head is not None:
        yield head
        yield from rest


def _batches(found: Iterable[Found], size: int) -> Iterator[list[Found]]:
    iterator = iter(found)
    while batch := list(islice(iterator, size)):
        yield batch


@transaction.atomic
def _store(one: Given, batch: list[Found], run: ImportRun, *, language: str) -> Progress:
    """One batch, its counts and its position, together."""
    _take_turns()
    at = timezone.now()
    progress = Progress(remarks=_remarks(batch))
    table = LabelTable()
    for kinds in _stretches(batch, own=run.own):
        progress.skipped += kinds.skipped
        progress.skipped += withdraw_reviews(kinds.withdrawn, run=run, by_site=one.site, at=at, counts=progress.counts)
        progress.counts += store_reviews(kinds.others, run=run, table=table, at=at)
        if kinds.own:
            result = publish_own(kinds.own, OwnImport(run, table, _ratings(), language, at))
            progress.counts += result.counts
            progress.skipped += result.skipped
    progress.counts["skipped"] = len(progress.skipped)
    if progress.counts["new"] + progress.counts["changed"] + progress.counts["withdrawn"]:
        next_change()
    _note(run, progress, len(batch), at)
    return progress


def _take_turns() -> None:
    """Imports store batch after batch by turns: two at once would both find that a review is not here yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])


def _ratings() -> dict[int, Rating]:
    return {rating.pk: rating for rating in Rating.objects.select_related("scale")}


def _note(run: ImportRun, progress: Progress, items: int, at: datetime) -> None:
    run.position_items += items
    room = KEPT_SKIPPED - len(run.skipped_items)
    run.skipped_items += [
        {"where": one.where, "reason": one.reason, "url": one.url} for one in progress.skipped[: max(room, 0)]
    ]
    ImportRun.objects.filter(pk=run.pk).update(
        position_source=run.position_source,
        position_stamp=run.position_stamp,
        position_items=run.position_items,
        skipped_items=run.skipped_items,
        progressed_at=at,
        **{name: F(name) + progress.counts[name] for name in COUNTS},
    )


@dataclass
class Kinds:
    """A stretch of findings by what becomes of them."""

    own: list[FoundReview] = field(default_factory=list)
    others: list[FoundReview] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def _stretches(batch: list[Found], *, own: bool) -> Iterator[Kinds]:
    """Reviews and tombstones in the order they came: what was deleted may come back further on."""
    for _, stretch in groupby(batch, key=lambda found: isinstance(found, Withdrawn)):
        yield _sorted_out(list(stretch), own=own)


def _sorted_out(batch: list[Found], *, own: bool) -> Kinds:
    kinds = Kinds()
    for found in batch:
        if isinstance(found, Skipped):
            kinds.skipped.append(found)
        elif isinstance(found, Withdrawn) and _is_ours(found.url, vouched=own):
            kinds.skipped.append(Skipped(where=found.where, reason=OWN_WITHDRAWN, url=found.url))
        elif isinstance(found, Withdrawn):
            kinds.withdrawn.append(found)
        elif not _is_ours(found.url, vouched=own):
            kinds.others.append(found)
        elif own:
            kinds.own.append(found)
        else:
            reason = OWN_NOT_ASKED_FOR.format(site=own_site())
            kinds.skipped.append(Skipped(where=found.where, reason=reason, url=found.url))
    return kinds


def _is_ours(url: str, *, vouched: bool) -> bool:
    """Is it on SITE_URL's host? Beside us on localhost or a bare address (the demo newsroom) each port is a site of its
    own, unless somebody vouched (--own) that what is on our host is ours."""
    here, there = urlsplit(settings.SITE_URL), urlsplit(url)
    if site_of(url) != own_site():
        return False
    return vouched or not _is_bare(own_site()) or _port(here) == _port(there)


def _is_bare(host: str) -> bool:
    return host == "localhost" or ":" in host or host.replace(".", "").isdigit()


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def own_site() -> str:
    """SITE_URL's host without “www.”."""
    return (urlsplit(settings.SITE_URL).hostname or "").removeprefix("www.")


def _remarks(batch: list[Found]) -> list[tuple[str, str]]:
    return [(found.where, remark) for found in batch if isinstance(found, FoundReview) for remark in found.remarks]
