"""Questions the desk's list answers at a click."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from claims.admin.base import person
from claims.admin.places import LOGGED, PLACES
from claims.models import Claim, ClaimFile, Draft, Evidence, Rating
from sources.admin.quick import ByValue
from sources.finding import is_id
from sources.models import Source

# Of a source's title or address, what the list of filters shows.
LONGEST_NAME = 60
# Quotes that are not on their page, of the newest claims: the list shows no more than these.
MOST_DISTURBED = 5_000


def disturbed_evidence() -> QuerySet[Evidence]:
    """Evidence of the claim in the outer query whose passage changed or is gone."""
    return Evidence.objects.attached().disturbed().filter(claim=OuterRef("pk"))


# Work nobody has taken: logged and not begun, or a draft without a person that nobody reads in review.
NOBODYS = LOGGED | Q(Exists(Draft.objects.nobodys().filter(claim=OuterRef("pk"))))


class PlaceFilter(SimpleListFilter):
    title = _("place in the workflow")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(place.key, place.label) for place in PLACES.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        place = PLACES.get(self.value() or "")
        return queryset.filter(place.condition) if place else queryset


class WhoFilter(SimpleListFilter):
    title = _("who has it")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("me", _("I have it")), ("nobody", _("Nobody has it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.value() == "me":
            return queryset.filter(draft__assigned_to=person(request))
        if self.value() == "nobody":
            return queryset.filter(NOBODYS)
        return queryset


class DisturbedFilter(SimpleListFilter):
    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("disturbed", _("A quote is not on its page"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        if self.value() != "disturbed":
            return queryset
        # Few among many: found from their own index, not by looking through the claims.
        rows = Evidence.objects.attached().disturbed().order_by("-claim").values_list("claim", flat=True)
        return queryset.filter(pk__in=list(rows[:MOST_DISTURBED]))


class SourceFilter(SimpleListFilter):
    """Claims with evidence from one page. There may be very many pages: their own pages lead here."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        key = request.GET.get(self.parameter_name, "")
        source = Source.objects.filter(pk=key).first() if is_id(key) else None
        return [(key, Truncator(str(source)).chars(LONGEST_NAME))] if source else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        key = self.value() or ""
        if not is_id(key):
            return queryset
        return queryset.filter(Exists(Evidence.objects.filter(claim=OuterRef("pk"), source=int(key))))


class FileFilter(SimpleListFilter):
    """Claims that came in one file: its page leads here."""

    title = _("file of claims")
    parameter_name = "file"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        key = request.GET.get(self.parameter_name, "")
        file = ClaimFile.objects.only("name").filter(pk=key).first() if is_id(key) else None
        return [(key, Truncator(str(file)).chars(LONGEST_NAME))] if file else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        key = self.value() or ""
        return queryset.filter(filed__file=int(key)) if is_id(key) else queryset


class LanguageFilter(ByValue):
    title = _("language")
    column = "language"


class RatingFilter(SimpleListFilter):
    title = _("rating")
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(rating.code, rating.name) for rating in Rating.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> QuerySet[Claim]:
        code = self.value()
        if not code:
            return queryset
        rating = Rating.objects.filter(code=code).first()
        return queryset.filter(
            Q(verdict__current_version__rating=rating)
            | Q(verdict__isnull=True, draft__isnull=False, draft__rating=rating)
            if rating
            else Q(pk__in=[])
        )
