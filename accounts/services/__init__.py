"""Every change of an account goes through one of these; each is atomic."""

from accounts.services.asking import ask_for_reset
from accounts.services.factors import (
    address_for_app,
    administrators_without,
    codes_left,
    give_up,
    has_second_factor,
    new_secret,
    renew_codes,
    reset_second_factor,
    set_up,
)
from accounts.services.forgetting import forget_old
from accounts.services.inviting import accept, check_free, invite, may_give, revoke_invitation, send_again
from accounts.services.letters import send_letters
from accounts.services.links import address_of, invitation_of
from accounts.services.people import (
    ask_for_address,
    change_byline,
    check_person,
    confirm_address,
    password_was_set,
    save_person,
    set_password,
)
from accounts.services.sessions import (
    SEEN_EVERY,
    begin_session,
    end_session,
    end_sessions,
    move_session,
    note_session,
    remember_device,
    sessions_of,
)
from accounts.services.signing_in import check_password, check_token

__all__ = [
    "SEEN_EVERY",
    "accept",
    "address_for_app",
    "address_of",
    "administrators_without",
    "ask_for_address",
    "ask_for_reset",
    "begin_session",
    "change_byline",
    "check_free",
    "check_password",
    "check_person",
    "check_token",
    "codes_left",
    "confirm_address",
    "end_session",
    "end_sessions",
    "forget_old",
    "give_up",
    "has_second_factor",
    "invitation_of",
    "invite",
    "may_give",
    "move_session",
    "new_secret",
    "note_session",
    "password_was_set",
    "remember_device",
    "renew_codes",
    "reset_second_factor",
    "revoke_invitation",
    "save_person",
    "send_again",
    "send_letters",
    "sessions_of",
    "set_password",
    "set_up",
]
