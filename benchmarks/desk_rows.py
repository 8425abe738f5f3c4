"""A newsroom in bulk, made by PostgreSQL itself: rows as lists show them, not as the services would leave them."""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from benchmarks.source_rows import _default, _escaped
from claims.choices import Role
from claims.models import (
    Activity,
    Alarm,
    Appearance,
    Claim,
    Claimant,
    ClaimantAccount,
    Draft,
    Event,
    Evidence,
    ExternalReview,
    Hold,
    ImportRun,
    Notice,
    RatingLabel,
    Review,
    Topic,
    User,
    Verdict,
    VerdictDocument,
    VerdictVersion,
)
from feed.models import Delivery, Endpoint
from sources.models import Snapshot, Source, SourceChange, SourceCheck, Upload

PEOPLE = 50
# Ten visits of each source.
CHECKS_EACH = 10
# Words to look for: in one claim, in one of a thousand, in every tenth, in every one.
ONCE, RARE, TENTH, EVERYWHERE = "unique777", "word123", "tenth3", "everywhere"
TEXT = (
    "'Claim unique' || n || ' of the tenth' || n % 10 || ' kind, word' || n % 997 || ', said everywhere by many people'"
)
# Texts that somebody types while logging: their words are in one claim, in many, in none.
TYPED = {
    "one claim's words": "Claim unique777 of the tenth7 kind, word777, said everywhere by many people",
    "words of every claim": "Everywhere many people said claims of this kind",
    "no claim's words": "Nowhere thousands marched yesterday",
}
# Over three years, the newest last.
WHEN = "now() - interval '1095 days' * (1 - n::float / {count})"
SAYS = "'2' || repeat('0', 63)"


