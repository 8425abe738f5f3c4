"""The desk's view of sources: look, name, settle, ask for a visit. Visits write everything else."""

from .history import SnapshotAdmin, SourceCheckAdmin, UploadAdmin
from .sources import SourceAdmin

__all__ = ["SnapshotAdmin", "SourceAdmin", "SourceCheckAdmin", "UploadAdmin"]
