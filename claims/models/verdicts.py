from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import CorrectionKind, DraftState, VerdictStatus
from claims.models.claimants import Claimant
from claims.models.claims import Claim
from claims.models.evidence import Evidence
from claims.models.identity import is_language_tag, language_is_a_tag
from claims.models.looking_again import LookedAtAgain
from claims.models.ratings import Rating
from claims.querysets import DraftQuerySet, VerdictQuerySet


class Draft(models.Model):
    """What is being written about a claim: the only mutable text. At most one per claim; gone once published."""

    claim = models.OneToOneField(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="draft")
    state = models.CharField(_("state"), max_length=12, choices=DraftState.choices, default=DraftState.ASSIGNED)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_drafts",
    )
    rating = models.ForeignKey(
        Rating,
        verbose_name=_("rating"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text=_("See the methodology."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[is_language_tag],
        help_text=_("Language you write in: en, ru, kk."),
    )
    headline = models.CharField(
        _("headline"),
        max_length=200,
        blank=True,
        help_text=_("What is true, in one line; not the claim again."),
    )
    summary = models.TextField(
        _("answer"),
        blank=True,
        validators=[MaxLengthValidator(3000)],
        help_text=_("One paragraph: the answer and why. Plain text."),
    )
    explanation = models.TextField(
        _("explanation"),
        blank=True,
        validators=[MaxLengthValidator(100_000)],
        help_text=_("How you know, in full. Markdown."),
    )
    correction_kind = models.CharField(
        _("kind of correction"),
        max_length=20,
        choices=[(kind.value, kind.label) for kind in (CorrectionKind.MINOR, CorrectionKind.SUBSTANTIVE)],
        blank=True,
        help_text=_("Only when a published verdict is corrected. A changed rating is noticed by itself."),
    )
    correction_reason = models.TextField(
        _("reason for the correction"), blank=True, help_text=_("Becomes public, word for word.")
    )
    unchecked_acknowledged = models.BooleanField(
        _("publish although a page could not be captured"),
        default=False,
        help_text=_("Tick only after looking at the page yourself. Who ticked it is recorded."),
    )
    sent_back_because = models.TextField(_("sent back because"), blank=True)
    # Everybody whose words are in it: none of them may approve it.
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who wrote in it"), related_name="+", blank=True
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("handed in by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # The second person who says that they are reading it now, so that no other one begins.
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    reading_since = models.DateTimeField(_("read since"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            # "What waits for a second person?", longest first.
            models.Index(fields=["updated_at"], condition=Q(state="in_review"), name="claims_draft_waiting"),
            # "Which drafts has nobody?", few among many.
            models.Index(fields=["claim"], condition=Q(assigned_to=None), name="claims_draft_nobodys"),
        ]
        constraints = [language_is_a_tag("claims_draft_language_is_a_tag")]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.claim}"

    @property
    def is_open_for_writing(self) -> bool:
        return self.state != DraftState.IN_REVIEW


class Verdict(LookedAtAgain):
    """The one verdict on a claim: its current version and its state in public."""

    claim = models.OneToOneField(
        Claim, verbose_name=_("claim"), on_delete=models.PROTECT, primary_key=True, related_name="verdict"
    )
    status = models.CharField(_("status"), max_length=15, choices=VerdictStatus.choices)
    current_version = models.ForeignKey(
        "VerdictVersion",
        verbose_name=_("current version"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published"))
    updated_at = models.DateTimeField(_("changed"))
    # Why it was retracted or withheld, in public words, and since when.
    status_reason = models.TextField(_("reason"), blank=True)
    status_since = models.DateTimeField(_("since"))

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        indexes = [
            # The desk's list, and what was published in a week.
            models.Index(fields=["-published_at", "-claim"], name="claims_verdict_newest"),
            models.Index(fields=["-updated_at", "-claim"], name="claims_verdict_updated"),
            # "Which are under review, retracted, withheld?", newest first.
            models.Index(fields=["status", "-published_at", "-claim"], name="claims_verdict_by_status"),
            # "Whose day has come?"
            models.Index(
                fields=["look_again_on"], condition=Q(look_again_on__isnull=False), name="claims_verdict_look_again"
            ),
        ]
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.claim}"

    @property
    def stands(self) -> bool:
        """Neither retracted nor withheld. Same rule: VerdictQuerySet.standing()."""
        return self.status in {VerdictStatus.PUBLISHED, VerdictStatus.UNDER_REVIEW}


class VerdictVersion(models.Model):
    """One published version, as it was. A database trigger refuses every change but erasure by withholding."""

    verdict = models.ForeignKey(Verdict, verbose_name=_("verdict"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    rating = models.ForeignKey(Rating, verbose_name=_("rating"), on_delete=models.PROTECT, related_name="+")
    claimant = models.ForeignKey(
        Claimant, verbose_name=_("claimant"), on_delete=models.PROTECT, null=True, blank=True, related_name="versions"
    )
    # Everything a person wrote and the evidence as it was pinned, as RFC 8785 canonical JSON.
    content = models.TextField(_("content"))
    # SHA-256 over salt + content: events carry it; without the salt nobody can guess a withheld text.
    content_salt = models.CharField(max_length=64)
    content_digest = models.CharField(_("digest"), max_length=80)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("who wrote in it"), related_name="+", blank=True
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    second_review_required = models.BooleanField(_("second person required"))
    # Brought along from before this site, by import_claimreview --own: nobody here approved it, and it says so.
    imported = models.BooleanField(_("imported"), default=False)
    evidence = models.ManyToManyField(Evidence, verbose_name=_("evidence"), related_name="versions")
    # Who published although a quoted page could not be captured.
    unchecked_acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("vouched for by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    correction_kind = models.CharField(
        _("kind of correction"), max_length=20, choices=CorrectionKind.choices, blank=True
    )
    correction_reason = models.TextField(_("reason for the correction"), blank=True)
    published_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ["number"]
        indexes = [
            # The desk's list, and what was published on a day.
            models.Index(fields=["-published_at", "-id"], name="claims_version_newest"),
            models.Index(fields=["rating", "-published_at", "-id"], name="claims_version_by_rating"),
        ]
        verbose_name = _("version of a verdict")
        verbose_name_plural = _("versions of verdicts")
        constraints = [
            models.UniqueConstraint(fields=["verdict", "number"], name="claims_version_number_once"),
            # Two people: whoever wrote it does not approve it.
            models.CheckConstraint(
                name="claims_version_approved_by_a_second_person",
                condition=Q(second_review_required=False)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("author"))),
                violation_error_message=_("A second person has to approve this verdict."),
            ),
            # What was published elsewhere before had no second person here, and does not pretend to.
            models.CheckConstraint(
                name="claims_imported_version_has_no_approver",
                condition=Q(imported=False) | Q(second_review_required=False, approved_by__isnull=True),
                violation_error_message=_("An imported version was approved by nobody here."),
            ),
            # Every version after the first says what changed and why.
            models.CheckConstraint(
                name="claims_later_version_says_why",
                condition=Q(number=1) | (~Q(correction_kind="") & ~Q(correction_reason="")),
                violation_error_message=_("A correction needs its kind and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def approved_by_second_person(self) -> bool:
        return self.approved_by_id is not None and self.approved_by_id != self.author_id
