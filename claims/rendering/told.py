"""What the machine once wrote down in English (the record, why changes are held, alarms), in the reader's language.

Stored text is never changed: it is recognised by its pattern and said again when it is shown. What is not recognised,
such as what people wrote, is shown as it is.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

# Of the record: what was done.
ACTIONS = (
    gettext_noop("logged the claim"),
    gettext_noop("changed the claim"),
    gettext_noop("changed the draft"),
    gettext_noop("dropped the draft"),
    gettext_noop("began to read the draft"),
    gettext_noop("left the draft to another reader"),
    gettext_noop("ticked the checklist"),
    gettext_noop("assigned"),
    gettext_noop("submitted for review"),
    gettext_noop("sent back"),
    gettext_noop("attached evidence"),
    gettext_noop("changed evidence"),
    gettext_noop("dropped evidence"),
    gettext_noop("added an appearance"),
    gettext_noop("joined the same words to the claim"),
    gettext_noop("changed an appearance"),
    gettext_noop("removed an appearance"),
    gettext_noop("translated the verdict"),
    gettext_noop("removed a translation"),
    gettext_noop("published version %(number)s"),
    gettext_noop("imported version %(number)s"),
    gettext_noop("opened a review"),
    gettext_noop("confirmed the verdict"),
    gettext_noop("began a correction"),
    gettext_noop("retracted the verdict"),
    gettext_noop("took the verdict up again"),
    gettext_noop("proposed to withhold the verdict"),
    gettext_noop("withdrew the proposal to withhold the verdict"),
    gettext_noop("withheld the verdict"),
    gettext_noop("forgot how the claim reached us"),
    gettext_noop("looked again: it stands"),
    gettext_noop("noted how the claim reached us"),
    gettext_noop("removed a claim that was never public"),
    gettext_noop("set the day to look again"),
    gettext_noop("struck a note out"),
    gettext_noop("took out how the claim reached us"),
    gettext_noop("wrote a note"),
    gettext_noop("held changes"),
    gettext_noop("released held changes"),
    gettext_noop("dismissed held changes"),
    gettext_noop("linked a review by others"),
    gettext_noop("unlinked a review by others"),
    gettext_noop("exported a list"),
    gettext_noop("received a reader's report"),
    gettext_noop("received a reader's suggestion"),
    gettext_noop("decided on a reader's message"),
    gettext_noop("forgot how to reach a reader"),
    gettext_noop("logged a file of claims"),
    gettext_noop("gave up a file of claims"),
    gettext_noop("forgot a file of claims"),
    gettext_noop("could not read a file of claims"),
    gettext_noop("entered a claimant"),
    gettext_noop("entered a topic"),
    gettext_noop("webhook added"),
    gettext_noop("webhook changed"),
    gettext_noop("webhook paused"),
    gettext_noop("webhook resumed"),
    gettext_noop("webhook disabled"),
    gettext_noop("webhook secret rotated"),
    gettext_noop("webhook replayed"),
    gettext_noop("webhook redelivered"),
    gettext_noop("API key made"),
    gettext_noop("API key changed"),
    gettext_noop("API key revoked"),
    gettext_noop("Person added"),
    gettext_noop("Person changed"),
    gettext_noop("Role changed"),
    gettext_noop("Access changed"),
    gettext_noop("Password changed"),
    gettext_noop("Password chosen by a mailed link"),
    gettext_noop("Mail address changed"),
    gettext_noop("Byline changed"),
    gettext_noop("Second factor set up"),
    gettext_noop("Second factor replaced"),
    gettext_noop("Second factor reset"),
    gettext_noop("Second factor given up"),
    gettext_noop("Recovery codes renewed"),
    gettext_noop("Invitation sent"),
    gettext_noop("Invitation sent again"),
    gettext_noop("Invitation taken back"),
    gettext_noop("Invitation accepted"),
    gettext_noop("added a row: %(row)s"),
    gettext_noop("changed a row: %(row)s"),
    gettext_noop("deleted a row: %(row)s"),
)
# As save_on_record() and delete_on_record() write them: a verb and the name of a table.
OF_A_ROW = re.compile(r"(added|changed|deleted) ([a-z]+)")
TABLES = {"ratingscale": "rating scale", "ratinglabel": "rating label", "claimantaccount": "account",
          "audiencefigure": "audience figure", "checklistpoint": "checklist point",
          "sitepage": "page about the newsroom"}  # fmt: skip
# Why changes are held, why a review opened by itself, and what alarms say.
REASONS = (
    gettext_noop(
        "%(quotes)s quotes from %(host)s, on which %(verdicts)s verdicts rest, changed or vanished in an hour. "
        "More than %(most)s verdicts at once are held."
    ),
    gettext_noop(
        "%(quotes)s quotes from %(host)s, on which %(verdicts)s verdicts rest, changed or vanished in an hour: "
        "%(some)s of %(all)s. More than %(share)s of a host's quotes are held."
    ),
    gettext_noop("%(quotes)s quotes changed while a colleague was deciding about %(host)s."),
    gettext_noop(
        "The wording of a passage we quote has changed (noticed on %(day)s). Our rating stands while we look."
    ),
    gettext_noop("A passage we quote is no longer on its page (noticed on %(day)s). Our rating stands while we look."),
    gettext_noop(
        "%(number)s passages we quote have changed or are no longer on their pages (noticed on %(day)s). "
        "Our rating stands while we look."
    ),
    gettext_noop(
        "The page that waits longest for its visit is %(minutes)s minutes late. "
        "Check that a worker runs (/readyz), or run more of them."
    ),
    gettext_noop(
        "%(failed)s of %(visits)s visits in the last hour failed by our own fault. The last one said: %(said)s"
    ),
    gettext_noop("%(number)s sources failed by our own fault at %(visits)s visits in a row or more: %(named)s."),
    gettext_noop(
        "%(number)s changes of pages could not be worked off in %(attempts)s attempts or more: %(named)s. "
        "Verdicts do not follow these pages until it is mended; the worker's log says what broke."
    ),
    gettext_noop("%(number)s notices could not be mailed. The last attempt said: %(said)s"),
)


def in_words(stored: str) -> str:
    """The stored text in the active language; as it is when no pattern of ours fits."""
    for text, pattern in _patterns():
        if found := pattern.fullmatch(stored):
            return gettext(text) % found.groupdict()
    if found := OF_A_ROW.fullmatch(stored):
        verb, table = found.groups()
        return gettext(f"{verb} a row: %(row)s") % {"row": gettext(TABLES.get(table, table))}
    return stored


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(text, _pattern(text)) for text in (*ACTIONS, *REASONS)]


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", text)
    written = [re.escape(part) if place % 2 == 0 else f"(?P<{part}>.+?)" for place, part in enumerate(parts)]
    return re.compile("".join(written), re.DOTALL)
