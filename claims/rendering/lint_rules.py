"""The rules of ClaimReview by id. CR = error, blocks publishing; CW = warning.

Sources: developers.google.com/search/docs/appearance/structured-data/factcheck (read 2026-09-15) and schema.org.
The rules themselves: lint.py (what one object says of itself), lint_page.py (the page that carries it).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

RULES = {
    "CR1": _("A ClaimReview names its type, the claim, a rating and the address of the check."),
    "CR2": _("The rating is a word that people can read."),
    "CR3": _(
        "The address is the page that holds the whole check, reached without a redirect, on the site that says so."
    ),
    "CR4": _("Numbers of a rating are numbers, on a scale that begins at 1 or above, and the value lies on it."),
    "CR5": _("What a number means is published once for all checks."),
    "CR6": _("The check is signed by an organisation or a person with a name or an address."),
    "CR7": _("Whoever made the claim has a name; when nobody is known, nobody is given."),
    "CR8": _("What the markup says can be read on the page."),
    "CR9": _("A ClaimReview stands on exactly one page of the site."),
    "CR11": _("Search engines may read the page: no noindex, no login, no block in robots.txt."),
    "CW1": _("The claim is short and does not give the rating away."),
    "CW2": _("A page carries exactly one ClaimReview."),
    "CW3": _("Numbers of a rating are whole."),
    "CW4": _("What was reviewed is a Claim."),
    "CW5": _("An address where the claim appeared is named once: as the first appearance or as another one."),
    "CW6": _("The claim's date is when it was made, not when it was checked."),
    "CW7": _("Whoever made the claim is identified by an address."),
    "CW8": _("The rating's word is short: search engines cut it."),
    "CW9": _("It says when the check was published and when it was last changed."),
    "CW10": _("A rating that says nothing about truth carries no numbers."),
    "CW11": _("The claim did not first appear on the site that checks it."),
}


@dataclass(frozen=True)
class Finding:
    """One rule that does not hold: what is wrong, and how to mend it. A waived error is shown and blocks nothing."""

    rule: str
    message: str
    mend: str
    waived: bool = False

    @property
    def is_error(self) -> bool:
        return self.rule.startswith("CR") and not self.waived

    def __str__(self) -> str:
        return f"{self.rule}{' (waived)' if self.waived else ''}: {self.message} {self.mend}"


def in_order(findings: list[Finding]) -> list[Finding]:
    """Each once, errors first, then what is waived, then warnings; by rule, as found within one."""
    order = list(RULES)
    return sorted(dict.fromkeys(findings), key=lambda one: (not one.is_error, order.index(one.rule)))
