"""Absolute addresses of public pages. Built here, not with reverse(): they may not follow the reader's language."""

from urllib.parse import quote


def claim_url(site: str, public_id: str, slug: str, *, language: str = "") -> str:
    """The claim page, or its translation at /<language>/… when one is named."""
    prefix = f"/{language}" if language else ""
    return f"{site.rstrip('/')}{prefix}/claims/{public_id}/{quote(slug)}/"
