"""Today shows exactly what a plain reading of every record says, to officers of every sort."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import translation
from django.utils.timezone import localdate

from bihuan.cases import kinds
from bihuan.cases.models import Case, Contest, Extension
from bihuan.clocks.models import Clock
from bihuan.core.powers import Power
from bihuan.desk import agenda
from bihuan.desk.context import AgendaContext
from bihuan.grievances import grievance_agenda
from bihuan.grievances.kind import suggestion
from bihuan.hazards import agenda as hazards
from bihuan.hazards.models import Control
from bihuan.mediations import agenda as mediations
from bihuan.orgs import access
from bihuan.orgs.access import Seat
from bihuan.orgs.models import Tenure, User
from bihuan.receipts.agenda import amendments, waiting
from bihuan.receipts.models import FollowUp, Message, UnsealRequest
from bihuan.web import agenda as today
from bihuan.web.agenda import AgendaSection, Duty
from tests.desk.crowd import make_crowd
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
END_OF_TODAY = datetime(2026, 9, 15, 16, 0, tzinfo=UTC)  # midnight in Shanghai
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
WORKERS = (Power.HANDLE, Power.COORDINATE, Power.APPROVE)
Found = dict[str, list[str]]


def by_due(case: Case) -> tuple[datetime, int]:
    return case.due_at or NEVER, case.pk


def everything() -> dict[int, Case]:
    """Every case with what hangs on it, by its key."""
    near = Case.objects.select_related("owner", "origin", "grievance", "hazard__listed_by")
    related = (
        "exclusions__unit",
        "access_grants",
        "participations__unit",
        "extensions",
        "opinions",
    )
    return {case.pk: case for case in near.prefetch_related(*related, "handovers__to_unit")}


ROUNDS = {"replied": "answer", "reviewed": "review", "rereviewed": "rereview"}


class Reader:
    """Reads everything, case by case, as this officer may know of it."""

    def __init__(self, user: User, cases: dict[int, Case]) -> None:
        self.user, self.cases = user, cases
        self.seats = access.seats(user, TODAY)
        self.posts = {seat.post.pk for seat in self.seats}
        tenures = Tenure.objects.filter(member=user, start_date__lte=TODAY)
        self.tenures = list(tenures.select_related("post__unit"))
        known = filter(self.knows, cases.values())
        self.open = sorted((case for case in known if case.ended_at is None), key=by_due)

    def knows(self, case: Case) -> bool:
        paths = [seat.unit.path for seat in self.seats]
        for bar in case.exclusions.all():
            if bar.member_id == self.user.pk:
                return False
            if bar.unit and any(path.startswith(bar.unit.path) for path in paths):
                return False
        found = {confidant.post_id for confidant in case.access_grants.all()}
        return not case.is_confidential or bool(found & self.posts)

    def any(self, powers: Iterable[Power], so: Callable[[Seat], bool]) -> bool:
        """Whether it is so for some post with one of these powers."""
        return any(so(seat) for seat in self.seats if seat.powers & {*powers})

    def fixed(self, case: Case, seat: Seat) -> bool:
        return any(
            hand.member_id == self.user.pk
            or seat.unit.path.startswith(hand.unit.path)
            or self.beside(case, hand.member_id, seat)
            for hand in case.participations.all()
            if hand.side == "fix"
        )

    def beside(self, case: Case, member: int, seat: Seat) -> bool:
        """Whether who did the work held a post there meanwhile."""
        checked = case.hazard.verified_date if case.kind == "hazard" else None
        return any(
            localdate(case.round_at) <= (each.end_date or date.max)
            and each.start_date <= (checked or date.max)
            and (unit == seat.unit or (unit.kind != "government" and seat.unit.is_within(unit)))
            for each in Tenure.with_stand_ins.filter(member=member).select_related("post__unit")
            for unit in [each.post.unit]
        )

    def was_there(self, case: Case) -> bool:
        """Whether the officer had a post in a unit that did the work meanwhile, or below it."""
        did = [hand.unit for hand in case.participations.all() if hand.side == "fix"] + [case.owner]
        given = [c.started_at for c in case.clocks.filter(rule_id="HAZ-5")]
        begun = min((at for at in given if at >= case.round_at), default=case.round_at)
        checked = case.hazard.verified_date if case.kind == "hazard" else None
        return any(
            localdate(begun) <= (each.end_date or TODAY) and each.start_date <= (checked or TODAY)
            for each in self.tenures
            for unit in did
            if each.post.unit == unit
            or (unit.kind != "government" and each.post.unit.path.startswith(unit.path))
        )

    def few(self, cases: Iterable[Case]) -> list[str]:
        return [case.number for case in cases][:20]

    def among(self, rows: Iterable[Any], so: Callable[[Case, Any], bool]) -> list[Case]:
        """The known cases of such rows, as they come; no more than are looked at."""
        known = ((self.cases[row.case_id], row) for row in rows)
        return [case for case, row in known if self.knows(case) and so(case, row)][:21]

    # ------------------------------------------------------------------ shared
    def shared(self) -> Iterator[tuple[str, list[str]]]:
        yield "Urgent", self.few(c for c in self.open if c.is_urgent and self.owns(c, *WORKERS))
        mine = [c for c in self.open if c.post_id in self.posts and self.is_fixed(c)][:41]
        yield "Unseal requests to approve", self.few(dict.fromkeys(self.openings()))
        yield "“Not solved” feedback to follow up", self.few(self.unsolved())
        yield "Unread answers and additions", self.few(dict.fromkeys(self.answers()))
        yield "Assigned to my posts", self.few(mine)
        yield "Extensions to decide", self.few(self.extensions())
        yield "Disputed assignments to decide", self.few(self.contests())
        yield "Awaiting my verification", self.few(filter(self.to_check, self.at("submitted")))
        yield "To confirm or reject", self.few(filter(self.to_confirm, self.at("reported")))
        yield "To assign", self.few(filter(self.to_assign, self.at("confirmed")))
        yield "To close", self.few(filter(self.to_close, self.at("verified")))
        held = {*Tenure.objects.in_force(TODAY).values_list("post", flat=True)}
        left = (c for c in self.open if self.is_fixed(c) and c.post_id not in held)
        yield "Without an officer", self.few(filter(self.coordinates, left))
        yield "Re-checks due", self.few(self.rechecks())

    def owns(self, case: Case, *powers: Power) -> bool:
        return self.any(powers, lambda seat: seat.reaches(case.owner))

    def coordinates(self, case: Case) -> bool:
        return self.owns(case, Power.COORDINATE)

    def at(self, stage: str) -> list[Case]:
        return [case for case in self.open if case.stage == stage]

    def is_fixed(self, case: Case) -> bool:
        return case.stage in ("assigned", "rectifying")

    def openings(self) -> list[Case]:
        rows = UnsealRequest.objects.annotate(case_id=F("seal__case")).order_by("asked_at")
        waiting = rows.filter(opened_at=None, allowed_by=None, until_at__gt=NOW)

        def so(case: Case, row: Any) -> bool:
            own = self.any(WORKERS, lambda seat: seat.unit == case.owner)
            return own and case.is_confidential and row.asked_by_id != self.user.pk

        return self.among(waiting, so)

    def unsolved(self) -> list[Case]:
        def so(case: Case, row: Any) -> bool:
            powers = kinds.of(case).lifecycle.powers_of("follow_up")
            sides = {
                hand.side for hand in case.participations.all() if hand.member_id == self.user.pk
            }
            own = row.handled_by_id == self.user.pk or sides - {"check"}
            return not own and self.owns(case, *powers)

        return self.among(FollowUp.objects.filter(done_at=None).order_by("clock__due_at"), so)

    def answers(self) -> list[Case]:
        unread = Message.objects.filter(kind__in=("answer", "addition"), seen_at=None)
        workers = (Power.HANDLE, Power.COORDINATE)
        return self.among(unread.order_by("said_at"), lambda case, row: self.owns(case, *workers))

    def extensions(self) -> list[Case]:
        def so(case: Case, row: Any) -> bool:
            above = self.any(
                [Power.APPROVE], lambda s: s.reaches(case.owner) and s.unit != case.owner
            )
            return above and case.kind == "hazard" and row.asked_by_id != self.user.pk

        return self.among(Extension.objects.filter(granted=None).order_by("asked_at"), so)

    def contests(self) -> list[Case]:
        def so(case: Case, row: Any) -> bool:
            powers = (Power.COORDINATE, Power.APPROVE)
            over = self.any(powers, lambda s: s.reaches(row.from_unit) and s.reaches(row.to_unit))
            return over and row.raised_by_id != self.user.pk

        rows = Contest.objects.filter(upheld=None).select_related("from_unit", "to_unit")
        return self.among(rows.order_by("raised_at"), so)

    def to_confirm(self, case: Case) -> bool:
        return self.any([Power.COORDINATE], lambda seat: seat.reaches(case.origin))

    def to_assign(self, case: Case) -> bool:
        return self.to_confirm(case) or self.coordinates(case)

    def to_check(self, case: Case) -> bool:
        return not self.was_there(case) and self.any(
            [Power.VERIFY], lambda s: s.reaches(case.owner) and not self.fixed(case, s)
        )

    def to_close(self, case: Case) -> bool:
        parts = {each.parent_id for each in self.cases.values() if each.ended_at is None}
        listed_by = case.hazard.listed_by or case.owner
        return (
            self.any(
                (Power.COORDINATE, Power.APPROVE),
                lambda s: s.reaches(listed_by) and not self.fixed(case, s),
            )
            and case.hazard.stopped_at is None
            and case.pk not in parts
            and not self.was_there(case)
        )

    def rechecks(self) -> list[Case]:
        end = END_OF_TODAY + 7 * DAY
        clocks = Clock.objects.filter(rule_id="LOC-4", stopped_at=None, due_at__lt=end)
        named = {case.subject: case for case in self.cases.values()}
        known = (named[clock.subject] for clock in clocks.order_by("due_at"))
        return [case for case in known if self.knows(case) and self.to_check(case)][:21]

    # ------------------------------------------------------------------- kinds
    def of_kinds(self) -> Iterator[tuple[str, list[str]]]:
        controls = Control.objects.filter(
            ended_at=None, post__in=self.posts, expiry_date__lte=TODAY + 7 * DAY
        ).order_by("expiry_date", "pk")
        cases = [self.cases[row.hazard_id] for row in controls]
        soon = [case for case in cases if case.ended_at is None][:20]
        yield "My interim controls ending soon", self.few(filter(self.knows, soon))
        yield from self.grievances().items()
        found = [c for c in self.open if c.kind == "suggestion" and self.answers_idea(c)][:40]
        yield "New suggestions", self.few(c for c in found if c.stage == "received")
        yield "Suggestions to answer", self.few(c for c in found if c.stage == "considering")

    def answers_idea(self, case: Case) -> bool:
        if case.stage == "received":
            return self.coordinates(case)
        heads = (Power.COORDINATE, Power.APPROVE)
        return self.owns(case, *heads) or any(
            Power.HANDLE in seat.powers and not seat.powers & {*heads}
            for seat in self.seats
            if seat.post.pk == case.post_id
        )

    def grievances(self) -> Found:
        found: Found = {str(title): [] for title, _ in grievance_agenda.STEPS.values()}
        for case in self.open:
            if case.kind == "grievance" and (step := self.step(case)):
                found[str(grievance_agenda.STEPS[step][0])].append(case.number)
        return {title: numbers[:20] for title, numbers in found.items()}

    def step(self, case: Case) -> str:
        pending = [each for each in case.extensions.all() if each.granted is None]
        request = any(each.asked_by_id != self.user.pk for each in pending)
        if request and self.owns(case, Power.APPROVE):
            return "extension"
        stage = case.stage
        if stage == "transferred":
            return self.passed_on(case)
        if stage in ("received", "accepted") and self.coordinates(case):
            if stage == "accepted":
                return stage
            return "classified" if case.grievance.way else "new"
        if stage == "handling" and self.any([Power.HANDLE], lambda s: s.post.pk == case.post_id):
            return stage
        if stage in ("reviewing", "rereviewing"):
            took_part = self.user.pk in {hand.member_id for hand in case.participations.all()}
            here = self.any([Power.HANDLE], lambda seat: seat.unit == case.owner)
            return stage if here and not took_part else ""
        if stage in ("drafted", "review_drafted", "rereview_drafted"):
            own = self.user.pk in {each.drafted_by_id for each in case.opinions.all()}
            return stage if self.owns(case, Power.APPROVE) and not own else ""
        if stage in ROUNDS and case.grievance.wants_paper:
            return "unserved" if self.unserved(case) else ""
        return ""

    def unserved(self, case: Case) -> bool:
        unknown = any(
            each.round == ROUNDS[case.stage] and not each.received_at
            for each in case.opinions.all()
            if each.issued_at
        )
        workers = (Power.HANDLE, Power.COORDINATE)
        return unknown and self.any(workers, lambda seat: seat.unit == case.owner)

    def passed_on(self, case: Case) -> str:
        (handover,) = case.handovers.all()
        if handover.objected_at:
            return "objection" if self.coordinates(case) else ""
        arrives = self.any(
            [Power.COORDINATE],
            lambda seat: (
                seat.unit == handover.to_unit
                or (seat.reaches(handover.to_unit) and not seat.reaches(case.owner))
            ),
        )
        return "arriving" if arrives else ""


# Where sections that the kinds add stand on Today.
OF_KINDS = 8


def shown(found: Iterable[AgendaSection]) -> Found:
    return {str(each.title): [task.number for task in each.items] for each in found if each.items}


def registered(user: User) -> list[AgendaSection]:
    """What the apps register of the officer's own work, before it is arranged by urgency."""
    given = [section for each in today._registered.values() for section in each(user, NOW)]
    found = today._answered(given)
    own = [section for section in found if section.duty is Duty.OWN]
    return today.known_to(user, sorted(own, key=lambda section: section.order), NOW)


