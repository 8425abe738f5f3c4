from .archive import Snapshot, Upload
from .history import TEXT_CHANGES, SourceChange, SourceCheck
from .host import HostTurn, RobotsFile
from .source import FormerUrl, Source

__all__ = [
    "TEXT_CHANGES",
    "FormerUrl",
    "HostTurn",
    "RobotsFile",
    "Snapshot",
    "Source",
    "SourceChange",
    "SourceCheck",
    "Upload",
]
