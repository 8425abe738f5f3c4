"""A migration of wordings alters nothing that the database stores."""

from __future__ import annotations

from typing import Any

from django.db.migrations import AlterField, AlterModelOptions
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models import Field

from sources.wordings import Wordings


def stored(field: Field[Any, Any]) -> tuple[Any, ...]:
    _name, path, arguments, options = field.deconstruct()
    kept = {key: value for key, value in options.items() if key not in field.non_db_attrs}
    if "base_field" in kept:
        kept["base_field"] = stored(kept["base_field"])
    return path, list(arguments), kept


def test_wordings_alter_only_what_python_knows() -> None:
    loader = MigrationLoader(None)
    state, altered = ProjectState(), 0
    for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.graph.nodes[key]
        for operation in migration.operations:
            if isinstance(operation, Wordings):
                for inner in operation.state_operations:
                    assert isinstance(inner, AlterField | AlterModelOptions), (key, inner)
                    if isinstance(inner, AlterField):
                        model = state.models[key[0], inner.model_name_lower]
                        assert stored(model.fields[inner.name]) == stored(inner.field), (key, inner)
                        altered += 1
                    inner.state_forwards(key[0], state)
            else:
                operation.state_forwards(key[0], state)
    assert altered > 200
