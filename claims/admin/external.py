"""Reviews by others, linked to our claims by people; what their words mean; and the imports that brought them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from claims import services
from claims.admin.base import DeskAdmin, ModelForm, ReadOnlyAdmin, person
from claims.admin.records import _as_lines, name_in
from claims.importing.labels import label_key
from claims.models import ExternalReview, ImportRun, Rating, RatingLabel

LONGEST_CLAIM = 120


class InOurWords(SimpleListFilter):
    title = _("in our words")
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("No rating of ours")), *((row.code, row.name) for row in Rating.objects.all())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ExternalReview]) -> QuerySet[ExternalReview]:
        if self.value() == "none":
            return queryset.filter(rating__isnull=True)
        return (
            queryset.filter(rating=Rating.objects.filter(code=self.value()).first() or 0) if self.value() else queryset
        )


class Publisher(SimpleListFilter):
    """One publisher's reviews. There may be very many publishers: the search and each review lead here."""

    title = _("site")
    parameter_name = "site"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        site = request.GET.get(self.parameter_name, "")
        return [(site, site)] if site else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[ExternalReview]) -> QuerySet[ExternalReview]:
        site = (self.value() or "").replace("\x00", "")
        return queryset.filter(publisher_site=site) if site else queryset


@admin.register(ExternalReview)
class ExternalReviewAdmin(DeskAdmin):
    list_display = ("claim", "site", "rating_label", "rating", "published_at", "is_linked", "withdrawn_at")
    list_filter = (
        InOurWords,
        Publisher,
        ("linked_claim", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
        "taken_from",
    )
    list_select_related = ("rating",)
    search_fields = ("search_text",)
    sortable_by = ("site",)
    search_help_text = _("Words of the claim, the headline, the claimant or the publisher")
    autocomplete_fields = ("linked_claim",)
    fields = (
        "claim_text", "headline", "address", "publisher", "rating_label", "numbers", "rating", "claimant", "made_on",
        "published_at", "modified_at", "language", "seen_at", "linked_claim", "who_linked", "linked_at",
        "withdrawn_at", "taken_from", "run", "first_seen", "last_seen", "changed_at", "as_it_arrived",
    )  # fmt: skip
    who_linked = name_in("linked_by", _("linked by"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Their words are theirs: people here only link."""
        return tuple(name for name in self.fields if name != "linked_claim")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[ExternalReview]]:
        """By whole words and their beginnings."""
        return [ExternalReview.objects.matching(text)]

    def save_model(self, request: HttpRequest, obj: ExternalReview, form: Any, change: bool) -> None:
        if "linked_claim" not in form.changed_data:
            return
        if obj.linked_claim is None:
            services.unlink_review(obj, by=person(request))
        else:
            services.link_review(obj, obj.linked_claim, by=person(request))

    @admin.display(description=_("claim"), ordering="claim_text")
    def claim(self, review: ExternalReview) -> str:
        return Truncator(review.claim_text).chars(LONGEST_CLAIM)

    @admin.display(description=_("site"), ordering="publisher_site")
    def site(self, review: ExternalReview) -> SafeString:
        return format_html('<a href="?site={0}">{0}</a>', review.publisher_site)

    @admin.display(description=_("linked"), boolean=True)
    def is_linked(self, review: ExternalReview) -> bool:
        return review.linked_claim_id is not None

    @admin.display(description=_("address"))
    def address(self, review: ExternalReview) -> SafeString:
        return _link(review.url)

    @admin.display(description=_("publisher"))
    def publisher(self, review: ExternalReview) -> str:
        return f"{review.publisher_name} ({review.publisher_site})"

    @admin.display(description=_("their numbers"))
    def numbers(self, review: ExternalReview) -> str:
        """As written; they decide nothing."""
        if not review.rating_value:
            return ""
        return f"{review.rating_value} ({review.rating_worst or '?'} to {review.rating_best or '?'})"

    @admin.display(description=_("seen at"))
    def seen_at(self, review: ExternalReview) -> SafeString:
        return format_html_join("", "{}<br>", ((_link(url),) for url in review.appearances))

    @admin.display(description=_("as it arrived"))
    def as_it_arrived(self, review: ExternalReview) -> SafeString:
        return _as_lines(review.raw)


def _link(url: str) -> SafeString:
    """An address from somebody else's data; http(s) alone is ever taken in."""
    return format_html('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>', url)


class RatingLabelForm(ModelForm):
    class Meta:
        model = RatingLabel
        fields = ("label", "publisher_site", "language", "rating")

    def clean_label(self) -> str:
        label = str(self.cleaned_data["label"])
        if not label_key(label):
            raise forms.ValidationError(_("Write the label with letters or digits."))
        return label

    def _get_validation_exclusions(self) -> set[str]:
        """The key comes from the label: whether the row is there already is told beside the form."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"key"}


@admin.register(RatingLabel)
class RatingLabelAdmin(DeskAdmin):
    form = RatingLabelForm
    list_display = ("label", "publisher_site", "language", "rating")
    list_filter = (("publisher_site", admin.EmptyFieldListFilter), "rating")
    list_select_related = ("rating",)
    search_fields = ("label", "key", "publisher_site")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("claims.delete_ratinglabel")

    def save_model(self, request: HttpRequest, obj: RatingLabel, form: Any, change: bool) -> None:
        self._tell(request, services.save_label(obj, by=person(request)))

    def delete_model(self, request: HttpRequest, obj: RatingLabel) -> None:
        self._tell(request, services.remove_label(obj, by=person(request)))

    def _tell(self, request: HttpRequest, changed: int) -> None:
        words = ngettext(
            "%d review by others has another rating of ours now.",
            "%d reviews by others have another rating of ours now.",
            changed,
        )
        messages.info(request, words % changed)


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = (
        "source", "own", "started_at", "finished_at", "new", "changed", "unchanged", "withdrawn", "repeated", "skipped",
    )  # fmt: skip
    list_filter = ("own", ("finished_at", admin.EmptyFieldListFilter))
    search_fields = ("source", "started_by")
    fields = (
        "source", "own", "started_by", "started_at", "progressed_at", "finished_at", "how_far", "new", "changed",
        "unchanged", "withdrawn", "repeated", "skipped", "what_was_skipped",
    )  # fmt: skip
    readonly_fields = ("how_far", "what_was_skipped")

    @admin.display(description=_("how far"))
    def how_far(self, run: ImportRun) -> str:
        if run.is_finished:
            return str(_("to its end"))
        return f"{run.position_source}: {localize(run.position_items)}"

    @admin.display(description=_("what was skipped, and why"))
    def what_was_skipped(self, run: ImportRun) -> SafeString:
        return format_html_join(
            "", "<p>{}: {} {}</p>", ((one["where"], one["reason"], one["url"]) for one in run.skipped_items)
        )
