"""Words that the feed's tables use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What an API key may be used for."""

    # Everything a page at a time: the API, feeds, search.
    READ = "read", _("read: the API, feeds and search")
    # Everything in one answer.
    EXPORT = "export", _("export: dumps of the whole corpus")


class EndpointState(models.TextChoices):
    # Changes are sent.
    ACTIVE = "active", _("Active")
    # A person stopped it for a while; nothing is lost meanwhile.
    PAUSED = "paused", _("Paused")
    # It stopped by itself: nothing got through for days, or the receiver said that it is gone. Nothing is lost.
    DISABLED = "disabled", _("Disabled")


class DeliveryState(models.TextChoices):
    # Its turn has not come, or it is tried again.
    WAITING = "waiting", _("Waiting")
    # The receiver took it.
    DELIVERED = "delivered", _("Delivered")
    # Given up after all attempts; a person may send it again.
    DEAD = "dead", _("Dead letter")
