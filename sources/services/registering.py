from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from sources.models import FormerUrl, Source
from sources.urls import host_of, normalise_url, validate_url


@transaction.atomic
def register_source(
    url: str, *, title: str = "", publisher: str = "", is_demo: bool = False, at: datetime | None = None
) -> Source:
    """The source of this page, made if nobody cited it before and due for its first visit at once.

    Known title and publisher are kept; empty ones are filled. Raises sources.urls.UnusableURL, whose text says how
    to mend the address.
    """
    at = at or timezone.now()
    canonical_url = normalise_url(url)
    source = known_source(canonical_url)
    if source is None:
        source = _new_source(url, title=title, publisher=publisher, is_demo=is_demo, at=at)
        try:
            with transaction.atomic():
                source.save()
            return source
        except IntegrityError:
            # Somebody registered the same page a moment ago: theirs is the source.
            source = Source.objects.get(canonical_url=canonical_url)
    missing = {"title": title, "publisher": publisher}
    filled = [name for name, value in missing.items() if value and not getattr(source, name)]
    for name in filled:
        setattr(source, name, missing[name])
    if filled:
        source.full_clean(validate_unique=False, validate_constraints=False)
        source.save(update_fields=filled)
    return source


@transaction.atomic
def register_sources(urls: Iterable[str], *, at: datetime | None = None) -> dict[str, Source]:
    """As register_source(), in four statements for all of them: the sources by the addresses that were given.

    Raises sources.urls.UnusableURL and ValidationError for the first that is refused; nothing is registered then.
    """
    at = at or timezone.now()
    canonical = {url: normalise_url(url) for url in urls}
    found = _known_sources(set(canonical.values()))
    # In one order, so that two who register the same pages do not wait for each other in a circle.
    missing = sorted({ours: url for url, ours in canonical.items() if ours not in found}.items())
    if missing:
        Source.objects.bulk_create([_new_source(url, at=at) for _ours, url in missing], ignore_conflicts=True)
        # Read again: who registered one of them a moment ago has the source.
        found |= _known_sources({ours for ours, _url in missing})
    return {url: found[ours] for url, ours in canonical.items()}


def _new_source(url: str, *, title: str = "", publisher: str = "", is_demo: bool = False, at: datetime) -> Source:
    canonical_url = normalise_url(url)
    source = Source(
        url=validate_url(url.strip()),
        canonical_url=canonical_url,
        host=host_of(canonical_url),
        title=title,
        publisher=publisher,
        is_demo=is_demo,
        next_check_at=at,
        availability_since=at,
        created_at=at,
    )
    source.full_clean(validate_unique=False, validate_constraints=False)
    return source


def _known_sources(canonical_urls: set[str]) -> dict[str, Source]:
    found = {one.canonical_url: one for one in Source.objects.filter(canonical_url__in=canonical_urls)}
    former = FormerUrl.objects.filter(canonical_url__in=canonical_urls - found.keys()).select_related("source")
    return found | {one.canonical_url: one.source for one in former}


def known_source(canonical_url: str) -> Source | None:
    """The source that has, or had before it moved, this canonical URL."""
    source = Source.objects.filter(canonical_url=canonical_url).first()
    if source is None:
        former = FormerUrl.objects.filter(canonical_url=canonical_url).select_related("source").first()
        source = former.source if former else None
    return source
