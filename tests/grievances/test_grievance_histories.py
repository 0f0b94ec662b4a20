"""Random histories through the actions: the clocks in the database end where counting ends."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bihuan.calendars.queries import calendar
from bihuan.cases.models import Case
from bihuan.clocks.actions import running
from bihuan.core import deadlines
from bihuan.grievances.actions import (
    classification,
    deadline_extension,
    handling,
    opinions,
    registration,
    reviews,
    transfers,
)
from bihuan.grievances.queries import Round
from tests.core.histories import Counter, Event, history
from tests.grievances.offices import ANSWER, REVIEWED, Office, Realm, make_realm, read, take

pytestmark = pytest.mark.django_db
SEEDS = (*range(8), 29, 60, 117)


class Played:
    """One history, played by the people of the realm."""

    def __init__(self, realm: Realm) -> None:
        self.realm = realm
        offices = (realm.town, realm.bureau, realm.county, realm.city, realm.province)
        self.offices = {office.unit.pk: office for office in offices}
        self.days = 0
        self.case: Case | None = None

    def follow(self, event: Event) -> None:
        if event.name == "receive":
            self.case = take(self.realm.town.unit, now=event.at).case
            return
        assert self.case is not None
        if event.name == "seen":
            read(self.case, event.at)
            return
        self.case = getattr(self, f"_{event.name}")(self.case, event, event.at)

    def _office(self, case: Case) -> Office:
        return self.offices[case.owner_id]

    def _other(self, case: Case) -> Office:
        return self.realm.bureau if case.owner == self.realm.town.unit else self.realm.town

    def _classify(self, case: Case, event: Event, now: datetime) -> Case:
        return classification.classify(
            case=case, actor=self._office(case).coordinator, now=now, way=event.way,
            simple=event.simple,
        )  # fmt: skip

    def _transfer(self, case: Case, event: Event, now: datetime) -> Case:
        unit = self._other(case).unit
        sender = self._office(case).coordinator
        return transfers.transfer(case=case, actor=sender, now=now, unit=unit, note="请办理")

    def _take_over(self, case: Case, event: Event, now: datetime) -> Case:
        receiver = self._other(case).coordinator
        return transfers.take_over(case=case, actor=receiver, now=now)

    def _object(self, case: Case, event: Event, now: datetime) -> Case:
        receiver = self._other(case).coordinator
        return transfers.object_(case=case, actor=receiver, now=now, note="不属于我单位")

    def _answer_objection(self, case: Case, event: Event, now: datetime) -> Case:
        return transfers.answer_objection(
            case=case, actor=self._office(case).coordinator, now=now, agreed=event.agreed,
            note="已核实",
        )  # fmt: skip

    def _withdraw(self, case: Case, event: Event, now: datetime) -> Case:
        return registration.withdraw(case=case, now=now)

    def _accept(self, case: Case, event: Event, now: datetime) -> Case:
        office = self._office(case)
        case = classification.accept(case=case, actor=office.coordinator, now=now)
        return handling.assign(case=case, actor=office.coordinator, now=now, post=office.post)

    def _ask_extension(self, case: Case, event: Event, now: datetime) -> Case:
        # The counter learns of the days with the decision.
        handler = self._office(case).handler
        return deadline_extension.ask_extension(
            case=case, actor=handler, now=now, days=self.days or 1, note="复杂"
        )

    def _decide_extension(self, case: Case, event: Event, now: datetime) -> Case:
        return deadline_extension.decide_extension(
            case=case, actor=self._office(case).head, now=now, granted=bool(event.days),
            note="情况复杂",
        )  # fmt: skip

    def _issue(self, case: Case, event: Event, now: datetime) -> Case:
        return self._answer(case, now, Round.ANSWER)

    def _answer(self, case: Case, now: datetime, round: Round) -> Case:
        office = self._office(case)
        parts = ANSWER if round is Round.ANSWER else REVIEWED
        case = opinions.draft(case=case, parts=parts, actor=office.handler, now=now, round=round)
        return opinions.issue(case=case, actor=office.head, now=now, round=round)

    def _ask_review(self, case: Case, event: Event, now: datetime) -> Case:
        return reviews.ask_review(case=case, note="不服", now=now)

    _ask_rereview = _ask_review

    def _issue_review(self, case: Case, event: Event, now: datetime) -> Case:
        return self._answer(case, now, Round.REVIEW)

    def _issue_rereview(self, case: Case, event: Event, now: datetime) -> Case:
        return self._answer(case, now, Round.REREVIEW)

    def _begin_hearing(self, case: Case, event: Event, now: datetime) -> Case:
        handler = self._office(case).handler
        return reviews.begin_hearing(case=case, actor=handler, now=now, note="听证")

    def _end_hearing(self, case: Case, event: Event, now: datetime) -> Case:
        handler = self._office(case).handler
        return reviews.end_hearing(case=case, actor=handler, now=now, note="结束")


def said(case: Case) -> list[tuple[str, date, date, bool]]:
    found = []
    for row in case.clocks.all():
        clock = running.of(row)
        both = deadlines.deadline(clock, calendar())
        assert both is not None
        ends = clock.local_date(both.due_at)
        found.append((row.rule_id, clock.start_date, ends, row.stopped_at is None))
    return sorted(found)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_clocks_of_a_history_in_the_database_end_where_counting_ends(seed: int) -> None:
    played, counter, events = Played(make_realm()), Counter(), history(seed)
    played.days = next((event.days for event in events if event.name == "decide_extension"), 0)

    for event in events:
        played.follow(event)
        counter.follow(event)

    assert played.case is not None
    assert said(played.case) == sorted(
        (each.rule, each.start, each.last(), each.runs) for each in counter.periods
    )


def test_these_histories_go_through_everything() -> None:
    taken = {event.name for seed in SEEDS for event in history(seed)}

    assert taken == {event.name for seed in range(500) for event in history(seed)}
