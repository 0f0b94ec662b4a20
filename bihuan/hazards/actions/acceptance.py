"""The acceptance of a fix by a team, and what it does not accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.cases.actions import loop
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import legible
from bihuan.core.hazard import Move
from bihuan.core.refusal import Missing, Refusal
from bihuan.hazards.actions import listing, papers
from bihuan.hazards.models import Acceptance, Opinion
from bihuan.orgs.models import User

# A team of one is no team.
AT_LEAST, AT_MOST = 2, 15


class NoTeam(Refusal):
    """An acceptance needs the opinions of several posts or organisations, each named once."""


class DissentUnexplained(Refusal):
    """Who does not agree says why."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class AllDissent(Refusal):
    """A fix that no one of the team accepts is not accepted."""


@dataclass(frozen=True)
class TeamOpinion:
    """The opinion of a post or an organisation."""

    member: str
    agrees: bool
    opinion: str = ""


@transaction.atomic
def accept(
    *,
    case: Case,
    voices: Sequence[TeamOpinion],
    passed: bool,
    actor: User,
    now: datetime,
    note: str,
    version: int | None = None,
) -> Case:
    """Record what a team found of the fix, with each opinion; a dissent is kept."""
    act = loop.begin(case=case, move=Move.ACCEPT, actor=actor, now=now, note=note, version=version)
    given = [
        TeamOpinion(legible.clean(each.member), each.agrees, legible.clean(each.opinion))
        for each in voices
    ]
    _require_team(given, passed=passed)
    made = Acceptance.objects.create(
        case=act.case,
        number=papers.next_number(papers.ACCEPTANCE, now),
        unit=act.unit,
        is_passed=passed,
        findings=act.note,
        accepted_at=now,
    )
    Opinion.objects.bulk_create(
        Opinion(acceptance=made, rank=rank, **each.__dict__) for rank, each in enumerate(given, 1)
    )
    against = sum(not each.agrees for each in given)
    act.detail.update(number=made.number, passed=passed, against=against)
    return loop.finish(act)


def _require_team(given: Sequence[TeamOpinion], *, passed: bool) -> None:
    names = [each.member for each in given]
    if not AT_LEAST <= len(given) <= AT_MOST or len(set(names)) != len(names):
        raise NoTeam
    if not all(legible.has_words(name) for name in names):
        raise Missing("opinions")
    for each in given:
        if not each.agrees and not legible.has_words(each.opinion):
            raise DissentUnexplained(each.member)
    if passed and not any(each.agrees for each in given):
        raise AllDissent


@transaction.atomic
def send_back(
    *, case: Case, actor: User, now: datetime, note: str, version: int | None = None
) -> Case:
    """Send a verified fix back that the team or the review of the site did not accept."""
    act = loop.begin(
        case=case, move=Move.SEND_BACK, actor=actor, now=now, note=note, version=version
    )
    act.change(act.case, resolved_by=None, resolved_unit=None, verified_by=None, verified_unit=None)
    act.change(act.case.hazard, submitted_at=None, verified_date=None)
    act.case.hazard.save(update_fields=["submitted_at", "verified_date"])
    listing.start_again(act, listing.of(act.case))
    deadline = act.case.hazard.deadline_date or running.local_date(now)
    return loop.finish(act, due_dates={"HAZ-5": deadline})
