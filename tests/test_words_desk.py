"""The desk as people see it: every page in Russian and Kazakh, every field with its help, stored words read aloud."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django import forms
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import override

from claims import services
from claims.models import ChecklistItem, Claim, ClaimFile, Rating, RatingLabel, User
from claims.rendering.told import ACTIONS, in_words
from tests.catalogues import ROOT, first, translations
from tests.catalogues import forms as forms_of
from tests.desk import CLAIMS, Desk
from tests.make import make_claim, make_claimant, make_draft, make_offline_evidence, make_published_verdict, make_topic

# A crawl of the whole desk, four times.
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]

OURS = ("accounts", "claims", "sources", "feed")
# Of Django's own tables the desk shows none.
SHOWN = {model: page for model, page in admin.site._registry.items() if model._meta.app_label in OURS}


class Read(HTMLParser):
    """What a person reads or hears of a page: text and the attributes that are spoken, code and names left out."""

    SILENT = {"script", "style", "code", "pre"}
    SPOKEN = {"title", "placeholder", "aria-label", "alt"}

    def __init__(self) -> None:
        super().__init__()
        self.silent = 0
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT or "material-symbols" in (dict(attrs).get("class") or "")
        self.open = tag
        self.said += [value for name, value in attrs if name in self.SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag in {*self.SILENT, "span"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.said.append(" ".join(data.split()))


def read(html: str) -> list[str]:
    reader = Read()
    reader.feed(html)
    return reader.said


@pytest.fixture
def newsroom(checker: User, editor: User, admin: User) -> Claim:
    """Something on every list; names and texts are Cyrillic, so that a word of English is the desk's."""
    User.objects.update(first_name="", last_name="")
    verdict = make_published_verdict(
        checker, editor, text="Тысячи людей", claimant=make_claimant("Имя"), topics=[make_topic("Тема")], language="ru"
    )
    services.look_again(verdict.verdict.claim, by=editor, reason="Читатель спросил.")
    claim = make_claim(checker, "Сотни людей", language="ru")
    make_offline_evidence(claim, checker)
    make_draft(claim, checker)
    return claim


def pages(claim: Claim) -> Iterator[str]:
    """Every list, every form for something new, one row of each list, and our own pages."""
    yield from ("/admin/", "/admin/password_change/", f"{CLAIMS}{claim.pk}/draft/", f"{CLAIMS}{claim.pk}/submit/")
    yield from (reverse("admin:sources_source_health"), reverse("admin:claims_claim_markup"))
    for model in SHOWN:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        row = model._default_manager.order_by("-pk").first()
        if row is not None:
            yield reverse(f"{name}_change", args=[row.pk])


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_page_of_the_desk_shows_words_of_ours_in_english(language: str, newsroom: Claim, admin: User) -> None:
    # The names of ratings, and of the language English in the language menu, are data.
    data = {
        "English",
        *Rating.objects.values_list("name", flat=True),
        *RatingLabel.objects.values_list("label", flat=True),
    }
    english = {
        text
        for app in (*OURS, "claimtrack")
        for key, message in translations(app, language).items()
        for text in [first(message.id)]
        if text not in forms_of(message) and text not in data and len(text) > 3 and "%(" not in text
    }
    services.choose_language(admin, language=language)
    desk, left = Desk(admin), {}
    for path in pages(newsroom):
        response = desk.client.get(path)
        if response.status_code in {302, 403}:
            continue  # Not for anybody: rows that are only looked at have no form for new ones.
        assert response.status_code == 200, path
        if found := sorted(set(read(response.content.decode())) & english):
            left[path] = found
    assert left == {}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_page_of_the_desk_speaks_english_sentences(language: str, newsroom: Claim, admin: User) -> None:
    """Telltale words, also of Django's and the theme's, that no name, address or code of ours is made of."""
    telltale = re.compile(
        r"\b(the|this|that|with|select|add|change|delete|save|search|filters?|history|view|required|your|have|from)\b",
        re.IGNORECASE,
    )
    services.choose_language(admin, language=language)
    desk, left = Desk(admin), {}
    for path in pages(newsroom):
        response = desk.client.get(path)
        if response.status_code == 200:
            found = [text for text in read(response.content.decode()) if telltale.search(text) and not is_data(text)]
            if found:
                left[path] = found
    assert left == {}


# What the rows of these tests say themselves, and an example in a table.
DATA = re.compile(
    r"https?://|@|^[\w./-]+$|CLAIMTRACK_|\{\"|There is|the police|had actually turned up|filled the square|few hundred"
)


