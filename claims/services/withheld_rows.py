"""What withholding a verdict blanks, row by row, and what it has to leave: read before anybody decides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet

from claims.choices import VerdictStatus
from claims.models import (
    Activity,
    Appearance,
    AudienceFigure,
    Claim,
    ClaimContact,
    ClaimRelation,
    Draft,
    Evidence,
    ExternalReview,
    Hold,
    ImportedVerdict,
    Note,
    Notice,
    ReaderMessage,
    Review,
    TouchedQuote,
    Translation,
    UnsavedWords,
    Verdict,
    VerdictVersion,
)
from claims.services.notices import one_line
from sources.models import Snapshot, Source, Upload

# A passage of this many signs is found again in notices and records; shorter ones are words of anybody.
NEEDLE = 50
SHORTEST_NEEDLE = 20


@dataclass(frozen=True)
class WithheldRows:
    """Everything on one claim. Queries run when asked; ask inside one transaction."""

    claim: Claim

    # What people wrote about it.

    @cached_property
    def versions(self) -> QuerySet[VerdictVersion]:
        return VerdictVersion.objects.filter(verdict=self.claim.pk)

    @cached_property
    def evidence(self) -> QuerySet[Evidence]:
        return Evidence.objects.filter(claim=self.claim)

    @cached_property
    def appearances(self) -> QuerySet[Appearance]:
        return Appearance.objects.filter(claim=self.claim)

    @cached_property
    def translations(self) -> QuerySet[Translation]:
        return Translation.objects.filter(claim=self.claim)

    @cached_property
    def drafts(self) -> QuerySet[Draft]:
        return Draft.objects.filter(claim=self.claim)

    @cached_property
    def reviews(self) -> QuerySet[Review]:
        return Review.objects.filter(verdict=self.claim.pk)

    @cached_property
    def notes(self) -> QuerySet[Note]:
        return Note.objects.filter(claim=self.claim)

    @cached_property
    def unsaved(self) -> QuerySet[UnsavedWords]:
        return UnsavedWords.objects.filter(claim=self.claim)

    @cached_property
    def contacts(self) -> QuerySet[ClaimContact]:
        return ClaimContact.objects.filter(claim=self.claim)

    @cached_property
    def reader_messages(self) -> QuerySet[ReaderMessage]:
        return ReaderMessage.objects.filter(claim=self.claim)

    @cached_property
    def relations(self) -> QuerySet[ClaimRelation]:
        return ClaimRelation.objects.filter(Q(claim=self.claim) | Q(other=self.claim))

    # What came from elsewhere.

    @cached_property
    def imported(self) -> QuerySet[ImportedVerdict]:
        return ImportedVerdict.objects.filter(claim=self.claim)

    @cached_property
    def external(self) -> QuerySet[ExternalReview]:
        return ExternalReview.objects.filter(linked_claim=self.claim)

    @cached_property
    def touched(self) -> QuerySet[TouchedQuote]:
        return TouchedQuote.objects.filter(evidence__claim=self.claim).exclude(found="")

    # Captures and files, as far as no other public claim rests on them.

    @cached_property
    def _all_sources(self) -> QuerySet[Source]:
        on_it = Q(pk__in=self.evidence.values("source")) | Q(pk__in=self.appearances.values("source"))
        return Source.objects.filter(on_it)

    @cached_property
    def kept_sources(self) -> QuerySet[Source]:
        """Another public claim rests on them: what was captured there stays."""
        return self._all_sources.filter(self._rested_on(_others_in_public(self.claim)))

    @cached_property
    def sources(self) -> QuerySet[Source]:
        return self._all_sources.exclude(pk__in=self.kept_sources.values("pk"))

    @cached_property
    def forgotten_sources(self) -> QuerySet[Source]:
        """Nothing else names them at all: address and title go too."""
        others = Claim.objects.exclude(pk=self.claim.pk)
        named = self._rested_on(others) | Q(pk__in=AudienceFigure.objects.exclude(source=None).values("source"))
        return self.sources.exclude(named)

    @staticmethod
    def _rested_on(claims: QuerySet[Claim]) -> Q:
        ids = claims.values("pk")
        evidence = Evidence.objects.filter(claim__in=ids, source__isnull=False)
        appearances = Appearance.objects.filter(claim__in=ids, source__isnull=False)
        return Q(pk__in=evidence.values("source")) | Q(pk__in=appearances.values("source"))

    @cached_property
    def captures(self) -> QuerySet[Snapshot]:
        return Snapshot.objects.filter(source__in=self.sources.values("pk"))

    @cached_property
    def kept_uploads(self) -> QuerySet[Upload]:
        others = Evidence.objects.filter(claim__in=_others_in_public(self.claim).values("pk"), upload__isnull=False)
        mine = self.evidence.filter(upload__isnull=False)
        return Upload.objects.filter(pk__in=mine.values("upload")).filter(pk__in=others.values("upload"))

    @cached_property
    def uploads(self) -> QuerySet[Upload]:
        mine = self.evidence.filter(upload__isnull=False)
        return Upload.objects.filter(pk__in=mine.values("upload")).exclude(pk__in=self.kept_uploads.values("pk"))

    # What the desk noted of it.

    @cached_property
    def record(self) -> QuerySet[Activity]:
        return Activity.objects.filter(claim=self.claim)

    @cached_property
    def notices(self) -> QuerySet[Notice]:
        """On its page, or with a passage of it in their words."""
        on_it = Q(path__startswith=f"/admin/claims/claim/{self.claim.pk}/")
        return Notice.objects.filter(on_it | self.holding("title", "text"))

    @cached_property
    def holds(self) -> QuerySet[Hold]:
        return Hold.objects.filter(self.holding("why", "reason"))

    @cached_property
    def log_entries(self) -> QuerySet[LogEntry]:
        """Django's own log names rows in words."""
        found = Q(pk__in=[])
        for model, keys in self._logged().items():
            kind = ContentType.objects.get_for_model(model)
            found |= Q(content_type=kind, object_id__in=[str(key) for key in keys])
        return LogEntry.objects.filter(found | self.holding("object_repr", "change_message"))

    def _logged(self) -> dict[type[Model], list[int]]:
        rows = (self.versions, self.evidence, self.appearances, self.translations, self.drafts, self.reviews)
        ids: dict[type[Model], list[int]] = {found.model: list(found.values_list("pk", flat=True)) for found in rows}
        sources = list(self.forgotten_sources.values_list("pk", flat=True))
        return ids | {Claim: [self.claim.pk], Verdict: [self.claim.pk], Source: sources}

    def holding(self, *columns: str) -> Q:
        """Rows with a passage of what is withheld in one of these columns."""
        found = Q(pk__in=[])
        for needle in self.needles:
            for column in columns:
                found |= Q(**{f"{column}__icontains": needle})
        return found

    @cached_property
    def needles(self) -> list[str]:
        passages = {one_line(text)[:NEEDLE] for text in self._texts()}
        return sorted(passage for passage in passages if len(passage) >= SHORTEST_NEEDLE)

    def _texts(self) -> Iterator[str]:
        yield self.claim.text
        for row in self.evidence:
            yield from (row.quote, row.quote_found, row.note, row.description, row.file_name)
        for version in self.versions:
            content = json.loads(version.content or "{}")
            yield from (content.get(name, "") for name in ("headline", "summary"))
            yield content.get("claim", {}).get("text", "")
            yield version.correction_reason
        for translation in self.translations:
            yield from (translation.claim_text, translation.headline, translation.summary)
        for draft in self.drafts:
            yield from (draft.headline, draft.summary, draft.correction_reason, draft.sent_back_because)
        for review in self.reviews:
            yield from (review.reason, review.note)
        yield from self.forgotten_sources.values_list("canonical_url", flat=True)
        yield from self.forgotten_sources.values_list("title", flat=True)

    def counts(self) -> dict[str, int]:
        """How many of each go, by the words in claims.admin.withholding; "kept_…" stay, for others rest on them."""
        names = (
            "versions", "evidence", "appearances", "translations", "drafts", "reviews", "relations", "captures",
            "uploads", "imported", "external", "touched", "record", "notices", "holds", "log_entries", "notes",
            "contacts", "unsaved", "reader_messages", "forgotten_sources", "kept_sources", "kept_uploads",
        )  # fmt: skip
        return {name: getattr(self, name).count() for name in names}

    def others_on_what_is_kept(self) -> QuerySet[Claim]:
        """The public claims for whose sake captures and files stay."""
        evidence = Evidence.objects.filter(Q(source__in=self.kept_sources) | Q(upload__in=self.kept_uploads))
        appeared = Appearance.objects.filter(source__in=self.kept_sources)
        on_it = Q(pk__in=evidence.values("claim")) | Q(pk__in=appeared.values("claim"))
        return _others_in_public(self.claim).filter(on_it).order_by("pk")


def _others_in_public(claim: Claim) -> QuerySet[Claim]:
    return Claim.objects.public().exclude(pk=claim.pk).exclude(verdict__status=VerdictStatus.WITHHELD)
