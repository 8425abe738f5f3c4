"""Who may do what: one table. Services enforce the workflow; this decides what the admin shows and saves."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from claims.choices import Role
from claims.models import User

# Django permission names, by what a role may do beyond the role before it.
VIEW = {
    f"{app}.view_{model}"
    for app, models in {
        "claims": (
            "activity alarm appearance audiencefigure claim claimant claimantaccount claimfile claimrelation draft "
            "checklistitem readermessage sitepage "
            "event evidence externalreview hold importedverdict importrun namechange notice rating ratinglabel "
            "ratingscale review topic touchedquote translation verdict "
            "verdictdocument verdictversion withholding"
        ),
        "sources": "source sourcecheck sourcechange snapshot upload",
    }.items()
    for model in models.split()
}
WRITTEN = "appearance audiencefigure claim claimant claimantaccount claimrelation draft evidence topic translation"
WRITE = {f"claims.{verb}_{model}" for verb in ("add", "change") for model in WRITTEN.split()} | {
    # Linking a review by others to a claim of ours.
    "claims.change_externalreview",
    # Bringing a table of claims, and deciding about it.
    "claims.add_claimfile",
    "claims.change_claimfile",
    "claims.change_readermessage",
    "claims.change_review",
    "claims.change_verdict",
    # Taking back what was never public; the admin refuses it for what was.
    "claims.delete_appearance",
    "claims.delete_audiencefigure",
    "claims.delete_claimantaccount",
    "claims.delete_claimrelation",
    "claims.delete_evidence",
    "claims.delete_translation",
    "sources.change_source",
}
# Release or dismiss what the brake holds.
DECIDE = {"claims.change_hold"}
RUNNING = ("checklistitem", "rating", "ratinglabel", "ratingscale", "sitepage", "user")
RUN = {f"claims.{verb}_{model}" for verb in ("add", "change") for model in RUNNING} | {
    "claims.view_user",
    "claims.delete_claim",
    "claims.delete_ratinglabel",
    "claims.delete_sitepage",
    "claims.delete_topic",
    "claims.delete_claimant",
    # Of an app beyond this one, so by name alone.
    "feed.view_apikey",
    "feed.add_apikey",
    "feed.change_apikey",
    # Also to be looked at: the addresses of webhooks often are passwords.
    "feed.view_endpoint",
    "feed.add_endpoint",
    "feed.change_endpoint",
    "feed.view_delivery",
    "accounts.view_invitation",
    "accounts.add_invitation",
    "accounts.view_signinattempt",
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.OBSERVER: frozenset(VIEW),
    Role.FACT_CHECKER: frozenset(VIEW | WRITE),
    Role.REVIEWER: frozenset(VIEW | WRITE | DECIDE),
    Role.ADMIN: frozenset(VIEW | WRITE | DECIDE | RUN),
}


class RoleBackend(ModelBackend):
    """Signs people in as Django does; their permissions come from the table above, not from groups."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not isinstance(user_obj, User) or not user_obj.is_active or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        return set(PERMISSIONS.get(user_obj.role, frozenset()))
