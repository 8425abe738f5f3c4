from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim
from claims.models.identity import is_language_tag, language_is_a_tag


class Translation(models.Model):
    """A verdict's text in another language. Belongs to one version: a later correction makes it visibly older."""

    claim = models.ForeignKey(Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(
        _("language"), max_length=12, validators=[is_language_tag], help_text=_("Language code such as en, ru or kk.")
    )
    of_version = models.PositiveIntegerField(
        _("of version"), help_text=_("Which version of the verdict was translated.")
    )
    claim_text = models.TextField(
        _("claim"), help_text=_("The claim in this language, as close to its words as can be.")
    )
    headline = models.CharField(_("headline"), max_length=200, help_text=_("What is true, in one line."))
    summary = models.TextField(_("answer"), help_text=_("One paragraph that says what is true and why."))
    explanation = models.TextField(_("explanation"), blank=True, help_text=_("Markdown."))
    translated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("translated by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
    )
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["language"]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint(fields=["claim", "language"], name="claims_translation_once"),
            language_is_a_tag("claims_translation_language_is_a_tag"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.headline}"
