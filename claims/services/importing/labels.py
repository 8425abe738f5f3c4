"""What foreign rating words mean to us: the table of rating labels, asked and changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from claims.importing.labels import label_key, label_lead
from claims.models import ExternalReview, Rating, RatingLabel, User
from claims.services.documents import next_change
from claims.services.record import delete_on_record, save_on_record


class LabelTable:
    """The table as it stands now, in memory. Where no row says anything, the names of our own ratings do."""

    def __init__(self) -> None:
        self._rows = {
            (row.key, row.publisher_site, row.language): row.rating_id for row in RatingLabel.objects.only(*_ASKED)
        }
        self._names: dict[str, int] = {}
        for rating in Rating.objects.filter(is_active=True):
            for name in (rating.name, *rating.name_translations.values()):
                self._names.setdefault(label_key(str(name)), rating.pk)

    def rating_of(self, key: str, lead: str, *, site: str, language: str) -> int | None:
        """The rating's primary key for a label; None when nobody says, or the table says that there is none.

        The whole label decides before its beginning, the publisher's rows before anybody's.
        """
        tongue = language.partition("-")[0]
        for asked in filter(None, (key, lead)):
            for place in ((site, tongue), (site, ""), ("", tongue), ("", "")):
                if (asked, *place) in self._rows:
                    return self._rows[asked, *place]
            if asked in self._names:
                return self._names[asked]
        return None


_ASKED = ("key", "publisher_site", "language", "rating_id")


@transaction.atomic
def save_label(row: RatingLabel, *, by: User | None = None) -> int:
    """Write a row of the table and map the reviews anew that carry the label; returns how many changed.

    Raises ValidationError.
    """
    before = RatingLabel.objects.filter(pk=row.pk).values_list("key", flat=True).first() if row.pk else None
    row.full_clean()
    save_on_record(row, by=by)
    return remap_reviews({row.key, before or row.key})


@transaction.atomic
def remove_label(row: RatingLabel, *, by: User | None = None) -> int:
    """Take a row out of the table and map the reviews anew that carry the label; returns how many changed."""
    key = row.key
    delete_on_record(row, by=by)
    return remap_reviews({key})


@transaction.atomic
def remap_reviews(keys: Iterable[str] | None = None) -> int:
    """Ask the table again for every review by others (or those whose label has one of the keys).

    Returns how many reviews have another rating now. One statement for each label of each publisher.
    """
    table, changed = LabelTable(), 0
    for group in _groups(keys):
        rating = table.rating_of(
            group["label_key"], group["label_lead"], site=group["publisher_site"], language=group["language"]
        )
        if rating != group["rating"]:
            changed += ExternalReview.objects.filter(**_exactly(group)).update(rating=rating)
    if changed:
        next_change()
    return changed


def _groups(keys: Iterable[str] | None) -> Iterator[dict[str, Any]]:
    rows = ExternalReview.objects.order_by()
    if keys is not None:
        wanted = list(keys)
        rows = rows.filter(Q(label_key__in=wanted) | Q(label_lead__in=wanted))
    for group in rows.values("label_key", "label_lead", "publisher_site", "language", "rating").distinct():
        yield dict(group)


def _exactly(group: dict[str, Any]) -> dict[str, Any]:
    rating = {"rating__isnull": True} if group["rating"] is None else {"rating": group["rating"]}
    return {name: value for name, value in group.items() if name != "rating"} | rating


def keys_of(label: str) -> tuple[str, str]:
    """What a review's label is asked for by: whole, and its beginning."""
    return label_key(label), label_lead(label)
