from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claimants import Claimant
from claims.models.claims import Claim, Topic
from claims.models.searching import Searchable
from claims.querysets import DocumentQuerySet, MainLanguage


class VerdictDocument(Searchable):
    """What the public sees of a verdict, rendered when it changes and served as stored.

    `body` is the verdict as the API gives it (JSON text, not jsonb: it goes out byte for byte), `claimreview` its
    schema.org markup (empty for retracted and withheld verdicts). The other columns exist to filter and sort.
    """

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, primary_key=True, related_name="document"
    )
    public_id = models.CharField(_("public id"), max_length=16, unique=True)
    slug = models.CharField(_("name in the address"), max_length=100)
    status = models.CharField(_("status"), max_length=15)
    language = models.CharField(_("language"), max_length=12)
    rating_code = models.CharField(_("rating"), max_length=50)
    claimant_slug = models.CharField(_("claimant"), max_length=100, blank=True)
    topic_slugs = ArrayField(models.CharField(max_length=100), default=list)
    source_ids = ArrayField(models.CharField(max_length=16), default=list)
    headline = models.CharField(_("headline"), max_length=200)
    published_at = models.DateTimeField(_("published"))
    updated_at = models.DateTimeField(_("changed"))
    is_demo = models.BooleanField(_("demonstration"), default=False)
    body = models.TextField(_("document"))
    claimreview = models.TextField(_("markup"), blank=True)
    # Value of the change counter when it was rendered.
    change = models.BigIntegerField(_("change"))

    objects = DocumentQuerySet.as_manager()

    class Meta(Searchable.Meta):
        indexes = [
            *Searchable.Meta.indexes,
            # The feed and the home page: newest standing verdicts, by keyset. And, without reading a document, which
            # ratings the verdicts of some weeks had: a narrower index for that alone would be taken for the feed too,
            # whose rows it then has to sort.
            models.Index(
                fields=["-published_at", "-public_id"],
                include=["rating_code"],
                name="claims_document_newest",
                condition=Q(status__in=["published", "under_review"]),
            ),
            # Clients that poll by updated_since see retracted ones too.
            models.Index(fields=["-updated_at", "-public_id"], name="claims_document_updated"),
            models.Index(fields=["rating_code", "-published_at"], name="claims_document_by_rating"),
            models.Index(fields=["claimant_slug", "-published_at"], name="claims_document_by_claimant"),
            models.Index(fields=["status", "-updated_at"], name="claims_document_by_status"),
            # A newsroom of one language, however few of the verdicts are in it (DocumentQuerySet.written_in()).
            models.Index(MainLanguage("language"), F("published_at").desc(), name="claims_document_by_language"),
            GinIndex(fields=["topic_slugs"], name="claims_document_by_topic"),
            # A source page: which verdicts rest on this page?
            GinIndex(fields=["source_ids"], name="claims_document_by_source"),
        ]
        verbose_name = _("verdict document")
        verbose_name_plural = _("verdict documents")

    def __str__(self) -> str:
        return self.headline

    @property
    def is_listed(self) -> bool:
        """Shown in default lists. Same rule: DocumentQuerySet.listed()."""
        return self.status in {"published", "under_review"}

    @property
    def is_readable(self) -> bool:
        """There is a text to read. Same rule: DocumentQuerySet.readable()."""
        return self.status != "withheld"


class DocumentCounter(models.Model):
    """One row. Moves with every stored document, so that no list's ETag outlives a correction."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)
    # A whole second of its own for each value: the time of the change, or a second after that of the one before. So a
    # client that knows a state by its time alone (If-Modified-Since) takes no two for one.
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now())
    # What all documents were last rendered with: a digest, see services/documents.py. Empty: not known.
    rendered_with = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.CheckConstraint(name="claims_one_document_counter", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.value)


class NameChange(models.Model):
    """Outbox: a claimant or topic shown on public pages got another name. A beat task re-renders what shows it."""

    claimant = models.ForeignKey(Claimant, on_delete=models.CASCADE, null=True, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The beat task's question: what is waiting?
            models.Index(
                fields=["created_at"],
                name="claims_name_change_waiting",
                condition=Q(processed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.claimant or self.topic)
