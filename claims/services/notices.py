"""Who is told what: rows for the desk, of which send_notices() in mailing.py makes mails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from claims.choices import AlarmKind, NoticeKind, NoticeWay, Role
from claims.models import Alarm, Draft, Evidence, Hold, Notice, Review, User, Verdict
from claims.said import Said, kept, kept_lines, say
from claims.services.preferences import ways_of
from sources.choices import Availability, ChangeKind
from sources.comparison import word_difference
from sources.models import Source, SourceChange

# Notices of the same minute or so leave in one mail.
GATHER = timedelta(minutes=1)
# Verdicts named in one notice; the page it leads to has them all.
NAMED = 5
MAX_TITLE = 300


def notify(
    people: Iterable[User],
    *,
    kind: NoticeKind,
    key: str,
    title: Said | str,
    text: Sequence[Said | str] | str = (),
    path: str = "",
    by: User | None = None,
    at: datetime,
) -> None:
    """Tell each of them once of the event that `key` names, but not `by`, whose own act it is.

    `text` is one paragraph a line. Sends nothing: the mail follows from the rows, the way each person chose.
    """
    told = [person for person in people if by is None or person.pk != by.pk]
    ways = ways_of(told, kind)
    lines = [text] if isinstance(text, str) else list(text)
    with translation.override("en"):
        fallback = {"title": one_line(str(title))[:MAX_TITLE], "text": "\n".join(str(line) for line in lines)}
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                kind=kind,
                key=key,
                at=at,
                words={"title": kept(title), "text": kept_lines(lines)},
                path=path,
                mail_due_at=at + GATHER if ways[person.pk] == NoticeWay.MAIL and gets_mail(person) else None,
                in_digest=ways[person.pk] == NoticeWay.DIGEST and gets_mail(person),
                **fallback,
            )
            for person in told
        ],
        ignore_conflicts=True,
    )


def gets_mail(person: User) -> bool:
    return bool(person.is_active and person.notify_by_mail and person.email)


def one_line(text: str) -> str:
    """Strangers' text without line breaks and without what cannot be seen, so that it can pretend nothing."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def mark_read(person: User, *, notice: int | None = None, at: datetime | None = None) -> int:
    """Tick off this notice of the person's, or all of theirs; returns how many were unread."""
    mine = Notice.objects.unread().filter(recipient=person)
    if notice is not None:
        mine = mine.filter(pk=notice)
    # What was read here is not mailed any more.
    return mine.update(read_at=at or timezone.now(), mail_due_at=None)


# Whom.


def people_of(verdict: Verdict) -> list[User]:
    """Author and approver of its current version and whoever has the claim; when all of them left, the approvers."""
    version = verdict.current_version
    assert version is not None
    assigned = Draft.objects.filter(claim=verdict.pk).values("assigned_to")
    theirs = Q(pk__in=[version.author_id, version.approved_by_id]) | Q(pk__in=assigned)
    return list(User.objects.filter(theirs, is_active=True)) or approvers()


def approvers() -> list[User]:
    """Reviewers and administrators."""
    may = Q(is_superuser=True) | Q(role__in=[Role.REVIEWER, Role.ADMIN])
    return list(User.objects.filter(may, is_active=True))


def administrators() -> list[User]:
    return list(User.objects.filter(Q(is_superuser=True) | Q(role=Role.ADMIN), is_active=True))


# Of what.


def tell_of_quotes(verdict: Verdict, shaken: list[Evidence], review: Review | None, *, at: datetime) -> None:
    """The machine opened `review` over these quotes, or found them changed without opening one."""
    if review is not None:
        kind, key = NoticeKind.REVIEW_OPENED, f"review-{review.public_id}"
        title = say(gettext_noop("Review opened: %(claim)s"), claim=one_line(str(verdict.claim)))
    else:
        kind, key = NoticeKind.QUOTE_CHANGED, f"quotes-{verdict.pk}-{at.timestamp()}"
        title = say(gettext_noop("Quote changed: %(claim)s"), claim=one_line(str(verdict.claim)))
    notify(
        people_of(verdict),
        kind=kind,
        key=key,
        title=title,
        text=[line for row in shaken for line in ("", *_as_changed(row))][1:],
        path=reverse("admin:claims_claim_change", args=[verdict.pk]),
        at=at,
    )


