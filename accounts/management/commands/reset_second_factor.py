from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from accounts.services import reset_second_factor
from claims.models import User
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand


class Command(ClaimtrackCommand):
    help = "Take away the second factor of somebody who lost their phone; on record, and told to them."
    example = "python manage.py reset_second_factor aigerim --reason 'phone stolen, called me'"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the name they sign in with")
        parser.add_argument("--reason", default="", help="kept in the desk's record")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            self.stderr.write(f"Nobody signs in as {options['name']!r}.")
            return USAGE, {"error": "unknown name"}
        done = reset_second_factor(user, by=None, reason=options["reason"])
        self.say(f"{user}: the second factor is reset." if done else f"{user} has no second factor.")
        return (OK if done else FINDINGS), {"name": user.get_username(), "reset": done}
