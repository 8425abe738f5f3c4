"""The checklist a new site starts with; administrators change it on the desk, and say which points are required."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultItem:
    text: str
    help: str
    ru: tuple[str, str]
    kk: tuple[str, str]


ITEMS = (
    DefaultItem(
        "The claimant was asked, or cannot be",
        "Ask for their source and their answer to what you found; say in the explanation when nobody replied.",
        (
            "Автор утверждения опрошен или недоступен",
            "Спросите, на что он опирается и что отвечает на найденное; если ответа нет, скажите об этом в объяснении.",
        ),
        (
            "Мәлімдеме авторынан сұралды немесе сұрау мүмкін емес",
            "Неге сүйенетінін және табылған деректерге жауабын сұраңыз; жауап болмаса, түсіндірмеде айтыңыз.",
        ),
    ),
    DefaultItem(
        "It rests on primary sources where there are any",
        "The register, the recording, the study itself, not a report of it.",
        (
            "Опирается на первоисточники там, где они есть",
            "Сам реестр, запись, исследование, а не пересказ.",
        ),
        (
            "Бар жерде бастапқы дереккөздерге сүйенеді",
            "Баяндама емес, тізілімнің, жазбаның, зерттеудің өзі.",
        ),
    ),
    DefaultItem(
        "Evidence was looked for on both sides",
        "Also for what would prove us wrong.",
        (
            "Доказательства искали с обеих сторон",
            "В том числе такие, которые опровергли бы нас.",
        ),
        (
            "Дәлелдер екі жақтан да ізделді",
            "Оның ішінде бізді теріске шығаратындары да.",
        ),
    ),
    DefaultItem(
        "Numbers were recomputed from their source",
        "Units, period, base and rounding too. Not needed where the claim gives no number.",
        (
            "Числа пересчитаны по источнику",
            "Также единицы, период, база и округление. Не нужно, если в утверждении нет чисел.",
        ),
        (
            "Сандар дереккөз бойынша қайта есептелді",
            "Өлшем бірлігі, кезең, негіз және дөңгелектеу де. Мәлімдемеде сан болмаса, қажет емес.",
        ),
    ),
    DefaultItem(
        "Pictures and recordings were checked",
        "Where and when they were made, and whether they were cut or changed. Not needed where there are none.",
        (
            "Изображения и записи проверены",
            "Где и когда сделаны, не обрезаны ли и не изменены ли. Не нужно, если их нет.",
        ),
        (
            "Суреттер мен жазбалар тексерілді",
            "Қайда және қашан түсірілген, қиылмаған ба, өзгертілмеген бе. Олар болмаса, қажет емес.",
        ),
    ),
)
