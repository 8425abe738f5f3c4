"""Pages of the site that the newsroom writes itself."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.choices import SitePageName


def page_languages() -> list[tuple[str, str]]:
    """Asked for anew each time, so that a newsroom that adds a language needs no migration."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class SitePage(models.Model):
    """What the newsroom says of itself on one page, in one language. Without a row the page says what is missing."""

    name = models.CharField(
        _("page"), max_length=12, choices=SitePageName.choices,
        help_text=_("What the software knows stands on the page in any case; this text comes before it."),
    )  # fmt: skip
    language = models.CharField(
        _("language"), max_length=12, choices=page_languages,
        help_text=_("Readers of a language without a text of its own see the English one."),
    )  # fmt: skip
    text = models.TextField(
        _("text"),
        validators=[MaxLengthValidator(30_000)],
        help_text=_(
            "Becomes public as soon as it is saved. Markdown, as in explanations: ## for headings, a blank line"
            " between paragraphs, - for lists, [words](https://…) for links. Every change is on record."
        ),
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["name", "language"]
        verbose_name = _("page about the newsroom")
        verbose_name_plural = _("pages about the newsroom")
        constraints = [
            # One text per page and language.
            models.UniqueConstraint(
                fields=["name", "language"],
                name="claims_site_page_once",
                violation_error_message=_("This page has a text in this language: change that one."),
            ),
            # A page without words would hide the built-in one.
            models.CheckConstraint(name="claims_site_page_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="claims_site_page_is_known", condition=Q(name__in=SitePageName.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} ({self.language})"
