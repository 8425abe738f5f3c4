"""The text of a page as its readers see it."""

from .box import extract
from .page import EXTRACTOR, EXTRACTOR_VERSION, Page, is_readable

__all__ = ["EXTRACTOR", "EXTRACTOR_VERSION", "Page", "extract", "is_readable"]
