from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.extraction.page import Extractor, extractor_for, reads_text
from sources.identity import new_public_id
from sources.querysets import SnapshotQuerySet

from .source import MAX_URL


class Snapshot(models.Model):
    """One captured version of a source. Immutable in the database; only an erasure may blank its texts."""

    public_id = models.CharField(_("public id"), max_length=16, default=new_public_id, editable=False)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="snapshots"
    )
    taken_at = models.DateTimeField(_("taken"), default=timezone.now)
    final_url = models.CharField(_("final address"), max_length=MAX_URL)
    # SHA-256 of the body as received (still compressed if the server compressed it): the archive's key.
    raw_sha256 = models.CharField(_("SHA-256 of the page"), max_length=64)
    # Name within STORAGES["snapshots"]; "" only after an erasure.
    storage_key = models.CharField(_("kept as"), max_length=200, blank=True)
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    # Bytes of the body as received.
    size = models.PositiveBigIntegerField(_("size"), default=0)
    # True when the page was larger than the cap and only its beginning was kept.
    truncated = models.BooleanField(_("cut off"), default=False)
    title = models.CharField(_("title"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    text = models.TextField(_("text"), blank=True)
    text_sha256 = models.CharField(_("SHA-256 of the text"), max_length=64)
    extractor = models.CharField(_("read by"), max_length=40)
    extractor_version = models.CharField(_("version of the reader"), max_length=40)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        verbose_name_plural = _("captures")
        verbose_name = _("capture")
        constraints = [
            # Public addresses never collide.
            models.UniqueConstraint(fields=["public_id"], name="snapshot_public_id_once"),
            # A capture that cannot be proven by its digest is no evidence.
            models.CheckConstraint(
                condition=Q(raw_sha256__regex=r"^[0-9a-f]{64}$") & Q(text_sha256__regex=r"^[0-9a-f]{64}$"),
                name="snapshot_digests_whole",
            ),
        ]
        indexes = [
            # "What are the last versions of this source?": version lists and the flapping rule.
            models.Index(fields=["source", "-taken_at", "-id"], name="snapshot_newest_of_source"),
            # "Which captures share this body?": verifying and erasing a stored file.
            models.Index(fields=["raw_sha256"], name="snapshot_raw_sha256"),
            # "Which captures did an older extractor read?": there are few extractors, and none but the present to skip.
            models.Index(fields=["extractor", "extractor_version", "media_type"], name="snapshot_by_extractor"),
        ]

    def __str__(self) -> str:
        return f"{self.final_url} {self.taken_at:%Y-%m-%d %H:%M}"

    def extracted_by(self) -> Extractor:
        """What read `text` when the capture was taken."""
        return Extractor(self.extractor, self.extractor_version)

    def present_extractor(self) -> Extractor:
        """What would read it now."""
        return extractor_for(self.media_type)

    def is_read_by_present_extractor(self) -> bool:
        """Whether `text` is as the present extractor reads the capture; also where no extractor finds text."""
        return not reads_text(self.media_type) or self.extracted_by() == self.present_extractor()

    def present_text(self) -> str:
        """The text by the newest extractor that has read the capture: what quotes are looked for in.

        One query where the capture's first reading is by an older one; none otherwise.
        """
        if self.is_read_by_present_extractor():
            return self.text
        newest = self.extractions.order_by("-pk").first()
        return self.text if newest is None or newest.text_sha256 == self.text_sha256 else newest.text


class Extraction(models.Model):
    """A capture read again by a newer extractor, or an uploaded file read by any.

    Says nothing new about the page, so it never is a change of it. What the first extractor read in a capture stays on
    the snapshot. Read `Snapshot.present_text()` or `Upload.present_text()`. Insert-only in the database.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="extractions", null=True)
    upload = models.ForeignKey("sources.Upload", on_delete=models.PROTECT, related_name="extractions", null=True)
    extractor = models.CharField(max_length=40)
    extractor_version = models.CharField(max_length=40)
    # "" where it is what the first extractor read in the capture (kept once), or where a file shows no text.
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # One reading per extractor and capture: reading it again gives the same.
            models.UniqueConstraint(
                fields=["snapshot", "extractor", "extractor_version"], name="extraction_once_per_extractor"
            ),
            # The same for files.
            models.UniqueConstraint(
                fields=["upload", "extractor", "extractor_version"], name="extraction_once_per_upload"
            ),
            # A reading is of a capture or of a file.
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False, upload__isnull=True)
                | Q(snapshot__isnull=True, upload__isnull=False),
                name="extraction_of_one_thing",
            ),
            # A text is told apart by its digest.
            models.CheckConstraint(
                condition=Q(text_sha256__regex=r"^[0-9a-f]{64}$"), name="extraction_text_sha256_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id or self.upload} {self.extractor} {self.extractor_version}"

    def extracted_by(self) -> Extractor:
        """What read it."""
        return Extractor(self.extractor, self.extractor_version)


class Upload(models.Model):
    """A file somebody brought as evidence, kept once under its SHA-256 like a capture."""

    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("name"), max_length=255, help_text=_("The file's name when it was first uploaded."))
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"))
    storage_key = models.CharField(_("kept as"), max_length=200, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        constraints = [
            # The same bytes are kept once.
            models.UniqueConstraint(fields=["sha256"], name="upload_sha256_once"),
            # A file that cannot be proven by its digest is no evidence.
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="upload_sha256_whole"),
        ]

    def __str__(self) -> str:
        return self.name

    def present_extractor(self) -> Extractor:
        """What would read it now."""
        return extractor_for(self.media_type)

    def newest_reading(self) -> Extraction | None:
        """By the newest extractor that has read it, its text not loaded yet. One query."""
        return self.extractions.defer("text").order_by("-pk").first()

    def present_text(self) -> str:
        """The text by the newest extractor that has read the file; "" where none can: a picture, a locked PDF."""
        reading = self.newest_reading()
        return reading.text if reading else ""
