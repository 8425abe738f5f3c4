from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from demo.address import newsroom_base_url
from demo.cases import CASES
from demo.drifting import Drift, NoDemo, drift
from sources.management.command import FINDINGS, OK, ClaimtrackCommand

# What to expect, by case.
EXPECT = {
    "figure": "The page now says {after} where it said {before}. A second visit confirms it; then a review opens.",
    "gone": "The page now answers 410. Its evidence is labelled; no review opens, because our capture holds.",
    "moved": "The page now lives at {after}. Our link follows it; no review opens.",
    "adverts": "The page shows another advertisement at every visit. Nothing will happen, which is the point.",
    "restore": "The pages are as they were at first.",
}
ALREADY = {
    "gone": "The page answered 410 already.",
    "moved": "The page had moved to {after} already.",
    "restore": "The pages were as at first already.",
}


class Command(ClaimtrackCommand):
    help = (
        "Change a page of the demo newsroom and have it visited at once. Each run of the case “figure” edits the "
        "quoted figure once more; the other cases change nothing when run again."
    )
    example = "python manage.py demo_drift --case figure"

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--case", choices=list(CASES), default="figure", help="what happens (default: figure)")
        parser.add_argument(
            "--dir",
            type=Path,
            metavar="DIR",
            help="the newsroom's pages (default: $CLAIMTRACK_DATA_DIR/newsroom)",
        )
        parser.add_argument("--newsroom-url", metavar="URL", help="where the demo newsroom answers")

    def run(self, **options: Any) -> tuple[int, dict[str, Any]]:
        base_url = (options["newsroom_url"] or newsroom_base_url()).rstrip("/")
        case = options["case"]
        try:
            done = drift(case, directory=options["dir"] or settings.HOME.newsroom, base_url=base_url)
        except (NoDemo, ValueError, OSError) as error:
            self.stderr.write(str(error))
            return FINDINGS, {"error": str(error)}
        self.tell(case, done, base_url)
        return OK, {
            "case": case,
            "changed": done.edit.changed,
            "before": done.edit.before,
            "after": done.edit.after,
            "urls": [source.canonical_url for source in done.sources],
            "sources": [source.public_id for source in done.sources],
        }

    def tell(self, case: str, done: Drift, base_url: str) -> None:
        words = EXPECT[case] if done.edit.changed else ALREADY.get(case, EXPECT[case])
        self.say(words.format(before=done.edit.before, after=done.edit.after))
        for source in done.sources:
            self.say(f"To be visited now: {source.canonical_url}")
