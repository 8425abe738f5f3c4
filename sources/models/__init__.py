from .archive import Extraction, Snapshot, Upload
from .history import TEXT_CHANGES, CheckSummary, RollUpPosition, SourceChange, SourceCheck
from .host import HostTurn, MissingPage, RobotsFile
from .source import FormerUrl, Source

__all__ = [
    "TEXT_CHANGES",
    "CheckSummary",
    "Extraction",
    "FormerUrl",
    "HostTurn",
    "MissingPage",
    "RobotsFile",
    "RollUpPosition",
    "Snapshot",
    "Source",
    "SourceChange",
    "SourceCheck",
    "Upload",
]
