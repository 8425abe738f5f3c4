"""Who is told what: rows for the desk, of which send_notices() in mailing.py makes mails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from claims.choices import NoticeKind, Role
from claims.models import Alarm, Draft, Evidence, Hold, Notice, Review, User, Verdict
from sources.choices import Availability, ChangeKind
from sources.comparison import word_difference
from sources.models import Source, SourceChange

# Notices of the same minute or so leave in one mail.
GATHER = timedelta(minutes=1)
# Verdicts named in one notice; the page it leads to has them all.
NAMED = 5
MAX_TITLE = 300


def notify(
    people: Iterable[User], *, kind: NoticeKind, key: str, title: str, text: str = "", path: str = "", at: datetime
) -> None:
    """Tell each of them once of the event that `key` names. Sends nothing: the mail follows from the rows."""
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                kind=kind,
                key=key,
                at=at,
                title=one_line(title)[:MAX_TITLE],
                text=text,
                path=path,
                mail_due_at=at + GATHER if gets_mail(person) else None,
            )
            for person in people
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
    return mine.update(read_at=at or timezone.now())


def switch_mail(person: User, *, on: bool) -> None:
    """Whether notices are also mailed to this person. What was to be mailed already is not, once it is off."""
    person.notify_by_mail = on
    person.save(update_fields=["notify_by_mail"])


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
        kind, key, what = NoticeKind.REVIEW_OPENED, f"review-{review.public_id}", "Review opened"
    else:
        kind, key, what = NoticeKind.QUOTE_CHANGED, f"quotes-{verdict.pk}-{at.timestamp()}", "Quote changed"
    notify(
        people_of(verdict),
        kind=kind,
        key=key,
        title=f"{what}: {verdict.claim}",
        text="\n\n".join(_as_changed(row) for row in shaken),
        path=reverse("admin:claims_claim_change", args=[verdict.pk]),
        at=at,
    )


def _as_changed(row: Evidence) -> str:
    """What we quoted, what the page says now, and the words between them."""
    lines = [f"Page: {row.source.canonical_url}"] if row.source else []
    lines.append(f"We quoted: “{one_line(row.quote)}”")
    if not row.quote_found:
        return "\n".join([*lines, "The page says nothing like it any more."])
    parts = [part for part in word_difference(row.quote, row.quote_found) if part.op != "equal"]
    gone = ", ".join(one_line(part.text) for part in parts if part.op == "delete")
    new = ", ".join(one_line(part.text) for part in parts if part.op == "insert")
    lines.append(
        f"{'The page says' if row.quote_status == 'altered' else 'Nearest passage'}: “{one_line(row.quote_found)}”"
    )
    lines += [f"Gone: {gone}"] if gone else []
    lines += [f"New: {new}"] if new else []
    return "\n".join(lines)


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
    named = [f"- {one_line(str(verdict.claim))}" for verdict in verdicts[:NAMED]]
    if len(verdicts) > NAMED:
        named.append(f"- and {len(verdicts) - NAMED} more")
    notify(
        people.values(),
        kind=NoticeKind.SOURCE_CHANGED,
        key=f"source-{change.pk}",
        title=f"{what[0]}: {change.source}",
        text="\n".join([what[1], f"Page: {change.source.canonical_url}", "Verdicts that rest on it:", *named]),
        path=page_of_source(change.source),
        at=at,
    )


def _what_became_of(change: SourceChange) -> tuple[str, str] | None:
    if change.kind == ChangeKind.MOVED:
        return "Page moved", f"The page lives at another address now; it was {change.before}."
    if change.kind == ChangeKind.AVAILABILITY and change.after == Availability.DEAD:
        return (
            "Page dead",
            "The page has failed so often that readers are sent to our capture. No review is open for it.",
        )
    if change.kind == ChangeKind.AVAILABILITY and change.before == Availability.DEAD:
        return "Page back", "The page can be read again."
    return None


def page_of_source(source: Source) -> str:
    return reverse("admin:sources_source_change", args=[source.pk])


def tell_of_hold(hold: Hold, *, at: datetime) -> None:
    """Changes wait for one of those who may decide."""
    notify(
        approvers(),
        kind=NoticeKind.HOLD_OPENED,
        key=f"hold-{hold.pk}",
        title=f"Changes held: {hold}",
        text=f"{hold.why}\nReaders see nothing of it until you release or dismiss it.",
        path=hold.get_absolute_url(),
        at=at,
    )


def tell_of_alarm(alarm: Alarm, *, at: datetime) -> None:
    """It started, or it is over."""
    over = not alarm.is_open
    notify(
        administrators(),
        kind=NoticeKind.ALARM_ENDED if over else NoticeKind.ALARM_STARTED,
        key=f"alarm-{alarm.pk}-{'over' if over else 'on'}",
        title=f"{'Over' if over else 'Alarm'}: {alarm.get_kind_display()}",
        text=f"In order again since {alarm.ended_at:%Y-%m-%d %H:%M} UTC." if over else alarm.text,
        path=reverse("admin:claims_alarm_changelist"),
        at=at,
    )
