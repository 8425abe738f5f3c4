"""The feed's part of the desk: keys (who may ask how much), webhooks (who is told)."""

from feed.admin import deliveries, keys, webhooks  # noqa: F401
