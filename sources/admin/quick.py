"""Lists that open as quickly with a million rows as with a thousand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.paginator import InfinitePaginator

from sources.finding import first_keys, values_of

# Of a column's values, as many as a filter names.
NAMED = 50


class KeysFirst(InfinitePaginator):  # type: ignore[misc]
    """Never counts. Finds the keys of a page first, in the list's order, from an index where there is one.

    What the list shows beside is then looked up for the rows of the page alone.
    """

    def page(self, number: int | str) -> Any:
        place = self.validate_number(number)
        begin = (place - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[begin : begin + self.per_page])
        return self._get_page(self.object_list.filter(pk__in=keys), place, self)


class Quick:
    """For a ModelAdmin. `search_order`: in which the first rows are found, one that an index holds."""

    paginator: Any = KeysFirst
    show_full_result_count = False
    search_order: Sequence[str] = ("-pk",)

    def searched(self, request: HttpRequest, text: str) -> list[QuerySet[Any]] | None:
        """The rows found, one query for each way to find them; None: by the columns of search_fields, for short tables.

        Each is asked for by itself, so that each has its index.
        """
        return None

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.replace("\x00", "").strip()
        ways = self.searched(request, text) if text else None
        if ways is None:
            found: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, text)  # type: ignore[misc]
            return found
        keys = {key: None for rows in ways for key in first_keys(rows, self.search_order)}
        return queryset.filter(pk__in=list(keys)), False


class ByValue(SimpleListFilter):
    """By a column of free text that holds few different values, and that an index begins with."""

    column = ""

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.parameter_name = self.column
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, value) for value in values_of(model_admin.model, self.column, most=NAMED) if value]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = (self.value() or "").replace("\x00", "")
        return queryset.filter(**{self.column: value}) if value else queryset
