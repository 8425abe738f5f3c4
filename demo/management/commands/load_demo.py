from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db.models import Count

from claims.models import Evidence, Verdict
from demo.address import newsroom_base_url
from demo.loading import CLAIMS, DemoRefused, load_demo
from sources.management.command import FINDINGS, OK, USAGE, ClaimtrackCommand
from sources.urls import UnusableURL, validate_url


class Command(ClaimtrackCommand):
    help = (
        "Load the demonstration into an empty database: a dossier of six claims, and five more that rest on the demo "
        "newsroom, which has to be running. Does nothing when the demo is loaded already."
    )
    example = "python manage.py load_demo --newsroom-url http://127.0.0.1:8001"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--newsroom-url",
            metavar="URL",
            help="where the demo newsroom answers (default: CLAIMTRACK_DEMO_PORT on this machine)",
        )
        parser.add_argument(
            "--password",
            help="for the logins checker, editor and admin (default: what $CLAIMTRACK_DATA_DIR/demo-password holds)",
        )

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        password = options["password"] or noted_password()
        if not password:
            why = f"There is no password in {settings.HOME.demo_password}: give one with --password."
            return self.refuse(USAGE, why)
        try:
            base_url = validate_url(options["newsroom_url"] or newsroom_base_url()).rstrip("/")
        except UnusableURL as error:
            return self.refuse(USAGE, f"--newsroom-url cannot be used. {error}")
        try:
            loaded = load_demo(
                base_url, password=password, progress=lambda done, total: self.progress(done, total, "claims")
            )
        except DemoRefused as error:
            return self.refuse(FINDINGS, str(error))
        figures = {"loaded": loaded, "newsroom": base_url, **counted()}
        if loaded:
            self.say(f"{loaded} claims are loaded, {figures['verdicts']} of them published.")
            self.say("It is a demonstration built from a handful of public pages, not a newsroom's finding.")
        else:
            self.say("The demo is loaded already; nothing was changed.")
        return OK, figures

    def refuse(self, status: int, why: str) -> tuple[int, dict[str, Any]]:
        self.stderr.write(why)
        return status, {"error": why}


def noted_password() -> str:
    try:
        return str(settings.HOME.demo_password.read_text().strip())
    except OSError:
        return ""


def counted() -> dict[str, Any]:
    quotes = Evidence.objects.attached().filter(claim__is_demo=True).order_by("quote_status")
    return {
        "claims": len(CLAIMS),
        "verdicts": Verdict.objects.filter(claim__is_demo=True).count(),
        "quotes": dict(quotes.values_list("quote_status").annotate(Count("pk"))),
    }
