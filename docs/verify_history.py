"""Checks a site's change log from outside. Needs Python 3.8. Exit: 0 all fits, 1 something does not (said), 2 usage.

python verify_history.py https://facts.example [SEQUENCE:HASH]     (a head you kept: shows what was written anew)"""

import json
import re
import sys
import time
from hashlib import sha256
from urllib.request import urlopen

# RFC 8785 for what events hold: text, whole numbers, lists and objects with ASCII keys.
canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def get(url: str) -> dict:  # type: ignore[type-arg]
    try:
        return json.load(urlopen(url, timeout=60))  # type: ignore[no-any-return]
    except OSError as error:
        wait = getattr(error, "headers", {}).get("Retry-After")  # busy (429), or its database is away (503)
        if not wait:
            raise
    time.sleep(int(wait))
    return get(url)


def main(site: str, kept: str = "") -> str:
    sequence, previous, recorded, url = 0, "sha256:" + "0" * 64, {}, f"{site}/api/v1/events/?page_size=200"
    while url:
        page = get(url)
        for event in page["results"]:
            stated = event.pop("hash")
            if (event["sequence"], event["previous_hash"]) != (sequence + 1, previous):
                return f"event {sequence + 1} is missing, or does not follow the one before it"
            if f"sha256:{sha256(canonical(event).encode()).hexdigest()}" != stated:
                return f"event {event['sequence']}: its keys do not give its hash"
            sequence, previous = event["sequence"], stated
            if kept.startswith(f"{sequence}:") and kept != f"{sequence}:{previous}":
                return f"event {sequence}: its hash is not the one you kept"
            if event["type"] in ("verdict.published", "verdict.corrected", "verdict.rating_changed"):
                recorded[event["verdict"]["id"], event["verdict"]["version"]] = event
        url = page["next"]
    if kept and sequence < int(kept.partition(":")[0]):
        return f"you kept the hash of event {kept}, and the event is gone"
    for (verdict, version), event in recorded.items():
        got = get(f"{site}/api/v1/verdicts/{verdict}/versions/{version}/")
        digest = sha256((got.get("content_salt", "") + got.get("content", "")).encode()).hexdigest()
        if got["status"] != "withheld" and f"sha256:{digest}" != event["data"]["content_digest"]:
            return f"verdict {verdict}: version {version} is not what event {event['sequence']} recorded"
    return print(f"All fits: {sequence} events, {len(recorded)} versions, head {sequence}:{previous}") or ""


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or not re.fullmatch(r"([1-9]\d*:sha256:[0-9a-f]{64})?", "".join(sys.argv[2:])):
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    try:
        sys.exit(main(sys.argv[1].rstrip("/"), *sys.argv[2:]) or 0)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{sys.argv[1]} does not answer as a feed does: {error}")
