"""Words that were looked for, found again in what is shown. Pure."""

import re

from claims.rendering.search_words import SHORTEST_BEGINNING, words_of

# As many letters around the first hit of a long text are shown.
EXCERPT = 180
# A number with its groups, or a word with the apostrophes inside it: what words_of() takes for one.
_TOKEN = re.compile(r"\d{1,3}(?:[,   ]\d{3})+(?!\d)|[^\W_]+(?:['’ʼ`\u0300-\u036f][^\W_]*)*")

Part = tuple[str, bool]


def marked(text: str, query: str) -> list[Part]:
    """The text in pieces, each with whether it was looked for: like search, a word finds those it begins."""
    wanted = set(words_of(query))
    if not wanted:
        return [(text, False)]
    beginnings = tuple(word for word in wanted if len(word) >= SHORTEST_BEGINNING and not word.isdecimal())
    parts: list[Part] = []
    end = 0
    for token in _TOKEN.finditer(text):
        words = words_of(token[0])
        if any(word in wanted or word.startswith(beginnings) for word in words):
            parts += [(text[end : token.start()], False), (token[0], True)]
            end = token.end()
    return [part for part in [*parts, (text[end:], False)] if part[0]]


def excerpt(text: str, query: str) -> list[Part]:
    """What stands around the first hit, cut between words; nothing where there is no hit."""
    parts = marked(" ".join(text.split()), query)
    first = next((index for index, (_, hit) in enumerate(parts) if hit), None)
    if first is None:
        return []
    whole = "".join(piece for piece, _ in parts)
    begin = max(len("".join(piece for piece, _ in parts[:first])) - EXCERPT // 3, 0)
    begin = whole.find(" ", begin) + 1 if begin else 0
    end = begin + EXCERPT
    cut = whole[begin:end] if end >= len(whole) else whole[begin:end].rpartition(" ")[0] + " …"
    return marked(("… " if begin else "") + cut, query)
