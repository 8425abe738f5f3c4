"""The desk's side bar, named in the theme's settings as SIDEBAR["navigation"]."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from claims.admin.base import person
from claims.models import Hold, Review

Group = dict[str, Any]


def navigation(request: HttpRequest) -> list[Group]:
    groups = [
        _group(
            "",
            _item(_("Needs me now"), "notifications_active", "admin:index", badge=open_reviews()),
            _item(_("Log a claim"), "add_circle", "desk:log", "claims.add_claim"),
            _item(_("From readers"), "inbox", "admin:claims_readermessage_changelist", "claims.view_readermessage"),
            _item(_("Claims"), "fact_check", "admin:claims_claim_changelist", "claims.view_claim"),
            _item(_("Sources"), "link", "admin:sources_source_changelist", "sources.view_source"),
            _item(_("Health of sources"), "monitor_heart", "admin:sources_source_health", "sources.view_source"),
            _item(_("Claimants"), "record_voice_over", "admin:claims_claimant_changelist", "claims.view_claimant"),
            _item(_("Topics"), "label", "admin:claims_topic_changelist", "claims.view_topic"),
        ),
        _group(
            _("On record"),
            _item(_("Verdicts"), "gavel", "admin:claims_verdict_changelist", "claims.view_verdict"),
            _item(_("Markup findings"), "data_object", "admin:claims_claim_markup", "claims.view_claim"),
            _item(_("Reviews"), "rate_review", "admin:claims_review_changelist", "claims.view_review"),
            _item(
                _("Held changes"), "front_hand", "admin:claims_hold_changelist", "claims.view_hold", badge=open_holds()
            ),
            _item(
                _("Reviews by others"),
                "travel_explore",
                "admin:claims_externalreview_changelist",
                "claims.view_externalreview",
            ),
            _item(_("Notices"), "mail", "admin:claims_notice_changelist", "claims.view_notice"),
            _item(_("Alarms"), "emergency_home", "admin:claims_alarm_changelist", "claims.view_alarm"),
            _item(
                _("Files of claims"),
                "upload_file",
                "admin:claims_claimfile_changelist",
                "claims.view_claimfile",
            ),
            _item(_("Imports"), "file_download", "admin:claims_importrun_changelist", "claims.view_importrun"),
            _item(_("Withheld"), "visibility_off", "admin:claims_withholding_changelist", "claims.view_withholding"),
            _item(_("Event log"), "history", "admin:claims_event_changelist", "claims.view_event"),
            _item(_("What the desk did"), "list_alt", "admin:claims_activity_changelist", "claims.view_activity"),
        ),
        _group(
            _("Newsroom"),
            _item(_("People"), "group", "admin:claims_user_changelist", "claims.change_user"),
            _item(_("Invitations"), "person_add", "admin:accounts_invitation_changelist", "accounts.view_invitation"),
            _item(_("Sign-ins"), "passkey", "admin:accounts_signinattempt_changelist", "accounts.view_signinattempt"),
            _item(_("Checklist"), "checklist", "admin:claims_checklistitem_changelist", "claims.change_checklistitem"),
            _item(_("About and privacy"), "contact_page", "admin:claims_sitepage_changelist", "claims.change_sitepage"),
            _item(_("Ratings"), "star_half", "admin:claims_rating_changelist", "claims.change_rating"),
            _item(_("Rating scales"), "tune", "admin:claims_ratingscale_changelist", "claims.change_ratingscale"),
            _item(_("Rating labels"), "translate", "admin:claims_ratinglabel_changelist", "claims.change_ratinglabel"),
        ),
        _group(
            _("Machines"),
            _item(_("API keys"), "key", "admin:feed_apikey_changelist", "feed.view_apikey"),
            _item(_("Webhooks"), "webhook", "admin:feed_endpoint_changelist", "feed.view_endpoint"),
            _item(_("Deliveries"), "outbox", "admin:feed_delivery_changelist", "feed.view_delivery"),
        ),
    ]
    _mark_where_we_are(groups, request.path)
    return [group for group in groups if any(item["permission"](request) for item in group["items"])]


def _mark_where_we_are(groups: list[Group], path: str) -> None:
    """The most particular entry alone: the theme would mark every entry whose address the page's begins with."""
    items = [item for group in groups for item in group["items"]]
    here = [item for item in items if path == item["link"] or path.startswith(item["link"]) and item is not items[0]]
    nearest = max(here, key=lambda item: len(item["link"]), default=None)
    for item in items:
        item["active"] = item is nearest


def _group(title: Any, *items: dict[str, Any] | None) -> Group:
    return {"title": title, "separator": bool(title), "items": [item for item in items if item]}


def _item(title: Any, icon: str, name: str, permission: str = "", *, badge: int = 0) -> dict[str, Any] | None:
    try:
        link = reverse(name)
    except NoReverseMatch:
        return None
    item = {"title": title, "icon": icon, "link": link, "permission": _holds(permission)}
    # A badge that counts nothing is left out: the theme would draw it empty.
    return item | ({"badge": badge, "badge_variant": "danger"} if badge else {})


def _holds(permission: str) -> Callable[[HttpRequest], bool]:
    def check(request: HttpRequest) -> bool:
        return not permission or request.user.has_perm(permission)

    return check


def open_reviews() -> int:
    """How many verdicts wait to be looked at again."""
    return Review.objects.open().count()


def open_holds() -> int:
    """How many holds wait for a decision."""
    return Hold.objects.open().count()


def account(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu behind one's own name, named in the theme's settings as ACCOUNT["navigation"]."""
    if not request.user.is_authenticated:
        return []
    links = [{"title": _("What I am told"), "link": reverse("admin:claims_notice_preferences")}]
    with suppress(NoReverseMatch):  # of an app beyond this one
        links.insert(0, {"title": _("My account"), "link": reverse("account")})
    if person(request).has_usable_password():
        links.append({"title": _("Change password"), "link": reverse("admin:password_change")})
    return links


def stylesheet(request: HttpRequest) -> str:
    """Named in the theme's settings under STYLES."""
    return static("claims/desk.css")


def log_stylesheet(request: HttpRequest) -> str:
    """Named in the theme's settings under STYLES."""
    return static("claims/log.css")


def shortcuts(request: HttpRequest) -> str:
    """Named in the theme's settings under SCRIPTS."""
    return static("claims/shortcuts.js")


def spoken(request: HttpRequest) -> str:
    """Named in the theme's settings under SCRIPTS: names for what the theme leaves nameless to a screen reader."""
    return static("claims/spoken.js")
