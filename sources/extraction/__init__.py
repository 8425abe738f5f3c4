"""The text of a page as its readers see it."""

from .box import ExtractionFailed, extract
from .page import Extractor, Page, extractor_for, is_readable

__all__ = ["ExtractionFailed", "Extractor", "Page", "extract", "extractor_for", "is_readable"]
