"""Checks a site's change log from outside: the chain of hashes, and every version against the digest it recorded.

    python verify_history.py https://facts.example [SEQUENCE:HASH]     (a head you kept: shows what was written anew)

Needs Python 3.8 and nothing else. Exit status: 0 all fits, 1 something does not (said), 2 wrong usage.
"""

import hashlib
import json
import re
import sys
from urllib.request import urlopen


def get(url: str) -> dict:  # type: ignore[type-arg]
    return json.load(urlopen(url, timeout=60))  # type: ignore[no-any-return]


def digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def main(site: str, kept: str = "") -> str:
    number, _, kept_hash = kept.partition(":")
    sequence, previous, recorded = 0, "sha256:" + "0" * 64, {}
    url = f"{site.rstrip('/')}/api/v1/events/?page_size=200"
    while url:
        page = get(url)
        for event in page["results"]:
            entry = {key: value for key, value in event.items() if key != "hash"}
            # RFC 8785 for what events hold: text, whole numbers, lists and objects with ASCII keys.
            text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            if (event["sequence"], event["previous_hash"]) != (sequence + 1, previous):
                return f"event {sequence + 1} is missing, or does not follow the one before it"
            if digest(text) != event["hash"]:
                return f"event {event['sequence']}: its keys do not give its hash"
            sequence, previous = event["sequence"], event["hash"]
            if str(sequence) == number and previous != kept_hash:
                return f"event {number}: its hash is not the one you kept"
            if event["type"] in ("verdict.published", "verdict.corrected", "verdict.rating_changed"):
                recorded[event["verdict"]["id"], event["verdict"]["version"]] = event
        url = page["next"]
    if kept and sequence < int(number):
        return f"event {number}: you kept its hash, and it is gone"
    for (verdict, version), event in recorded.items():
        found = get(f"{site.rstrip('/')}/api/v1/verdicts/{verdict}/versions/{version}/")
        withheld = found["status"] == "withheld"
        if not withheld and digest(found["content_salt"] + found["content"]) != event["data"]["content_digest"]:
            return f"verdict {verdict}: version {version} is not what event {event['sequence']} recorded"
    print(f"All fits: {sequence} events, {len(recorded)} versions, head {sequence}:{previous}")
    return ""


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or not re.fullmatch(r"([1-9]\d*:sha256:[0-9a-f]{64})?", "".join(sys.argv[2:])):
        sys.exit(print(__doc__, file=sys.stderr) or 2)
    try:
        sys.exit(main(*sys.argv[1:]) or 0)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"{sys.argv[1]} does not answer as a feed does: {error}")
