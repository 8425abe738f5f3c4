"""The API's description: for machines (OpenAPI 3.1) and for people."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from feed.openapi import OPERATIONS, openapi
from feed.parameters import Asked
from feed.shapes import SHAPES
from feed.views.base import AnyAccept, PublicView


class Schema(PublicView):
    """`GET /api/schema/`."""

    content_negotiation_class = AnyAccept

    def body(self, asked: Asked, **kwargs: Any) -> str:
        return json.dumps(openapi(), ensure_ascii=False)


class Docs(PublicView):
    """`GET /api/docs/`: one page, no script, nothing from elsewhere."""

    content_negotiation_class = AnyAccept
    content_type = "text/html; charset=utf-8"

    def body(self, asked: Asked, **kwargs: Any) -> str:
        shapes = {name: json.dumps(shape, indent=1, ensure_ascii=False) for name, shape in SHAPES.items()}
        context = {
            "operations": OPERATIONS,
            "shapes": shapes,
            "site_name": settings.SITE_NAME,
            "site_url": settings.SITE_URL,
        }
        return render_to_string("feed/docs.html", context)
