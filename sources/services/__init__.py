"""Everything that changes a source. Import from here."""

from .pinning import pin, unpin
from .registering import register_source
from .scheduling import end_leases, make_due
from .sweeping import recheck_due_sources
from .uploading import store_upload
from .visiting import visit_sources

__all__ = [
    "end_leases",
    "make_due",
    "pin",
    "recheck_due_sources",
    "register_source",
    "store_upload",
    "unpin",
    "visit_sources",
]
