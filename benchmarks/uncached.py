"""The site as the web server loads it, with a page cache that keeps nothing: what each answer costs when it is new."""

from __future__ import annotations

from claims.serving.page_cache import page_cache
from claimtrack.wsgi import application

page_cache.capacity = 0

__all__ = ["application"]
