"""A number somebody claimed or found, as words and as a range."""

from decimal import Decimal
from typing import TypedDict

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class QuantityData(TypedDict):
    """As the public document shows it; numbers are decimal strings so that no reader rounds them."""

    as_stated: str
    low: str | None
    high: str | None
    unit: str


def plain(number: Decimal | None) -> str | None:
    """A decimal without exponent or trailing zeros: Decimal('2000.0000') -> '2000'."""
    if number is None:
        return None
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class WithQuantity(models.Model):
    quantity_as_stated = models.CharField(
        _("quantity as stated"),
        max_length=200,
        blank=True,
        help_text=_("The words themselves, e.g. “thousands of protesters”. Leave empty when no number is claimed."),
    )
    quantity_low = models.DecimalField(
        _("lowest value"),
        max_digits=24,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("The smallest number these words allow: “thousands” begins at 2000."),
    )
    quantity_high = models.DecimalField(
        _("highest value"),
        max_digits=24,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("The largest number these words allow; empty when there is no upper bound."),
    )
    quantity_unit = models.CharField(
        _("unit"), max_length=60, blank=True, help_text=_("What is counted: people, %, views a day.")
    )

    class Meta:
        abstract = True

    @property
    def quantity(self) -> QuantityData | None:
        if not self.quantity_as_stated and self.quantity_low is None and self.quantity_high is None:
            return None
        return {
            "as_stated": self.quantity_as_stated,
            "low": plain(self.quantity_low),
            "high": plain(self.quantity_high),
            "unit": self.quantity_unit,
        }


def quantity_in_order(name: str) -> models.CheckConstraint:
    """A range never runs backwards, whoever writes it."""
    return models.CheckConstraint(
        name=name,
        condition=Q(quantity_low__isnull=True)
        | Q(quantity_high__isnull=True)
        | Q(quantity_low__lte=F("quantity_high")),
        violation_error_message=_("The lowest value is above the highest: swap the two."),
    )
