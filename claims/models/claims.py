from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import RelationKind
from claims.models.claimants import Claimant, unused_slug
from claims.models.identity import is_language_tag, language_is_a_tag
from claims.models.quantities import WithQuantity, quantity_in_order
from claims.querysets import ClaimQuerySet
from sources.finding import words_of
from sources.identity import new_public_id

# What the list at the desk finds a claim by, beside its claimant.
CLAIM_WORDS = words_of("text", "location")


class Topic(models.Model):
    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("One or two words, as readers would look for it.")
    )
    slug = models.SlugField(
        _("name in the address"),
        max_length=100,
        unique=True,
        allow_unicode=True,
        blank=True,
        help_text=_("Made from the name when left empty."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or unused_slug(Topic, self.name, fallback="topic")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("pages:topic", args=[self.slug])


class Claim(WithQuantity):
    """Something somebody said that can be checked. Public only once a verdict on it is."""

    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    slug = models.CharField(
        _("name in the address"),
        max_length=100,
        blank=True,
        editable=False,
        help_text=_("Frozen at first publication."),
    )

    text = models.TextField(
        _("claim"),
        max_length=4000,
        help_text=_("Word for word as it was said, in its own language, without your opinion."),
    )
    language = models.CharField(
        _("language"),
        max_length=12,
        default="en",
        validators=[is_language_tag],
        help_text=_("Language of the claim: en, ru, kk, … (BCP 47)."),
    )
    claimant = models.ForeignKey(
        Claimant,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("claimant"),
        help_text=_("Who said it. Leave empty when nobody is known to have said it first."),
    )
    made_on = models.DateField(
        _("made on"), null=True, blank=True, help_text=_("The day it was said, not the day you check it.")
    )
    location = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Where it was said or what place it is about.")
    )
    topics = models.ManyToManyField(
        Topic,
        blank=True,
        related_name="claims",
        verbose_name=_("topics"),
        help_text=_("What it is about: readers find it under each of them."),
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="logged_claims",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # Whoever changed evidence that no version rests on yet: none of them may approve the next one.
    evidence_editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who changed its evidence"),
        related_name="+",
        blank=True,
        editable=False,
    )
    # Counts saves on the desk: a form that was opened at an older revision may not overwrite a newer one.
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            # A claim nobody can read cannot be checked.
            models.CheckConstraint(
                name="claims_claim_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write the claim in the words it was made in."),
            ),
            quantity_in_order("claims_claim_quantity_in_order"),
            language_is_a_tag("claims_claim_language_is_a_tag"),
        ]
        indexes = [
            # The desk's list: newest first.
            models.Index(fields=["-created_at", "-id"], name="claims_claim_newest"),
            # The desk's filter: claims in one language, and in which languages there are any.
            models.Index(fields=["language", "-created_at", "-id"], name="claims_claim_by_language"),
            # The desk's search: which claims hold these words?
            GinIndex(CLAIM_WORDS, name="claims_claim_holds_words"),
            # "Which of one claimant's are the newest?"
            models.Index(fields=["claimant", "-created_at", "-id"], name="claims_claim_by_claimant"),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 90 else self.text[:89] + "…"

    def clean(self) -> None:
        if not any(character.isalnum() for character in self.text):
            raise ValidationError({"text": _("Write the claim in the words it was made in.")})
        # A day's grace: the newsroom's midnight is not everybody's.
        if self.made_on and self.made_on > timezone.localdate() + timedelta(days=1):
            raise ValidationError({"made_on": _("This day is still to come: give the day the claim was made.")})

    def get_absolute_url(self) -> str:
        return reverse("pages:claim", args=[self.public_id, self.slug or "claim"])

    @property
    def is_public(self) -> bool:
        """A verdict on it has been published. Same rule: ClaimQuerySet.public()."""
        return hasattr(self, "verdict")


class Appearance(models.Model):
    """One place where the claim was seen."""

    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="appearances")
    url = models.URLField(_("address"), max_length=2000, help_text=_("Full address of the post, page or video."))
    platform = models.CharField(_("platform"), max_length=40, blank=True, help_text=_("facebook, telegram, website, …"))
    published_on = models.DateField(
        _("published on"), null=True, blank=True, help_text=_("The day it was posted or printed there.")
    )
    audience = models.PositiveBigIntegerField(
        _("audience"),
        null=True,
        blank=True,
        help_text=_("Followers or views at the time, as a whole number."),
    )
    is_first = models.BooleanField(
        _("first"), default=False, help_text=_("The earliest appearance known; at most one.")
    )
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="appearances",
    )

    class Meta:
        ordering = ["-is_first", "published_on", "id"]
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        constraints = [
            # The same page is the same appearance.
            models.UniqueConstraint(fields=["claim", "url"], name="claims_appearance_once"),
            # There is one first time.
            models.UniqueConstraint(fields=["claim"], condition=Q(is_first=True), name="claims_one_first_appearance"),
        ]

    def __str__(self) -> str:
        return self.url


class ClaimRelation(models.Model):
    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(
        Claim, verbose_name=_("the other claim"), on_delete=models.CASCADE, related_name="inverse_relations"
    )
    kind = models.CharField(_("relation"), max_length=20, choices=RelationKind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim", "other", "kind"], name="claims_relation_once"),
            # A claim is not its own repeat.
            models.CheckConstraint(name="claims_relation_to_another", condition=~Q(claim=models.F("other"))),
        ]
        verbose_name = _("related claim")
        verbose_name_plural = _("related claims")

    def __str__(self) -> str:
        return f"{self.claim} {self.get_kind_display()} {self.other}"
