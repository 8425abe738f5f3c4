"""The text of a page as its readers see it."""

from .box import ExtractionFailed, extract, extract_details
from .details import Details
from .page import Extractor, Page, extractor_for, is_readable

__all__ = [
    "Details",
    "ExtractionFailed",
    "Extractor",
    "Page",
    "extract",
    "extract_details",
    "extractor_for",
    "is_readable",
]
