"""Rules about many rows. Each has a property of the same word on the model for one row."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext

from claims.choices import DraftState, EvidenceKind, QuoteStatus, ReaderMessageState, VerdictStatus
from claims.searching import AnyModel, SearchableQuerySet

if TYPE_CHECKING:
    from claims.models import (  # noqa: F401
        Alarm,
        ChecklistItem,
        Claim,
        Claimant,
        ClaimantWords,
        ClaimWords,
        Draft,
        Event,
        Evidence,
        ExternalReview,
        Hold,
        Notice,
        Presence,
        ReaderMessage,
        Review,
        TouchedQuote,
        User,
        Verdict,
        VerdictDocument,
        Withholding,
    )

# Pages with JavaScript report every 20 seconds; one without it reports when it is opened.
HERE_FOR = timedelta(seconds=90)
STANDING = (VerdictStatus.PUBLISHED, VerdictStatus.UNDER_REVIEW)


class MainLanguage(models.Func):
    """Of a language tag what stands before the first hyphen: en of en-GB. Indexes look it up in these very words."""

    template = "LOWER(SPLIT_PART(%(expressions)s, '-', 1))"
    output_field = models.TextField()


class ClaimQuerySet(models.QuerySet["Claim"]):
    def public(self) -> ClaimQuerySet:
        """A verdict on it has been published (Claim.is_public)."""
        return self.filter(verdict__isnull=False)

    def for_desk(self) -> ClaimQuerySet:
        """With everything the desk's list shows, in a constant number of queries."""
        return self.select_related("claimant", "draft", "draft__assigned_to", "draft__rating", "verdict", "document")


class ClaimantQuerySet(models.QuerySet["Claimant"]):
    def with_other_names(self) -> ClaimantQuerySet:
        """Called by their name and the other ones: “Mukhtar Ablyazov — also: Мухтар Аблязов”."""
        text = models.TextField()
        others = models.Func(models.F("aliases"), models.Value(", "), function="array_to_string", output_field=text)
        also = Concat(models.F("name"), models.Value(gettext(" — also: ")), others, output_field=text)
        only = models.When(aliases=[], then=Cast(models.F("name"), text))
        return self.annotate(shown_name=models.Case(only, default=also, output_field=text))


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def attached(self) -> EvidenceQuerySet:
        """The working set: what the next version would rest on."""
        return self.filter(dropped_at__isnull=True)

    def disturbed(self) -> EvidenceQuerySet:
        """Its passage changed or vanished (Evidence.is_disturbed)."""
        return self.filter(quote_status__in=[QuoteStatus.ALTERED, QuoteStatus.MISSING])

    def unchecked_pages(self) -> EvidenceQuerySet:
        """Quoted pages nobody could compare with yet (Evidence.is_unchecked_page)."""
        return self.filter(kind=EvidenceKind.PAGE, quote_status=QuoteStatus.UNCHECKED)

    def followed(self) -> EvidenceQuerySet:
        """Quotes that are compared with their pages: all but what the law withheld."""
        pages = self.filter(kind=EvidenceKind.PAGE)
        return pages.exclude(claim__verdict__status=VerdictStatus.WITHHELD)

    def in_public(self) -> EvidenceQuerySet:
        """What the current version of a standing verdict rests on."""
        return self.filter(
            versions__verdict__current_version=models.F("versions"), versions__verdict__status__in=STANDING
        )


class ChecklistItemQuerySet(models.QuerySet["ChecklistItem"]):
    def in_use(self) -> ChecklistItemQuerySet:
        """Asked of drafts (ChecklistItem.is_active)."""
        return self.filter(is_active=True)


class PresenceQuerySet(models.QuerySet["Presence"]):
    def here(self, at: datetime) -> PresenceQuerySet:
        """Seen within the last HERE_FOR."""
        return self.filter(seen_at__gt=at - HERE_FOR)


class DraftQuerySet(models.QuerySet["Draft"]):
    def waiting_for_review(self) -> DraftQuerySet:
        return self.filter(state=DraftState.IN_REVIEW)

    def to_be_read_by(self, person: User) -> DraftQuerySet:
        """Handed in by others: this person may be the second one, as far as having written goes."""
        wrote = models.Q(submitted_by=person) | models.Q(editors=person) | models.Q(claim__evidence_editors=person)
        return self.waiting_for_review().exclude(wrote)

    def nobodys(self) -> DraftQuerySet:
        """Begun, and nobody has it."""
        return self.filter(assigned_to=None).exclude(state=DraftState.IN_REVIEW)

    def to_be_written_by(self, person: User) -> DraftQuerySet:
        """This person has it, and it is in their court."""
        return self.filter(assigned_to=person).exclude(state=DraftState.IN_REVIEW)


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def standing(self) -> VerdictQuerySet:
        """Neither retracted nor withheld (Verdict.stands)."""
        return self.filter(status__in=STANDING)

    def due_to_look(self, day: date) -> VerdictQuerySet:
        """Stands, and the day on which somebody wanted it looked at again has come."""
        return self.standing().filter(look_again_on__lte=day)


