"""Kazakh words of quantity, with the case endings that comparators ask for."""

from .lexicon import Lexicon, phrases, words

_ENDINGS = {
    "from": ("дан", "ден", "тан", "тен", "нан", "нен"),
    "to": ("ға", "ге", "қа", "ке"),
    "like": ("дай", "дей", "тай", "тей"),
}
CASES = {ending: case for case, endings in _ENDINGS.items() for ending in endings}
_CARDINALS = {
    "бір": 1, "екі": 2, "үш": 3, "төрт": 4, "бес": 5, "алты": 6, "жеті": 7, "сегіз": 8, "тоғыз": 9, "он": 10,
    "жиырма": 20, "отыз": 30, "қырық": 40, "елу": 50, "алпыс": 60, "жетпіс": 70, "сексен": 80, "тоқсан": 90,
}  # fmt: skip
_SCALES = {
    "мың": 10**3,
    "миллион": 10**6,
    "млн": 10**6,
    "миллиард": 10**9,
    "млрд": 10**9,
    "триллион": 10**12,
    "трлн": 10**12,
}
_HUNDRED = "жүз"
# "Ондай" is "such a", "бірдей" "the same": words of their own.
_OTHER_WORDS = frozenset(["ондай", "бірдей", "бірден", "бірге", "онда"])


def _inflected(word: str) -> dict[str, str]:
    """{form: case} for every ending; forms that vowel harmony forbids do no harm."""
    return {word + ending: case for ending, case in CASES.items() if word + ending not in _OTHER_WORDS}


def _forms(table: dict[str, int]) -> dict[str, int]:
    return {form: value for word, value in table.items() for form in (word, *_inflected(word))}


_CASED = {
    form: case
    for word in (*_CARDINALS, *_SCALES, _HUNDRED, "пайыз", "процент")
    for form, case in _inflected(word).items()
}

_MONTH_ENDINGS = (*words("да де та те дағы дегі тағы тегі ның нің дың дің тың тің"), *CASES, "")
_MONTHS = frozenset(
    month + ending
    for month in words("қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан")
    for ending in _MONTH_ENDINGS
)

_PER_CENT = {
    *words("% пайыз пайызы пайызды пайызын процент проценті"),
    *_inflected("пайыз"),
    *_inflected("процент"),
}

