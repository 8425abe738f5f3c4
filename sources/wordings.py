"""What a migration changes in Python alone: labels, help texts, choices."""

from typing import Any

from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class Wordings(SeparateDatabaseAndState):
    """Alterations that leave the database as it is.

    Django draws every related model anew after each of them, which took a third of the time of a first start; here all
    are drawn once, when the next migration needs them.
    """

    def __init__(self, operations: list[Any]) -> None:
        super().__init__(state_operations=operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.state_operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing: what is altered is not stored."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing either."""
