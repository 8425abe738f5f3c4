"""How each person wants to be told of what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from claims.choices import NoticeKind, NoticeWay, Role
from claims.models import Notice, NoticePreference, User
from claims.notice_ways import KINDS, default_way, kinds_for


def role_of(person: User) -> str:
    """The role whose defaults are this person's."""
    return Role.ADMIN if person.is_superuser else person.role


def ways_of(people: Iterable[User], kind: NoticeKind) -> dict[int, NoticeWay]:
    """How each of them is told of this kind, by primary key."""
    found = list(people)
    chosen = dict(NoticePreference.objects.filter(person__in=found, kind=kind).values_list("person", "way"))
    return {person.pk: NoticeWay(chosen.get(person.pk) or default_way(kind, role_of(person))) for person in found}


def told_how(person: User) -> dict[NoticeKind, NoticeWay]:
    """Every kind this person may be told of, in the order of the page, and how."""
    chosen = dict(person.notice_preferences.values_list("kind", "way"))
    role = role_of(person)
    return {kind: NoticeWay(chosen.get(kind) or default_way(kind, role)) for kind in kinds_for(role)}


@transaction.atomic
def choose_ways(person: User, ways: Mapping[str, str]) -> None:
    """Keep how this person wants to be told; kinds left out stay as they are. Raises ValidationError.

    What was told already leaves as it was to leave. A choice like the default is kept too: it outlasts a new role.
    """
    now = told_how(person)
    for kind, way in ways.items():
        if kind not in now or way not in KINDS[NoticeKind(kind)].ways:
            raise ValidationError(_("There is no such choice: %(kind)s, %(way)s."), params={"kind": kind, "way": way})
        if now[NoticeKind(kind)] != way:
            NoticePreference.objects.update_or_create(person=person, kind=kind, defaults={"way": way})


@transaction.atomic
def forget_ways(person: User) -> None:
    """Back to the defaults of the role."""
    person.notice_preferences.all().delete()


@transaction.atomic
def switch_mail(person: User, *, on: bool) -> None:
    """Whether anything is mailed to this person. What was to be mailed already is not, once it is off."""
    person.notify_by_mail = on
    person.save(update_fields=["notify_by_mail"])
    if not on:
        Notice.objects.filter(recipient=person, in_digest=True).update(in_digest=False)
