"""Sites bound to posts, and the visits of officers to them.

A visit records the site, the day and the state of the site: no track, and no person who was met.
Who recorded it is in the journal.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import formats
from bihuan.core import visiting
from bihuan.orgs.models import Post, Unit
from bihuan.sites.models import Site
from bihuan.visits.submitted import PaperSubmission as PaperSubmission

BINDING, GROUP, VISIT = "binding", "visit-group", "visit"

RISKS = [
    (visiting.Risk.RED.value, pgettext_lazy("risk of a site", "Red: highest risk")),
    (visiting.Risk.ORANGE.value, pgettext_lazy("risk of a site", "Orange: high risk")),
    (visiting.Risk.YELLOW.value, pgettext_lazy("risk of a site", "Yellow: medium risk")),
    (visiting.Risk.BLUE.value, pgettext_lazy("risk of a site", "Blue: low risk")),
]
OUTCOMES = [
    (visiting.Outcome.IN_ORDER.value, _("All in order")),
    (visiting.Outcome.FOUND.value, _("Found something")),
]


class Group(models.Model):
    """Posts that visit sites together (编成组): each of them may record a visit for the others."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    posts = models.ManyToManyField(Post, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(ended_at=None),
                name="visit_group_named_once_in_a_unit",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name of the group in the journal."""
        return f"{GROUP}/{self.pk}"


class Binding(models.Model):
    """The post that visits a site (绑定户), how often, and from when to when."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="bindings")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="bindings"
    )
    risk = models.CharField(max_length=6, choices=RISKS, blank=True)
    every_days = models.PositiveSmallIntegerField()
    start_date = models.DateField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # The last day of the next visit, and the day of the latest.
    due_date = models.DateField()
    last_date = models.DateField(null=True, blank=True)
    # What bound many sites together, so that it can be undone together.
    batch = models.UUIDField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["post", "due_date"], condition=Q(ended_at=None), name="binding_due_by_post"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site"], condition=Q(ended_at=None), name="site_bound_to_one_post_at_a_time"
            ),
            models.CheckConstraint(
                name="binding_never_ends_before_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
            ),
            models.CheckConstraint(
                name="binding_visited_between_daily_and_yearly",
                condition=Q(
                    every_days__gte=visiting.LEAST_DAYS, every_days__lte=visiting.MOST_DAYS
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.post_id} {self.start_date}"

    @property
    def subject(self) -> str:
        """The name of the binding in the journal."""
        return f"{BINDING}/{self.pk}"

    def state(self, on: date) -> visiting.State:
        """How urgent the next visit is."""
        return visiting.state(self.due_date, on)


class Visit(models.Model):
    """One visit: what never changes afterwards, except that it may be withdrawn."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visits", db_index=False)
    binding = models.ForeignKey(Binding, on_delete=models.PROTECT, related_name="visits")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    visited_date = models.DateField()
    outcome = models.CharField(max_length=8, choices=OUTCOMES)
    note = models.TextField(blank=True)
    # Whether the operator of the site may read the note.
    is_note_shown = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)
    # A form that is sent twice records one visit.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["site", "visited_date"], name="visit_by_site")]
        constraints = [
            models.CheckConstraint(
                name="visit_never_withdrawn_before_it_was_recorded",
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("made_at")),
            ),
            models.CheckConstraint(
                name="visit_withdrawn_exactly_with_a_reason",
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return formats.day(self.visited_date)

    def get_absolute_url(self) -> str:
        return reverse("visits:visit", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of the visit in the journal."""
        return f"{VISIT}/{self.pk}"

    @property
    def is_in_order(self) -> bool:
        return self.outcome == visiting.Outcome.IN_ORDER
