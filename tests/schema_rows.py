"""A small site with a verdict in every state there is, for tests that ask every address anything."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from claims import services
from claims.models import Claim, User
from tests.held import held
from tests.make import (
    make_claimant,
    make_correction,
    make_offline_evidence,
    make_published_verdict,
    make_topic,
    make_withheld,
)


@dataclass(frozen=True)
class Site:
    """One claim per state; `published` has everything a verdict can have."""

    published: Claim
    corrected: Claim
    under_review: Claim
    retracted: Claim
    withheld: Claim

    def read_again(self) -> Site:
        """The same claims as they are in the database."""
        return Site(**{field.name: Claim.objects.get(pk=getattr(self, field.name).pk) for field in fields(self)})


def make_site(checker: User, editor: User) -> Site:
    return Site(
        published=_rich(checker, editor),
        corrected=_corrected(checker, editor),
        under_review=_under_review(checker, editor),
        retracted=_retracted(checker, editor),
        withheld=_withheld(checker, editor),
    )


@held
def made(checker: User, editor: User) -> Site:
    return make_site(checker, editor)


@pytest.fixture
def site(db: None, made: Site) -> Site:
    """For modules that import it together with `made`."""
    return made.read_again()


def _rich(checker: User, editor: User) -> Claim:
    """Letters of four scripts, a number, an appearance with an odd address, quotes and brackets that JSON escapes."""
    claim = make_published_verdict(
        checker,
        editor,
        text='Алаңға "мыңдаған" наразы шықты </script> 👩🏽‍🚀 \u202eمظاهرة',
        claimant=make_claimant("Ұлы Даланың Үні", same_as=["https://www.wikidata.org/wiki/Q1"], job_title="Әкім"),
        topics=[make_topic("Наразылық"), make_topic("Protests")],
        quantity_as_stated="мыңдаған",
        quantity_low=2000,
        quantity_unit="адам",
        location="Алматы",
        language="kk",
    ).verdict.claim
    services.add_appearance(
        claim, url='https://social.example/1?a=[b]&c="é"', platform="facebook", audience=124000, by=checker
    )
    return claim


def _corrected(checker: User, editor: User) -> Claim:
    claim = make_published_verdict(checker, editor, text="The bridge cost twice as much").verdict.claim
    make_correction(claim, checker, editor)
    make_correction(claim, checker, editor, kind="substantive", reason="Мост подорожал втрое.")
    return claim


def _under_review(checker: User, editor: User) -> Claim:
    claim = make_published_verdict(checker, editor, text="The water is safe to drink").verdict.claim
    make_offline_evidence(claim, checker)
    services.look_again(claim, by=checker, reason="A reader wrote to us.")
    return claim


def _retracted(checker: User, editor: User) -> Claim:
    claim = make_published_verdict(checker, editor, text="The mayor left the country").verdict.claim
    services.retract_verdict(claim, by=editor, reason="We mixed up two people.")
    return claim


def _withheld(checker: User, editor: User) -> Claim:
    claim = make_published_verdict(checker, editor, text="A private matter").verdict.claim
    make_withheld(claim)
    return claim
