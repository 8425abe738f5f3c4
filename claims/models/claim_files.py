"""Tables of claims that somebody brought to the desk, and which row became which claim."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.choices import ClaimFileState
from claims.models.claims import Claim


class ClaimFile(models.Model):
    """One file. It is looked through first; claims are logged only when a person says so."""

    name = models.CharField(_("file"), max_length=200)
    # Until it is done or given up: what was brought must be there for the second reading.
    content = models.BinaryField(default=b"", editable=False)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("brought by")
    )
    brought_at = models.DateTimeField(_("brought"), default=timezone.now)
    make_missing = models.BooleanField(
        _("enter who and what is new"),
        default=False,
        help_text=_("Claimants and topics that the desk does not know are entered. Otherwise such rows are refused."),
    )

    state = models.CharField(_("state"), max_length=12, choices=ClaimFileState.choices, default=ClaimFileState.TO_CHECK)
    # Rows with findings are passed over; unless a person said so, one of them stops the whole file.
    leave_out_wrong = models.BooleanField(_("without the wrong rows"), default=False)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    # Columns of the file that are not read.
    unread_columns = models.JSONField(_("columns that are not read"), default=list, blank=True)

    rows = models.PositiveIntegerField(_("rows"), default=0)
    # Of the present reading; written while it goes on.
    looked_at = models.PositiveIntegerField(_("rows looked at"), default=0)
    wrong = models.PositiveIntegerField(_("wrong"), default=0)
    known = models.PositiveIntegerField(_("already here"), default=0)
    logged = models.PositiveIntegerField(_("logged"), default=0)
    # The first ones: [{"row", "column", "message"}], in the language of who brought the file.
    findings = models.JSONField(_("what is wrong"), default=list, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file of claims")
        verbose_name_plural = _("files of claims")

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        return self.state in {ClaimFileState.TO_CHECK, ClaimFileState.TO_LOG}

    @property
    def to_log(self) -> int:
        """Rows that would become claims."""
        return max(0, self.rows - self.wrong - self.known)


class FiledClaim(models.Model):
    """Which claim a row of a file became, so that the same row is never logged twice."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="filed")
    # "id:" and the newsroom's own id, or "row:" and a digest of what says which claim it is.
    key = models.CharField(max_length=110, unique=True)
    file = models.ForeignKey(ClaimFile, on_delete=models.PROTECT, related_name="claims")
    row = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.file}, {self.row}"
