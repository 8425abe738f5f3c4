"""How a capture leaves us: as something no browser runs, loads for, or takes for one of our own pages."""

from __future__ import annotations

from django.http import HttpResponse

# `sandbox` without any allow-…: no script, no forms, no pop-ups, and an origin of its own, so that even what slipped
# through could reach neither a session nor another page of ours. Then: nothing may be loaded at all.
POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Our own frame around it may show it; nobody else's.
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def inert_response(html: str, *, cache: str) -> HttpResponse:
    """A page made by `shown()`. `cache`: the Cache-Control that fits who may see it."""
    return HttpResponse(html, content_type="text/html; charset=utf-8", headers=HEADERS | {"Cache-Control": cache})


def file_response(content: bytes, name: str) -> HttpResponse:
    """Bytes to be saved, never shown: whatever they are, no browser is told a type it would open. Signed-in people."""
    named = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/octet-stream", headers=HEADERS | named)
