"""Claims that rest on the demo newsroom's pages: made up like them, one per kind of change."""

from __future__ import annotations

from datetime import date

from claims.choices import Stance
from demo import local_pages
from demo.shapes import DemoClaim, DemoClaimant, DemoEvidence, DemoSource, DemoVerdict, Quantity

LABEL = "\n\n*Part of the demonstration: the town, the people and the figures are made up.*"
LABEL_RU = "\n\n*Это часть демонстрации: город, люди и цифры вымышлены.*"
LABEL_KK = "\n\n*Бұл демонстрацияның бөлігі: қала, адамдар және сандар ойдан шығарылған.*"

TOPIC = "Demo newsroom"

ROADS = DemoSource(local_pages.ROADS, local_pages.MASTHEADS["en"])
RESERVOIR = DemoSource(local_pages.RESERVOIR, local_pages.MASTHEADS["ru"])
FARES = DemoSource(local_pages.FARES, local_pages.MASTHEADS["kk"])
LIBRARY = DemoSource(local_pages.LIBRARY, local_pages.MASTHEADS["en"])
SOURCES = (ROADS, RESERVOIR, FARES, LIBRARY)

SAMPLE = DemoClaimant("Rowan Sample", "made-up alderman of Sampleford")
PRIMEROV = DemoClaimant("Пётр Примеров", "вымышленный депутат Примерска")
MYSALOV = DemoClaimant("Мысалбек Үлгіұлы", "Мысалкенттің ойдан шығарылған тұрғыны")
CLAIMANTS = (SAMPLE, PRIMEROV, MYSALOV)

ROADS_DONE = DemoClaim(
    text="Sampleford resurfaced more than 60 kilometres of road this season",
    claimant=SAMPLE,
    made_on=date(2025, 11, 3),
    location="Sampleford",
    topics=(TOPIC,),
    quantity=Quantity("more than 60 kilometres", "60", None, "kilometres"),
    evidence=(
        DemoEvidence(
            ROADS,
            Stance.REFUTES,
            "its crews resurfaced 42 kilometres of road",
            "The road office's own figure for April to October.",
            Quantity("42 kilometres", "42", "42", "kilometres"),
        ),
    ),
    verdict=DemoVerdict(
        rating="false",
        headline="Sampleford's crews resurfaced 42 kilometres of road, not more than 60",
        summary=(
            "The alderman spoke of more than 60 kilometres. The road office, whose crews did the work, counts 42 for "
            "the whole season."
        ),
        explanation=(
            "The road office closed its books with 42 kilometres between April and October. We know of no other "
            "crews that worked on the town's roads." + LABEL
        ),
    ),
)

ROADS_COST = DemoClaim(
    text="The season's road works in Sampleford cost 3.6 million crowns",
    claimant=SAMPLE,
    made_on=date(2025, 11, 3),
    location="Sampleford",
    topics=(TOPIC,),
    quantity=Quantity("3.6 million crowns", "3600000", "3600000", "crowns"),
    evidence=(
        DemoEvidence(
            ROADS,
            Stance.SUPPORTS,
            "The work cost 3.6 million crowns",
            "The road office's bill for the season.",
            Quantity("3.6 million crowns", "3600000", "3600000", "crowns"),
        ),
    ),
    verdict=DemoVerdict(
        rating="true",
        headline="The road office's bill comes to the sum the alderman named",
        summary="The alderman named 3.6 million crowns, and so does the road office.",
        explanation=(
            "This check quotes the same page as the one on kilometres, but another passage of it. When the "
            "kilometres on the page are edited, this verdict is left in peace." + LABEL
        ),
    ),
)

RESERVOIR_LEVEL = DemoClaim(
    text="Примерское водохранилище заполнено более чем на 90 процентов",
    language="ru",
    claimant=PRIMEROV,
    made_on=date(2025, 6, 4),
    location="Примерск",
    topics=(TOPIC,),
    quantity=Quantity("более чем на 90 процентов", "90", None, "%"),
    evidence=(
        DemoEvidence(
            RESERVOIR,
            Stance.REFUTES,
            "водохранилище заполнено на 64 процента",
            "Показания службы водоснабжения на первое июня.",
            Quantity("64 процента", "64", "64", "%"),
        ),
    ),
    verdict=DemoVerdict(
        rating="false",
        headline="Водохранилище заполнено на 64 процента, а не на 90",
        summary=(
            "Депутат назвал больше 90 процентов. Служба водоснабжения, которая измеряет уровень каждую пятницу, "
            "сообщила о 64."
        ),
        explanation="Мы опираемся на последний отчёт службы: среднее значение по трём постам." + LABEL_RU,
    ),
)

FARE = DemoClaim(
    text="Мысалкентте ересектерге арналған автобус билеті 120 теңге тұрады",
    language="kk",
    claimant=MYSALOV,
    made_on=date(2025, 9, 15),
    location="Мысалкент",
    topics=(TOPIC,),
    quantity=Quantity("120 теңге", "120", "120", "теңге"),
    evidence=(
        DemoEvidence(
            FARES,
            Stance.SUPPORTS,
            "ересектерге арналған автобус билеті 120 теңге тұрады",
            "Қалалық көлік бөлімінің хабары.",
            Quantity("120 теңге", "120", "120", "теңге"),
        ),
    ),
    verdict=DemoVerdict(
        rating="true",
        headline="Көлік бөлімі де дәл осы бағаны атайды",
        summary="Айтылған баға қалалық көлік бөлімінің хабарымен сәйкес келеді: ересектер билеті 120 теңге.",
        explanation="Тексеру бір ғана бетке, көлік бөлімінің хабарына сүйенеді." + LABEL_KK,
    ),
)

LIBRARY_VISITORS = DemoClaim(
    text="Fewer than 10,000 people visited the Sampleford library in May",
    claimant=SAMPLE,
    made_on=date(2025, 6, 10),
    location="Sampleford",
    topics=(TOPIC,),
    quantity=Quantity("fewer than 10,000 people", "0", "9999", "visitors"),
    evidence=(
        DemoEvidence(
            LIBRARY,
            Stance.REFUTES,
            "The Sampleford library counted 11,480 visitors in May",
            "The library's count, by the sensor above its door.",
            Quantity("11,480 visitors", "11480", "11480", "visitors"),
        ),
    ),
    verdict=DemoVerdict(
        rating="false",
        headline="The library counted 11,480 visitors in May",
        summary="The alderman spoke of fewer than 10,000 visitors. The library's own count for May is 11,480.",
        explanation=(
            "The library counts with a sensor and leaves out people who come back within ten minutes. The page "
            "shows another advertisement at every visit, which is no reason to look at this verdict again." + LABEL
        ),
    ),
)

CLAIMS = (FARE, LIBRARY_VISITORS, RESERVOIR_LEVEL, ROADS_COST, ROADS_DONE)
