"""What can be found by its words."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models


class Searchable(models.Model):
    """Rows with words. Whoever writes a row sets `search_text` to claims.rendering.search_words.searchable(…)."""

    search_text = models.TextField(blank=True, editable=False)
    # Made by PostgreSQL, so that no way of writing a row forgets it. "simple" changes nothing: the words are ready.
    search_vector = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            # Search: which rows hold these words?
            GinIndex(fields=["search_vector"], name="%(app_label)s_%(class)s_words"),
        ]
