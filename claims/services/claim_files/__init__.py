"""A table of claims: brought, looked through without writing anything, then logged as a whole or not at all."""

from claims.services.claim_files.bringing import bring_claim_file, give_up_claim_file, log_claim_file
from claims.services.claim_files.working import forget_claim_files, work_on_claim_file, work_on_claim_files

__all__ = [
    "bring_claim_file",
    "forget_claim_files",
    "give_up_claim_file",
    "log_claim_file",
    "work_on_claim_file",
    "work_on_claim_files",
]
