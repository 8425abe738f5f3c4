"""Words without their endings: Snowball for English and Russian, our own few endings for Kazakh."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

from sources.words import words

_ENGLISH = snowballstemmer.stemmer("english")
_RUSSIAN = snowballstemmer.stemmer("russian")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_KAZAKH = re.compile("[әғқңөұүһі]")
# Cases, plurals, belonging, and the commonest endings of verbs; the longest that fits goes first.
_KAZAKH_ENDINGS = sorted(
    words(
        "лар лер дар дер тар тер ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті да де та те нда нде "
        "дан ден тан тен нан нен мен бен пен сы сі ым ім ың ің мыз міз ымыз іміз ыңыз іңіз ы і а е н "
        "дағы дегі тағы тегі ған ген қан кен ып іп ады еді йды йді атын етін ушы уші лық лік дық дік тық тік "
        "дай дей тай тей лды лді нды нді ылды ілді ылған ілген ынған інген"
    ),
    key=lambda ending: (-len(ending), ending),
)
# Letters that stay, and endings that go at most.
_ROOT, _MOST_ENDINGS = 4, 3


def is_kazakh(text: str) -> bool:
    """Has letters that Russian has not; `text` in small letters."""
    return bool(_KAZAKH.search(text))


@lru_cache(maxsize=100_000)
def stem(word: str, *, kazakh: bool = False) -> str:
    """`word` as words_of() gives it; numbers and other scripts stay as they are. `kazakh`: its text is in Kazakh."""
    if word.isdecimal():
        return word
    if word.isascii():
        return str(_ENGLISH.stemWord(word))
    if not _CYRILLIC.search(word):
        return word
    return _kazakh(word) if kazakh else str(_RUSSIAN.stemWord(word))


def _kazakh(word: str) -> str:
    for _ in range(_MOST_ENDINGS):
        ending = next((one for one in _KAZAKH_ENDINGS if word.endswith(one) and len(word) - len(one) >= _ROOT), "")
        if not ending:
            break
        word = word.removesuffix(ending)
    return word
