"""Every change of the domain goes through one of these. Each is atomic and leaves a record."""

from claims.services.alarms import raise_alarms
from claims.services.amending import (
    change_appearance,
    change_evidence,
    remove_appearance,
    remove_translation,
    requote,
    save_translation,
)
from claims.services.braking import dismiss_hold, release_hold
from claims.services.bulk import add_topic_to_all, assign_all, set_look_again_on_all
from claims.services.checklist import tick_checklist
from claims.services.claim_files import (
    bring_claim_file,
    forget_claim_files,
    give_up_claim_file,
    log_claim_file,
    work_on_claim_file,
    work_on_claim_files,
)
from claims.services.comparing import changes_since_published, unpublished_changes
from claims.services.contacts import forget_contacts, note_contact
from claims.services.digest import send_digests
from claims.services.documents import (
    document_of_version,
    documents_are_outdated,
    preview_document,
    rebuild_documents,
    stale_documents,
    store_documents,
)
from claims.services.drafting import assign, save_draft, send_back, submit_for_review
from claims.services.drift import assess_changes
from claims.services.evidence import attach_evidence, drop_evidence
from claims.services.exporting import record_export
from claims.services.history import append_events
from claims.services.importing import begin_import, interrupted_import, preview_import, run_import
from claims.services.importing.labels import remap_reviews, remove_label, save_label
from claims.services.intake import add_appearances, register_page
from claims.services.joining import join_twin
from claims.services.languages import choose_language, speaking_to
from claims.services.linking import link_review, unlink_review
from claims.services.logging_claims import add_appearance, log_claim, update_claim
from claims.services.looking_again import confirm_again, set_look_again, tell_of_due_looks
from claims.services.mailing import send_notices
from claims.services.matching import count_shares
from claims.services.notes import add_note, strike_note
from claims.services.notices import mark_read
from claims.services.passages import Picked, attach_passage, attach_passages, watch_page
from claims.services.preferences import choose_ways, forget_ways, switch_mail, told_how
from claims.services.presence import leave, note_presence
from claims.services.public_changes import announce_name_changes, announce_update, note_name_change
from claims.services.publishing import approve_and_publish
from claims.services.readers import (
    TooManyMessages,
    answer_message,
    dismiss_message,
    link_message,
    look_again_for,
    receive_message,
    take_message,
)
from claims.services.readiness import lint_draft, what_is_missing
from claims.services.reading import begin_reading, drop_draft, stop_reading
from claims.services.record import delete_on_record, save_on_record
from claims.services.removing import remove_claim
from claims.services.reviewing import (
    confirm_verdict,
    correct_verdict,
    look_again,
    reopen_verdict,
    retract_verdict,
)
from claims.services.telling import tell_of_look_again, tell_of_mention
from claims.services.unsaved import KEPT_FOR, discard_words, forget_old_words, keep_words
from claims.services.verifying import verify_history
from claims.services.withholding import (
    confirm_withholding,
    erase_withheld_files,
    propose_withholding,
    withdraw_withholding,
)
from claims.services.words import write_claimant_words, write_due_words

__all__ = [
    "join_twin",
    "count_shares",
    "KEPT_FOR",
    "Picked",
    "TooManyMessages",
    "add_appearance",
    "add_appearances",
    "announce_name_changes",
    "announce_update",
    "add_note",
    "add_topic_to_all",
    "assign_all",
    "set_look_again_on_all",
    "answer_message",
    "append_events",
    "confirm_again",
    "forget_claim_files",
    "forget_contacts",
    "note_contact",
    "set_look_again",
    "strike_note",
    "tell_of_due_looks",
    "approve_and_publish",
    "assess_changes",
    "assign",
    "attach_evidence",
    "attach_passage",
    "attach_passages",
    "begin_import",
    "begin_reading",
    "change_appearance",
    "change_evidence",
    "bring_claim_file",
    "changes_since_published",
    "choose_language",
    "choose_ways",
    "confirm_verdict",
    "confirm_withholding",
    "correct_verdict",
    "delete_on_record",
    "discard_words",
    "dismiss_hold",
    "dismiss_message",
    "document_of_version",
    "documents_are_outdated",
    "drop_draft",
    "drop_evidence",
    "forget_ways",
    "erase_withheld_files",
    "give_up_claim_file",
    "forget_old_words",
    "interrupted_import",
    "keep_words",
    "leave",
    "link_message",
    "link_review",
    "lint_draft",
    "log_claim",
    "log_claim_file",
    "look_again",
    "look_again_for",
    "mark_read",
    "note_name_change",
    "note_presence",
    "preview_document",
    "preview_import",
    "propose_withholding",
    "raise_alarms",
    "receive_message",
    "rebuild_documents",
    "record_export",
    "register_page",
    "release_hold",
    "remap_reviews",
    "remove_appearance",
    "remove_claim",
    "remove_label",
    "remove_translation",
    "reopen_verdict",
    "requote",
    "retract_verdict",
    "run_import",
    "save_draft",
    "save_label",
    "save_on_record",
    "save_translation",
    "send_back",
    "send_digests",
    "send_notices",
    "speaking_to",
    "stale_documents",
    "stop_reading",
    "store_documents",
    "submit_for_review",
    "switch_mail",
    "take_message",
    "tell_of_look_again",
    "tell_of_mention",
    "told_how",
    "tick_checklist",
    "unlink_review",
    "unpublished_changes",
    "update_claim",
    "verify_history",
    "watch_page",
    "what_is_missing",
    "withdraw_withholding",
    "work_on_claim_file",
    "work_on_claim_files",
    "write_claimant_words",
    "write_due_words",
]
