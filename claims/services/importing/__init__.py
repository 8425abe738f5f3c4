"""Store what claims.importing reads: reviews by others, and verdicts of our own past.

Read in this order: sources (what was given), running (batches, resuming), reviews (by others) with copying, labels
(what their words mean), own (which of our past becomes a verdict), lint, publishing (many verdicts at once).
"""

from claims.services.importing.running import (
    Progress,
    begin_import,
    interrupted_import,
    preview_import,
    run_import,
)

__all__ = ["Progress", "begin_import", "interrupted_import", "preview_import", "run_import"]
