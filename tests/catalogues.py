"""The translations: what our code says, what the catalogues hold, and how to bring the second up to the first.

Run by script/words. Reads code with Python's own parser and templates with Django's, so that no program beyond Python's
packages is needed.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ru", "kk")
# Each app keeps its own words.
APPS = ("accounts", "claims", "sources", "feed", "pages", "claimtrack")
# Beside its own, what Django and the theme say on the desk without a Kazakh or Russian of theirs.
BORROWING = ("claimtrack",)
PLURALS = {"ru": 4, "kk": 2}
CALLS = {
    "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1,
    "ngettext": 2, "ngettext_lazy": 2, "pgettext": -1, "pgettext_lazy": -1,
}  # fmt: skip
HOLE = re.compile(r"%\((\w+)\)[a-z]|%[sd]")
IN_TEMPLATE = re.compile(r"(?<![\w.])(gettext|ngettext|pgettext|_)\((?=[u'\"])")


@dataclass(frozen=True)
class Said:
    """One thing our code says: its text, its plural ("" for none) and its context ("" for none)."""

    text: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.context, self.text


def said_by(app: str) -> dict[tuple[str, str], Said]:
    """Everything an app's code and templates say, in the order of its files."""
    found: dict[tuple[str, str], Said] = {}
    for path in sorted((ROOT / app).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            said = in_python(path.read_text())
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            said = in_template(path.read_text())
        else:
            continue
        for one in said:
            if one.key not in found or one.plural:
                found[one.key] = one
    return found


def in_python(source: str) -> Iterator[Said]:
    tree = ast.parse(source)
    names = {one: one for one in CALLS} | {
        alias.asname: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and alias.name in CALLS
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in names:
            yield from _call(names[name], node.args)


def in_template(source: str) -> Iterator[Said]:
    text = templatize(source)
    for match in IN_TEMPLATE.finditer(text):
        yield from _call(match[1], _arguments(text[match.end() :]))


def _arguments(text: str) -> list[ast.expr]:
    """The arguments of a call whose opening bracket is just behind."""
    for end in (match.start() for match in re.finditer(r"\)", text)):
        try:
            call = ast.parse(f"f({text[:end]})", mode="eval").body
        except SyntaxError:
            continue
        assert isinstance(call, ast.Call)
        return call.args
    return []


def _call(name: str, args: list[ast.expr]) -> Iterator[Said]:
    texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in args]
    shape = CALLS[name]
    if shape == 1 and texts and texts[0]:
        yield Said(texts[0])
    elif shape == 2 and len(texts) > 1 and texts[0] and texts[1]:
        yield Said(texts[0], plural=texts[1])
    elif shape == -1 and len(texts) > 1 and texts[0] and texts[1]:
        yield Said(texts[1], context=texts[0])


def catalogue_path(app: str, language: str, domain: str = "django") -> Path:
    return ROOT / app / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue(app: str, language: str, domain: str = "django") -> Catalog:
    with catalogue_path(app, language, domain).open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True)


def translations(app: str, language: str, domain: str = "django") -> dict[tuple[str, str], Message]:
    """What the catalogue holds, without its header."""
    messages = (message for message in catalogue(app, language, domain) if message.id)
    return {(message.context or "", first(message.id)): message for message in messages}


def first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def holes(text: str) -> set[str]:
    return {match[0] for match in HOLE.finditer(text)}


def forms(message: Message) -> list[str]:
    """A translation's plural forms; one when nothing is counted."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def is_complete(message: Message, language: str) -> bool:
    """Translated, not fuzzy, every plural form there."""
    wanted = 1 if isinstance(message.id, str) else PLURALS[language]
    return not message.fuzzy and len(forms(message)) == wanted and all(forms(message))


def compiled(app: str, language: str, domain: str = "django") -> bytes:
    """The .mo file that the .po file makes: the same bytes every time, so no time of making is in it."""
    written = io.BytesIO()
    book = catalogue(app, language, domain)
    book.creation_date = book.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(written, book)
    return written.getvalue()


def save(app: str, language: str, held: Catalog) -> None:
    """Write the .po file, each message on lines of its own, under the header that stands there."""
    path = catalogue_path(app, language)
    header = path.read_text().split("\n\n", 1)[0]
    body = io.BytesIO()
    write_po(body, held, width=0, omit_header=True, ignore_obsolete=True, no_location=True)
    path.write_text(f"{header.rstrip()}\n\n{body.getvalue().decode().strip()}\n")


def refresh(app: str, language: str) -> int:
    """Add what the app says now, drop what it says no more, compile; returns how much waits for a translation."""
    held, said = translations(app, language), said_by(app)
    book = catalogue(app, language)
    for key, one in said.items():
        if key in held and isinstance(held[key].id, str) == bool(one.plural):
            book.delete(one.text, context=one.context or None)
        if key not in held or isinstance(held[key].id, str) == bool(one.plural):
            book.add((one.text, one.plural) if one.plural else one.text, context=one.context or None)
    if app not in BORROWING:
        for context, text in held.keys() - said.keys():
            book.delete(text, context=context or None)
    save(app, language, book)
    for domain in ("django", "djangojs"):
        path = catalogue_path(app, language, domain)
        if path.exists():
            path.with_suffix(".mo").write_bytes(compiled(app, language, domain))
    return sum(not is_complete(message, language) for message in translations(app, language).values())


def main() -> None:
    for app in sys.argv[1:] or [app for app in APPS if (ROOT / app).is_dir()]:
        for language in LANGUAGES:
            if catalogue_path(app, language).exists():
                print(f"{app} {language}: {refresh(app, language)} to translate")


if __name__ == "__main__":
    main()