KAZAKH = Lexicon(
    language="kk",
    decimal_comma=True,
    cardinals=_forms(_CARDINALS),
    tens_join=True,
    hundred=frozenset([_HUNDRED, *_inflected(_HUNDRED)]),
    scales=_forms(_SCALES),
    alone=frozenset(_forms(_SCALES)),
    after_comparator=frozenset(),
    suffixes={},
    vague={
        "ондаған": 20, "жүздеген": 200, "мыңдаған": 2000, "миллиондаған": 2 * 10**6, "миллиардтаған": 2 * 10**9,
        "мыңдап": 2000, "жүздеп": 200,
    },
    several=frozenset([("бірнеше",), ("талай",)]),
    few=frozenset(),
    couple=frozenset(),
    before=phrases(
        {
            "at_least": "кемінде;ең кемі;ең аз дегенде;кем дегенде;≥",
            "more_than": ">",
            "at_most": "ең көбі;ең көп дегенде;көп дегенде;≤",
            "less_than": "<",
            "about": "шамамен;шамасы;жуықтап алғанда;~;≈;орта есеппен",
        }
    ),
    after=phrases(
        {
            "about": "шамасында;шақты;қаралы;шамалы",
            "at_least": "және одан көп;және одан да көп",
            "more_than": "астам",
        }
    ),
    after_case={
        ("астам",): ("from", "more_than"), ("аса",): ("from", "more_than"), ("артық",): ("from", "more_than"),
        ("көп",): ("from", "more_than"), ("астамы",): ("from", "more_than"), ("кем", "емес"): ("from", "at_least"),
        ("аз", "емес"): ("from", "at_least"), ("кем",): ("from", "less_than"), ("аз",): ("from", "less_than"),
        ("артық", "емес"): ("from", "at_most"), ("көп", "емес"): ("from", "at_most"), ("аспайды",): ("from", "at_most"),
        ("аспайтын",): ("from", "at_most"), ("жуық",): ("to", "about"), ("таяу",): ("to", "about"),
        ("жақын",): ("to", "about"), ("тарта",): ("to", "about"), ("дейін",): ("to", "at_most"),
        ("дейінгі",): ("to", "at_most"),
    },
    range_openers={},
    halves={("бір", "жарым"): "1.5", ("жарты",): "0.5", ("жарым",): "0.5"},
    and_a_half=frozenset([("жарым",)]),
    per_cent=frozenset((form,) for form in _PER_CENT),
    units=words("тг usd eur kzt км кг га м"),
    unit_stems=(
        "адам", "кісі", "теңге", "доллар", "рубль", "еуро", "тұрғын", "азамат", "шеруші", "қатысушы", "наразы",
        "белсенді", "журналист", "студент", "оқушы", "мұғалім", "дәрігер", "жұмысшы", "жұмыскер", "қызметкер",
        "сарбаз", "әскери", "полицей", "босқын", "мигрант", "зейнеткер", "бала", "әйел", "ер", "қыз", "отбасы",
        "үй", "пәтер", "ғимарат", "мектеп", "аурухана", "ауыл", "қала", "ел", "мемлекет", "көлік", "автокөлік",
        "машина", "автобус", "пойыз", "ұшақ", "танк", "зымыран", "дрон", "ағаш", "қой", "сиыр", "жылқы", "мал",
        "компания", "кәсіпорын", "зауыт", "жағдай", "оқиға", "өлім", "құрбан", "жаралы", "тест", "екпе", "вакцина",
        "доза", "дауыс", "қол", "орын", "қаралым", "жазылушы", "пайдаланушы", "аккаунт", "бот", "жазба", "пікір",
        "келуші", "көрермен", "жанкүйер", "жолаушы", "сайлаушы", "қазақстандық", "митинг", "шара", "акция", "шағым",
        "өтініш", "өтінім", "кітап", "бет", "тонна", "литр", "метр", "километр", "гектар", "шақырым", "градус",
        "жыл", "ай", "апта", "күн", "сағат", "минут", "секунд", "рет", "есе", "кенші", "мұнайшы", "респондент",
        "тұтқын",
    ),
    unit_rests=words(
        "ды ді ты ті ны ні дың дің тың тің ның нің ы і сы сі лар лер дар дер тар тер ын ін"
    ),
    unit_endings=("\0",),
    joiners=frozenset(),
    loose=frozenset(),
    not_units=words(
        "және мен пен бен үшін туралы дейін кейін бұрын да де та те ма ме ба бе еді емес бар жоқ болды болған"
    ),
    not_after=words(
        "№ нөмір нөмірі бап бабы тармақ тармағы бөлім тарау бет беті нұсқа нұсқасы үй пәтер кабинет бөлме рейс"
        " трасса бағыт автобус арна сынып топ тел телефон телефоны факс код индекс жсн бсн есебі есебімен сағат әр"
        " әрбір windows iphone ұлы орта кіші боинг"
    ),
    not_before=words(
        "бап бабы бабына бабында бабының тармақ тармағы тармағында сынып сыныпта сыныптың мектеп-гимназия"
        " шағынаудан шағынауданы көшесі үй-жай жаста жасар жасқа жастан жасында ғасыр ғасырда x × шаққанда"
    ),
    months=_MONTHS,
    year_words=("жыл", "ж"),
    growth=("өс", "көбей", "арт", "азай", "төменде", "кемі", "қысқар", "ұлғай", "қымбатта", "арзанда"),
    before_year=frozenset(),
    tails=frozenset(),
    cases={**CASES, **_CASED},
    measures=(
        "теңге", "тг", "доллар", "рубль", "еуро", "usd", "eur", "kzt", "тонна", "литр", "метр", "километр",
        "гектар", "шақырым", "градус", "жыл", "ай", "апта", "күн", "сағат", "минут", "секунд", "есе", "км", "кг",
        "га", "м",
    ),
    money=("теңге", "тг", "доллар", "рубль", "еуро", "usd", "eur", "kzt"),
    fraction_links=frozenset(),
    weak=words("шамамен шамасы ~ ≈ > <"),
)  # fmt: skip
