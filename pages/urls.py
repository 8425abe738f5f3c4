"""Every page for readers, once at the root (English) and once per language prefix."""

from django.urls import URLPattern, include, path, register_converter

from pages.converters import Code, Language, Number
from pages.views import (
    captures,
    cards,
    claims,
    corrections,
    home,
    images,
    oembed,
    publishers,
    readers,
    robots,
    site,
    sitemaps,
    sources,
    subjects,
)

app_name = "pages"
register_converter(Code, "code")
register_converter(Language, "language")
register_converter(Number, "number")

in_every_language: list[URLPattern] = [
    path("", home.home, name="home"),
    path("claims/", claims.claim_list, name="claims"),
    path("claims/<code:public_id>/", claims.claim, name="claim_without_slug"),
    path("claims/<code:public_id>/history/", claims.history, name="history"),
    path("claims/<code:public_id>/<code:slug>/", claims.claim, name="claim"),
    path("embed/<code:public_id>/", cards.card, name="card"),
    path("claimants/<code:slug>/", subjects.claimant, name="claimant"),
    path("topics/<code:slug>/", subjects.topic, name="topic"),
    path("sources/<code:public_id>/", sources.source, name="source"),
    path("sources/<code:public_id>/timemap/", captures.timemap, name="timemap"),
    path("sources/<code:public_id>/captures/<code:snapshot_id>/", captures.capture, name="capture"),
    path("sources/<code:public_id>/captures/<code:snapshot_id>/page/", captures.capture_page, name="capture_page"),
    # Not below the claim's own address, where its slug stands, which may be any word.
    path("report/<code:public_id>/", readers.report, name="report"),
    path("suggest/", readers.suggest, name="suggest"),
    path("receipts/<code:receipt>/", readers.receipt, name="receipt"),
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
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.standing_pages, name="sitemap_pages"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    path("sitemaps/claims-<number:part>.xml", sitemaps.claims, name="sitemap_claims"),
    path("oembed", oembed.oembed, name="oembed"),
    path("share/<code:public_id>/<code:text_language>/<code:digest>.png", images.share_image, name="share_image"),
    path("claims/<code:public_id>/claimreview.jsonld", claims.markup, name="claimreview"),
    # Translations into English of verdicts written in another language; the root shows the original.
    path("en/claims/<code:public_id>/<code:slug>/", claims.claim_in_english, name="claim_in_english"),
    path("en/embed/<code:public_id>/", cards.card_in_english, name="card_in_english"),
    *in_every_language,
    path("<language:language>/", include(in_every_language)),
]
