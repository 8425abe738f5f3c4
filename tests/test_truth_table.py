"""Who may take which step in which state: one table, held by the services, by the desk's buttons and by its forms.

A step that is added to the desk has to be added here; the test says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from claims import services
from claims.admin.actions import ACTIONS
from claims.admin.step_forms import stamp
from claims.choices import Role
from claims.errors import NotAllowed
from claims.models import Activity, Claim, Draft, User
from tests.desk import CLAIMS
from tests.make import make_claim, make_draft, make_evidence, make_offline_evidence, make_page_say, make_user

pytestmark = pytest.mark.django_db

# o observer · a fact-checker, the author · c fact-checker, another one · w reviewer who wrote in it ·
# r reviewer, another one · m administrator · s superuser whose role is observer
PEOPLE = "oacwrms"
NOBODY, CHECK, APPROVE, SECOND, RUN = "", "acwrms", "wrms", "rms", "ms"
STATES = (
    "logged", "assigned", "drafted", "in_review", "being_read", "sent_back", "published", "under_review",
    "retracted", "correction", "correction_in_review", "proposed", "withheld",
)  # fmt: skip

# Who may take the step in these states; in every other state nobody may. "a" has the claim in all of them.
TABLE: dict[str, dict[str, str]] = {
    # Write the verdict, or go on with a correction.
    "draft": {
        "logged": CHECK, "assigned": CHECK, "drafted": CHECK, "sent_back": CHECK, "correction": CHECK,
    },
    # Whoever has it already is not offered it once more.
    "assign": {
        "logged": CHECK, "assigned": "cwrms", "drafted": "cwrms", "in_review": "cwrms", "being_read": "cwrms",
        "sent_back": "cwrms", "correction": "cwrms", "correction_in_review": "cwrms",
    },
    "submit": {"drafted": CHECK, "sent_back": CHECK, "correction": CHECK},
    "drop": {"assigned": CHECK, "drafted": CHECK, "sent_back": CHECK, "correction": CHECK},
    # What was never public.
    "remove": {"logged": RUN, "assigned": RUN, "drafted": RUN, "sent_back": RUN},
    # A reviewer, or whoever handed it in.
    "send-back": {"in_review": "awrms", "being_read": "awrms", "correction_in_review": "awrms"},
    # Nobody who had a hand in it.
    "approve": {"in_review": SECOND, "being_read": SECOND, "correction_in_review": SECOND},
    "read": {"in_review": SECOND, "correction_in_review": SECOND},
    "stop-reading": {"being_read": "r"},
    "confirm": {"under_review": CHECK},
    "look-again": {
        "published": CHECK, "correction": CHECK, "correction_in_review": CHECK, "proposed": CHECK,
    },
    "correct": {"published": CHECK, "under_review": CHECK, "proposed": CHECK},
    "reopen": {"retracted": CHECK},
    "retract": {
        "published": APPROVE, "under_review": APPROVE, "correction": APPROVE, "correction_in_review": APPROVE,
        "proposed": APPROVE,
    },
    # Looked again though nothing had changed; an open review is settled by "confirm".
    "stands": {"published": CHECK, "correction": CHECK, "correction_in_review": CHECK, "proposed": CHECK},
    "look-again-on": {
        "published": CHECK, "under_review": CHECK, "correction": CHECK, "correction_in_review": CHECK,
        "proposed": CHECK,
    },
    # Inside the newsroom, at any time but after the law had it blanked.
    "note": dict.fromkeys((state for state in STATES if state != "withheld"), CHECK),
    "contact": dict.fromkeys((state for state in STATES if state != "withheld"), CHECK),
    # "m" is the one who proposed it.
    "withhold": {
        "published": RUN, "under_review": RUN, "retracted": RUN, "correction": RUN, "correction_in_review": RUN,
    },
    "confirm-withholding": {"proposed": "wrs"},
    "withdraw-withholding": {"proposed": RUN},
}  # fmt: skip

# What each step's form is sent, and the service behind it.
Call = Callable[[Claim, User], Any]
SENT: dict[str, dict[str, str]] = {
    "draft": {"headline": "Another headline", "language": "en", "expected_revision": "1"},
    "send-back": {"because": "Mend it"},
    "approve": {"meanwhile": "on"},
    "confirm": {"note": "It stands"},
    "look-again": {"reason": "A reader asked"},
    "correct": {"kind": "minor", "reason": "A slip"},
    "reopen": {"reason": "We were right"},
    "retract": {"reason": "We were wrong"},
    "drop": {"reason": "Not worth it"},
    "remove": {"reason": "A test"},
    "stands": {"note": "It stands"},
    "look-again-on": {"on": "2099-01-01"},
    "note": {"text": "Mind the date"},
    "contact": {"via": "mail"},
    "withhold": {"legal_basis": "Court order 7", "reason": "The law"},
}
CALLS: dict[str, Call] = {
    "draft": lambda claim, by: services.save_draft(claim, by=by, headline=f"By {by}"),
    "assign": lambda claim, by: services.assign(claim, to=by, by=by),
    "submit": lambda claim, by: services.submit_for_review(_draft(claim), by=by),
    "drop": lambda claim, by: services.drop_draft(_draft(claim), by=by, reason="Not worth it"),
    "remove": lambda claim, by: services.remove_claim(claim, by=by, reason="A test"),
    "send-back": lambda claim, by: services.send_back(_draft(claim), by=by, because="Mend it"),
    "approve": lambda claim, by: services.approve_and_publish(_draft(claim), by=by),
    "read": lambda claim, by: services.begin_reading(_draft(claim), by=by),
    "stop-reading": lambda claim, by: services.stop_reading(_draft(claim), by=by),
    "confirm": lambda claim, by: services.confirm_verdict(claim, by=by, note="It stands"),
    "look-again": lambda claim, by: services.look_again(claim, by=by, reason="A reader asked"),
    "correct": lambda claim, by: services.correct_verdict(claim, by=by, kind="minor", reason="A slip"),
    "reopen": lambda claim, by: services.reopen_verdict(claim, by=by, reason="We were right"),
    "retract": lambda claim, by: services.retract_verdict(claim, by=by, reason="We were wrong"),
    "stands": lambda claim, by: services.confirm_again(claim, by=by, note="It stands"),
    "look-again-on": lambda claim, by: services.set_look_again(claim, by=by, on=date(2099, 1, 1)),
    "note": lambda claim, by: services.add_note(claim, by=by, text="Mind the date"),
    "contact": lambda claim, by: services.note_contact(claim, by=by, via="mail"),
    "withhold": lambda claim, by: services.propose_withholding(claim, by=by, reason="The law", legal_basis="Order 7"),
    "confirm-withholding": lambda claim, by: services.confirm_withholding(claim, by=by),
    "withdraw-withholding": lambda claim, by: services.withdraw_withholding(claim, by=by),
}
# The desk offers less than the service takes where the step again would do no harm, or another step says it better.
HARMLESS = {
    "assign": "logged assigned drafted in_review being_read sent_back correction correction_in_review",
    "submit": "in_review being_read correction_in_review",
    "read": "being_read",
    "correct": "retracted",
}


def _draft(claim: Claim) -> Draft:
    draft = Draft.objects.filter(claim=claim).first()
    if draft is None:
        raise NotAllowed("there is no draft")
    return draft


@pytest.fixture
def people() -> dict[str, User]:
    roles = {"o": "observer", "a": "fact_checker", "c": "fact_checker", "w": "reviewer", "r": "reviewer", "m": "admin"}
    made = {sign: make_user(f"person-{sign}", Role(role)) for sign, role in roles.items()}
    return made | {"s": make_user("person-s", Role.OBSERVER, is_superuser=True)}


def claim_in(state: str, people: dict[str, User]) -> Claim:
    """A claim in this state. "a" logged, wrote and handed in; "w" changed a sentence; a third reviewer published."""
    author, wrote, third = people["a"], people["w"], make_user("third", Role.REVIEWER)
    claim = make_claim(author)
    if state == "logged":
        return claim
    services.assign(claim, to=author, by=author)
    if state == "assigned":
        return claim
    _write(claim, author, wrote)
    if state == "drafted":
        return claim
    services.submit_for_review(_draft(claim), by=author)
    if state == "being_read":
        services.begin_reading(_draft(claim), by=people["r"])
    if state == "sent_back":
        services.send_back(_draft(claim), by=third, because="Mend it")
    if state in {"in_review", "being_read", "sent_back"}:
        return claim
    services.approve_and_publish(_draft(claim), by=third)
    _after_publication(state, claim, people)
    return claim


def _write(claim: Claim, author: User, wrote: User) -> None:
    make_offline_evidence(claim, author)
    evidence = make_evidence(claim, author, url=f"https://news.example/{claim.public_id}")
    assert evidence.source is not None
    make_page_say(evidence.source, f"{evidence.quote}.")
    services.assess_changes()
    make_draft(claim, author)
    services.save_draft(claim, by=wrote, summary="The police counted a few hundred. Nobody counted thousands.")


def _after_publication(state: str, claim: Claim, people: dict[str, User]) -> None:
    author, wrote = people["a"], people["w"]
    if state == "under_review":
        services.look_again(claim, by=author, reason="A reader asked")
    elif state == "retracted":
        services.retract_verdict(claim, by=wrote, reason="We were wrong")
    elif state in {"correction", "correction_in_review"}:
        services.correct_verdict(claim, by=author, kind="minor", reason="A slip")
        services.save_draft(claim, by=wrote, headline="Corrected headline")
        if state == "correction_in_review":
            services.submit_for_review(_draft(claim), by=author)
    elif state in {"proposed", "withheld"}:
        services.propose_withholding(claim, by=people["m"], reason="The law", legal_basis="Court order 7")
        if state == "withheld":
            services.confirm_withholding(claim, by=people["s"])


def may(step: str, state: str, sign: str) -> bool:
    return sign in TABLE[step].get(state, NOBODY)


class Undone(Exception):
    """Takes back what was tried."""


def works(call: Call, claim: Claim, by: User) -> bool:
    """Whether the service takes the step; nothing of it stays."""
    try:
        with transaction.atomic():
            call(Claim.objects.get(pk=claim.pk), by)
            raise Undone
    except (NotAllowed, ValidationError):
        return False
    except Undone:
        return True


def posted(step: str, claim: Claim, client: Client) -> bool:
    """Whether posting the step's form does anything; nothing of it stays."""
    fields = dict(SENT.get(step, {}))
    draft = Draft.objects.filter(claim=claim).first()
    if step == "approve":
        fields["read"] = stamp(draft) if draft else ""
    if "withhold" in step:
        fields["typed"] = claim.public_id
    if step == "draft" and draft:
        fields["expected_revision"] = str(draft.revision)
    before = Activity.objects.count()
    did = False
    try:
        with transaction.atomic():
            client.post(f"{CLAIMS}{claim.pk}/{step}/", fields)
            did = Activity.objects.count() > before
            raise Undone
    except Undone:
        return did


