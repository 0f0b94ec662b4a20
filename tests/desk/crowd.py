"""Everything that Today asks about, thrown together by chance: a county, its officers, their work.

The records are what a database may hold, not stories that officers could have written.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bihuan.cases.models import AccessGrant, Case, Contest, Exclusion, Extension, Participation
from bihuan.clocks.models import Clock
from bihuan.core import grievance, hazard, mediation, suggestion
from bihuan.core.powers import Power
from bihuan.grievances.models import Grievance, Handover, Opinion
from bihuan.hazards.models import Control, Hazard
from bihuan.mediations.models import Agreement, Confirmation, Mediation, Party, Performance
from bihuan.orgs.models import Post, Unit, User
from bihuan.receipts.models import FollowUp, Message, Rating, Seal, UnsealRequest
from tests.factories import NOW, TODAY, make_member, make_post, make_tenure, make_unit

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
STAGES: dict[str, list[str]] = {
    "hazard": ["reported", "confirmed", "assigned", "rectifying", "submitted", "verified"] * 3
    + ["closed"],
    "grievance": sorted(grievance.OPEN),
    "suggestion": [suggestion.Stage.RECEIVED, suggestion.Stage.CONSIDERING],
    "mediation": sorted(mediation.OPEN),
}
assert set(hazard.Stage) - {"rejected", "rechecked"} == set(STAGES["hazard"])
POWERS: list[tuple[Power, ...]] = [
    tuple(Power),
    (Power.COORDINATE,),
    (Power.VERIFY,),
    (Power.APPROVE,),
    (Power.HANDLE, Power.REPORT),
    (Power.COORDINATE, Power.VERIFY, Power.APPROVE),
    (Power.AUDIT, Power.SUPERVISE),
]


@dataclass
class Crowd:
    """The dice, and what was thrown so far."""

    dice: random.Random
    units: list[Unit]
    officers: list[User]
    posts: list[Post]
    minutes: int = 0

    def one(self, *of: Any) -> Any:
        return self.dice.choice(of[0] if len(of) == 1 else of)

    def so(self, part: float) -> bool:
        return self.dice.random() < part

    def moment(self) -> datetime:
        """A while ago, and never the same twice."""
        self.minutes += 1
        return NOW - (self.minutes * 7919 % 30_011) * MINUTE

    def coming(self) -> datetime:
        """Some days around now, and never the same twice."""
        return self.moment() + 10 * DAY


def make_crowd(seed: int, cases: int = 300) -> Crowd:
    """Officers of every sort at every level, with no post, one or two; and their cases."""
    dice = random.Random(seed)
    county = make_unit()
    towns = [make_unit(county, kind=Unit.Kind.TOWN) for _ in range(2)]
    villages = [make_unit(town, kind=Unit.Kind.VILLAGE) for town in towns for _ in range(2)]
    units = [county, *towns, *villages]
    posts, officers = [], [make_member()]
    for number, powers in enumerate(POWERS * 3):
        officers.append(make_member())
        for unit in dice.sample(units, 1 + number % 2) if number else [county]:
            posts.append(make_post(unit, *powers))
            make_tenure(officers[-1], posts[-1])
    for unit in units:  # posts that nobody holds any more, or never did
        posts += [make_post(unit, Power.HANDLE), make_post(unit, Power.HANDLE)]
        make_tenure(officers[0], posts[-1], end_date=TODAY - DAY)
    crowd = Crowd(dice, units, officers, posts)
    for officer in officers[1:]:  # where they were before
        if crowd.so(0.4):
            start, end = sorted(dice.sample(range(1, 60), 2), reverse=True)
            make_tenure(
                officer, make_post(crowd.one(units), Power.HANDLE),
                start_date=TODAY - start * DAY, end_date=TODAY - end * DAY,
            )  # fmt: skip
    for number in range(cases):
        _throw_case(crowd, number)
    return crowd


def _throw_case(crowd: Crowd, number: int) -> None:
    kind = crowd.one(["hazard"] * 6 + ["grievance"] * 3 + ["suggestion", "mediation"])
    stage = crowd.one(STAGES[kind])
    case = Case.objects.create(
        number=f"{kind[:2].upper()}-2026-{number:06}",
        kind=kind,
        stage=stage,
        title=f"第{number}件",
        place=crowd.one("村口", "桥头"),
        owner=crowd.one(crowd.units),
        origin=crowd.one(crowd.units),
        post=crowd.one(crowd.posts) if crowd.so(0.7) else None,
        channel="import",
        reported_at=NOW - 60 * DAY,
        round_at=NOW - 60 * DAY,
        ended_at=NOW - DAY if stage == "closed" else None,
        due_at=crowd.coming() if crowd.so(0.9) else None,
        is_urgent=crowd.so(0.1),
        is_confidential=crowd.so(0.15),
        parent=Case.objects.last() if crowd.so(0.1) else None,
    )
    _throw_people(crowd, case)
    _throw_requests(crowd, case)
    _throw_words(crowd, case)
    if throw := OF_KIND.get(kind):
        throw(crowd, case)


def _throw_people(crowd: Crowd, case: Case) -> None:
    for member in crowd.dice.sample(crowd.officers, crowd.one(0, 0, 1, 3)):
        unit, side = crowd.one(crowd.units), crowd.one("fix", "fix", "check", "answer")
        Participation.objects.create(case=case, member=member, unit=unit, side=side)
    if crowd.so(0.2):
        who = crowd.one(
            {"unit": crowd.one(crowd.units), "since_at": NOW},
            {"member": crowd.one(crowd.officers)},
        )
        Exclusion.objects.create(case=case, cause="interest", added_at=NOW, **who)
    for post in crowd.dice.sample(crowd.posts, 5) if case.is_confidential else ():
        AccessGrant.objects.create(case=case, post=post, added_at=NOW)


def _throw_requests(crowd: Crowd, case: Case) -> None:
    """One that was decided before, and one that is not."""
    for granted in (True, None):
        if crowd.so(0.2):
            asker, decider = crowd.dice.sample(crowd.officers, 2)
            Extension.objects.create(
                case=case, until_date=TODAY, reason="等件", asked_by=asker,
                asked_at=crowd.moment(), granted=granted, decided_by=decider if granted else None,
            )  # fmt: skip
        if crowd.so(0.2):
            Contest.objects.create(
                case=case, from_unit=crowd.one(crowd.units), to_unit=crowd.one(crowd.units),
                reason="不归我", raised_by=crowd.one(crowd.officers), raised_at=crowd.moment(),
                upheld=granted,
            )  # fmt: skip


def _throw_words(crowd: Crowd, case: Case) -> None:
    for _ in range(crowd.one(0, 0, 1, 2)):
        Message.objects.create(
            case=case, kind=crowd.one("answer", "addition", "notice"), said_at=crowd.moment(),
            seen_at=NOW if crowd.so(0.3) else None,
        )  # fmt: skip
    if crowd.so(0.4):
        seal = Seal.objects.create(case=case, wrapped_key="k", content="c", sealed_at=NOW)
        UnsealRequest.objects.create(
            seal=seal, reason="核对情况", asked_by=crowd.one(crowd.officers),
            asked_at=crowd.moment(), opened_at=NOW if crowd.so(0.2) else None,
            until_at=NOW + crowd.one(-1, 1, 1) * DAY,
        )  # fmt: skip
    if crowd.so(0.3):
        item = FollowUp.objects.create(
            case=case, clock=_clock(crowd, case, "LOC-10"), said_at=NOW,
            handled_by=crowd.one(crowd.officers) if crowd.so(0.5) else None,
        )  # fmt: skip
        Rating.objects.create(
            case=case, stage="closed", solved=False, item=item, unit=case.owner, rated_at=NOW
        )


def _clock(crowd: Crowd, case: Case, rule_id: str, *, started_at: datetime = NOW) -> Clock:
    return Clock.objects.create(
        subject=case.subject, unit=case.owner, rule_id=rule_id, rule_version="1",
        started_at=started_at, seen_at=NOW, due_at=crowd.coming(),
    )  # fmt: skip


def _throw_hazard(crowd: Crowd, case: Case) -> None:
    checked = case.stage in ("verified", "closed") and crowd.so(0.8)
    record = Hazard.objects.create(
        case=case,
        found_date=TODAY,
        listed_by=crowd.one(crowd.units) if crowd.so(0.2) else None,
        stopped_at=NOW if crowd.so(0.1) else None,
        verified_date=TODAY - crowd.one(0, 5, 30) * DAY if checked else None,
    )
    for days in crowd.dice.sample((10, 25, 40, 70), crowd.one(0, 1, 2)):
        _clock(crowd, case, "HAZ-5", started_at=NOW - days * DAY)
    if case.ended_at:
        _clock(crowd, case, "LOC-4")
    for _ in range(crowd.one(0, 0, 1)):
        Control.objects.create(
            hazard=record, what="围挡" * 50, post=crowd.one(crowd.posts), added_at=NOW - 30 * DAY,
            expiry_date=TODAY + crowd.one(-2, 3, 7, 8, 20) * DAY,
            clock=_clock(crowd, case, "LOC-7"), added_by=crowd.one(crowd.officers),
            ended_at=NOW if crowd.so(0.1) else None,
        )  # fmt: skip


def _throw_grievance(crowd: Crowd, case: Case) -> None:
    Grievance.objects.create(case=case, procedure="cn-2022", way=crowd.one("", "request"))
    if case.stage == grievance.Stage.TRANSFERRED:
        Handover.objects.create(
            case=case, from_unit=case.owner, to_unit=crowd.one(crowd.units), sent_at=NOW,
            sent_by=crowd.one(crowd.officers), objected_at=NOW if crowd.so(0.4) else None,
        )  # fmt: skip
    if crowd.so(0.6):
        Opinion.objects.create(
            case=case, round="answer", unit=case.owner, drafted_by=crowd.one(crowd.officers),
            drafted_at=NOW,
        )  # fmt: skip


def _throw_mediation(crowd: Crowd, case: Case) -> None:
    record = Mediation.objects.create(case=case)
    parties = [
        Party.objects.create(
            mediation=record, slot=slot, role=role, consents=crowd.one(True, True, None),
            accepts_mediator=crowd.one(True, True, None),
        )
        for slot, role in (("reporter", "applicant"), ("party-2", "other"))
    ]  # fmt: skip
    if case.stage in (mediation.Stage.DRAFTED, mediation.Stage.AGREED):
        text = Agreement.objects.create(mediation=record, digest="d", drafted_at=NOW)
        for party in parties if crowd.so(0.7) else ():
            Confirmation.objects.create(agreement=text, party=party, digest="d", confirmed_at=NOW)
        done = {"done_at": NOW, "was_kept": True} if crowd.so(0.3) else {}
        due_date = TODAY + crowd.one(2, 30) * DAY
        Performance.objects.create(agreement=text, what="修", due_date=due_date, **done)


OF_KIND: dict[str, Callable[[Crowd, Case], None]] = {
    "hazard": _throw_hazard,
    "grievance": _throw_grievance,
    "mediation": _throw_mediation,
}
