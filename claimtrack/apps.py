from django.apps import AppConfig


class ClaimtrackConfig(AppConfig):
    """The wiring: system checks and operators' commands. No models."""

    name = "claimtrack"

    def ready(self) -> None:
        from claimtrack import checks  # noqa: F401  (importing registers them)
