"""The four kinds a visit may end in, for pictures and counts. Follows the table of states, so that both agree. Pure."""

from __future__ import annotations

from functools import cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import Outcome
from .states import FOUND, TABLE


class Kind(models.TextChoices):
    # The page arrived, or its site said that nothing changed.
    FOUND = "found", _("page found")
    # Nothing arrived, or something else than the page. Several of these over days make a source dead.
    FAILED = "failed", _("failed")
    # The page is there, but not for us: robots, a login, our own rules.
    KEPT_OUT = "kept_out", _("turned away")
    # Says nothing about the page: our own faults, "come later", too large to read whole.
    UNDECIDED = "undecided", _("says nothing")


# The most notable first: what a mark that stands for several visits should not hide.
NOTABLE = (Kind.FAILED, Kind.KEPT_OUT, Kind.UNDECIDED, Kind.FOUND)


@cache
def kind_of(outcome: str) -> Kind:
    """The kind of an outcome. Raises ValueError for a word that is no outcome."""
    rule = TABLE[Outcome(outcome)]
    if outcome in FOUND:
        return Kind.FOUND
    if rule.counts:
        return Kind.FAILED
    return Kind.KEPT_OUT if rule.availability is not None else Kind.UNDECIDED
