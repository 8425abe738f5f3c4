"""What holds what: lists, graphs, feeds and answers of an API, walked down to the single reviews in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from claims.importing import google, values
from claims.importing.findings import Found, Skipped, Unusable, Withdrawn
from claims.importing.reviews import Origin, read_review
from sources.urls import UnusableURL

# Wrappers around reviews that anybody needs, twice over; JSON-LD nests by graphs, not by depth.
DEEPEST = 30
# Of an @graph, how many nodes may refer to one another.
MOST_NAMED = 10_000
# Keys of JSON-LD may be written with their vocabulary in front.
_PREFIXES = ("schema:", "http://schema.org/", "https://schema.org/")


@dataclass
class Document:
    """One JSON value and where it came from. `found` counts what was read of it."""

    origin: Origin
    kinds: dict[str, None] = field(default_factory=dict)
    found: int = 0


def read_document(value: Any, origin: Origin) -> Iterator[Found]:
    """Every review, tombstone and unusable item in a JSON value; one Skipped when there is none at all."""
    if isinstance(value, dict) and isinstance(value.get("complete"), bool) and "@type" not in value:
        yield from _last_line(value, origin)
        return
    document = Document(origin)
    try:
        for found in _walk(document, value, replace(origin, named=_named_in(value)), depth=0):
            document.found += 1
            yield found
    except RecursionError:
        yield Skipped(where=origin.where, reason="nested too deeply: nothing after that was read")
        return
    if not document.found:
        yield Skipped(where=origin.where, reason=_nothing_here(value, document))


def _last_line(value: dict[str, Any], origin: Origin) -> Iterator[Found]:
    """Our own exports end with a line that says whether they are whole."""
    if not value["complete"]:
        detail = values.text(value.get("detail"))[:200]
        yield Skipped(where=origin.where, reason=f"the export says that it broke off here: download it again. {detail}")


def _nothing_here(value: Any, document: Document) -> str:
    if document.kinds:
        return f"no ClaimReview here, only {', '.join(list(document.kinds)[:5])}"
    if isinstance(value, dict | list) and not value:
        return "it is empty"
    return "no ClaimReview here" if isinstance(value, dict | list) else "this is no JSON object or list"


def types_of(node: dict[str, Any]) -> list[str]:
    """The node's types without their vocabulary: https://schema.org/ClaimReview and schema:ClaimReview are one."""
    written = node.get("@type", node.get("type"))
    return [one.rpartition("/")[2].rpartition(":")[2].strip() for one in values.each(written) if isinstance(one, str)]


def _walk(document: Document, value: Any, origin: Origin, *, depth: int) -> Iterator[Found]:
    if depth > DEEPEST:
        yield Skipped(where=origin.where, reason=f"nested more than {DEEPEST} deep")
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            if isinstance(one, dict | list):
                yield from _walk(document, one, _numbered(origin, number, len(value)), depth=depth + 1)
    elif isinstance(value, dict):
        yield from _walk_node(document, _bare_keys(value), origin, depth=depth)


def _walk_node(document: Document, node: dict[str, Any], origin: Origin, *, depth: int) -> Iterator[Found]:
    types = types_of(node)
    if "ClaimReview" in types:
        yield _one(node, origin)
    elif "DataFeedItem" in types or node.keys() & {"dateDeleted", "dataFeedElement"} and "item" in node:
        yield from _feed_item(document, node, origin, depth=depth)
    elif google.is_claim(node):
        yield from google.read_claim(node, origin)
    else:
        document.kinds |= dict.fromkeys(types)
        for name, inner in node.items():
            if isinstance(inner, dict | list) and name != "@context":
                yield from _walk(document, inner, origin, depth=depth + 1)


def _one(node: dict[str, Any], origin: Origin) -> Found:
    try:
        return read_review(node, origin)
    except Unusable as problem:
        return Skipped(where=origin.where, reason=str(problem), url=problem.url)


def _feed_item(document: Document, node: dict[str, Any], origin: Origin, *, depth: int) -> Iterator[Found]:
    """A DataFeedItem: its reviews; with dateDeleted, word that they are gone."""
    if node.get("dateDeleted"):
        yield from _withdrawn(node, origin)
        return
    dated = replace(origin, created=node.get("dateCreated"), modified=node.get("dateModified"))
    items = list(values.each(node.get("item")))
    before = document.found
    count = 0
    for one in items:
        for found in _walk(document, one, dated, depth=depth + 1):
            count += 1
            yield found
    if not count and document.found == before:
        yield Skipped(where=origin.where, reason="this DataFeedItem has no ClaimReview as its item")


def _withdrawn(node: dict[str, Any], origin: Origin) -> Iterator[Found]:
    at = values.moment(node.get("dateDeleted"))
    if at is None:
        yield Skipped(where=origin.where, reason=f"dateDeleted {str(node['dateDeleted'])[:40]!r} is no date")
        return
    told = False
    for one in values.each(node.get("item") or node):
        inner = _bare_keys(one) if isinstance(one, dict) else {"url": one}
        try:
            url = values.address(inner.get("url") or inner.get("@id"), origin.base)
        except UnusableURL:
            continue
        told = True
        yield Withdrawn(where=origin.where, url=url, claim_text=values.text(inner.get("claimReviewed")), at=at)
    if not told:
        yield Skipped(where=origin.where, reason="dateDeleted without the address of what was deleted")


def _numbered(origin: Origin, number: int, count: int) -> Origin:
    """“item 7” of a list; a list of one is no list worth counting."""
    return origin if count == 1 else replace(origin, where=f"{origin.where}, item {number}")


def _bare_keys(node: dict[str, Any]) -> dict[str, Any]:
    """The node with schema.org's prefix taken off its keys, all the way down, where it has any."""
    if not any(key.startswith(_PREFIXES) for key in node):
        return node
    return {_bare(key): _bare_inside(value) for key, value in node.items()}


def _bare_inside(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare_inside(one) for one in value]
    return {_bare(key): _bare_inside(one) for key, one in value.items()} if isinstance(value, dict) else value


def _bare(key: str) -> str:
    return next((key[len(prefix) :] for prefix in _PREFIXES if key.startswith(prefix)), key)


def _named_in(value: Any) -> dict[str, dict[str, Any]]:
    named: dict[str, dict[str, Any]] = {}
    _remember_named(value, named)
    return named


def _remember_named(value: Any, named: dict[str, dict[str, Any]]) -> None:
    """Nodes of an @graph (or of a page's top level) that others may refer to by @id."""
    graph = value.get("@graph") if isinstance(value, dict) else value
    for node in values.each(graph):
        if isinstance(node, dict) and isinstance(node.get("@id"), str) and len(node) > 1 and len(named) < MOST_NAMED:
            named.setdefault(node["@id"], node)
        elif isinstance(node, dict) and isinstance(node.get("@graph"), list) and node is not value:
            _remember_named(node, named)
