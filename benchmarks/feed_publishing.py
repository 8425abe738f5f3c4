"""What publishing one verdict costs, through the services, beside however many there are."""

from __future__ import annotations

import statistics
import time

from django.db import connection, transaction

from claims import services
from claims.choices import EvidenceKind, Role, Stance
from claims.models import Draft, Rating, User

TIMES = 40


def publishing() -> float:
    """Seconds, the median of TIMES, without the commits: each is undone again, so that the corpus stays as it is."""
    checker, editor = (
        _person(name, role) for name, role in (("checker", Role.FACT_CHECKER), ("editor", Role.REVIEWER))
    )
    taken = []
    for number in range(TIMES + 5):
        with transaction.atomic():
            draft = _draft(number, checker)
            _check_constraints()
            began = time.perf_counter()
            services.approve_and_publish(draft, by=editor)
            # What a commit would check, so that the time of publishing holds it.
            _check_constraints()
            taken.append(time.perf_counter() - began)
            transaction.set_rollback(True)
    return statistics.median(taken[5:])


def _check_constraints() -> None:
    """Those that wait for the commit, now; what follows waits again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _person(name: str, role: str) -> User:
    return User.objects.filter(username=name).first() or User.objects.create_user(name, role=role, is_staff=True)


def _draft(number: int, checker: User) -> Draft:
    claim = services.log_claim(f"Thousands filled square {number}", by=checker)
    services.attach_evidence(
        claim,
        by=checker,
        kind=EvidenceKind.OFFLINE,
        stance=Stance.REFUTES,
        description="Interview with the police press office, 10 June 2019, notes kept.",
    )
    draft = services.save_draft(
        claim,
        by=checker,
        rating=Rating.objects.get(code="false"),
        headline="A few hundred people came, not thousands",
        summary="Police counted a few hundred people on the square. Nobody counted thousands.",
        explanation="The one count there is comes from the police.",
    )
    return services.submit_for_review(draft, by=checker)
