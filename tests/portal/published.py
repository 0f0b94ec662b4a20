"""Records behind what the portal publishes, made directly: what led to them is tested elsewhere."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta

from bihuan.cases import kinds
from bihuan.cases.models import Case, Exclusion
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.figures.models import Count
from bihuan.orgs.models import Post, Unit
from bihuan.portal.models import Reception
from bihuan.portal.queries.counting import counter
from bihuan.receipts.models import FollowUp, Publication, Rating
from tests.factories import NOW, TODAY, make_post

_numbers = itertools.count(1)
ANSWERED = {"grievance": "closed", "suggestion": "adopted", "hazard": "rejected"}
OPEN = {"grievance": "handling", "suggestion": "considering", "hazard": "assigned"}
PROMISED = {"grievance": "PET-8", "suggestion": "PET-1", "hazard": "HAZ-5"}


def make_brought(
    unit: Unit,
    *,
    kind: str = "grievance",
    at: datetime = NOW - timedelta(days=60),
    answered_after: int | None = None,
    due_after: int = 30,
    solved: bool | None = None,
    stage: str = "",
    is_confidential: bool = False,
    about: Unit | None = None,
    channel: str = "portal",
) -> Case:
    """A case that the public brought, with its clock, and what somebody said of the answer."""
    answered_at = None if answered_after is None else at + timedelta(days=answered_after)
    stage = stage or (ANSWERED if answered_at else OPEN)[kind]
    ended = kinds.by_name(kind).lifecycle.ended
    case = Case.objects.create(
        number=f"T-{next(_numbers):06d}", kind=kind, stage=stage, title="路灯不亮",
        owner=unit, origin=unit, channel=channel, reported_at=at, round_at=at,
        ended_at=answered_at if stage in ended else None, is_confidential=is_confidential,
    )  # fmt: skip
    _run_clock(case, at + timedelta(days=due_after), answered_at)
    if solved is not None and answered_at is not None:
        _rate(case, solved, answered_at + timedelta(days=1))
    if about:
        Exclusion.objects.create(
            case=case, unit=about, cause=Exclusion.Cause.COMPLAINED_OF, since_at=at, added_at=at
        )
    return case


def _rate(case: Case, solved: bool, at: datetime) -> None:
    item = None
    if not solved:
        clock = Clock.objects.create(
            subject=case.subject,
            unit=case.owner,
            rule_id="LOC-10",
            rule_version="1",
            started_at=at,
            seen_at=at,
            due_at=at + timedelta(days=10),
        )
        item = FollowUp.objects.create(case=case, clock=clock, said_at=at)
    Rating.objects.create(
        case=case, stage=case.stage, solved=solved, unit=case.owner, rated_at=at, item=item
    )


def _run_clock(case: Case, due_at: datetime, stopped_at: datetime | None) -> None:
    in_time = stopped_at is not None and stopped_at <= due_at
    # As the clock is seen to each minute.
    is_overdue = due_at < NOW and (stopped_at is None or stopped_at > due_at)
    Clock.objects.create(
        subject=case.subject,
        unit=case.owner,
        rule_id=PROMISED[case.kind],
        rule_version="1",
        started_at=case.reported_at,
        due_at=due_at,
        stopped_at=stopped_at,
        outcome="running" if stopped_at is None else "met" if in_time else "missed",
        seen_at=case.reported_at,
        overdue_at=due_at if is_overdue else None,
    )


def make_figure(unit: Unit | None, kind: str, month: date, **numbers: int) -> None:
    """The counters of a unit, or of the whole place, for one month; days_9=2: two after 9 days."""
    for name, value in numbers.items():
        number, _, days = name.partition("days_")
        Count.objects.create(
            counter=counter(kind, number or "days"),
            unit=unit,
            period=month,
            step=int(days or 0),
            value=value,
            is_pending=False,
        )


def make_publication(
    unit: Unit,
    *,
    kind: str = "suggestion",
    title: str = "增设公交站",
    text: str = "早晚高峰等车的人多。",
    answer: str = "",
    place: str = "",
    point: tuple[float, float] | None = None,
    published_at: datetime = NOW,
    withdrawn_at: datetime | None = None,
) -> Publication:
    """Words for the public about a case whose own words are others."""
    case = make_brought(unit, kind=kind, answered_after=1)
    Case.objects.filter(pk=case.pk).update(title="内部标题", description="内部说明")
    latitude, longitude = point or (None, None)
    return Publication.objects.create(
        case=case,
        title=title,
        text=text,
        answer=answer,
        place=place,
        latitude=latitude,
        longitude=longitude,
        published_at=published_at,
        withdrawn_at=withdrawn_at,
    )


def make_reception(
    unit: Unit,
    *,
    on: date = TODAY + timedelta(days=3),
    starts_at: time = time(9),
    ends_at: time = time(11),
    slot_minutes: int = 30,
    post: Post | None = None,
    cancelled_at: datetime | None = None,
) -> Reception:
    """A day on which a leader of the unit meets people."""
    return Reception.objects.create(
        unit=unit,
        post=post or make_post(unit, Power.APPROVE, title=f"县长{next(_numbers)}"),
        date=on,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        place="县信访接待大厅",
        cancelled_at=cancelled_at,
    )


def local(year: int, month: int, day: int) -> datetime:
    """Noon in Shanghai."""
    return datetime(year, month, day, 4, tzinfo=UTC)
