"""What services refuse with, besides django's ValidationError for input that can be mended in place."""


class NotAllowed(Exception):
    """This person may not do this now. The text says why and who could."""


class EditConflict(Exception):
    """Somebody else saved first. `changed` names what differs, so that the second person loses nothing."""

    def __init__(self, message: str, *, changed: list[str]) -> None:
        super().__init__(message)
        self.changed = changed
