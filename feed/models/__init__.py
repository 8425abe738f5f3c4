"""The feed's own tables: who may ask how much (keys), who is told (webhooks). What is published is in claims."""

from feed.models.keys import ApiKey
from feed.models.webhooks import Attempt, Delivery, Endpoint, Lane, Told

__all__ = ["ApiKey", "Attempt", "Delivery", "Endpoint", "Lane", "Told"]
