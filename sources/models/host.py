from __future__ import annotations

from django.db import models


class HostTurn(models.Model):
    """Whose turn a host is: one visit in flight and the pause after it, across all workers."""

    host = models.CharField(max_length=255)
    # A worker holds the host until then; a killed worker's hold ends by itself.
    busy_until = models.DateTimeField(null=True, blank=True)
    # Not before this.
    next_at = models.DateTimeField(null=True, blank=True)
    # Answers in a row that asked us to come later (429, 503): the step of the host's backoff.
    refusals = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            # One row per host, so that one conditional UPDATE decides who may visit it.
            models.UniqueConstraint(fields=["host"], name="hostturn_host_once"),
        ]

    def __str__(self) -> str:
        return self.host


class MissingPage(models.Model):
    """What a site shows for an address that cannot exist: tells its "not found" pages that come with a 200."""

    # scheme://host[:port]
    origin = models.CharField(max_length=300)
    # NULL: somebody wants to know; see sources.services.probing.
    asked_at = models.DateTimeField(null=True)
    # HTTP status of the answer; 0 when there was none.
    status = models.PositiveSmallIntegerField(default=0)
    # The beginning of the answer's text; "" unless it came with a 2xx.
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            # One answer per origin is enough to compare with.
            models.UniqueConstraint(fields=["origin"], name="missingpage_origin_once"),
        ]
        indexes = [
            # "Which sites are to be asked?", few at any time.
            models.Index(fields=["id"], condition=models.Q(asked_at=None), name="missingpage_wanted"),
        ]

    def __str__(self) -> str:
        return self.origin


class RobotsFile(models.Model):
    """A site's robots.txt as last read. Kept here, not in a cache, so that a flushed cache asks nobody again."""

    # scheme://host[:port]
    origin = models.CharField(max_length=300)
    read_at = models.DateTimeField()
    # HTTP status; 0 when there was no answer.
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    # Since when it could not be read at all (5xx, time-outs); NULL while it can.
    unreadable_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # One set of rules per origin (RFC 9309, 2.3).
            models.UniqueConstraint(fields=["origin"], name="robotsfile_origin_once"),
        ]

    def __str__(self) -> str:
        return self.origin