def fill(count: int) -> None:
    """An empty database becomes a newsroom with `count` claims, as many sources, and ten visits of each."""
    at = WHEN.format(count=count)
    # Ten pages of them at least, also in a small newsroom.
    few = max(count // 10, 1_000)
    _people()
    _make(Claimant, few, name="'Claimant ' || n || ' word' || n % 997", slug="'claimant-' || n", public_id=_id("m"))
    _make(ClaimantAccount, few, claimant_id="n", platform="'telegram'", handle="'handle' || n", url="''")
    _make(Topic, 300, name="'Topic ' || n", slug="'topic-' || n")
    by = f"1 + n % {PEOPLE}"
    claims = {"public_id": _id("c"), "text": TEXT, "claimant_id": f"1 + n % {few}", "location": "'Almaty'"}
    _make(Claim, count, **claims, created_by_id=by, created_at=at, slug="'claim-' || n")
    _topics(count)
    address = "'https://host' || n % 1000 || '.example/' || n"
    _make(
        Source, count, public_id=_id("s"), url=address, canonical_url=address, host="'host' || n % 1000 || '.example'",
        title="'Page unique' || n || ' word' || n % 997", availability=_state(), availability_since=at, created_at=at,
        next_check_at="now() + interval '1 minute' * (n % 10000)", last_checked_at="now()", last_ok_at="now()",
        pinned="n % 50 = 0", pinned_reason="CASE WHEN n % 50 = 0 THEN 'Known' ELSE '' END",
        counted_failures="CASE WHEN n % 100 IN (7, 8) THEN 2 ELSE 0 END",
        last_counted_failure_at="CASE WHEN n % 100 IN (7, 8) THEN now() END",
    )  # fmt: skip
    _make(
        Snapshot, count, public_id=_id("v"), source_id="n", taken_at=at, final_url=address, raw_sha256=SAYS,
        text_sha256=SAYS, extractor="'x'", extractor_version="'1'", text="repeat('many words of a page ', 40)",
        title="'Page ' || n", size="1000 + n",
    )  # fmt: skip
    _make(
        SourceCheck, count * CHECKS_EACH, source_id=f"1 + n % {count}", at=WHEN.format(count=count * CHECKS_EACH),
        outcome="(ARRAY['ok','ok','ok','ok','not_modified','read_timeout'])[1 + n % 6]",
    )  # fmt: skip
    _make(SourceChange, count, source_id="n", at=at, kind="'moved'", before="'a'", after="'b'", processed_at=at)
    _make(Upload, few, sha256="md5(n::text) || md5(n::text)", name="'file' || n || '.pdf'", size="n", uploaded_at=at)
    _make(
        Evidence, 2 * count, public_id=_id("e"), claim_id=f"1 + n % {count}", source_id=f"1 + n % {count}",
        kind="'page'", stance="'refutes'", quote="'only a few hundred came'", snapshot_id=f"1 + n % {count}",
        quote_status="CASE WHEN n % 400 = 0 THEN 'altered' ELSE 'intact' END", created_at="now()",
    )  # fmt: skip
    _make(Appearance, count, claim_id="n", url=address, platform="'website'")
    _verdicts(count, by, at)
    _around(count, by, at)
    with connection.cursor() as cursor:
        _words(cursor)
        cursor.execute("VACUUM (ANALYZE)")


def _words(cursor: Any) -> None:
    """What claims and claimants are found by, as write_due_words() leaves it of such texts."""
    for table, key, of, text in (
        ("claims_claimwords", "claim_id", "claims_claim", "text"),
        ("claims_claimantwords", "claimant_id", "claims_claimant", "name || ' handle' || id"),
    ):
        cursor.execute(
            f"UPDATE {table} SET is_due = false, search_text = made.words FROM"
            f" (SELECT id, regexp_replace(lower({text}), '[^a-z0-9 ]', '', 'g') AS words FROM {of}) AS made"
            f" WHERE made.id = {table}.{key}"
        )


def _people() -> None:
    for number in range(PEOPLE):
        role = (Role.FACT_CHECKER, Role.REVIEWER, Role.ADMIN)[number % 3]
        User.objects.create(username=f"person{number}", role=role, is_staff=True, is_superuser=number == 2)


def _verdicts(count: int, by: str, at: str) -> None:
    """Seven of ten claims have one; every tenth has a draft; thirty verdicts are under review."""
    public, ratings = "n % 10 < 7", "(SELECT array_agg(id ORDER BY id) FROM claims_rating)"
    rating = f"({ratings})[1 + n % 5]"
    other = f"1 + (n + 1) % {PEOPLE}"
    # A reviewer, and never the author.
    approver = f"CASE WHEN n % {PEOPLE} = 1 + 3 * (n % 16) THEN 3 ELSE 2 + 3 * (n % 16) END"
    later = f"{at} + interval '1 hour' * (n % 300)"
    status = f"CASE WHEN n > {count} - 43 THEN 'under_review' WHEN n % 100 = 1 THEN 'retracted' ELSE 'published' END"
    verdict = {"claim_id": "n", "status": status, "published_at": later, "updated_at": later, "status_since": later}
    _make(Verdict, count, where=public, **verdict)
    _make(
        VerdictVersion, count, where=public, verdict_id="n", number="1", rating_id=rating, claimant_id="NULL",
        content="'{}'", content_salt="'0'", content_digest="'sha256:0'", author_id=by, approved_by_id=approver,
        second_review_required="true", published_at=later,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_verdict SET current_version_id = claim_id")
        cursor.execute(
            "INSERT INTO claims_verdictversion_evidence (verdictversion_id, evidence_id)"
            " SELECT version.id, evidence.id FROM claims_verdictversion AS version"
            " JOIN claims_evidence AS evidence ON evidence.claim_id = version.verdict_id"
        )
    code = f"(SELECT code FROM claims_rating WHERE id = {rating})"
    _make(
        VerdictDocument, count, where=public, claim_id="n", public_id=_id("c"), slug="'claim-' || n", status=status,
        language="'en'", rating_code=code, headline="'Headline ' || n", published_at=later, updated_at=later,
        body="repeat('{\"a\": 1}', 200)", change="n", search_text="lower(" + TEXT + ")",
    )  # fmt: skip
    _make(
        Draft, count, where="n % 10 = 8", claim_id="n", assigned_to_id=by, submitted_by_id=other, updated_at=at,
        state="(ARRAY['assigned','drafted','in_review','sent_back'])[1 + (n / 10) % 4]", rating_id=rating,
    )  # fmt: skip
    closed = f"n <= {count} - 43"
    _make(
        Review, count, where=f"{public} AND ({closed} AND n % 20 = 0 OR NOT {closed})", verdict_id="n", opened_at=later,
        reason="'A quoted passage changed, unique' || n", closed_at=f"CASE WHEN {closed} THEN now() END",
        closed_by_id=f"CASE WHEN {closed} THEN {by} END", outcome=f"CASE WHEN {closed} THEN 'confirmed' ELSE '' END",
    )  # fmt: skip
    _make(
        Event, count, where=public, sequence="n", event_id="'evt_' || n", type="'verdict.published'", at=later,
        claim_id="n", version="1", entry="'{\"a\": 1}'", previous_hash="'sha256:0'", hash="'sha256:' || n",
    )  # fmt: skip


def _around(count: int, by: str, at: str) -> None:
    _make(
        Activity, 5 * count, claim_id=f"1 + n % {count}", at=WHEN.format(count=5 * count), actor_id=by,
        action="(ARRAY['logged the claim','changed the draft','sent back','assigned'])[1 + n % 4]",
        detail="'detail unique' || n || ' word' || n % 997",
    )  # fmt: skip
    _make(
        Notice, 2 * count, recipient_id=by, kind="(ARRAY['quote_changed','assigned'])[1 + n % 2]", key="'key' || n",
        at=WHEN.format(count=2 * count), title="'Review opened: unique' || n || ' word' || n % 997",
        text="'What happened'", read_at=f"CASE WHEN n < {2 * count} - 500 THEN now() END", words="'{}'",
    )  # fmt: skip
    _make(Hold, 200, host="'host' || n || '.example'", opened_at="now()", why="'6 quotes'", decided_at="now()",
          decided_by_id="1", outcome="'dismissed'", reason="'Nothing'")  # fmt: skip
    _make(Alarm, 500, kind="'mail_failing'", started_at="now()", text="'12'", ended_at="now()")
    _make(ImportRun, 200, source="'file' || n || '.json'", finished_at="now()")
    _make(
        ExternalReview, count, key="md5(n::text)", page_key="md5(n::text)", fingerprint="md5(n::text)",
        url="'https://fact' || n % 300 || '.example/' || n", publisher_site="'fact' || n % 300 || '.example'",
        publisher_name="'Facts ' || n % 300", claim_text=TEXT, rating_label="'False'", published_at=at, run_id="1",
        taken_from="'feed'", search_text="lower(" + TEXT + ")", linked_claim_id="NULL",
    )  # fmt: skip
    _make(RatingLabel, 2000, label="'Label ' || n", key="'label ' || n", rating_id="NULL")
    _make(Endpoint, 5, name="'Newsroom ' || n", url="'https://cms' || n || '.example/'", secret_seed="'x'",
          secret_print="'x'", cursor=str(count))  # fmt: skip
    _make(
        Delivery, count, where="n % 10 < 7", endpoint_id="1 + n % 5", event_id="n", queued_at=at, settled_at=at,
        state="'delivered'",
    )  # fmt: skip


def _topics(count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_claim_topics (claim_id, topic_id)"
            f" SELECT n, 1 + n % 300 FROM generate_series(1, {count}) AS n"
        )


def _id(letter: str) -> str:
    return f"'{letter}' || lpad(n::text, 10, '0')"


def _state() -> str:
    """Eight of a hundred are in trouble."""
    return "CASE n % 100 WHEN 7 THEN 'dead' WHEN 8 THEN 'suspect' WHEN 9 THEN 'blocked' ELSE 'live' END"


def _make(model: type[models.Model], count: int, *, where: str = "true", **expressions: str) -> None:
    """Rows numbered 1 to `count` that satisfy `where`; each column is SQL over `n`, or the field's default."""
    values, parameters, names = [], [], []
    for field in model._meta.concrete_fields:
        assert field.column
        expression = expressions.pop(field.column, None)
        if getattr(field, "generated", False):
            continue
        if expression is None and field.primary_key:
            expression = "n"
        names.append(field.column)
        values.append("%s" if expression is None else expression)
        if expression is None:
            parameters.append(_default(field))
    assert not expressions, f"{model.__name__} has no column {', '.join(expressions)}"
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(_escaped(values))}"
            f" FROM generate_series(1, {count}) AS n WHERE {where.replace('%', '%%')} ON CONFLICT DO NOTHING",
            parameters,
        )
        if "id" in names:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
