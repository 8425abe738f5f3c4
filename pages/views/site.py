"""Pages about the site itself."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse

from claims.choices import SitePageName
from claims.models import Rating, SitePage, Verdict, VerdictDocument
from claims.rendering.addresses import claim_url
from claims.rendering.markdown import to_html
from pages.links import absolute, current_language, current_prefix, web_address
from pages.reading import named_rating
from pages.responses import reader_page, render_page


@reader_page(validated=False)
def methodology(request: HttpRequest) -> HttpResponse:
    """How we work, and the rating scale with the meaning of each word and the number it has in our data.

    Ratings no longer in use stay for as long as a standing verdict bears them: its number must be explained.
    """
    borne = Verdict.objects.standing().filter(current_version__rating=OuterRef("pk"))
    shown = Rating.objects.filter(Q(is_active=True) | Exists(borne)).select_related("scale")
    ratings = [
        named_rating(
            {
                "code": rating.code,
                "name": rating.name,
                "names": rating.name_translations,
                "tone": rating.tone,
                "meaning": rating.meaning,
                "value": rating.value,
                "best": rating.scale.best,
                "worst": rating.scale.worst,
                "is_active": rating.is_active,
            },
            current_prefix(),
        )
        for rating in shown
    ]
    return render_page(request, "methodology.html", {"ratings": ratings, "nav": "methodology"})


@reader_page(validated=False)
def about(request: HttpRequest) -> HttpResponse:
    """Who answers for the verdicts, in the newsroom's words, and who takes reports of errors: CLAIMTRACK_CONTACT."""
    contact = settings.CLAIMTRACK_CONTACT
    if contact == absolute("/about/"):  # the default, which leads here
        contact = ""
    is_mail = "@" in contact and not web_address(contact)
    context = {
        "nav": "about",
        "contact": contact,
        "contact_url": f"mailto:{contact}" if is_mail else web_address(contact),
        "ours": written(SitePageName.ABOUT),
        "second_person": settings.CLAIMTRACK_REQUIRE_SECOND_REVIEWER,
    }
    return render_page(request, "about.html", context)


@reader_page(validated=False)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept and for how long: from the settings that are in force, then in the newsroom's words."""
    context = {
        "ours": written(SitePageName.PRIVACY),
        "contacts_kept": days_of(settings.CLAIMTRACK_KEEP_CONTACTS),
        "sign_ins_kept": days_of(settings.KEEP_SIGN_INS),
        "limits_forms": bool(settings.RATE_FORMS),
    }
    return render_page(request, "privacy.html", context)


def written(name: SitePageName) -> dict[str, str]:
    """What the newsroom wrote for this page, as {"html", "language"}: in the reader's language, else in English, else
    nothing.
    """
    rows = {row.language: row for row in SitePage.objects.filter(name=name, language__in=[current_language(), "en"])}
    row = rows.get(current_language()) or rows.get("en")
    if row is None:
        return {}
    # The page has but one heading above this text.
    html = to_html(row.text)
    for level in (3, 4):
        html = html.replace(f"<h{level}>", f"<h{level - 1}>").replace(f"</h{level}>", f"</h{level - 1}>")
    return {"html": html, "language": row.language}


def days_of(time: timedelta) -> int:
    """Rounded up: nothing is kept longer than we say."""
    return -(-int(time.total_seconds()) // (24 * 3600))


@reader_page()
def developers(request: HttpRequest) -> HttpResponse:
    """How machines read along, with commands that work as they stand."""
    context = {"verdicts_url": absolute("/api/v1/verdicts/"), "events_url": absolute("/api/v1/events/")}
    context["site"] = absolute("")
    newest = VerdictDocument.objects.listed().order_by("-published_at", "-public_id")
    for public_id, slug in newest.values_list("public_id", "slug")[:1]:
        context["example_url"] = claim_url(settings.SITE_URL, public_id, slug or "claim")
    return render_page(request, "developers.html", context)
