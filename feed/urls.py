"""Every address for machines. Ids and numbers are matched by shape, so that nothing unusable reaches the database."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from feed.dumps import DUMPS
from feed.views import dumps, events, google, lists, matching, syndication, verdicts
from feed.views.schema import Docs, Schema
from feed.views.unknown import Unknown

app_name = "feed"


class PublicId(StringConverter):
    regex = "[0-9A-Za-z_-]{1,16}"


class VersionNumber(StringConverter):
    # Fits a PostgreSQL integer.
    regex = "[0-9]{1,9}"


register_converter(PublicId, "public_id")
register_converter(VersionNumber, "version_number")

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/verdicts/", verdicts.VerdictList.as_view(), name="verdicts"),
    path("api/v1/verdicts/<public_id:public_id>/", verdicts.VerdictDetail.as_view(), name="verdict"),
    path(
        "api/v1/verdicts/<public_id:public_id>/versions/<version_number:number>/",
        verdicts.VersionDetail.as_view(),
        name="version",
    ),
    path("api/v1/events/", events.EventList.as_view(), name="events"),
    path("api/v1/claims/", lists.ClaimList.as_view(), name="claims"),
    path("api/v1/claims/<public_id:public_id>/", lists.ClaimDetail.as_view(), name="claim"),
    path("api/v1/match/", matching.Match.as_view(), name="match"),
    path("api/v1/claimants/", lists.ClaimantList.as_view(), name="claimants"),
    path("api/v1/topics/", lists.TopicList.as_view(), name="topics"),
    path("api/v1/ratings/", lists.RatingList.as_view(), name="ratings"),
    path("api/v1/sources/", lists.SourceList.as_view(), name="sources"),
    path("api/v1/sources/<public_id:public_id>/", lists.SourceDetail.as_view(), name="source"),
    path("feeds/verdicts.rss", syndication.Rss.as_view(), name="rss"),
    path("feeds/verdicts.atom", syndication.Atom.as_view(), name="atom"),
    path("feeds/verdicts.json", syndication.JsonFeed.as_view(), name="json_feed"),
    *(path(f"feeds/{name}", dumps.Dump.as_view(), {"name": name}, name=name) for name in DUMPS),
    path("v1alpha1/claims:search", google.ClaimSearch.as_view(), name="google_search"),
    path("v1alpha1/", google.Elsewhere.as_view(), name="google_root"),
    path("v1alpha1/<path:rest>", google.Elsewhere.as_view(), name="google_unknown"),
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Docs.as_view(), name="docs"),
    # Last: whatever else is asked for below /api/ gets the API's own 404.
    path("api/", Unknown.as_view(), name="root"),
    path("api/<path:rest>", Unknown.as_view(), name="unknown"),
    path("feeds/<path:rest>", Unknown.as_view(), name="unknown"),
]
