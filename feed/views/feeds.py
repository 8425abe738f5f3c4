"""What every address below /feeds/ has in common."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from claims.services.documents import publisher
from feed.formats import FORMATS_VERSION
from feed.views.base import AnyAccept, PublicView, public_state


class FeedView(PublicView):
    """One format, whatever is asked for in Accept; parameters it does not know (utm_…) are passed over."""

    ignores_unknown = True
    content_negotiation_class = AnyAccept

    def state(self, **kwargs: Any) -> str:
        """Documents and events, and what every feed says of the site and its publisher."""
        return f"{public_state()} {FORMATS_VERSION} {settings.SITE_NAME} {publisher()}"
