"""One step of the workflow as the desk offers it: a row of the table in actions.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from claims.admin.step_forms import StepForm
from claims.models import Claim, User

Words = str | Promise
Cleaned = dict[str, Any]


@dataclass(frozen=True)
class Action:
    """`run` calls one service and returns what to tell the person. `who` is the role, `when` the moment.

    `why_not` says why the step's page shows no button for this person now; empty when it shows one. `part` is a
    template shown below the form, with what `extra` gives it.
    """

    slug: str
    label: Words
    explanation: Words
    who: Callable[[User], bool]
    when: Callable[[Claim, User], bool]
    run: Callable[[Claim, User, Cleaned], Words]
    why_not: Callable[[Claim, User], Words] = lambda claim, user: ""
    form: type[StepForm] = StepForm
    one_click: bool = False
    tone: str = "default"
    shows_draft: bool = False
    part: str = ""
    extra: Callable[[Claim], Cleaned] = lambda claim: {}
