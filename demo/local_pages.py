"""The pages of the demo newsroom as it first shows them. Town, people and figures are made up. No Django here."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

# Where a page file asks for an advertisement: the server puts another one there at every visit.
ADVERT_SLOT = "<!-- advert -->"

ROADS = "/roads/resurfacing"
RESERVOIR = "/primersk/reservoir"
FARES = "/mysalkent/bus-fares"
LIBRARY = "/library/visitors"

NOTES = {
    "en": "This page belongs to the demo newsroom. The town, the people and the figures are made up.",
    "ru": "Эта страница принадлежит демонстрационной редакции. Город, люди и цифры вымышлены.",
    "kk": "Бұл бет демонстрациялық редакцияға тиесілі. Қала, адамдар және сандар ойдан шығарылған.",
}
MASTHEADS = {"en": "The Sampleford Courier", "ru": "Примерский вестник", "kk": "Мысалкент хабаршысы"}

ADVERTS = (
    "Umbrellas by Bramble & Daughter: dry since the last shower.",
    "Saturday market on Mill Square: plums, honey, second-hand saws.",
    "The Puddle Theatre looks for a donkey. Front half preferred.",
    "Pickled gherkins, now in jars of two sizes.",
    "Evening school: learn to whistle in eight weeks.",
    "Lantern repairs while you wait, unless it is dark.",
    "Rent a rowing boat. Oars on request.",
)


@dataclass(frozen=True)
class Page:
    """One article. `path` is its address in the newsroom, without the language."""

    path: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    has_advert: bool = False

    def html(self) -> str:
        """The whole page; the note that it is made up stands above the article."""
        paragraphs = "\n".join(f"<p>{escape(text, quote=False)}</p>" for text in self.paragraphs)
        advert = f'<aside class="advert">{ADVERT_SLOT}</aside>\n' if self.has_advert else ""
        masthead, title = MASTHEADS[self.language], escape(self.title, quote=False)
        return (
            f'<!doctype html>\n<html lang="{self.language}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta name="viewport" content="width=device-width">\n<title>{title} · {masthead}</title>\n'
            "<style>body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1.1rem/1.6 serif}"
            ".note,.advert{font-family:sans-serif;font-size:.9rem;padding:.5rem 1rem;background:#fff3c4}"
            ".advert{background:#eee}</style>\n</head>\n<body>\n"
            f'<header><p>{masthead}</p><div class="note" role="note">{NOTES[self.language]}</div></header>\n'
            f"<main>\n<article>\n<h1>{title}</h1>\n{paragraphs}\n</article>\n</main>\n{advert}"
            "</body>\n</html>\n"
        )


PAGES = (
    Page(
        ROADS,
        "en",
        "What the road crews finished this season",
        (
            "Sampleford's road office has closed its books for the season. Between April and October its crews "
            "resurfaced 42 kilometres of road, most of it on the ring and in the Mill quarter.",
            "The work cost 3.6 million crowns, the office said, a little less than the council had set aside for it. "
            "What is left over goes into next spring's repairs.",
            "The longest single stretch was Tanner Street, closed for five weeks in June and July. Shopkeepers there "
            "had asked for the work to wait until after the harvest fair and were given two extra days.",
            "Three streets on the office's list were put off: two because the water mains below them are to be "
            "replaced first, and one because of a pair of nesting storks.",
        ),
    ),
    Page(
        RESERVOIR,
        "ru",
        "Сколько воды в Примерском водохранилище",
        (
            "К первому июня водохранилище заполнено на 64 процента, сообщила служба водоснабжения Примерска. "
            "Годом раньше в это же время было 58 процентов.",
            "Прибавку служба объясняет снежной зимой и ранней весной. Ограничений на полив огородов этим летом "
            "не ожидается.",
            "Уровень измеряют по пятницам на трёх постах: у плотины, у лодочной станции и у старой мельницы. "
            "В отчёт попадает среднее значение.",
            "Летом служба собирается очистить северный берег от ила. Работы займут около трёх недель и на подачу "
            "воды в город не повлияют.",
        ),
    ),
    Page(
        FARES,
        "kk",
        "Мысалкентте автобус билеті қанша тұрады",
        (
            "Мысалкентте ересектерге арналған автобус билеті 120 теңге тұрады, ал оқушылар мен зейнеткерлер "
            "60 теңге төлейді, деп хабарлады қалалық көлік бөлімі.",
            "Бөлімнің айтуынша, баға соңғы екі жылда өзгерген жоқ. Билетті жүргізушіден немесе аялдамадағы "
            "автоматтан сатып алуға болады.",
            "Қалада жеті бағыт бар. Автобустар таңғы алтыдан кешкі он бірге дейін жүреді, жексенбіде сирегірек "
            "қатынайды.",
            "Айлық билет 2400 теңге тұрады және барлық бағытта жарамды. Оны пошта бөлімшелерінен де алуға болады.",
        ),
    ),
    Page(
        LIBRARY,
        "en",
        "A busy month at the Sampleford library",
        (
            "The Sampleford library counted 11,480 visitors in May, more than in any month since the new reading "
            "room was opened.",
            "Librarians put it down to the rain and to the poetry evenings, for which chairs had to be borrowed from "
            "the fire station next door.",
            "Visitors are counted by a sensor above the door. People who leave and come back within ten minutes are "
            "counted once.",
            "The library is open every day but Monday. From September it will stay open until nine in the evening "
            "on Thursdays.",
        ),
        has_advert=True,
    ),
)
