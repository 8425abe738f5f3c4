from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from feed.choices import Scope
from feed.services import create_key
from sources.management.command import OK, USAGE, ClaimtrackCommand


def moment(text: str) -> datetime:
    """`2027-06-30` (its midnight in UTC), a time of RFC 3339, or `90d` from now."""
    try:
        if text.endswith("d") and text[:-1].isascii() and text[:-1].isdigit():
            return timezone.now() + timedelta(days=int(text[:-1]))
        day = parse_date(text)
        at = datetime.combine(day, time.min, UTC) if day else parse_datetime(text)
    except (ValueError, OverflowError):
        at = None
    if at is None or at.tzinfo is None:
        raise ArgumentTypeError(f"{text!r} is no time: give 2027-06-30, 2027-06-30T12:00:00Z or 90d")
    return at


class Command(ClaimtrackCommand):
    help = "Make an API key and print it, once. Only its digest is kept."
    example = (
        "python manage.py create_api_key 'Import into our CMS' --scope read --contact it@news.example --expires 365d"
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="what uses it")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it may be used for; may be repeated (default: all)",
        )
        parser.add_argument("--contact", default="", help="who to write to before it is revoked")
        parser.add_argument("--expires", type=moment, metavar="WHEN", help="a date, a time, or days such as 365d")
        parser.add_argument("--rate", type=int, help="requests a minute, instead of CLAIMTRACK_RATE_KEY")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        try:
            key, whole = create_key(
                options["name"], by=None, contact=options["contact"], scopes=options["scope"] or Scope.values,
                expires_at=options["expires"], rate=options["rate"],
            )  # fmt: skip
        except ValidationError as refusal:
            errors = refusal.message_dict
            for field, reasons in errors.items():
                self.stderr.write(f"{field}: {' '.join(reasons)}")
            return USAGE, {"errors": errors}
        self.say(whole)
        if not self.as_json:
            # Beside the key, which stands on standard output alone: KEY=$(manage.py create_api_key …) works.
            self.stderr.write(f"Keep it now: it is not shown again. Send it as  Authorization: Api-Key {whole[:12]}…")
        return OK, {
            "key": whole,
            "prefix": key.prefix,
            "name": key.name,
            "scopes": key.scopes,
            "expires_at": key.expires_at and key.expires_at.isoformat(),
        }
