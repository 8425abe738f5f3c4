from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import Tone


class RatingScale(models.Model):
    """The words a newsroom rates with. Worst and best bound its numbers (1 and 5 on the default scale)."""

    code = models.SlugField(_("code"), unique=True, help_text=_("Short, of Latin letters; never change it once used."))
    name = models.CharField(_("name"), max_length=100, help_text=_("What the desk calls the scale."))
    worst = models.PositiveSmallIntegerField(
        _("worst"), default=1, help_text=_("The number that means false: 1 or above.")
    )
    best = models.PositiveSmallIntegerField(
        _("best"), default=5, help_text=_("The number that means true: above the worst.")
    )

    class Meta:
        constraints = [
            # ClaimReview (CR4): worst >= 1 and worst < best.
            models.CheckConstraint(
                name="claims_scale_runs_upwards",
                condition=Q(worst__gte=1) & Q(best__gt=models.F("worst")),
                violation_error_message=_("The worst value is at least 1 and below the best: truer is higher."),
            ),
        ]
        verbose_name = _("rating scale")
        verbose_name_plural = _("rating scales")

    def __str__(self) -> str:
        return self.name


class Rating(models.Model):
    scale = models.ForeignKey(
        RatingScale,
        verbose_name=_("scale"),
        on_delete=models.PROTECT,
        related_name="ratings",
        help_text=_("Which scale the number belongs to."),
    )
    code = models.SlugField(_("code"), unique=True, help_text=_("Used in the feed; never change it once used."))
    name = models.CharField(_("name"), max_length=60, help_text=_("The word readers see."))
    name_translations = models.JSONField(
        _("name in other languages"),
        default=dict,
        blank=True,
        help_text=_('For example {"ru": "Ложь", "kk": "Жалған"}.'),
    )
    value = models.PositiveSmallIntegerField(
        _("value"),
        null=True,
        blank=True,
        help_text=_("1 is false, 5 is true. Empty for ratings without a truth value: no number is published for them."),
    )
    meaning = models.TextField(_("meaning"), help_text=_("One or two sentences for the methodology page."))
    tone = models.CharField(
        _("tone"),
        max_length=20,
        choices=Tone.choices,
        default=Tone.NONE,
        help_text=_("The shape and colour readers see beside the word."),
    )
    is_active = models.BooleanField(_("in use"), default=True, help_text=_("Switch off instead of deleting."))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers come first, in menus and on the methodology page.")
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            # ClaimReview (CR4): no zero, no minus one; "unproven" has no number at all (CW10).
            models.CheckConstraint(
                name="claims_rating_value_from_one",
                condition=Q(value__isnull=True) | Q(value__gte=1),
                violation_error_message=_("A rating's value is 1 or more, or empty when it has no truth value."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_truth_value(self) -> bool:
        return self.value is not None