@pytest.mark.parametrize("seed", range(2))
def test_every_officer_sees_what_a_plain_reading_says(seed: int) -> None:
    crowd, cases = make_crowd(seed), everything()

    with translation.override("en"):
        for user in crowd.officers:
            reader = Reader(user, cases)
            expected = [each for each in reader.shared() if each[1]]
            found = registered(user)
            shared = [section for section in found if section.order < OF_KINDS]
            assert list(shown(shared).items()) == expected
            known = shown(section for section in found if section.order == OF_KINDS)
            plain = {title: numbers for title, numbers in reader.of_kinds() if numbers}
            assert {title: known.get(title) for title in plain} == plain
            assert all(title in plain or title.startswith("Mediations") for title in known)


QUESTIONS = [
    agenda._left,
    agenda._under_way,
    agenda._staged,
    agenda._overdue,
    agenda._latest_reports,
    waiting._second_asked,
    waiting._rated_unsolved,
    waiting._unread,
    agenda._more_time,
    agenda._contested,
    hazards._due_again,
    amendments._waiting,
    hazards._ending,
    grievance_agenda._waiting,
    suggestion._waiting,
    mediations._open,
]


def test_a_question_put_together_for_others_answers_as_if_it_were_put_anew() -> None:
    crowd = make_crowd(7)
    found = 0

    for question in QUESTIONS:
        for user in crowd.officers:
            context = AgendaContext.by(user, NOW)
            rows = context.rows(question)
            assert sorted(map(repr, rows)) == sorted(map(repr, question(context)))
            found += bool(rows)

    assert found > len(QUESTIONS)
