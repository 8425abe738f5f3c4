"""Whatever our code says at the desk and to readers, it says in Russian and Kazakh as well."""

from __future__ import annotations

import pytest
from babel.messages.mofile import read_mo
from django.utils import translation
from django.utils.translation import gettext

from tests.catalogues import (
    APPS,
    BORROWING,
    LANGUAGES,
    Said,
    catalogue_path,
    first,
    forms,
    holes,
    in_python,
    in_template,
    is_complete,
    said_by,
    translations,
)

EVERY = [(app, language) for app in APPS for language in LANGUAGES]


@pytest.mark.parametrize(("app", "language"), EVERY)
def test_everything_an_app_says_is_translated(app: str, language: str) -> None:
    held = translations(app, language)
    missing = [text for (context, text), _ in said_by(app).items() if (context, text) not in held]
    assert missing == [], "run script/words, then translate what it adds"
    assert [first(message.id) for message in held.values() if not is_complete(message, language)] == []


@pytest.mark.parametrize(("app", "language"), [one for one in EVERY if one[0] not in BORROWING])
def test_no_catalogue_holds_what_nobody_says_any_more(app: str, language: str) -> None:
    assert sorted(text for _, text in translations(app, language).keys() - said_by(app).keys()) == []


@pytest.mark.parametrize(("app", "language"), EVERY)
def test_a_translation_fills_in_what_the_original_does(app: str, language: str) -> None:
    """One form of a plural may leave out the number, as “one more place” does."""
    wrong = []
    for message in translations(app, language).values():
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = [holes(one) for one in originals]
        wrong += [form for form in forms(message) if holes(form) not in allowed]
    assert wrong == []


@pytest.mark.parametrize(("app", "language"), EVERY)
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_what_is_served_was_made_from_what_translators_edit(app: str, language: str, domain: str) -> None:
    path = catalogue_path(app, language, domain)
    if domain == "djangojs" and not path.exists():
        return
    with path.with_suffix(".mo").open("rb") as file:
        served = {(one.context or "", first(one.id)): forms(one) for one in read_mo(file) if one.id}
    edited = {key: forms(message) for key, message in translations(app, language, domain).items()}
    assert served == edited, "run script/words"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_are_translated_alike_in_every_app(language: str) -> None:
    """Django merges all catalogues into one, so of two translations one would never be seen."""
    told: dict[tuple[str, str], tuple[str, object]] = {}
    for app in APPS:
        for key, message in translations(app, language).items():
            before = told.setdefault(key, (app, message.string))
            assert before[1] == message.string, (key[1], before[0], app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english_by_a_slip(language: str) -> None:
    """Names stay as they are; a sentence does not."""
    left = [
        message.id
        for app in APPS
        for message in translations(app, language).values()
        if message.id == message.string and " " in first(message.id) and "{" not in first(message.id)
    ]
    assert set(left) <= {
        "%(class_name)s %(instance)s", "%(name)s, %(at)s", "%(day)s: %(first)s", "facebook, instagram, telegram, …",
    }  # fmt: skip


def test_the_desks_own_words_reach_the_page() -> None:
    with translation.override("kk"):
        assert gettext("Write the verdict") == "Қорытынды жазу"
        assert gettext("Select all rows") == "Барлық жолды таңдау"


def test_what_code_and_templates_say_is_found() -> None:
    python = 'x = _("one")\ny = ngettext("%d two", "%d twos", n)\nz = pgettext("shape", "three")\nw = other("four")'
    assert list(in_python("from django.utils.translation import gettext as later\nlater('five')")) == [Said("five")]
    assert list(in_python(python)) == [Said("one"), Said("%d two", plural="%d twos"), Said("three", context="shape")]
    template = (
        '{% load i18n %}{% translate "one" %}{{ x|default:_("two") }}'
        "{% blocktranslate count n=n %}{{ n }} three{% plural %}{{ n }} threes{% endblocktranslate %}"
    )
    assert list(in_template(template)) == [Said("one"), Said("two"), Said("%(n)s three", plural="%(n)s threes")]