def test_every_step_of_the_desk_is_in_the_table() -> None:
    assert set(TABLE) == set(CALLS) == {"draft", *ACTIONS}
    assert {state for row in TABLE.values() for state in row} <= set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_the_services_let_exactly_these_people_take_the_step(state: str, people: dict[str, User]) -> None:
    claim = claim_in(state, people)
    for step, call in CALLS.items():
        for sign in PEOPLE:
            expected = may(step, state, sign)
            if not expected and state in HARMLESS.get(step, "").split() and people[sign].may_check:
                continue
            assert works(call, claim, people[sign]) == expected, f"{step}, {state}, {sign}"


@pytest.mark.parametrize("state", STATES)
def test_the_desk_shows_a_button_to_exactly_these_people(state: str, people: dict[str, User]) -> None:
    claim = claim_in(state, people)
    for sign in PEOPLE:
        client = Client()
        client.force_login(people[sign])
        shown = client.get(f"{CLAIMS}{claim.pk}/change/").content.decode()
        for step in TABLE:
            assert (f'"/admin/claims/claim/{claim.pk}/{step}/"' in shown) == may(step, state, sign), f"{step}, {sign}"


@pytest.mark.parametrize("state", STATES)
def test_the_desk_takes_a_form_from_those_who_may_and_from_no_other(state: str, people: dict[str, User]) -> None:
    """The services are held to the whole table; each form to one who may and one who may not, in turn."""
    claim = claim_in(state, people)
    for turn, step in enumerate(TABLE, start=STATES.index(state)):
        harmless = state in HARMLESS.get(step, "").split()
        those_who_may = TABLE[step].get(state, NOBODY)
        refused = [sign for sign in PEOPLE if sign not in those_who_may and not (harmless and people[sign].may_check)]
        for signs in (those_who_may, refused):
            if signs:
                sign, client = signs[turn % len(signs)], Client()
                client.force_login(people[sign])
                assert posted(step, claim, client) == may(step, state, sign), f"{step}, {state}, {sign}"


@pytest.mark.parametrize("state", ["drafted", "in_review", "published", "proposed"])
def test_nobody_who_is_not_signed_in_takes_any_step(state: str, people: dict[str, User]) -> None:
    claim = claim_in(state, people)
    for step in TABLE:
        assert not posted(step, claim, Client()), f"{step}, {state}"
