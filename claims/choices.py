"""Every state word of the domain, with what it means to a fact-checker."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    # May read everything on the desk and change nothing.
    OBSERVER = "observer", _("Observer")
    # Logs claims, attaches evidence, drafts verdicts, hands them in for review.
    FACT_CHECKER = "fact_checker", _("Fact-checker")
    # A fact-checker who may also approve what others drafted, and send it back.
    REVIEWER = "reviewer", _("Reviewer")
    # Editor-in-chief: all of the above, people, rating scales, withholding.
    ADMIN = "admin", _("Administrator")


class Confidence(TextChoices):
    # Of a suggested claim: almost always the very claim.
    SAME = "same", _("Same claim")
    # Mostly the very claim: look.
    LIKELY = "likely", _("Likely the same")
    # About the same things.
    RELATED = "related", _("Related")


class EvidenceKind(TextChoices):
    # A passage quoted from a page with a URL; the page is captured and re-checked for ever.
    PAGE = "page", _("Page")
    # A screenshot, PDF or data set uploaded to the desk, hashed and kept like a capture.
    FILE = "file", _("File")
    # An interview, broadcast or post behind a login: described, because nothing can be fetched.
    OFFLINE = "offline", _("Offline")


class Stance(TextChoices):
    # The evidence speaks for the claim.
    SUPPORTS = "supports", _("Supports the claim")
    # The evidence speaks against the claim.
    REFUTES = "refutes", _("Refutes the claim")
    # Helps a reader understand; decides nothing.
    CONTEXT = "context", _("Context")


class Origin(TextChoices):
    # Where it was first said, counted or recorded: the register, the recording, the study, the eyewitness.
    PRIMARY = "primary", _("Primary: where it was first said, counted or recorded")
    # Somebody who tells what a primary source said.
    SECONDARY = "secondary", _("Secondary: somebody who tells of it")


class QuoteStatus(TextChoices):
    # Nobody could compare yet: the page is not captured, or there is no page.
    UNCHECKED = "unchecked", _("Not checked yet")
    # The words stand on the page as quoted (moved or re-wrapped counts as intact).
    INTACT = "intact", _("On the page as quoted")
    # A passage like it is there, but words, numbers, names or negations differ.
    ALTERED = "altered", _("Changed since we quoted it")
    # Nothing like it is on the page any more.
    MISSING = "missing", _("No longer on the page")


class DraftState(TextChoices):
    # Somebody is to work on it; nothing is written yet.
    ASSIGNED = "assigned", _("Assigned")
    # Text and rating are being written.
    DRAFTED = "drafted", _("Drafted")
    # Handed in: a second person reads it, the author waits.
    IN_REVIEW = "in_review", _("In review")
    # The second person wants something changed and said what.
    SENT_BACK = "sent_back", _("Sent back")


class VerdictStatus(TextChoices):
    # Stands.
    PUBLISHED = "published", _("Published")
    # Stands while a person looks again, because its evidence moved or somebody asked.
    UNDER_REVIEW = "under_review", _("Under review")
    # Taken back by us, with the reason; stays readable.
    RETRACTED = "retracted", _("Retracted")
    # Blanked because the law demands it; only the stub and the hashes remain.
    WITHHELD = "withheld", _("Withheld")


class CorrectionKind(TextChoices):
    # Spelling, a wrong link, a clearer sentence: nothing a reader relied on.
    MINOR = "minor", _("Minor")
    # A fact or an argument changed, the rating did not.
    SUBSTANTIVE = "substantive", _("Substantive")
    # The rating is another one. Set by the software from the ratings themselves.
    RATING_CHANGED = "rating_changed", _("Rating changed")
    # The verdict was taken back.
    RETRACTED = "retracted", _("Retracted")


class ReviewOutcome(TextChoices):
    # A person looked: the verdict stands as it was.
    CONFIRMED = "confirmed", _("Confirmed")
    # A person looked: a new version was published.
    CORRECTED = "corrected", _("Corrected")
    # A person looked: the verdict was taken back.
    RETRACTED = "retracted", _("Retracted")
    # The law decided: see the withheld stub.
    WITHHELD = "withheld", _("Withheld")


class HoldOutcome(TextChoices):
    # The changes are real: reviews opened and readers were told, as without the hold.
    RELEASED = "released", _("Released")
    # No change of substance: the evidence stays as it was, and the same text asks nobody again.
    DISMISSED = "dismissed", _("Dismissed")


class NoticeKind(TextChoices):
    # The machine opened a review of a verdict this person wrote, approved or has.
    REVIEW_OPENED = "review_opened", _("A review opened")
    # A quoted passage changed, and no review was opened for it: one is open already, or none may open by itself.
    QUOTE_CHANGED = "quote_changed", _("A quoted passage changed")
    # A page that a verdict rests on died, came back or moved.
    SOURCE_CHANGED = "source_changed", _("A page died, came back or moved")
    # Too many changes at once wait for a person's decision.
    HOLD_OPENED = "hold_opened", _("Changes are held")
    # Something of the machinery went wrong.
    ALARM_STARTED = "alarm_started", _("Something is wrong")
    # What was wrong is mended.
    ALARM_ENDED = "alarm_ended", _("In order again")
    # A newsroom's webhook was switched off, or an event was given up for it.
    WEBHOOK_FAILING = "webhook_failing", _("A webhook fails")
    # Something about this person's own account: a new sign-in, password, second factor, role.
    ACCOUNT = "account", _("About your account")
    # An administrator proposes to withhold a verdict; a second person has to confirm or withdraw it.
    WITHHOLDING = "withholding", _("A verdict is to be withheld")
    # Somebody gave this person a claim.
    ASSIGNED = "assigned", _("A claim was given to me")
    # The second person wants something changed, and says what.
    SENT_BACK = "sent_back", _("My draft was sent back")
    # A draft waits for a second person, such as this one.
    DRAFT_WAITING = "draft_waiting", _("A draft waits for my review")
    # A second person published what this person wrote.
    PUBLISHED = "published", _("My draft was published")
    # A colleague named this person in a note.
    MENTIONED = "mentioned", _("I am mentioned in a note")
    # The day has come on which somebody wanted a verdict looked at again.
    LOOK_AGAIN_DUE = "look_again_due", _("The day to look again has come")
    # A reader says that something about a published verdict is wrong.
    READER_REPORT = "reader_report", _("A reader reports an error")
    # A reader suggests a claim to check.
    READER_SUGGESTION = "reader_suggestion", _("A reader suggests a claim")
    # No event but the daily overview itself: what waits, what was published, figures.
    OVERVIEW = "overview", _("The daily overview")


class NoticeWay(TextChoices):
    """How a notice reaches its person. The desk shows every one."""

    # Within about a minute.
    MAIL = "mail", _("At once by mail")
    # With the mail of the next morning.
    DIGEST = "digest", _("In the daily mail")
    # Nothing is mailed.
    DESK = "desk", _("On the desk only")


class AlarmKind(TextChoices):
    # Pages are due and nobody visits them: no worker, too few workers, or a stuck one.
    SWEEP_LATE = "sweep_late", _("Visits are late")
    # Pages arrive and cannot be kept or read, by a fault of ours: a full disk, a bug.
    ARCHIVE_FAILING = "archive_failing", _("Captures fail by our own fault")
    # The same source fails by our own fault at every visit.
    POISON_SOURCES = "poison_sources", _("Sources that fail at every visit")
    # The same change of a page breaks whatever acts on it; verdicts do not follow the page.
    POISON_CHANGES = "poison_changes", _("Changes that cannot be worked off")
    # Notices cannot be mailed.
    MAIL_FAILING = "mail_failing", _("Mail does not leave")
    # Receivers have not been told of changes they should have been told of.
    WEBHOOKS_LATE = "webhooks_late", _("Webhooks are late")


class EventType(TextChoices):
    # A first version went public.
    PUBLISHED = "verdict.published", _("Verdict published")
    # A new version replaced an older one; the rating stayed.
    CORRECTED = "verdict.corrected", _("Corrected")
    # A new version replaced an older one and the rating is another one.
    RATING_CHANGED = "verdict.rating_changed", _("Corrected: the rating changed")
    # A name, a topic, an appearance or a translation changed; the verdict did not.
    UPDATED = "verdict.updated", _("Details updated")
    # A source died, moved or came back, or a quoted passage changed.
    EVIDENCE_CHANGED = "verdict.evidence_changed", _("A source changed")
    # A person is asked to look again.
    REVIEW_OPENED = "verdict.review_opened", _("We started to look again")
    # A person looked again and decided.
    REVIEW_CLOSED = "verdict.review_closed", _("We finished looking again")
    # We took the verdict back.
    RETRACTED = "verdict.retracted", _("Retracted")
    # The law took the verdict out of sight.
    WITHHELD = "verdict.withheld", _("Withheld for legal reasons")


class RelationKind(TextChoices):
    # The same claim said again.
    REPEAT_OF = "repeat_of", _("Repeats")
    # The same event with another number.
    OTHER_NUMBER = "other_number", _("Same event, other number")
    # Follows from, or is a part of, the other claim.
    PART_OF = "part_of", _("Part of")


class TakenFrom(TextChoices):
    # ClaimReview markup in a web page.
    PAGE = "page", _("a page's markup")
    # ClaimReview objects in a file or feed: JSON-LD, DataFeed, NDJSON.
    FEED = "feed", _("a file or feed")
    # An answer of Google's Fact Check Tools API, or of one that speaks like it.
    GOOGLE = "google", _("Google's Fact Check Tools API")


class ClaimantKind(TextChoices):
    """What schema.org has to know of whoever made a claim: only a person has an office, only these two make claims."""

    PERSON = "person", _("Person")
    # A party, an authority, a company, an outlet.
    ORGANIZATION = "organization", _("Organisation")


class Tone(TextChoices):
    """How a rating is drawn. Shape and word carry the meaning; colour only helps."""

    TRUE = "true", _("True")
    MOSTLY_TRUE = "mostly_true", _("Mostly true")
    MIXED = "mixed", _("Mixed")
    MOSTLY_FALSE = "mostly_false", _("Mostly false")
    FALSE = "false", _("False")
    NONE = "none", _("No truth value")


class ClaimFileState(TextChoices):
    # Nobody has read it yet.
    TO_CHECK = "to_check", _("Being looked through")
    # The dry run is done: a person reads what it found and decides.
    CHECKED = "checked", _("Looked through")
    # A person said: log them.
    TO_LOG = "to_log", _("Being logged")
    # Its claims are logged.
    DONE = "done", _("Done")
    # Nothing was logged: the file cannot be read, or a person gave it up.
    GIVEN_UP = "given_up", _("Given up")


class ReaderMessageKind(TextChoices):
    # Something about a published verdict is wrong, a reader says.
    REPORT = "report", _("Error reported")
    # A reader asks us to check something.
    SUGGESTION = "suggestion", _("Claim suggested")


class ReaderMessageState(TextChoices):
    # Nobody has looked yet.
    NEW = "new", _("new")
    # A review was opened, or a claim logged; our answer is still to come.
    TAKEN = "taken", _("being looked at")
    # We said in public what came of it.
    ANSWERED = "answered", _("answered")
    # Nothing follows from it; the reason is for colleagues.
    DISMISSED = "dismissed", _("nothing follows")
    # Somebody told us before, or it is checked already.
    DUPLICATE = "duplicate", _("told before")


class SitePageName(TextChoices):
    # Who we are: nonpartisanship, sources, funding, staff, methodology, corrections.
    ABOUT = "about", _("About")
    # What is kept of whom, and for how long.
    PRIVACY = "privacy", _("Privacy")
