from __future__ import annotations

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


def known_source(canonical_url: str) -> Source | None:
    """The source that has, or had before it moved, this canonical URL."""
    source = Source.objects.filter(canonical_url=canonical_url).first()
    if source is None:
        former = FormerUrl.objects.filter(canonical_url=canonical_url).select_related("source").first()
        source = former.source if former else None
    return source
