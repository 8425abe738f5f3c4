"""Where the demo newsroom is."""

from __future__ import annotations

from django.conf import settings

HOST = "127.0.0.1"


def newsroom_base_url() -> str:
    """`http://host:port` of the demo newsroom, without a slash at the end.

    The address the demo was loaded with, as `script/server` noted it: sources keep their addresses when ports change.
    Before that, CLAIMTRACK_DEMO_PORT on this machine.
    """
    try:
        noted = settings.HOME.demo_loaded.read_text().strip()
    except OSError:
        noted = ""
    return f"http://{noted or f'{HOST}:{settings.CLAIMTRACK_DEMO_PORT}'}"
