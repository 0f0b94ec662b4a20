"""Who answers for what at a site: a duty of a post, the versions of its text, the signatures.

Nothing here names a person: the journal says who signed as the holder of the post.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from bihuan.duties import catalogue
from bihuan.orgs.models import Post
from bihuan.sites.models import Site

SUBJECT = "duty"


class DutyQuerySet(models.QuerySet["Duty"]):
    def in_force(self, on: date) -> DutyQuerySet:
        """Return the duties that have not ended by this day, at sites that are open."""
        until = Q(end_date=None) | Q(end_date__gte=on)
        return self.filter(until, ended_at=None, site__closed_at=None)


class Duty(models.Model):
    """What one post answers for at one site."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="duties", db_index=False)
    # A key of `data/kinds.toml`.
    kind = models.CharField(max_length=24)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The current text, and the number of its version.
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    start_date = models.DateField()
    # The last day, as it was set in advance or when the duty was ended.
    end_date = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # A form that is sent twice assigns one duty.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    # Set by `queries.with_state`: whether its post is held, and whether the holder has signed.
    is_held: bool
    is_signed: bool

    objects = DutyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["site", "kind"], condition=Q(ended_at=None), name="duty_at_site"),
            models.Index(fields=["post", "id"], condition=Q(ended_at=None), name="duty_of_post"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "kind", "post"],
                condition=Q(ended_at=None),
                name="duty_assigned_once_to_a_post",
            ),
            models.CheckConstraint(
                name="duty_never_ends_before_it_starts",
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(
                name="ended_duty_always_has_a_last_day",
                condition=Q(ended_at=None) | Q(end_date__isnull=False),
            ),
            models.CheckConstraint(
                name="duty_always_has_a_text", condition=~Q(text="") & Q(number__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_kind}"

    def get_absolute_url(self) -> str:
        return reverse("duties:duty", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"{SUBJECT}/{self.pk}"

    @property
    def duty_kind(self) -> catalogue.DutyKind:
        return catalogue.kind(self.kind)


class DutyText(models.Model):
    """One version of the text of a duty. It is never changed: signatures are for it."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="texts")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "number"], name="version_once_of_a_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.number}"


class Signature(models.Model):
    """The holder of a post has signed one version of the text (责任状). It is never changed.

    `since_date` is the first day of the holder's term in the post: the next holder signs again.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="signatures")
    number = models.PositiveSmallIntegerField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    since_date = models.DateField()
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "number", "post", "since_date"],
                name="duty_text_signed_once_in_a_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.number}"