def is_data(text: str) -> bool:
    """Written by a newsroom, not by the desk: also the ratings and the checklist that a new site begins with."""
    rows = {
        *Rating.objects.values_list("meaning", flat=True),
        *RatingLabel.objects.values_list("label", flat=True),
        *ChecklistItem.objects.values_list("text", flat=True),
        *ChecklistItem.objects.values_list("help", flat=True),
    }
    return bool(DATA.search(text)) or text in rows


def is_ours(form: type[forms.BaseForm]) -> bool:
    return form.__module__.partition(".")[0] in OURS


def bare(fields: dict[str, forms.Field]) -> list[str]:
    return [name for name, field in fields.items() if not field.help_text and not field.widget.is_hidden]


def every_form(kind: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


# Fields that say themselves what to do: the label is the whole manual.
NEED_NO_HELP = {
    "DELETE", "username", "password", "password1", "password2", "usable_password",
    "old_password", "new_password1", "new_password2",
}  # fmt: skip


def test_every_field_of_the_desks_tables_has_help_text(admin: User, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = admin
    missing = {}
    for model, page in SHOWN.items():
        if model is ClaimFile:
            continue  # Shown by pages of its own, never by the admin's form.
        found: list[str] = []
        if page.has_add_permission(request):
            found += bare(page.get_form(request).base_fields)
        if page.has_change_permission(request, model()):
            found += bare(page.get_form(request, model(), change=True).base_fields)
        for inline in page.get_inline_instances(request):
            if inline.has_add_permission(request, None) or inline.has_change_permission(request, None):
                found += bare(inline.get_formset(request).form.base_fields)
        if left := sorted(set(found) - NEED_NO_HELP):
            missing[model._meta.label] = left
    assert missing == {}


def test_every_form_of_our_own_pages_has_help_text() -> None:
    missing = {
        f"{form.__module__}.{form.__name__}": left
        for form in every_form()
        if is_ours(form) and (left := sorted(set(bare(getattr(form, "base_fields", {}))) - NEED_NO_HELP))
    }
    assert missing == {}


def test_every_table_and_field_on_the_desk_has_a_name_to_translate(admin: User, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = admin
    plain = []
    for model, page in SHOWN.items():
        names = {"": model._meta.verbose_name, "s": model._meta.verbose_name_plural}
        plain += [f"{model._meta.label}{end}" for end, name in names.items() if not isinstance(name, Promise)]
        shown = {
            *page.get_list_display(request),
            *page.get_fields(request, model()),
            *page.get_readonly_fields(request),
        }
        for field in model._meta.get_fields():
            if isinstance(field, models.Field) and field.name in shown and not field.primary_key:
                plain += [] if isinstance(field.verbose_name, Promise) else [str(field)]
    assert plain == []


# The record.


def recorded() -> Iterator[str]:
    """Every action that code writes down as plain text."""
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and len(node.args) > 1:
                    name = node.func.id if isinstance(node.func, ast.Name) else ""
                    if name in {"record", "_record"}:
                        yield from _texts(node.args[1])


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))


def test_everything_the_record_holds_is_read_aloud_in_the_readers_language() -> None:
    actions = set(recorded())
    assert len(actions) > 30
    assert sorted(action for action in actions if action not in ACTIONS) == []
    with override("ru"):
        assert in_words("published version 3") == "опубликована версия 3"
        assert in_words("changed claimant") == "изменено: автор утверждения"


def test_what_a_person_wrote_is_not_translated() -> None:
    with override("ru"):
        assert in_words("A reader asked why.") == "A reader asked why."


def test_the_record_of_a_claim_is_stored_alike_whatever_the_desk_speaks(checker: User) -> None:
    services.choose_language(checker, language="kk")
    desk = Desk(checker)
    claim = make_claim(checker)
    with override("kk"):
        services.assign(claim, to=checker, by=checker)
    assert claim.activities.latest("pk").action == "assigned"
    assert "тапсырды" in desk.get(desk.claim(claim))


# What is public.


def test_what_is_published_from_a_kazakh_desk_is_what_an_english_one_publishes(checker: User, editor: User) -> None:
    with override("kk"):
        claim = make_published_verdict(checker, editor).verdict.claim
        services.look_again(claim, by=editor, reason="Оқырман сұрады.")
    assert services.stale_documents([claim.pk]) == []
    with override("ru"):
        assert services.stale_documents([claim.pk]) == []