def _as_changed(row: Evidence) -> list[Said | str]:
    """What we quoted, what the page says now, and the words between them."""
    lines: list[Said | str] = []
    if row.source:
        lines.append(say(gettext_noop("Page: %(address)s"), address=row.source.canonical_url))
    lines.append(say(gettext_noop("We quoted: “%(quote)s”"), quote=one_line(row.quote)))
    if not row.quote_found:
        return [*lines, say(gettext_noop("The page says nothing like it any more."))]
    parts = [part for part in word_difference(row.quote, row.quote_found) if part.op != "equal"]
    gone = ", ".join(one_line(part.text) for part in parts if part.op == "delete")
    new = ", ".join(one_line(part.text) for part in parts if part.op == "insert")
    now = one_line(row.quote_found)
    if row.quote_status == "altered":
        lines.append(say(gettext_noop("The page says: “%(quote)s”"), quote=now))
    else:
        lines.append(say(gettext_noop("Nearest passage: “%(quote)s”"), quote=now))
    lines += [say(gettext_noop("Gone: %(words)s"), words=gone)] if gone else []
    lines += [say(gettext_noop("New: %(words)s"), words=new)] if new else []
    return lines


def tell_of_source(change: SourceChange, *, at: datetime) -> None:
    """A page that standing verdicts rest on died, came back from the dead or moved; nothing for other changes."""
    what = _what_became_of(change)
    if not what:
        return
    resting = Evidence.objects.in_public().filter(source=change.source_id, load_bearing=True)
    verdicts = list(
        Verdict.objects.filter(pk__in=resting.values("claim")).select_related("claim", "current_version").order_by("pk")
    )
    people = {person.pk: person for verdict in verdicts for person in people_of(verdict)}
    named: list[Said | str] = [f"- {one_line(str(verdict.claim))}" for verdict in verdicts[:NAMED]]
    if len(verdicts) > NAMED:
        named.append(say(gettext_noop("- and %(number)s more"), number=len(verdicts) - NAMED))
    notify(
        people.values(),
        kind=NoticeKind.SOURCE_CHANGED,
        key=f"source-{change.pk}",
        title=say(what[0], page=one_line(str(change.source))),
        text=[
            what[1],
            say(gettext_noop("Page: %(address)s"), address=change.source.canonical_url),
            say(gettext_noop("Verdicts that rest on it:")),
            *named,
        ],
        path=page_of_source(change.source),
        at=at,
    )


def _what_became_of(change: SourceChange) -> tuple[str, Said] | None:
    """A title with %(page)s, and what it means."""
    if change.kind == ChangeKind.MOVED:
        lives = gettext_noop("The page lives at another address now; it was %(address)s.")
        return gettext_noop("Page moved: %(page)s"), say(lives, address=change.before)
    if change.kind == ChangeKind.AVAILABILITY and change.after == Availability.DEAD:
        return gettext_noop("Page dead: %(page)s"), say(
            gettext_noop("The page has failed so often that readers are sent to our capture. No review is open for it.")
        )
    if change.kind == ChangeKind.AVAILABILITY and change.before == Availability.DEAD:
        return gettext_noop("Page back: %(page)s"), say(gettext_noop("The page can be read again."))
    return None


def page_of_source(source: Source) -> str:
    return reverse("admin:sources_source_change", args=[source.pk])


def tell_of_hold(hold: Hold, *, at: datetime) -> None:
    """Changes wait for one of those who may decide."""
    notify(
        approvers(),
        kind=NoticeKind.HOLD_OPENED,
        key=f"hold-{hold.pk}",
        title=say(gettext_noop("Changes held: %(host)s"), host=hold.host or say("several hosts")),
        text=[hold.why, say(gettext_noop("Readers see nothing of it until you release or dismiss it."))],
        path=hold.get_absolute_url(),
        at=at,
    )


def tell_of_alarm(alarm: Alarm, *, at: datetime) -> None:
    """It started, or it is over."""
    over = not alarm.is_open
    with translation.override("en"):
        what = say(str(AlarmKind(alarm.kind).label))
    notify(
        administrators(),
        kind=NoticeKind.ALARM_ENDED if over else NoticeKind.ALARM_STARTED,
        key=f"alarm-{alarm.pk}-{'over' if over else 'on'}",
        title=say(gettext_noop("Over: %(what)s") if over else gettext_noop("Alarm: %(what)s"), what=what),
        text=[say(gettext_noop("In order again since %(time)s UTC."), time=f"{alarm.ended_at:%Y-%m-%d %H:%M}")]
        if over
        else alarm.text,
        path=reverse("admin:claims_alarm_changelist"),
        at=at,
    )
