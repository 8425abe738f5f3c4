"""Every page for readers, once at the root (English) and once per language prefix."""

from django.urls import URLPattern, include, path, register_converter

from pages.converters import Code, Language
from pages.views import captures, claims, corrections, home, publishers, robots, site, sources, subjects

app_name = "pages"
register_converter(Code, "code")
register_converter(Language, "language")

in_every_language: list[URLPattern] = [
    path("", home.home, name="home"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<code:public_id>/", claims.claim, name="claim_without_slug"),
    path("claims/<code:public_id>/history/", claims.history, name="history"),
    path("claims/<code:public_id>/<code:slug>/", claims.claim, name="claim"),
    path("claimants/<code:slug>/", subjects.claimant, name="claimant"),
    path("topics/<code:slug>/", subjects.topic, name="topic"),
    path("sources/<code:public_id>/", sources.source, name="source"),
    path("sources/<code:public_id>/timemap/", captures.timemap, name="timemap"),
    path("sources/<code:public_id>/captures/<code:snapshot_id>/", captures.capture, name="capture"),
    path("sources/<code:public_id>/captures/<code:snapshot_id>/page/", captures.capture_page, name="capture_page"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("methodology/", site.methodology, name="methodology"),
    path("about/", site.about, name="about"),
    path("publishers/", publishers.publishers, name="publishers"),
    path("privacy/", site.privacy, name="privacy"),
    path("developers/", site.developers, name="developers"),
]

urlpatterns = [
    path("robots.txt", robots.robots_txt, name="robots"),
    path("favicon.ico", robots.favicon, name="favicon"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    # Translations into English of verdicts written in another language; the root shows the original.
    path("en/claims/<code:public_id>/<code:slug>/", claims.claim_in_english, name="claim_in_english"),
    *in_every_language,
    path("<language:language>/", include(in_every_language)),
]
