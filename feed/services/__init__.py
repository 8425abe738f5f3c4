"""Every change of the feed's own tables goes through one of these. Each is atomic and leaves a record."""

from feed.services.contacting import mail_contacts
from feed.services.endpoints import (
    SecretLost,
    add_endpoint,
    change_endpoint,
    pause_endpoint,
    resume_endpoint,
    rotate_secret,
    try_now,
)
from feed.services.erasing import blank_withheld_answers
from feed.services.keys import change_key, create_key, note_use, revoke_key
from feed.services.mending import mend_lanes
from feed.services.pinging import ping
from feed.services.pruning import prune_deliveries
from feed.services.queueing import queue_deliveries
from feed.services.returning import redeliver, replay
from feed.services.sending import send_due_deliveries
from feed.services.telling import watch_webhooks

__all__ = [
    "SecretLost",
    "add_endpoint",
    "blank_withheld_answers",
    "change_endpoint",
    "change_key",
    "create_key",
    "mail_contacts",
    "mend_lanes",
    "note_use",
    "pause_endpoint",
    "ping",
    "prune_deliveries",
    "queue_deliveries",
    "redeliver",
    "replay",
    "resume_endpoint",
    "revoke_key",
    "rotate_secret",
    "send_due_deliveries",
    "try_now",
    "watch_webhooks",
]
