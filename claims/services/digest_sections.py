"""What stands in the daily mail. Each section is bounded and leads to the list that has all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.choices import NoticeKind, NoticeWay
from claims.models import Claim, Draft, Notice, Review, User, VerdictVersion
from claims.services.notices import one_line, page_of_source
from claims.services.preferences import told_how
from sources.choices import Availability
from sources.models import Source

SHOWN = 10
LONGEST_DETAIL = 500


@dataclass(frozen=True)
class Row:
    """`path` is on this site; `detail` may have several lines."""

    text: str
    path: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Section:
    """`more`: where the rest is, when there is more than is shown."""

    title: str
    rows: list[Row]
    more: str = ""


class Newsroom:
    """What is the same for everybody, asked for once: the day before `day`, as the newsroom's calendar has it."""

    def __init__(self, day: date, zone: ZoneInfo) -> None:
        self.begins = datetime.combine(day - timedelta(days=1), time(), tzinfo=zone)
        self.ends = datetime.combine(day, time(), tzinfo=zone)

    @cached_property
    def reviews(self) -> list[Review]:
        rows = Review.objects.open().select_related("verdict__claim").order_by("opened_at")
        return list(rows[: SHOWN + 1])

    @cached_property
    def published(self) -> list[VerdictVersion]:
        rows = VerdictVersion.objects.filter(published_at__gte=self.begins, published_at__lt=self.ends)
        rows = rows.select_related("verdict__claim", "rating").defer("content")
        return list(rows.order_by("-published_at")[: SHOWN + 1])

    @cached_property
    def died(self) -> list[Source]:
        rows = Source.objects.filter(
            availability=Availability.DEAD, availability_since__gte=self.begins, availability_since__lt=self.ends
        )
        return list(rows.order_by("-availability_since")[: SHOWN + 1])

    @cached_property
    def figures(self) -> dict[str, int]:
        """Of the one day alone, so that nothing large is counted."""
        versions = VerdictVersion.objects.filter(published_at__gte=self.begins, published_at__lt=self.ends)
        return {
            "logged": Claim.objects.filter(created_at__gte=self.begins, created_at__lt=self.ends).count(),
            "published": versions.filter(number=1).count(),
            "corrected": versions.filter(number__gt=1).count(),
            "opened": Review.objects.filter(opened_at__gte=self.begins, opened_at__lt=self.ends).count(),
        }


def sections_for(person: User, waiting: list[Notice], newsroom: Newsroom) -> list[Section]:
    """Empty when there is nothing to say. In the language that is active now."""
    sections = [_told([notice for notice in waiting if notice.is_unread])]
    if told_how(person)[NoticeKind.OVERVIEW] == NoticeWay.DIGEST:
        sections += [*_mine(person), _reviews(newsroom), _published(newsroom), _died(newsroom)]
    said = [section for section in sections if section.rows]
    if said and len(sections) > 1:
        said.append(_figures(newsroom))
    return said


def _told(notices: list[Notice]) -> Section:
    rows = [
        Row(one_line(notice.shown_title), notice.path, Truncator(notice.shown_text).chars(LONGEST_DETAIL))
        for notice in notices[: 3 * SHOWN]
    ]
    more = reverse("admin:claims_notice_changelist") if len(notices) > len(rows) else ""
    return Section(_("What you were told"), rows, more)


def _mine(person: User) -> list[Section]:
    claims = reverse("admin:claims_claim_changelist")
    to_write = _shown(Draft.objects.to_be_written_by(person).select_related("claim").order_by("-updated_at"))
    to_read: list[Draft] = []
    if person.may_approve:
        to_read = _shown(Draft.objects.to_be_read_by(person).select_related("claim").order_by("updated_at"))
    return [
        _cut(_("Assigned to you"), [_of_draft(draft, "change") for draft in to_write], f"{claims}?who=me"),
        _cut(
            _("Waiting for your review"),
            [_of_draft(draft, "approve") for draft in to_read],
            f"{claims}?place=in_review",
        ),
    ]


def _of_draft(draft: Draft, page: str) -> Row:
    detail = one_line(f"{draft.get_state_display()} {draft.sent_back_because}")
    return _of_claim(draft.claim, Truncator(detail).chars(LONGEST_DETAIL), page)


def _reviews(newsroom: Newsroom) -> Section:
    rows = [_of_claim(review.verdict.claim, one_line(review.reason)) for review in newsroom.reviews]
    return _cut(_("Being looked at again"), rows, f"{reverse('admin:claims_claim_changelist')}?place=under_review")


def _published(newsroom: Newsroom) -> Section:
    rows = [_of_claim(version.verdict.claim, version.rating.name) for version in newsroom.published]
    return _cut(_("Published yesterday"), rows, reverse("admin:claims_verdictversion_changelist"))


def _died(newsroom: Newsroom) -> Section:
    rows = [
        Row(one_line(str(source)), page_of_source(source), source.canonical_url if source.title else "")
        for source in newsroom.died
    ]
    dead = f"{reverse('admin:sources_source_changelist')}?availability__exact={Availability.DEAD}"
    return _cut(_("Pages that died yesterday"), rows, dead)


def _figures(newsroom: Newsroom) -> Section:
    figures = newsroom.figures
    lines = [
        ngettext("%(number)d claim logged", "%(number)d claims logged", figures["logged"])
        % {"number": figures["logged"]},
        ngettext("%(number)d verdict published", "%(number)d verdicts published", figures["published"])
        % {"number": figures["published"]},
        ngettext("%(number)d correction published", "%(number)d corrections published", figures["corrected"])
        % {"number": figures["corrected"]},
        ngettext("%(number)d review opened", "%(number)d reviews opened", figures["opened"])
        % {"number": figures["opened"]},
    ]
    return Section(_("Yesterday in figures"), [Row(line) for line in lines])


def _of_claim(claim: Claim, detail: str = "", page: str = "change") -> Row:
    return Row(one_line(str(claim)), reverse(f"admin:claims_claim_{page}", args=[claim.pk]), detail)


def _shown(rows: QuerySet[Any]) -> list[Any]:
    return list(rows[: SHOWN + 1])


def _cut(title: str, rows: list[Row], more: str) -> Section:
    return Section(title, rows[:SHOWN], more if len(rows) > SHOWN else "")
