"""What the desk is told of webhooks: notices to administrators, and the alarm that stands on the front page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min
from django.utils.translation import gettext_noop

from claims.choices import AlarmKind, NoticeKind
from claims.said import say
from claims.services.alarms import settle_alarm
from claims.services.notices import administrators, notify
from feed.models import Delivery, Endpoint

# A receiver further behind than this is named on the desk's front page.
LONG_LAG = timedelta(minutes=15)
NAMED = 5


def tell_of_dead_letter(delivery: Delivery, why: str, *, at: datetime) -> None:
    """An event was given up for one endpoint; the next one goes on."""
    endpoint, event = delivery.endpoint, delivery.event
    notify(
        administrators(),
        kind=NoticeKind.WEBHOOK_FAILING,
        key=f"webhook-dead-{delivery.pk}-{at.timestamp():.0f}",
        title=say(gettext_noop("Not delivered: %(event)s to %(name)s"), event=event.type, name=str(endpoint)),
        text=[
            say(
                gettext_noop("Event %(event)s was given up after %(attempts)s attempts. The last one: %(why)s."),
                event=event.sequence,
                attempts=delivery.attempts_made,
                why=why,
            ),
            say(
                gettext_noop(
                    "Later events go on. Tell the receiver's people, then send it again from the endpoint's page."
                )
            ),
        ],
        path=endpoint.get_absolute_url(),
        at=at,
    )


def tell_of_disabled(endpoint: Endpoint, *, at: datetime) -> None:
    notify(
        administrators(),
        kind=NoticeKind.WEBHOOK_FAILING,
        key=f"webhook-off-{endpoint.pk}-{at.timestamp():.0f}",
        title=say(gettext_noop("Webhook disabled: %(name)s"), name=str(endpoint)),
        text=[
            endpoint.state_reason,
            say(gettext_noop("Nothing is lost: once it is resumed, it goes on where it stopped.")),
        ],
        path=endpoint.get_absolute_url(),
        at=at,
    )


def watch_webhooks(*, at: datetime) -> bool:
    """Raise or end the alarm over active endpoints whose oldest waiting delivery is late; True when it changed."""
    return settle_alarm(AlarmKind.WEBHOOKS_LATE, _late(at), at)


def _late(at: datetime) -> str:
    """What is wrong, empty when nothing is. Endpoints that are stopped are late by intention."""
    waiting = Delivery.objects.waiting().filter(endpoint__state="active", queued_at__lt=at - LONG_LAG)
    late = list(waiting.order_by().values_list("endpoint__name").annotate(since=Min("queued_at")).order_by("since"))
    if not late:
        return ""
    minutes = int((at - late[0][1]).total_seconds() // 60)
    more = f" and {len(late) - NAMED} more" if len(late) > NAMED else ""
    named = ", ".join(name for name, _ in late[:NAMED]) + more
    return (
        f"Receivers of webhooks are behind, the furthest by {minutes} minutes: {named}. "
        "The endpoints' pages say what their attempts met; if there were none, check that a worker runs (/readyz)."
    )
