"""Posts, and who holds them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import models
from django.db.models import F, Q

from bihuan.core.powers import Power
from bihuan.orgs.models.granted import BY_ANOTHER, CONFIRMED, Granted
from bihuan.orgs.models.members import User
from bihuan.orgs.models.units import Unit


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: date) -> PostQuerySet:
        """Return the posts that have not ended by this day."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on))


class Post(Granted):
    """A job in a unit; its powers reach over the unit and all units below it.

    Granted access are powers that were added to it.
    """

    Power = Power

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=80, blank=True)
    powers = models.JSONField(default=list)
    end_date = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="post_title_once_in_a_unit"),
            models.CheckConstraint(name="powers_confirmed_by_somebody", condition=CONFIRMED),
            models.CheckConstraint(name="nobody_confirms_powers_they_added", condition=BY_ANOTHER),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"

    @property
    def subject(self) -> str:
        """The name of this post in the journal."""
        return f"post/{self.pk}"

    def ended_by(self, on: date) -> bool:
        return self.end_date is not None and self.end_date < on


class TenureQuerySet(models.QuerySet["Tenure"]):
    def in_force(self, on: date) -> TenureQuerySet:
        """Return the tenures that cover this day."""
        return self.not_over(on).filter(start_date__lte=on)

    def not_over(self, on: date) -> TenureQuerySet:
        """Return the tenures that cover this day or begin after it."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on))

    def in_units(self, paths: Collection[str]) -> TenureQuerySet:
        """Tenures of officers with an open account, in exactly these units and none below."""
        return self.filter(post__unit__path__in=paths, member__is_active=True)

    def acting(self, on: date) -> TenureQuerySet:
        """Return the tenures and stand-ins that cover this day; a stand-in lapses with the tenure
        and the account of the holder.
        """
        holder = Q(holder_tenure__end_date=None) | Q(holder_tenure__end_date__gte=on)
        open_account = Q(holder_tenure__member__is_active=True, stopped_at=None)
        return self.in_force(on).filter(Q(holder_tenure=None) | (holder & open_account))


class HolderManager(models.Manager["Tenure"]):
    """Tenures of holders, without the stand-ins."""

    def get_queryset(self) -> TenureQuerySet:
        return TenureQuerySet(self.model, using=self._db).filter(holder_tenure=None)

    def in_force(self, on: date) -> TenureQuerySet:
        return self.get_queryset().in_force(on)

    def not_over(self, on: date) -> TenureQuerySet:
        return self.get_queryset().not_over(on)


class Tenure(Granted):
    """The period in which an officer holds a post, from the first to the last day inclusive; or
    stands in for its holder, if `holder_tenure` names the holder's own tenure.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tenures")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    # The day until which the officer acted from the post, if the end was entered late. Null if the
    # end was entered in advance.
    acted_until_date = models.DateField(null=True, blank=True)
    holder_tenure = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="stand_ins"
    )
    # When a stand-in was ended before the last day.
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = HolderManager()
    with_stand_ins = TenureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(end_date=None), name="post_has_one_open_holder"
            ),
            models.CheckConstraint(
                name="tenure_never_ends_before_it_starts",
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(name="tenure_confirmed_by_somebody", condition=CONFIRMED),
            models.CheckConstraint(
                name="nobody_confirms_an_appointment_they_made", condition=BY_ANOTHER
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_appointment",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("member")),
            ),
            models.CheckConstraint(
                name="post_is_never_left_before_the_day_of_the_entry",
                condition=Q(acted_until_date=None)
                | Q(end_date__isnull=False, acted_until_date__gte=F("end_date")),
            ),
            models.CheckConstraint(
                name="stand_in_always_has_a_last_day",
                condition=Q(holder_tenure=None) | Q(end_date__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_stand_in_is_stopped",
                condition=Q(stopped_at=None) | Q(holder_tenure__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.post}"

    def is_over(self, on: date) -> bool:
        """Whether it ended before this day; a stand-in also ends with the holder's tenure, the
        holder's account, or when it is stopped.
        """
        if self.end_date is not None and self.end_date < on:
            return True
        held = self.holder_tenure
        if held is None:
            return False
        return self.stopped_at is not None or held.is_over(on) or not held.member.is_active

    @property
    def left_date(self) -> date | None:
        """Return the last day on which the officer could act from the post."""
        return self.acted_until_date or self.end_date