class ReviewQuerySet(models.QuerySet["Review"]):
    def open(self) -> ReviewQuerySet:
        """Still waiting for a person (Review.is_open)."""
        return self.filter(closed_at__isnull=True)


class EventQuerySet(models.QuerySet["Event"]):
    def after(self, sequence: int) -> EventQuerySet:
        """Everything a client that has seen `sequence` has not seen, oldest first."""
        return self.filter(sequence__gt=sequence).order_by("sequence")

    def head(self) -> Event | None:
        return self.order_by("-sequence").first()


class PublishedQuerySet(SearchableQuerySet[AnyModel]):
    """What somebody published in a language: our verdicts, and other fact-checkers' reviews."""

    def written_in(self, language: str) -> Self:
        """In this language, of whatever region: en also finds en-GB."""
        main, _, region = language.lower().partition("-")
        rows = self.alias(main_language=MainLanguage("language")).filter(main_language=main)
        if not region:
            return rows
        return rows.filter(models.Q(language__iexact=language) | models.Q(language__istartswith=f"{language}-"))


class DocumentQuerySet(PublishedQuerySet["VerdictDocument"]):
    def listed(self) -> DocumentQuerySet:
        """Shown in default lists (VerdictDocument.is_listed)."""
        return self.filter(status__in=STANDING)

    def readable(self) -> DocumentQuerySet:
        """There is a text to read: everything but what the law withholds (VerdictDocument.is_readable)."""
        return self.exclude(status=VerdictStatus.WITHHELD)

    def citing(self, source_id: str | models.OuterRef) -> DocumentQuerySet:
        """Rests on the source with this public id."""
        return self.filter(source_ids__contains=[source_id])

    def about(self, topic_slug: str) -> DocumentQuerySet:
        return self.filter(topic_slugs__contains=[topic_slug])


class ExternalReviewQuerySet(PublishedQuerySet["ExternalReview"]):
    def standing(self) -> ExternalReviewQuerySet:
        """Its publisher has not taken it back (ExternalReview.is_standing)."""
        return self.filter(withdrawn_at__isnull=True)


class HoldQuerySet(models.QuerySet["Hold"]):
    def open(self) -> HoldQuerySet:
        """Waits for a person (Hold.is_open)."""
        return self.filter(decided_at__isnull=True)


class TouchedQuoteQuerySet(models.QuerySet["TouchedQuote"]):
    def counted_since(self, at: datetime) -> TouchedQuoteQuerySet:
        """What the brake counts: touched after `at`, and not yet decided about by a person."""
        return self.filter(counts=True, at__gt=at)

    def waiting(self) -> TouchedQuoteQuerySet:
        """Held, and nothing followed from it yet."""
        return self.filter(settled_at__isnull=True)

    def disturbed(self) -> TouchedQuoteQuerySet:
        """Altered or missing as the page reads now (TouchedQuote.is_disturbed)."""
        return self.filter(status__in=[QuoteStatus.ALTERED, QuoteStatus.MISSING])


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> NoticeQuerySet:
        """Its person has not ticked it off (Notice.is_unread)."""
        return self.filter(read_at__isnull=True)


class ReaderMessageQuerySet(models.QuerySet["ReaderMessage"]):
    def waiting(self) -> ReaderMessageQuerySet:
        """Somebody has to say what comes of it (ReaderMessage.is_waiting)."""
        return self.filter(state__in=[ReaderMessageState.NEW, ReaderMessageState.TAKEN])

    def answered(self) -> ReaderMessageQuerySet:
        """We answered in public (ReaderMessage.is_answered)."""
        return self.filter(state=ReaderMessageState.ANSWERED)


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> AlarmQuerySet:
        """Not over (Alarm.is_open)."""
        return self.filter(ended_at__isnull=True)


class WithholdingQuerySet(models.QuerySet["Withholding"]):
    def pending(self) -> WithholdingQuerySet:
        """Waits for a second person (Withholding.is_pending)."""
        return self.filter(confirmed_at__isnull=True, withdrawn_at__isnull=True)


class ClaimWordsQuerySet(SearchableQuerySet["ClaimWords"]):
    def due(self) -> ClaimWordsQuerySet:
        """To be written anew: the claim's text changed (ClaimWords.is_due)."""
        return self.filter(is_due=True)


class ClaimantWordsQuerySet(SearchableQuerySet["ClaimantWords"]):
    def due(self) -> ClaimantWordsQuerySet:
        """To be written anew: a name, alias or account changed (ClaimantWords.is_due)."""
        return self.filter(is_due=True)
