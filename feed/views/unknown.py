"""What answers below /api/ where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from feed.views.base import PublicAddress

NOTHING = "There is nothing at this address. /api/docs/ lists what there is."


class Unknown(PublicAddress):
    """404 as a problem, whatever the method; a forgotten last slash is put right first."""

    http_method_names: Sequence[str] = ("get", "head", "options", "post", "put", "patch", "delete", "trace")

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Before anything else is asked of the request: no method is allowed or refused at no address."""

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        if _is_known(f"{request.path}/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
        raise Http404(NOTHING)

    post = put = patch = delete = trace = get


def _is_known(path: str) -> bool:
    try:
        return resolve(path).url_name not in {"unknown", "root"}
    except Resolver404:
        return False
