"""The usual ways: nested serializers of the REST framework, in a WSGI application.

`/plain/`: a ModelViewSet with page numbers, as tutorials have it, though with everything prefetched.
`/tuned/`: the same with cursor pagination, an index for it, and orjson in place of Python's json.
"""

from __future__ import annotations

import json
import os
from typing import Any

import orjson

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtrack.settings")

from django.core.wsgi import get_wsgi_application

django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import pagination, renderers, serializers, viewsets  # noqa: E402

from claims.models import Claimant, Evidence, Rating, Verdict  # noqa: E402
from sources.models import Source  # noqa: E402


class SourceSerializer(serializers.ModelSerializer[Source]):
    class Meta:
        model = Source
        fields = ["public_id", "url", "title", "publisher", "availability", "availability_since"]


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    source = SourceSerializer()  # type: ignore[assignment]

    class Meta:
        model = Evidence
        fields = ["public_id", "kind", "stance", "load_bearing", "quote", "note", "quote_status", "source"]


class ClaimantSerializer(serializers.ModelSerializer[Claimant]):
    class Meta:
        model = Claimant
        fields = ["public_id", "name", "same_as"]


class RatingSerializer(serializers.ModelSerializer[Rating]):
    class Meta:
        model = Rating
        fields = ["code", "name", "value"]


class VerdictSerializer(serializers.ModelSerializer[Verdict]):
    id = serializers.CharField(source="claim.public_id")
    text = serializers.CharField(source="claim.text")
    made_on = serializers.DateField(source="claim.made_on")
    location = serializers.CharField(source="claim.location")
    claimant = ClaimantSerializer(source="claim.claimant")
    rating = RatingSerializer(source="current_version.rating")
    evidence = EvidenceSerializer(source="claim.evidence", many=True)
    content = serializers.SerializerMethodField()

    class Meta:
        model = Verdict
        fields = ["id", "status", "published_at", "updated_at", "text", "made_on", "location", "claimant", "rating"]
        fields += ["evidence", "content"]

    def get_content(self, verdict: Verdict) -> dict[str, Any]:
        assert verdict.current_version is not None
        frozen = json.loads(verdict.current_version.content)
        return {key: frozen[key] for key in ("headline", "summary", "explanation", "language")}


PREFETCHED = (
    Verdict.objects.standing()
    .select_related("claim__claimant", "current_version__rating")
    .prefetch_related("claim__evidence__source")
)


class Numbered(pagination.PageNumberPagination):
    page_size = 50


class Newest(pagination.CursorPagination):
    page_size = 50
    ordering = "-published_at"


class OrjsonRenderer(renderers.BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return orjson.dumps(data, default=str)


class Plain(viewsets.ModelViewSet[Verdict]):
    serializer_class = VerdictSerializer
    pagination_class = Numbered
    renderer_classes = [renderers.JSONRenderer]
    queryset = PREFETCHED.order_by("-published_at")


class Tuned(viewsets.ReadOnlyModelViewSet[Verdict]):
    serializer_class = VerdictSerializer
    pagination_class = Newest
    renderer_classes = [OrjsonRenderer]
    queryset = PREFETCHED


urlpatterns = [path("plain/", Plain.as_view({"get": "list"})), path("tuned/", Tuned.as_view({"get": "list"}))]
settings.ROOT_URLCONF = __name__
application = django_application
