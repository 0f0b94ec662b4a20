"""Officers who were asked to act for the holder of a post, and have not answered yet."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from bihuan.orgs.models.members import User
from bihuan.orgs.models.posts import Tenure


class StandInOfferQuerySet(models.QuerySet["StandInOffer"]):
    def waiting(self, on: date) -> StandInOfferQuerySet:
        """Return those that can be answered on this day, by their first day."""
        held = Q(tenure__end_date=None) | Q(tenure__end_date__gte=on)
        rows = self.filter(held, end_date__gte=on, tenure__member__is_active=True)
        named = rows.select_related("member", "tenure__member", "tenure__post__unit", "named_by")
        return named.order_by("start_date", "pk")


class StandInOffer(models.Model):
    """A question to an officer, who acts for the holder on these days only after accepting.

    It is deleted when it is answered or withdrawn; the journal of the post keeps both.
    """

    tenure = models.ForeignKey(Tenure, on_delete=models.CASCADE, related_name="stand_in_offers")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stand_in_offers")
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    start_date = models.DateField()
    end_date = models.DateField()
    named_at = models.DateTimeField()

    objects = StandInOfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenure", "start_date"], name="stand_in_asked_once_for_a_day"
            ),
            models.CheckConstraint(
                name="stand_in_never_asked_to_end_before_the_start",
                condition=Q(end_date__gte=F("start_date")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.tenure.post}"
