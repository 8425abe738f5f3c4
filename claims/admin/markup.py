"""Markup findings: what the rules of ClaimReview say of the verdicts that stand, newest first, so many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from claims.models import VerdictDocument
from claims.rendering.lint_rules import RULES
from claims.services.markup import with_findings
from sources.finding import is_id

if TYPE_CHECKING:
    from claims.admin.claims import ClaimAdmin

# Read and judged for one page, about a quarter of a second; the next page goes on where this one ended.
VERDICTS_A_PAGE = 500


def markup_page(admin: ClaimAdmin, request: HttpRequest) -> TemplateResponse:
    """?rule= narrows to one rule, or to CR or CW; ?before=<claim> continues."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    rule = request.GET.get("rule", "")
    rule = rule if rule in {*RULES, "CR", "CW"} else ""
    documents = _documents(request.GET.get("before", ""))
    shown = documents[:VERDICTS_A_PAGE]
    rows = [
        {"document": document, "findings": found}
        for document, findings in with_findings(shown)
        if (found := [one for one in findings if _is_asked_for(one.rule, rule)])
    ]
    older = {"rule": rule, "before": shown[-1].pk} if len(documents) > VERDICTS_A_PAGE else {}
    request.current_app = admin.admin_site.name
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": _("Markup findings"),
        "opts": admin.opts,
        "media": admin.media,
        "rows": rows,
        "rules": RULES,
        "chosen": rule,
        "scanned": len(shown),
        "older": f"?{urlencode(older)}" if older else "",
        "is_first": "before" not in request.GET,
    }
    return TemplateResponse(request, "claims/desk/markup.html", context)


def _documents(before: str) -> list[VerdictDocument]:
    """One more than a page holds."""
    rows = VerdictDocument.objects.listed().only("public_id", "slug", "headline", "claimreview", "claim_id")
    if is_id(before):
        rows = rows.filter(pk__lt=int(before))
    return list(rows.order_by("-pk")[: VERDICTS_A_PAGE + 1])


def _is_asked_for(rule: str, chosen: str) -> bool:
    """CR9 is asked for by CR9 and by CR."""
    return chosen in {"", rule, rule[:2]}
