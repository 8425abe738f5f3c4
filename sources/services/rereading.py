"""Reading a kept capture once more with the present extractor. No database here, it also runs beside the fetching."""

from __future__ import annotations

from sources.archive import CaptureDamaged, open_capture
from sources.extraction import Details, Page, extract, extract_details
from sources.extraction.page import split_content_type
from sources.fetching import FetchPolicy
from sources.fetching.decoding import CappedDecoder, Undecodable


def read_again(storage_key: str, media_type: str) -> Page:
    """What the present extractor reads in the capture. `media_type`: what the snapshot was taken as.

    Raises CaptureDamaged when the capture is missing or not what it was, ExtractionFailed when reading it goes beyond
    the limits.
    """
    content, content_type = _body(storage_key, media_type)
    return extract(content, content_type) if content else Page("")


def read_details(storage_key: str, media_type: str, *, time_limit: float) -> Details:
    """What the captured page says of itself. Raises CaptureDamaged, ExtractionFailed."""
    content, content_type = _body(storage_key, media_type)
    return extract_details(content, content_type, time_limit=time_limit) if content else Details()


def _body(storage_key: str, media_type: str) -> tuple[bytes, str]:
    """The decoded body, and its type with its charset."""
    capture = open_capture(storage_key)
    decoder = CappedDecoder(capture.content_encoding, FetchPolicy.max_decoded)
    try:
        decoder.feed(capture.body)
    except Undecodable as error:
        raise CaptureDamaged(f"{storage_key}: {error}") from error
    # The same body may have come from elsewhere first, as another type; its charset is worth having all the same.
    kept_type, parameters = split_content_type(capture.content_type)
    content_type = f"{media_type};{parameters}" if kept_type == media_type else media_type
    return bytes(decoder.decoded), content_type
