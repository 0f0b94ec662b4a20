"""An office with two administrators, and what one of them grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs.actions import granting, posts
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.receipts.actions import seals
from bihuan.receipts.models import UnsealRequest
from tests.cases.public import WHO, Office, make_office, seal_of, told
from tests.factories import NOW, TODAY, make_member, make_officer

REASON = "须到现场核对具体位置"
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class House:
    """An office with two administrators in the county, and a complaint with a seal in the town."""

    office: Office
    one: User
    two: User
    case: Case

    @property
    def town(self) -> Unit:
        return self.office.town


def make_house() -> House:
    """The house, with nothing granted yet."""
    office = make_office()
    return House(
        office,
        one=make_officer(office.county, Power.ADMINISTER, name="甲管理"),
        two=make_officer(office.county, Power.ADMINISTER, name="乙管理"),
        case=told(office.town, now=NOW).case,
    )


def appointed(
    house: House,
    *powers: Power,
    to: User | None = None,
    by: User | None = None,
    title: str = "新岗",
) -> tuple[User, Tenure]:
    """An accomplice of the first administrator with a post of their own making in the town."""
    accomplice, actor = to or make_member(name="同伙"), by or house.one
    post = posts.add_post(
        unit=house.town, title=title, powers=powers or [Power.HANDLE], actor=actor, now=NOW
    )
    tenure = posts.appoint(post=post, member=accomplice, start_date=TODAY, actor=actor, now=NOW)
    return accomplice, tenure


def ask(case: Case, by: User, *, at: timedelta = timedelta(0), **how: bool) -> UnsealRequest:
    return seals.ask_opening(row=seal_of(case), actor=by, reason=REASON, now=NOW + at, **how)


def opens(case: Case, by: User, *, at: timedelta = timedelta(0)) -> bool:
    opening = ask(case, by, at=at)
    return seals.look(opening=opening, actor=by, now=NOW + at) == WHO


def confirm(row: Tenure | Post | User, by: User, *, at: timedelta = timedelta(0)) -> None:
    row.refresh_from_db()
    assert row.granted_at is not None
    granting.confirm(row=row, granted_at=row.granted_at, actor=by, now=NOW + at)
