from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db.models import Count, Q

from claims.models import Event
from feed import services
from feed.models import Endpoint
from feed.services.endpoints import FILTERS
from feed.webhooks.retrying import why_failed
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand, counted

# Of an endpoint, what is listed and printed by --json. Never a secret.
COLUMNS = ("name", "url", "contact", "state", "state_reason", "state_since", "cursor", "last_success_at", *FILTERS)


class Command(ClaimtrackCommand):
    help = "Add, list and steer the endpoints that public changes are posted to. Exit 1 when a ping is not taken."
    example = "python manage.py webhooks add Herald https://cms.herald.example/hooks/corrections"

    def add_options(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="step")
        add = steps.add_parser("add", help="a new endpoint; prints its secret once")
        add.add_argument("name")
        add.add_argument("url", help="begins with https://")
        add.add_argument("--contact", default="", help="an e-mail that is told when nothing is sent there any more")
        add.add_argument("--after", type=int, help="send what happened after this event (0: all); default: from now on")
        for field in FILTERS:
            option = f"--{field.replace('_', '-')}"
            add.add_argument(option, default="", metavar="A,B", help="only these, with commas between; default: all")
        steps.add_parser("list", help="every endpoint, its state and how far behind it is")
        named = {
            "ping": "send a signed test message now and show what comes back",
            "pause": "send nothing there; it keeps its place",
            "resume": "send again, from where it stopped",
            "retry": "try what waits for its next attempt now",
            "rotate": "a new secret, printed once",
            "replay": "send everything it wants after an event once more",
            "redeliver": "send dead letters again",
        }
        parsers = {step: steps.add_parser(step, help=text) for step, text in named.items()}
        for one in parsers.values():
            one.add_argument("name", help="the endpoint's name")
        parsers["pause"].add_argument("--reason", required=True, help="what colleagues see beside it")
        parsers["rotate"].add_argument("--hours", type=int, default=24, help="both secrets sign so long (0 to 168)")
        parsers["replay"].add_argument(
            "--after", type=int, required=True, help="sequence of an event; 0: from the first"
        )
        parsers["redeliver"].add_argument("--event", type=int, help="only the one about this event; default: all")
        for one in (add, steps.choices["list"], *parsers.values()):
            # Also behind the step; a default here would take back what was said before it.
            one.add_argument("--json", action="store_true", default=SUPPRESS, help="print one JSON object")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        step = options["step"]
        try:
            if step == "list":
                return self._list()
            if step == "add":
                return self._add(options)
            run: Any = getattr(self, f"_{step}")
            return run(self._named(options["name"]), options)  # type: ignore[no-any-return]
        except ValidationError as refusal:
            raise CommandError(_in_words(refusal), returncode=USAGE) from refusal

    def _named(self, name: str) -> Endpoint:
        endpoint = Endpoint.objects.filter(name=name).first()
        if endpoint is None:
            there = ", ".join(Endpoint.objects.values_list("name", flat=True)[:20])
            raise CommandError(f"There is no endpoint “{name}”; there are: {there or 'none'}.", returncode=USAGE)
        return endpoint

    def _add(self, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        filters: Any = {name: [part.strip() for part in options[name].split(",") if part.strip()] for name in FILTERS}
        endpoint, secret = services.add_endpoint(
            options["name"], url=options["url"], by=None, contact=options["contact"], after=options["after"], **filters
        )
        self.say(f"Added {endpoint}: it is sent what happens after event {endpoint.cursor}.")
        return self._show(secret)

    def _list(self) -> tuple[int, dict[str, Any]]:
        waiting, dead = Q(deliveries__state="waiting", deliveries__urgent=False), Q(deliveries__state="dead")
        rows = Endpoint.objects.annotate(
            waiting=Count("deliveries", filter=waiting), dead_letters=Count("deliveries", filter=dead)
        ).values(*COLUMNS, "waiting", "dead_letters")
        head = Event.objects.head()
        found = [row | {"behind": row.pop("waiting") + _unseen(row["cursor"], head)} for row in rows]
        for row in found:
            self.say(
                f"{row['name']}  {row['state']}  {counted(row['behind'], 'event')} behind, "
                f"{counted(row['dead_letters'], 'dead letter')}  {row['url']}"
            )
        if not found:
            self.say("There are no endpoints.")
        return OK, {"endpoints": found}

    def _ping(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        posted = services.ping(endpoint)
        failed = why_failed(posted)
        self.say(f"{endpoint} did not take it: {failed}" if failed else f"{endpoint} took it: {posted.status}")
        figures = {"taken": not failed, "status": posted.status, "error": failed, "answer": posted.answer}
        return (FINDINGS if failed else OK), figures | {"milliseconds": posted.milliseconds}

    def _pause(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        services.pause_endpoint(endpoint, by=None, reason=options["reason"])
        return self._done(f"{endpoint} is paused; nothing is lost.")

    def _resume(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        services.resume_endpoint(endpoint, by=None)
        return self._done(f"{endpoint} is active; what it missed is on its way.")

    def _retry(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        services.try_now(endpoint)
        return self._done(f"What waits for {endpoint} is tried within seconds.")

    def _rotate(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        hours = max(-1, min(options["hours"], 10**4))
        _, secret = services.rotate_secret(endpoint, by=None, overlap=timedelta(hours=hours))
        return self._show(secret)

    def _replay(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        services.replay(endpoint, after=options["after"], by=None)
        return self._done(f"{endpoint} is sent everything it wants after event {options['after']}.")

    def _redeliver(self, endpoint: Endpoint, options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        number = services.redeliver(endpoint, by=None, sequence=options["event"])
        self.say(f"{counted(number, 'dead letter')} sent again to {endpoint}.")
        return OK, {"redelivered": number}

    def _show(self, secret: str) -> tuple[int, dict[str, Any]]:
        self.say(f"Its secret, shown this once: {secret}")
        return OK, {"secret": secret}

    def _done(self, line: str) -> tuple[int, dict[str, Any]]:
        self.say(line)
        return OK, {"done": True}


def _unseen(cursor: int, head: Event | None) -> int:
    return max(0, head.sequence - cursor) if head else 0


def _in_words(refusal: ValidationError) -> str:
    if hasattr(refusal, "error_dict"):
        return "; ".join(f"{field}: {' '.join(said)}" for field, said in refusal.message_dict.items())
    return " ".join(refusal.messages)
