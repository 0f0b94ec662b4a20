"""Papers that the operator of a site submitted; they count once an officer accepts them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan.sites import catalogue
from bihuan.sites.models import Site, SitePaper

SUBMISSION = "papersubmission"


class PaperSubmission(models.Model):
    """A paper as the operator states it, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("submitted paper", "Waiting for acceptance")
        ACCEPTED = "accepted", pgettext_lazy("submitted paper", "Accepted")
        REFUSED = "refused", pgettext_lazy("submitted paper", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("submitted paper", "Withdrawn")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    # A key of the papers of `sites`, and what is stated about it, as there.
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    issued_date = models.DateField(null=True, blank=True)
    expires_date = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default="waiting")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    # What it became in the register.
    paper = models.OneToOneField(
        SitePaper, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # A form that is sent twice submits one paper.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "id"], name="submission_by_site"),
            models.Index(fields=["site"], condition=Q(state="waiting"), name="submission_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                name="submission_decided_exactly_when_it_no_longer_waits",
                condition=Q(state="waiting", decided_at=None)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="submission_refused_exactly_with_a_reason",
                condition=(Q(state="refused") & ~Q(reason=""))
                | (~Q(state="refused") & Q(reason="")),
            ),
            models.CheckConstraint(
                name="submission_has_a_paper_exactly_when_accepted",
                condition=Q(state="accepted", paper__isnull=False)
                | (~Q(state="accepted") & Q(paper=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.paper_kind)

    def get_absolute_url(self) -> str:
        return reverse("visits:submission", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of the submission in the journal."""
        return f"{SUBMISSION}/{self.pk}"

    @property
    def paper_kind(self) -> catalogue.PaperKind:
        return catalogue.paper_kind(self.kind)
