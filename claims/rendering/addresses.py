"""Absolute addresses of public pages. Built here, not with reverse(): they may not follow the reader's language."""

from urllib.parse import quote, urljoin


def claim_url(site: str, public_id: str, slug: str, *, language: str = "") -> str:
    """The claim page, or its translation at /<language>/… when one is named."""
    prefix = f"/{language}" if language else ""
    return f"{site.rstrip('/')}{prefix}/claims/{public_id}/{quote(slug)}/"


def methodology_url(page: str) -> str:
    """How this site works and what its ratings mean, from the address of any of its pages (the site has no path)."""
    return urljoin(page, "/methodology/")


def capture_url(site: str, source_id: str, snapshot_id: str) -> str:
    """The page of one of our captures, for whom CLAIMTRACK_PUBLIC_SNAPSHOTS shows it."""
    return f"{site.rstrip('/')}/sources/{source_id}/captures/{snapshot_id}/"
