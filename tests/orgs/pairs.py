"""Two officers with equal powers, of whom one stands in for the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.actions import stand_in_offers
from bihuan.orgs.models import StandInOffer, Tenure, Unit, User
from tests.factories import NOW, TODAY, make_officer, make_unit

DAY = timedelta(days=1)


@dataclass
class Pair:
    """A county with two towns, and an officer with equal powers in each."""

    county: Unit
    town: Unit
    next_town: Unit
    holder: User
    colleague: User

    @property
    def tenure(self) -> Tenure:
        return Tenure.objects.get(member=self.holder)

    def ask(
        self,
        member: User | None = None,
        *,
        by: User | None = None,
        start: int = 0,
        end: int = 3,
        now: datetime = NOW,
    ) -> StandInOffer:
        today = localdate(now)
        return stand_in_offers.name_stand_in(
            tenure=self.tenure,
            member=member or self.colleague,
            start_date=today + start * DAY,
            end_date=today + end * DAY,
            actor=by or self.holder,
            now=now,
        )

    def name(
        self, member: User | None = None, *, by: User | None = None, start: int = 0, end: int = 3
    ) -> Tenure:
        """Name a stand-in who accepts at once."""
        return accepted(self.ask(member, by=by, start=start, end=end))


def accepted(offer: StandInOffer) -> Tenure:
    return stand_in_offers.accept_stand_in(offer=offer, actor=offer.member, now=offer.named_at)


def make_pair() -> Pair:
    county = make_unit()
    town, next_town = make_unit(county), make_unit(county)
    powers = (Power.HANDLE, Power.COORDINATE)
    return Pair(
        county, town, next_town, make_officer(town, *powers), make_officer(next_town, *powers)
    )


def again(user: User) -> User:
    """The officer in their next request."""
    return User.objects.get(pk=user.pk)


def reaches(user: User, unit: Unit, *, on: int = 0) -> frozenset[Power]:
    seats = access.seats(again(user), TODAY + on * DAY)
    return frozenset(power for seat in seats if seat.reaches(unit) for power in seat.powers)
