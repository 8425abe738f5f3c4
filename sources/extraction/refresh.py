"""Where a page sends its readers on by itself: the rule of `<meta http-equiv="refresh">`. Pure, and light to import."""

from __future__ import annotations

import re

# 0; url=/there: seconds, then where to (WHATWG HTML, "Refresh state").
REFRESH = re.compile(r"""\A\s*(\d{1,9})[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?(["']?)(.+)""", re.IGNORECASE | re.DOTALL)
# A page that stays longer than this before it leads on was meant to be read, in seconds.
LEADS_ON_WITHIN = 10
MAX_TARGET = 2000


def refresh_target(content: str) -> str:
    """Where this `content` attribute leads at once, as written there; "" if it does not."""
    match = REFRESH.match(content)
    if not match or int(match[1]) > LEADS_ON_WITHIN:
        return ""
    target: str = match[3].partition(match[2])[0] if match[2] else match[3]
    return target.strip()[:MAX_TARGET]
