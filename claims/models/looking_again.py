from django.db import models
from django.utils.translation import gettext_lazy as _


class LookedAtAgain(models.Model):
    """A person set the day on which the desk asks somebody to look again. Never public, and no machine acts on it."""

    look_again_on = models.DateField(
        _("look again on"), null=True, blank=True, help_text=_("The day on which somebody should look again.")
    )
    look_again_why = models.TextField(
        _("why look again"), blank=True, default="", db_default="", help_text=_("For colleagues: what to look for.")
    )
    look_again_told_at = models.DateTimeField(_("told to look again"), null=True, blank=True)

    class Meta:
        abstract = True
