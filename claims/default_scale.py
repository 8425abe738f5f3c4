"""The scale a new site starts with: five steps of truth, and ratings that have no truth value.

Numbers 1 to 5 as in Google's ClaimReview guide (1 false … 5 true); the last three carry no number (CW10).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DefaultRating:
    code: str
    name: str
    ru: str
    kk: str
    value: int | None
    tone: str
    meaning: str


SCALE_CODE = "default"
RATINGS = [
    DefaultRating("true", "True", "Правда", "Шындық", 5, "true", "Accurate, and nothing important is missing."),
    DefaultRating(
        "mostly-true", "Mostly true", "В основном правда", "Негізінен шындық", 4, "mostly_true",
        "The claim is accurate in what matters; a detail is wrong or a clarification is needed.",
    ),
    DefaultRating(
        "half-true", "Half true", "Полуправда", "Жартылай шындық", 3, "mixed",
        "Part of the claim is accurate and part is not, or it leaves out what changes its meaning.",
    ),
    DefaultRating(
        "mostly-false", "Mostly false", "В основном ложь", "Негізінен жалған", 2, "mostly_false",
        "The claim holds a grain of truth, but what it says in the main is wrong.",
    ),
    DefaultRating("false", "False", "Ложь", "Жалған", 1, "false", "The evidence contradicts the claim."),
    DefaultRating(
        "unproven", "Unproven", "Не доказано", "Дәлелденбеген", None, "none",
        "There is not enough evidence to say whether the claim is true or false.",
    ),
    DefaultRating("satire", "Satire", "Сатира", "Сатира", None, "none", "Meant as a joke, spread as if it were not."),
    DefaultRating("opinion", "Opinion", "Мнение", "Пікір", None, "none", "A judgement that no evidence can settle."),
]  # fmt: skip
