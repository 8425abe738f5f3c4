"""What other fact-checkers found: taken in by imports, shown as theirs, never part of our own verdicts."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import TakenFrom
from claims.importing.labels import label_key
from claims.importing.values import language, site_of
from claims.models.claims import Claim
from claims.models.importing import ImportRun
from claims.models.ratings import Rating
from claims.models.searching import Searchable
from claims.querysets import ExternalReviewQuerySet

LONGEST_CLAIM = 10_000
LONGEST_LABEL = 500
LONGEST_HEADLINE = 500
LONGEST_NAME = 300


class ExternalReview(Searchable):
    """Somebody else's check of one claim, as they publish it. Written by claims.services.importing alone.

    One page may check several claims: a row is one claim on one page (`key`, see claims.importing.identity).
    """

    key = models.CharField(max_length=64, editable=False)
    # Of the page alone, for finding a claim whose wording was corrected.
    page_key = models.CharField(max_length=32, editable=False)
    # Of everything that was read: an unchanged item leaves its row alone.
    fingerprint = models.CharField(max_length=64, editable=False)

    url = models.URLField(_("address"), max_length=2048)
    # The address's host without “www.”: whose review it is.
    publisher_site = models.CharField(_("site"), max_length=255)
    publisher_name = models.CharField(_("publisher"), max_length=LONGEST_NAME)
    headline = models.CharField(_("headline"), max_length=LONGEST_HEADLINE, blank=True)
    claim_text = models.TextField(_("claim"), max_length=LONGEST_CLAIM)
    # One name, or several joined with commas; empty when they name nobody.
    claimant = models.CharField(_("claimant"), max_length=LONGEST_NAME, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    modified_at = models.DateTimeField(_("modified"), null=True, blank=True)
    # BCP 47; empty when they do not say.
    language = models.CharField(_("language"), max_length=12, blank=True)
    appearances = ArrayField(models.URLField(max_length=2048), default=list, blank=True, verbose_name=_("appearances"))

    # The word they use, and their numbers as written: "4,5", "-1".
    rating_label = models.CharField(_("their rating"), max_length=LONGEST_LABEL)
    rating_value = models.CharField(_("rating: value"), max_length=40, blank=True)
    rating_best = models.CharField(_("rating: best"), max_length=40, blank=True)
    rating_worst = models.CharField(_("rating: worst"), max_length=40, blank=True)
    # The label as the table of rating labels is asked: whole, and up to its first full stop, colon or dash.
    label_key = models.CharField(max_length=200, blank=True, editable=False)
    label_lead = models.CharField(max_length=200, blank=True, editable=False)
    # What the table says; empty when it says nothing, or that the label has no truth value.
    rating = models.ForeignKey(
        Rating,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("in our words"),
    )

    taken_from = models.CharField(_("taken from"), max_length=10, choices=TakenFrom.choices)
    # As it arrived, for whoever doubts our reading; long texts in it are cut.
    raw = models.TextField(blank=True)
    # The import that wrote the row last.
    run = models.ForeignKey(
        ImportRun, verbose_name=_("import"), on_delete=models.PROTECT, related_name="reviews", db_index=False
    )
    first_seen = models.DateTimeField(_("first seen"), default=timezone.now)
    # To the day: an unchanged item is not written again within one.
    last_seen = models.DateTimeField(_("last seen"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    # Since when its publisher says that it is gone.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    linked_claim = models.ForeignKey(
        Claim,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="external_reviews",
        db_index=False,
        verbose_name=_("our claim"),
        help_text=_("Which of our claims this review is about."),
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("linked by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    linked_at = models.DateTimeField(_("linked"), null=True, blank=True)

    objects = ExternalReviewQuerySet.as_manager()

    class Meta(Searchable.Meta):
        ordering = ["-pk"]
        verbose_name = _("review by others")
        verbose_name_plural = _("reviews by others")
        constraints = [
            # One row for one claim on one page, whoever imports it twice at once.
            models.UniqueConstraint(fields=["key"], name="claims_external_review_once"),
            # Only a person links; the row says who.
            models.CheckConstraint(
                name="claims_external_link_says_who",
                condition=Q(linked_claim__isnull=True) | Q(linked_by__isnull=False, linked_at__isnull=False),
            ),
            # Shown with its rating under its publisher's name, or not at all.
            models.CheckConstraint(
                name="claims_external_review_is_whole",
                condition=~Q(claim_text="") & ~Q(rating_label="") & ~Q(publisher_site="") & ~Q(publisher_name=""),
            ),
        ]
        # Few, for every import writes all of them: foreign keys nobody asks by have none.
        indexes = [
            *Searchable.Meta.indexes,
            # The list of publishers, and one publisher's reviews, newest first.
            models.Index(fields=["publisher_site", "-published_at"], name="claims_external_by_publisher"),
            # The desk's filters.
            models.Index(fields=["rating", "-id"], name="claims_external_by_rating"),
            models.Index(fields=["taken_from", "-id"], name="claims_external_by_origin"),
            models.Index(fields=["-id"], condition=Q(withdrawn_at__isnull=False), name="claims_external_withdrawn"),
            # Search: the newest first.
            models.Index(
                fields=["-published_at", "-id"],
                name="claims_external_newest",
                condition=Q(published_at__isnull=False, withdrawn_at__isnull=True),
            ),
            models.Index(fields=["page_key"], name="claims_external_by_page"),
            # When the table of rating labels changes: which reviews carry the label?
            models.Index(fields=["label_key"], name="claims_external_by_label"),
            models.Index(fields=["label_lead"], name="claims_external_by_lead", condition=~Q(label_lead="")),
            # A claim of ours: what do others say of it?
            models.Index(
                fields=["linked_claim"], name="claims_external_of_claim", condition=Q(linked_claim__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publisher_site}: {self.claim_text[:80]}"

    @property
    def is_standing(self) -> bool:
        """Its publisher has not taken it back. Same rule: ExternalReviewQuerySet.standing()."""
        return self.withdrawn_at is None


class RatingLabel(models.Model):
    """What a fact-checker's word means on our scale. Asked at every import; editable on the desk.

    The most particular row decides: the publisher's in the language, the publisher's, anybody's in the language,
    anybody's.
    """

    label = models.CharField(
        _("label"), max_length=200, help_text=_("The word as they write it; case and punctuation do not matter.")
    )
    key = models.CharField(max_length=200, blank=True, editable=False)
    publisher_site = models.CharField(
        _("site"), max_length=255, blank=True, help_text=_("example.org, without www. Empty: whoever uses the word.")
    )
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("en, ru, … Empty: in whatever language.")
    )
    rating = models.ForeignKey(
        Rating,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="labels",
        verbose_name=_("our rating"),
        help_text=_("Empty: the word says nothing that our scale has a rating for."),
    )

    class Meta:
        ordering = ["key", "publisher_site", "language"]
        verbose_name = _("rating label")
        verbose_name_plural = _("rating labels")
        constraints = [
            # One word of one publisher in one language means one thing.
            models.UniqueConstraint(
                fields=["key", "publisher_site", "language"],
                name="claims_rating_label_once",
                violation_error_message=_("This label is in the table already: change that row."),
            ),
            models.CheckConstraint(
                name="claims_rating_label_has_letters",
                condition=~Q(key=""),
                violation_error_message=_("Write the label with letters or digits."),
            ),
        ]

    def clean(self) -> None:
        """Spell out what the row is asked by, whatever was typed."""
        self.label = self.label.strip()
        self.key = label_key(self.label)
        site = self.publisher_site.strip().lower()
        self.publisher_site = site_of(site if "://" in site else f"https://{site}") if site else ""
        self.language = language(self.language).partition("-")[0] if self.language else ""

    def __str__(self) -> str:
        return f"{self.label} → {self.rating or _('no rating')}"
