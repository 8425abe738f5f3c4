"""How fast are sources visited, what does it cost, and what bounds it? See README.md here.

script/bench recheck [--part unchanged] [--peers urlwatch] [--pages FOLDER_OR_TAR] [--profile]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")
import django

django.setup()

from benchmarks import changed, source_rows, together, unchanged, visited_long  # noqa: E402
from benchmarks.tables import Findings  # noqa: E402

PARTS = ("unchanged", "changed", "together", "long")
PEERS = ("urlwatch", "changedetection")


def main() -> int:
    options = _options()
    source_rows.prepare()
    findings = Findings()
    print(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if "unchanged" in options.part:
        unchanged.measure(findings, options.peers)
    if "changed" in options.part:
        changed.measure(findings, options.pages, profile=options.profile)
    if "together" in options.part:
        together.measure(findings)
    if "long" in options.part:
        visited_long.measure(findings, options.pages)
    return findings.status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench recheck", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part (may be repeated)")
    parser.add_argument("--peers", default=",".join(PEERS), help="comma list of urlwatch, changedetection; or none")
    pages = os.environ.get("BENCH_PAGES")
    parser.add_argument(
        "--pages", type=Path, default=pages, help="folder or tar file of real .html pages; made-up ones without it"
    )
    parser.add_argument("--profile", action="store_true", help="say where the time goes with changed pages")
    options = parser.parse_args()
    options.part = options.part or list(PARTS)
    options.peers = [name for name in options.peers.split(",") if name not in ("", "none")]
    if unknown := set(options.peers) - set(PEERS):
        parser.error(f"--peers: {', '.join(sorted(unknown))} is none of {', '.join(PEERS)}")
    if options.pages and not Path(options.pages).exists():
        parser.error(f"--pages {options.pages} does not exist")
    options.pages = Path(options.pages).resolve() if options.pages else None
    return options


if __name__ == "__main__":
    sys.exit(main())
