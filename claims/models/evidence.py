from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import EvidenceKind, Origin, QuoteStatus, Stance
from claims.models.claims import Claim
from claims.models.quantities import WithQuantity, quantity_in_order
from claims.querysets import EvidenceQuerySet
from sources.identity import new_public_id


class Evidence(WithQuantity):
    """One piece of evidence on a claim, of one of three kinds.

    What a person wrote is frozen once a version rests on it (a database trigger sees to that):
    to change it, drop it from the next version and attach another. What machines write
    (snapshot, quote_status, quote_found) follows the page for ever.
    """

    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.PROTECT, related_name="evidence")

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=EvidenceKind.choices,
        default=EvidenceKind.PAGE,
        help_text=_("A page with an address, an uploaded file, or something that can only be described."),
    )
    stance = models.CharField(
        _("stance"), max_length=10, choices=Stance.choices, help_text=_("What it says about the claim.")
    )
    load_bearing = models.BooleanField(
        _("load-bearing"),
        default=True,
        help_text=_("The verdict rests on it: if the passage changes, a review opens. Normally off for context."),
    )
    origin = models.CharField(
        _("primary or secondary"),
        max_length=10,
        choices=Origin.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Primary: the register, recording, study or eyewitness itself. Secondary: a report of it. A verdict should "
            "rest on primary sources where there are any; leave it open when you cannot tell."
        ),
    )
    source = models.ForeignKey(
        "sources.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name=_("source"),
    )
    # W3C Web Annotation TextQuoteSelector: exact, prefix, suffix.
    quote = models.TextField(
        _("quote"),
        blank=True,
        max_length=5000,
        help_text=_("The passage, copied from the page word for word."),
    )
    quote_prefix = models.CharField(max_length=300, blank=True, editable=False)
    quote_suffix = models.CharField(max_length=300, blank=True, editable=False)
    upload = models.ForeignKey(
        "sources.Upload", verbose_name=_("file"), on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    # As this person named it: the same bytes may be known elsewhere by another name.
    file_name = models.CharField(_("file name"), max_length=255, blank=True, editable=False)
    file_media_type = models.CharField(max_length=100, blank=True, editable=False)
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("For offline evidence: who, when, where, how we know. For a file: what it shows."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("One or two sentences telling a reader what this shows.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order on the page."))

    # The capture the quote was first seen in.
    snapshot = models.ForeignKey(
        "sources.Snapshot",
        verbose_name=_("version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    quote_status = models.CharField(
        _("quote"), max_length=10, choices=QuoteStatus.choices, default=QuoteStatus.UNCHECKED, editable=False
    )
    quote_status_since = models.DateTimeField(_("quote so since"), null=True, blank=True, editable=False)
    # The nearest passage when altered or missing: what the page says now.
    quote_found = models.TextField(_("nearest passage"), blank=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, null=True, blank=True, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # Set once: left out of the next version. Versions that rested on it keep it.
    dropped_at = models.DateTimeField(_("dropped"), null=True, blank=True, editable=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            # Each kind has what makes it evidence.
            models.CheckConstraint(
                name="claims_page_evidence_has_source_and_quote",
                condition=~Q(kind=EvidenceKind.PAGE) | (Q(source__isnull=False) & ~Q(quote="")),
                violation_error_message=_("Evidence from a page needs its address and the quoted passage."),
            ),
            models.CheckConstraint(
                name="claims_file_evidence_has_file",
                condition=~Q(kind=EvidenceKind.FILE) | Q(upload__isnull=False),
                violation_error_message=_("Evidence of the kind “file” needs an uploaded file."),
            ),
            models.CheckConstraint(
                name="claims_offline_evidence_is_described",
                condition=~Q(kind=EvidenceKind.OFFLINE) | ~Q(description=""),
                violation_error_message=_("Offline evidence needs a description: who, when, where, how we know."),
            ),
            quantity_in_order("claims_evidence_quantity_in_order"),
            # Readers of the feed are told one of two words, or nothing.
            models.CheckConstraint(
                name="claims_evidence_origin_is_known", condition=Q(origin__in=["", *Origin.values])
            ),
        ]
        indexes = [
            # After a confirmed change of a page: which quotes are pinned to it?
            models.Index(fields=["source", "quote_status"], name="claims_evidence_by_source"),
            # "Which claims have a quote that is not on its page?", few among many.
            models.Index(
                fields=["claim"],
                condition=Q(dropped_at__isnull=True, quote_status__in=["altered", "missing"]),
                name="claims_evidence_disturbed",
            ),
        ]

    def __str__(self) -> str:
        words = self.quote or self.description or self.kind
        return f"{self.get_stance_display()}: {words[:80]}"

    @property
    def is_decisive(self) -> bool:
        """Speaks for or against the claim; context does not."""
        return self.stance in {Stance.SUPPORTS, Stance.REFUTES}

    @property
    def is_disturbed(self) -> bool:
        """Its passage changed or vanished. Same rule: EvidenceQuerySet.disturbed()."""
        return self.quote_status in {QuoteStatus.ALTERED, QuoteStatus.MISSING}

    @property
    def is_unchecked_page(self) -> bool:
        """A quoted page nobody could compare with yet. Same rule: EvidenceQuerySet.unchecked_pages()."""
        return self.kind == EvidenceKind.PAGE and self.quote_status == QuoteStatus.UNCHECKED
