"""How each person is told of what: the defaults, by kind and role. Whoever wants it otherwise says so on the desk."""

from __future__ import annotations

from dataclasses import dataclass, field

from claims.choices import NoticeKind, NoticeWay, Role

EVERYBODY = frozenset(Role.values)
WRITERS = frozenset({Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN})
APPROVERS = frozenset({Role.REVIEWER, Role.ADMIN})
RUNNERS = frozenset({Role.ADMIN})


@dataclass(frozen=True)
class Kind:
    """`roles`: who may ever be told of it. `unless`: roles whose default is another one."""

    roles: frozenset[str]
    default: NoticeWay
    unless: dict[str, NoticeWay] = field(default_factory=dict)
    ways: tuple[NoticeWay, ...] = tuple(NoticeWay)


AT_ONCE, DIGEST, DESK = NoticeWay.MAIL, NoticeWay.DIGEST, NoticeWay.DESK

# In the order of the page "What I am told": one's own work first, the machinery last.
KINDS: dict[NoticeKind, Kind] = {
    NoticeKind.ASSIGNED: Kind(WRITERS, AT_ONCE),
    NoticeKind.SENT_BACK: Kind(WRITERS, AT_ONCE),
    NoticeKind.DRAFT_WAITING: Kind(APPROVERS, AT_ONCE, {Role.ADMIN: DIGEST}),
    NoticeKind.PUBLISHED: Kind(WRITERS, DIGEST),
    NoticeKind.MENTIONED: Kind(EVERYBODY, AT_ONCE),
    NoticeKind.REVIEW_OPENED: Kind(WRITERS, AT_ONCE),
    NoticeKind.QUOTE_CHANGED: Kind(WRITERS, AT_ONCE),
    NoticeKind.SOURCE_CHANGED: Kind(WRITERS, DIGEST),
    NoticeKind.LOOK_AGAIN_DUE: Kind(WRITERS, DIGEST),
    NoticeKind.READER_REPORT: Kind(WRITERS, AT_ONCE),
    # Anybody may send any number of them: once a day is often enough.
    NoticeKind.READER_SUGGESTION: Kind(WRITERS, DIGEST),
    NoticeKind.HOLD_OPENED: Kind(APPROVERS, AT_ONCE),
    NoticeKind.WITHHOLDING: Kind(APPROVERS, AT_ONCE),
    NoticeKind.ALARM_STARTED: Kind(RUNNERS, AT_ONCE),
    NoticeKind.ALARM_ENDED: Kind(RUNNERS, AT_ONCE),
    NoticeKind.WEBHOOK_FAILING: Kind(RUNNERS, AT_ONCE),
    # Signing in, password, second factor, role: nobody should learn of it late. Even without notices by mail.
    NoticeKind.ACCOUNT: Kind(EVERYBODY, AT_ONCE, ways=(AT_ONCE,)),
    # No single event: the rest of the digest.
    NoticeKind.OVERVIEW: Kind(EVERYBODY, DIGEST, {Role.OBSERVER: DESK}, (DIGEST, DESK)),
}


def default_way(kind: str, role: str) -> NoticeWay:
    known = KINDS[NoticeKind(kind)]
    return known.unless.get(role, known.default)


def kinds_for(role: str) -> list[NoticeKind]:
    """What somebody of this role may be told of."""
    return [kind for kind, known in KINDS.items() if role in known.roles]
