"""What readers tell us, and what becomes of it: taken up, answered in public, or put aside with a reason.

A reader's own words are for the desk alone and stand in no record, notice or public page.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.choices import NoticeKind, ReaderMessageKind, ReaderMessageState, Role
from claims.errors import NotAllowed
from claims.models import Claim, ReaderMessage, Review, User
from claims.said import say
from claims.services.documents import next_change
from claims.services.guards import lock_claim, refuse_withheld, require_checker, required
from claims.services.notices import notify, one_line, people_of
from claims.services.record import record
from claims.services.reviewing import look_again

# From everybody together: more is a flood, whoever sends it and wherever from, and would bury what people wrote.
MOST_AN_HOUR = 300


class TooManyMessages(Exception):
    """So many came within the hour that no more are taken for now."""


@transaction.atomic
def receive_message(
    kind: ReaderMessageKind,
    *,
    text: str,
    nonce: str,
    claim: Claim | None = None,
    where: str = "",
    contact: str = "",
    language: str = "en",
    at: datetime | None = None,
) -> ReaderMessage:
    """Keep what a reader sent and tell the desk. The same form sent twice is the same message.

    Raises ValidationError for what does not fit, NotAllowed when the claim is not public, TooManyMessages.
    """
    known = ReaderMessage.objects.filter(nonce=nonce).first()
    if known is not None:
        return known
    at = at or timezone.now()
    if claim is not None:
        refuse_withheld(claim)
        if not claim.is_public:
            raise NotAllowed(_("No verdict on this claim is published."))
    recent = ReaderMessage.objects.filter(received_at__gt=at - timedelta(hours=1)).order_by()
    if len(recent.values_list("pk")[:MOST_AN_HOUR]) >= MOST_AN_HOUR:
        raise TooManyMessages
    message = ReaderMessage(
        kind=kind, claim=claim, text=text.strip(), where=where.strip(), contact=contact.strip(), language=language,
        nonce=nonce, received_at=at,
    )  # fmt: skip
    message.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError as twice:
        # Pressed twice at once.
        first = ReaderMessage.objects.filter(nonce=nonce).first()
        if first is None:
            raise twice
        return first
    record(claim, f"received a reader's {kind.value}", by=None, about=message, at=at)
    _tell(message, at=at)
    return message


@transaction.atomic
def look_again_for(message: ReaderMessage, *, by: User, reason: str, at: datetime | None = None) -> Review:
    """Open a review of the verdict that an error was reported on. `reason` becomes public: our words, not theirs."""
    require_checker(by)
    message = _lock(message)
    if not message.is_report or message.claim is None:
        raise NotAllowed(_("Only a reported error leads to a review."))
    _refuse_decided(message)
    at = at or timezone.now()
    review = look_again(message.claim, by=by, reason=reason, at=at)
    _decide(message, ReaderMessageState.TAKEN, by=by, at=at)
    return review


@transaction.atomic
def take_message(message: ReaderMessage, *, by: User, at: datetime | None = None) -> ReaderMessage:
    """Say that somebody looks at it; the sender sees it on the receipt."""
    require_checker(by)
    message = _lock(message)
    if message.state == ReaderMessageState.NEW:
        _decide(message, ReaderMessageState.TAKEN, by=by, at=at or timezone.now())
    return message


@transaction.atomic
def link_message(message: ReaderMessage, claim: Claim, *, by: User, at: datetime | None = None) -> ReaderMessage:
    """This is the claim that was suggested: the receipt leads to the verdict as soon as there is one."""
    require_checker(by)
    claim = lock_claim(claim.pk)
    refuse_withheld(claim)
    message = ReaderMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.is_report:
        raise NotAllowed(_("A reported error stays with its claim."))
    at = at or timezone.now()
    message.claim = claim
    state = ReaderMessageState.TAKEN if message.state == ReaderMessageState.NEW else ReaderMessageState(message.state)
    _decide(message, state, by=by, at=at)
    return message


@transaction.atomic
def answer_message(message: ReaderMessage, *, by: User, answer: str, at: datetime | None = None) -> ReaderMessage:
    """Say in public what came of it, or say it better; what was said before stays on record."""
    require_checker(by)
    message = _lock(message)
    if not (message.is_waiting or message.is_answered):
        raise NotAllowed(_("This message was put aside. It has no public answer."))
    said = required(answer, _("Write the answer: it becomes public."))
    _decide(message, ReaderMessageState.ANSWERED, by=by, at=at or timezone.now(), answer=said)
    # Pages that show the answer are kept by readers and caches until the counter moves.
    next_change()
    return message


@transaction.atomic
def dismiss_message(
    message: ReaderMessage, *, by: User, because: str, told_before: bool = False, at: datetime | None = None
) -> ReaderMessage:
    """Nothing follows, or somebody told us before. The reason is for colleagues."""
    require_checker(by)
    message = _lock(message)
    _refuse_decided(message)
    why = required(because, _("Say why nothing follows: colleagues see it."))
    state = ReaderMessageState.DUPLICATE if told_before else ReaderMessageState.DISMISSED
    _decide(message, state, by=by, at=at or timezone.now(), because=why)
    return message


def _lock(message: ReaderMessage) -> ReaderMessage:
    """As it is now, held until commit, after its claim."""
    if message.claim_id is not None:
        refuse_withheld(lock_claim(message.claim_id))
    rows = ReaderMessage.objects.select_for_update(of=("self",)).select_related("claim")
    return rows.get(pk=message.pk)


def _refuse_decided(message: ReaderMessage) -> None:
    if not message.is_waiting:
        raise NotAllowed(_("This message is settled already."))


def _decide(
    message: ReaderMessage, state: ReaderMessageState, *, by: User, at: datetime, answer: str = "", because: str = ""
) -> None:
    fields = ("state", "answer", "because")
    before = {name: str(getattr(message, name)) for name in fields}
    message.state, message.decided_by, message.decided_at = state, by, at
    if answer:
        message.answer = answer
    message.because = because or message.because
    try:
        message.full_clean()
    except ValidationError as refused:
        # Forms have one field each and say it beside that.
        raise ValidationError(refused.messages) from None
    message.save(update_fields=[*fields, "claim", "decided_by", "decided_at"])
    after = {name: str(getattr(message, name)) for name in fields}
    record(message.claim, "decided on a reader's message", by=by, about=message, before=before, after=after, at=at)


def _tell(message: ReaderMessage, *, at: datetime) -> None:
    """Of reports on one verdict once a day, of suggestions once a day: the list has each. Nothing of what they say."""
    today = timezone.localdate(at).isoformat()
    if message.claim is not None:
        people = people_of(message.claim.verdict)
        title = say(gettext_noop("A reader reports an error: %(claim)s"), claim=one_line(str(message.claim)))
        kind, key = NoticeKind.READER_REPORT, f"reader-report-{message.claim_id}-{today}"
    else:
        may = Q(is_superuser=True) | Q(role__in=[Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN])
        people = list(User.objects.filter(may, is_active=True))
        title = say(gettext_noop("Readers suggest claims to check"))
        kind, key = NoticeKind.READER_SUGGESTION, f"reader-suggestions-{today}"
    notify(
        people,
        kind=kind,
        key=key,
        title=title,
        text=[say(gettext_noop("Their words are on the desk, under From readers."))],
        path=reverse("admin:claims_readermessage_changelist") + "?state__exact=new",
        at=at,
    )
