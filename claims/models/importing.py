"""What imports did, so that an interrupted one goes on and the desk sees what was skipped."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim


class ImportRun(models.Model):
    """One run of import_claimreview. Counts and position are written with each batch, in its transaction."""

    # The files, folders and addresses it was given, one a line.
    source = models.TextField(_("from"))
    # Items of our own host became verdicts.
    own = models.BooleanField(_("our own"), default=False)
    # Who started it, as the operating system knows them.
    started_by = models.CharField(_("started by"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    # Of the last batch that was stored.
    progressed_at = models.DateTimeField(_("progressed"), default=timezone.now)
    # Empty: still running, or broken off; --resume goes on from the position.
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    withdrawn = models.PositiveIntegerField(_("withdrawn"), default=0)
    # Said twice in one import, or known in a newer version.
    repeated = models.PositiveIntegerField(_("repeated"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    # Of the skipped the first ones: [{"where", "reason", "url"}].
    skipped_items = models.JSONField(default=list, blank=True)

    # How far it is: the file or address, which state of it was read, and how many of its items are done.
    position_source = models.TextField(blank=True)
    position_stamp = models.CharField(max_length=64, blank=True)
    position_items = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        first, *others = self.source.splitlines() or [""]
        return f"{first} (+{len(others)})" if others else first

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def counts(self) -> dict[str, int]:
        """How many items ended how, by the words the command prints."""
        return {name: getattr(self, name) for name in COUNTS}


COUNTS = ("new", "changed", "unchanged", "withdrawn", "repeated", "skipped")


class ImportedVerdict(models.Model):
    """Where a verdict of ours was imported from, so that a second import finds it."""

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, primary_key=True, related_name="imported"
    )
    # As on ExternalReview.
    key = models.CharField(max_length=64, unique=True)
    page_key = models.CharField(max_length=32)
    fingerprint = models.CharField(max_length=64)
    # Where it stood.
    url = models.URLField(_("address"), max_length=2048)
    run = models.ForeignKey(ImportRun, verbose_name=_("import"), on_delete=models.PROTECT, related_name="verdicts")
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["page_key"], name="claims_imported_by_page")]
        verbose_name = _("imported verdict")
        verbose_name_plural = _("imported verdicts")

    def __str__(self) -> str:
        return self.url
