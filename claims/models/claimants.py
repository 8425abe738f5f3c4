from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from claims.choices import ClaimantKind
from claims.models.identity import make_slug
from claims.querysets import ClaimantQuerySet
from sources.identity import new_public_id


class Claimant(models.Model):
    """Who says things: a person, a party, an outlet, an anonymous account."""

    public_id = models.CharField(_("public id"), max_length=16, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("name"), max_length=200, help_text=_("As the person or outlet is generally known."))
    slug = models.SlugField(
        _("name in the address"),
        max_length=100,
        unique=True,
        allow_unicode=True,
        blank=True,
        help_text=_(
            "The last part of the page's address. Made from the name when left empty; never changes afterwards."
        ),
    )
    kind = models.CharField(
        _("kind"),
        max_length=15,
        choices=ClaimantKind.choices,
        blank=True,
        # Also in the database: the release before this one, still running while it migrates, does not know the column.
        default="",
        db_default="",
        help_text=_("For search engines and aggregators. Leave empty when nobody knows, as with an anonymous account."),
    )
    job_title = models.CharField(
        _("office or description"), max_length=200, blank=True, help_text=_("“Senator”, “news site”.")
    )
    aliases = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        verbose_name=_("aliases"),
        help_text=_("Other spellings and names, separated by commas: used to find this claimant."),
    )
    same_as = ArrayField(
        models.URLField(max_length=500),
        default=list,
        blank=True,
        verbose_name=_("same as"),
        help_text=_("Full addresses that identify them (Wikidata, Wikipedia, home page), separated by commas."),
    )
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    objects = ClaimantQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("claimant")
        verbose_name_plural = _("claimants")
        indexes = [
            # The desk's list, and the one to choose from: by name.
            models.Index(fields=["name", "id"], name="claims_claimant_by_name"),
        ]

    def __str__(self) -> str:
        # With the other names where people choose among claimants: ClaimantQuerySet.with_other_names().
        return getattr(self, "shown_name", "") or self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.slug = self.slug or unused_slug(Claimant, self.name, fallback="claimant")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("pages:claimant", args=[self.slug])


class ClaimantAccount(models.Model):
    claimant = models.ForeignKey(
        Claimant,
        verbose_name=_("claimant"),
        on_delete=models.CASCADE,
        related_name="accounts",
        help_text=_("Whose account it is."),
    )
    platform = models.CharField(_("platform"), max_length=40, help_text=_("facebook, instagram, telegram, …"))
    handle = models.CharField(_("handle"), max_length=200, blank=True, help_text=_("Without the @."))
    url = models.URLField(_("address"), max_length=2000, blank=True, help_text=_("Where the account can be seen."))

    class Meta:
        ordering = ["platform", "handle"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            # One account is one row, so that its audience is one series of figures.
            models.UniqueConstraint(fields=["claimant", "platform", "handle"], name="claims_account_once"),
        ]
        indexes = [
            # Whose account is this address or handle of? Hashed, because an address may be longer than a B-tree bears.
            HashIndex(Lower("url"), name="claims_account_by_address"),
            models.Index(Lower("handle"), name="claims_account_by_handle"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.handle}".strip()


class AudienceFigure(models.Model):
    """How many followers an account had on a day: reach at the time, not today's."""

    account = models.ForeignKey(
        ClaimantAccount,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="audience_figures",
        help_text=_("Which account the figure is of."),
    )
    followers = models.PositiveBigIntegerField(
        _("followers"), help_text=_("Followers or subscribers on that day, as a whole number.")
    )
    measured_on = models.DateField(_("on"), help_text=_("The day the figure was true."))
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text=_("Where the figure is from."),
    )

    class Meta:
        ordering = ["-measured_on"]
        verbose_name = _("audience figure")
        verbose_name_plural = _("audience figures")
        constraints = [
            # Two figures for one day would contradict each other.
            models.UniqueConstraint(fields=["account", "measured_on"], name="claims_audience_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.followers} ({self.measured_on})"


def unused_slug(model: type[models.Model], text: str, *, fallback: str) -> str:
    """A slug no row of this model has yet: the second “John Smith” becomes john-smith-2."""
    base = make_slug(text, fallback=fallback)
    slug, number = base, 1
    while model._default_manager.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug
