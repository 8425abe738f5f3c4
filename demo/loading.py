"""Put the demo into an empty database, through the same services and with the same two people as at a real desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from claims import services
from claims.choices import Role
from claims.models import AudienceFigure, Claim, Claimant, ClaimantAccount, Rating, Topic, Translation, User
from demo import dossier, dossier_people, local_claims
from demo.shapes import DemoClaim, DemoClaimant, DemoEvidence, DemoSource, DemoTranslation, DemoVerdict
from sources.choices import Outcome
from sources.models import Source
from sources.services import register_source, visit_sources

# Published in this order, so that the dossier stands above the newsroom's claims, and its flagship on top.
CLAIMS = (*local_claims.CLAIMS, *dossier.CLAIMS)
CLAIMANTS = (*local_claims.CLAIMANTS, *dossier_people.CLAIMANTS)
# Any constant does: two commands at once must not both find the database empty.
LOAD_LOCK_KEY = 0x6465_6D6F


class DemoRefused(Exception):
    """The demo cannot be loaded; the text says why and what to do."""


@dataclass(frozen=True)
class Cast:
    """The people of the demo's desk."""

    checker: User
    editor: User
    admin: User


def is_loaded() -> bool:
    """The demo is all there or not at all: it is written in one transaction."""
    return Claim.objects.filter(is_demo=True).exists()


def load_demo(base_url: str, *, password: str, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Load the demo and return the number of its claims; 0 when it is loaded already.

    The newsroom's pages at `base_url` are captured first, so that their quotes are truly pinned. The dossier's pages
    are only registered: the next sweep visits them, and their quotes are published as not checked yet, by the recorded
    acknowledgement. Raises DemoRefused; the database then holds no more than the newsroom's sources.
    """
    if is_loaded():
        return 0
    if Claim.objects.exists():
        raise DemoRefused(
            "This database holds claims of its own. The demo is only loaded into an empty one: "
            "name another with DATABASE_URL, or start with another CLAIMTRACK_DATA_DIR."
        )
    _capture_newsroom(base_url)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK_KEY])
        if is_loaded():
            return 0
        cast = _hire(password)
        people = {claimant.name: _make_claimant(claimant) for claimant in CLAIMANTS}
        for done, claim in enumerate(CLAIMS, start=1):
            _bring_to_its_state(claim, people[claim.claimant.name], cast, base_url)
            progress(done, len(CLAIMS))
        # Nothing of its making waits for anybody.
        for person in (cast.checker, cast.editor, cast.admin):
            services.mark_read(person)
    return len(CLAIMS)


def _capture_newsroom(base_url: str) -> None:
    sources = [
        register_source(_url(source, base_url), publisher=source.publisher, is_demo=True)
        for source in local_claims.SOURCES
    ]
    waiting = {source.pk: source for source in sources if source.current_snapshot_id is None}
    checks = visit_sources(waiting)
    for check in checks:
        if check.outcome not in {Outcome.OK, Outcome.REDIRECT_PERMANENT}:
            raise DemoRefused(_what_to_do(check.outcome, waiting[check.source_id].url, base_url, check.error))
    if len(checks) < len(waiting):
        raise DemoRefused("A worker is visiting the demo newsroom just now: run load_demo again in a minute.")
    # That the pages are live now is settled before anything rests on them, and is no event of the verdicts.
    services.assess_changes()


def _what_to_do(outcome: str, url: str, base_url: str, error: str) -> str:
    address = base_url.partition("://")[2]
    if outcome == Outcome.POLICY_DENIED:
        return f"Visits to {url} are refused by the address rules: set CLAIMTRACK_FETCH_ALLOW={address} and run again."
    if outcome in {Outcome.GONE, Outcome.NOT_FOUND}:
        return f"{url} is not there. Put the newsroom's pages back with: python manage.py demo_drift --case restore"
    host, _, port = address.rpartition(":")
    return (
        f"The demo newsroom does not answer at {url} ({error or outcome}). Start script/server, or the newsroom alone: "
        f"python -m demo.newsroom --host {host} --port {port} --dir var/newsroom"
    )


def _url(source: DemoSource, base_url: str) -> str:
    return base_url + source.url if source.is_local else source.url


def _hire(password: str) -> Cast:
    return Cast(
        checker=_person("checker", password, Role.FACT_CHECKER, byline="Demo fact-checker"),
        editor=_person("editor", password, Role.REVIEWER, byline="Demo editor"),
        admin=_person("admin", password, Role.ADMIN),
    )


def _person(name: str, password: str, role: str, *, byline: str = "") -> User:
    """An account of this name that is there already is used as it is, if it may do what the demo needs."""
    user = User.objects.filter(username=name).first()
    if user is None:
        is_admin = role == Role.ADMIN
        return User.objects.create_user(
            name,
            # So that the console shows the mail people get; no mail can reach this name (RFC 2606).
            email=f"{name}@demo.invalid",
            password=password,
            role=role,
            byline=byline,
            is_staff=True,
            is_superuser=is_admin,
        )
    if not user.is_superuser and user.role != role:
        raise DemoRefused(f"An account “{name}” with another role is there already: rename it, then load the demo.")
    return user


def _make_claimant(person: DemoClaimant) -> Claimant:
    claimant = Claimant(
        name=person.name, kind=person.kind, job_title=person.job_title, same_as=list(person.same_as), is_demo=True
    )
    claimant.full_clean()
    claimant.save()
    for account in person.accounts:
        AudienceFigure.objects.create(
            account=ClaimantAccount.objects.create(claimant=claimant, platform=account.platform),
            followers=account.followers,
            measured_on=account.measured_on,
            source=_register(person.source) if person.source else None,
        )
    return claimant


def _register(source: DemoSource) -> Source:
    return register_source(source.url, publisher=source.publisher, is_demo=True)


def _bring_to_its_state(demo: DemoClaim, claimant: Claimant, cast: Cast, base_url: str) -> None:
    claim = services.log_claim(
        demo.text,
        by=cast.checker,
        topics=[Topic.objects.get_or_create(name=name)[0] for name in demo.topics],
        is_demo=True,
        language=demo.language,
        claimant=claimant,
        made_on=demo.made_on,
        location=demo.location,
        **(demo.quantity.fields() if demo.quantity else {}),
    )
    for number, source in enumerate(demo.appearances):
        _register(source)
        services.add_appearance(claim, url=source.url, by=cast.checker, platform="website", is_first=number == 0)
    _attach(claim, [row for row in demo.evidence if row.since_version == 1], cast, base_url)
    if demo.verdict is None:
        services.assign(claim, to=cast.checker, by=cast.editor)
    else:
        _publish(claim, demo, demo.verdict, cast, base_url)


def _attach(claim: Claim, evidence: list[DemoEvidence], cast: Cast, base_url: str) -> None:
    for row in evidence:
        services.attach_evidence(
            claim,
            by=cast.checker,
            stance=row.stance,
            url=_url(row.source, base_url),
            publisher=row.source.publisher,
            quote=row.quote,
            note=row.note,
            position=claim.evidence.count() + 1,
            **(row.quantity.fields() if row.quantity else {}),
        )


def _publish(claim: Claim, demo: DemoClaim, verdict: DemoVerdict, cast: Cast, base_url: str) -> None:
    _write_and_approve(
        claim,
        cast,
        rating=Rating.objects.get(code=verdict.rating),
        language=demo.language,
        headline=verdict.headline,
        summary=verdict.summary,
        explanation=verdict.explanation,
    )
    if verdict.correction:
        correction = verdict.correction
        services.correct_verdict(claim, by=cast.checker, kind=correction.kind, reason=correction.reason)
        _attach(claim, [row for row in demo.evidence if row.since_version == 2], cast, base_url)
        _write_and_approve(claim, cast, summary=correction.summary, explanation=correction.explanation)
    if verdict.translation:
        _translate(claim, verdict.translation, cast)


def _write_and_approve(claim: Claim, cast: Cast, **fields: Any) -> None:
    """Nobody could compare the dossier's quotes yet: publishing them all the same is acknowledged, on the record."""
    unchecked = claim.evidence.attached().unchecked_pages().exists()
    draft = services.save_draft(claim, by=cast.checker, unchecked_acknowledged=unchecked, **fields)
    try:
        draft = services.submit_for_review(draft, by=cast.checker)
    except ValidationError as error:
        raise DemoRefused(
            f"“{claim}” cannot be published: {' '.join(error.messages)} If the newsroom's pages have been edited, put "
            "them back with: python manage.py demo_drift --case restore"
        ) from error
    services.approve_and_publish(draft, by=cast.editor)


def _translate(claim: Claim, text: DemoTranslation, cast: Cast) -> None:
    translation = Translation(
        claim=claim,
        language=text.language,
        of_version=claim.verdict.versions.count(),
        claim_text=text.claim_text,
        headline=text.headline,
        summary=text.summary,
        explanation=text.explanation,
        translated_by=cast.checker,
    )
    translation.full_clean()
    translation.save()
    services.announce_update(claim, changed=["translations"])
