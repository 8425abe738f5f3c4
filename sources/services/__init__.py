"""Everything that changes a source. Import from here."""

from .documents import Document, NotFetched, fetch_document
from .erasing import BLANKED, delete_files, erase_captures, erasure_allowed, unused_files
from .mending import mend_dates
from .pinning import pin, unpin
from .probing import probe_missing_pages
from .reextracting import reextract_snapshots
from .registering import register_source, register_sources
from .rolling_up import roll_up_checks
from .scheduling import end_leases, make_due
from .sweeping import SWEEP_TIME, recheck_due_sources, sweep
from .uploading import store_upload
from .visiting import visit_sources

__all__ = [
    "BLANKED",
    "SWEEP_TIME",
    "Document",
    "NotFetched",
    "delete_files",
    "end_leases",
    "erase_captures",
    "erasure_allowed",
    "fetch_document",
    "make_due",
    "mend_dates",
    "pin",
    "probe_missing_pages",
    "recheck_due_sources",
    "reextract_snapshots",
    "register_source",
    "register_sources",
    "roll_up_checks",
    "store_upload",
    "sweep",
    "unpin",
    "unused_files",
    "visit_sources",
]
