"""A decision made by mistake is undone: everything is as before, and the journal records both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from bihuan.cases.actions import comments, evidence, handover, undoing
from bihuan.cases.models import Case, Evidence, Participation, UndoableAct
from bihuan.cases.queries import undoable
from bihuan.cases.standing import CaseWitness
from bihuan.clocks.models import Clock
from bihuan.core import undoing as rules
from bihuan.core.hazard import Grade, Stage
from bihuan.core.lifecycle import Side
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.journal.actions import record
from bihuan.journal.models import Entry
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from tests.factories import (
    NOW,
    Cast,
    make_case,
    make_cast,
    make_officer,
    make_photo,
    make_plan,
    make_unit,
)
from tests.hazards.majors import listed

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def here() -> Cast:
    return make_cast(make_unit(make_unit(name="云溪县"), name="双河镇"))


def stands(case: Case) -> dict[str, str]:
    """The digests of the case's rows that the journal holds, without its evidence."""
    parts = dict(CaseWitness().stands([case.number])[case.number])
    for stays in ("evidence", "hands"):
        parts.pop(stays, None)
    return parts


def last_act(case: Case) -> int:
    return UndoableAct.objects.filter(case=case).latest("seq").seq


def undone(case: Case, by: User, now: datetime = SOON) -> Case:
    return undoing.undo(case=case, seq=last_act(case), actor=by, now=now)


def at(stage: Stage, here: Cast, grade: Grade = Grade.GENERAL) -> Case:
    unit = here.post.unit
    return make_case(unit, stage=stage, cast=here, grade=grade)


Act = Callable[[Case, Cast], tuple[Case, User]]

ACTS: dict[str, tuple[Stage, Act]] = {
    "confirm": (
        Stage.REPORTED,
        lambda case, c: (
            reporting.confirm(case=case, actor=c.coordinator, now=NOW, grade=Grade.GENERAL),
            c.coordinator,
        ),
    ),
    "reject": (
        Stage.REPORTED,
        lambda case, c: (
            reporting.reject(
                case=case, actor=c.coordinator, now=NOW, reason="not_ours", note="非本辖区"
            ),
            c.coordinator,
        ),
    ),
    "assign": (
        Stage.CONFIRMED,
        lambda case, c: (
            reporting.assign(case=case, plan=make_plan(c.post), actor=c.coordinator, now=NOW),
            c.coordinator,
        ),
    ),
    "contest": (
        Stage.ASSIGNED,
        lambda case, c: (
            handover.contest(case=case, actor=c.handler, now=NOW, note="不归我们"),
            c.handler,
        ),
    ),
    "start": (
        Stage.ASSIGNED,
        lambda case, c: (rectification.start(case=case, actor=c.handler, now=NOW), c.handler),
    ),
    "submit": (
        Stage.RECTIFYING,
        lambda case, c: (
            rectification.submit(
                case=case, actor=c.handler, now=NOW, note="已修", photos=[make_photo()]
            ),
            c.handler,
        ),
    ),
    "verify": (
        Stage.SUBMITTED,
        lambda case, c: (
            verification.verify(case=case, actor=c.verifier, now=NOW, note="合格"),
            c.verifier,
        ),
    ),
    "return": (
        Stage.SUBMITTED,
        lambda case, c: (
            verification.return_(case=case, actor=c.verifier, now=NOW, note="不合格"),
            c.verifier,
        ),
    ),
    "close": (
        Stage.VERIFIED,
        lambda case, c: (
            verification.close(case=case, actor=c.coordinator, now=NOW),
            c.coordinator,
        ),
    ),
    "recheck": (
        Stage.CLOSED,
        lambda case, c: (
            verification.recheck(case=case, actor=c.verifier, now=NOW, note="完好"),
            c.verifier,
        ),
    ),
    "reopen": (
        Stage.CLOSED,
        lambda case, c: (
            reporting.reopen(case=case, actor=c.coordinator, now=NOW, note="又坏了"),
            c.coordinator,
        ),
    ),
    "add_control": (
        Stage.ASSIGNED,
        lambda case, c: (
            rectification.add_control(
                case=case,
                actor=c.handler,
                now=NOW,
                what="设置围挡",
                post=c.post,
                expiry_date=NOW.date() + timedelta(days=3),
            ),
            c.handler,
        ),
    ),
    "list": (
        Stage.ASSIGNED,
        lambda case, c: (
            listed(case, c.leader, NOW, note="督办"),
            c.leader,
        ),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_everything_an_act_changed_is_as_before(name: str, here: Cast) -> None:
    stage, act = ACTS[name]
    case = at(stage, here, Grade.MAJOR if name == "list" else Grade.GENERAL)
    before = stands(case)
    case, officer = act(case, here)
    changed = stands(case)

    case = undone(case, officer)

    assert changed != before
    assert stands(case) == before
    assert case.stage == stage


@pytest.mark.parametrize("name", ACTS)
def test_the_same_act_can_be_made_again_after_the_undo(name: str, here: Cast) -> None:
    stage, act = ACTS[name]
    case, officer = act(at(stage, here, Grade.MAJOR if name == "list" else Grade.GENERAL), here)
    first = Case.objects.get(pk=case.pk).stage
    undone(case, officer)

    again, _officer = act(Case.objects.get(pk=case.pk), here)

    assert again.stage == first


def test_the_journal_keeps_the_act_and_the_undo(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")

    undone(case, here.verifier)

    acts = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    *_, verified, taken_back = acts
    assert (verified.act, taken_back.act) == ("verify", "undo")
    assert taken_back.details["undone"] == verified.seq
    assert taken_back.details["from"] == Stage.VERIFIED
    assert taken_back.actor == here.verifier


def test_clocks_go_on_as_if_the_act_had_not_been(here: Cast) -> None:
    case = at(Stage.RECTIFYING, here)
    (fix,) = Clock.objects.filter(subject=case.subject, rule_id="HAZ-5")
    rectification.submit(case=case, actor=here.handler, now=NOW, note="修", photos=[make_photo()])

    case = undone(case, here.handler)

    (again,) = Clock.objects.filter(subject=case.subject, rule_id="HAZ-5")
    assert (again.pk, again.due_at, again.stopped_at) == (fix.pk, fix.due_at, None)
    assert (again.outcome, again.next_at) == ("running", fix.next_at)
    assert not Clock.objects.filter(subject=case.subject, rule_id="LOC-3").exists()
    assert case.due_at == fix.due_at


def test_a_rebound_that_was_undone_is_not_counted(here: Cast) -> None:
    case = at(Stage.CLOSED, here)
    case = reporting.reopen(case=case, actor=here.coordinator, now=NOW, note="又坏了")
    assert case.hazard.rebounds == 1

    case = undone(case, here.coordinator)

    assert case.hazard.rebounds == 0
    assert case.ended_at == NOW


def test_whoever_undid_a_fix_never_verifies_that_case(here: Cast) -> None:
    case = at(Stage.ASSIGNED, here)
    both = make_officer(here.post.unit, Power.HANDLE, Power.VERIFY)
    rectification.start(case=case, actor=both, now=NOW)
    undone(case, both)

    assert Participation.objects.get(case=case, member=both).side == Side.FIX
    rectification.start(case=case, actor=here.handler, now=SOON)
    rectification.submit(case=case, actor=here.handler, now=SOON, note="修", photos=[make_photo()])
    with pytest.raises(SamePerson):
        verification.verify(case=case, actor=both, now=SOON, note="合格")


def test_photos_of_an_undone_act_stay_for_the_office_only(here: Cast) -> None:
    case = at(Stage.RECTIFYING, here)
    rectification.submit(
        case=case, actor=here.handler, now=NOW, note="修", photos=[make_photo()], is_shown=True
    )

    undone(case, here.handler)

    (photo,) = Evidence.objects.filter(case=case)
    assert photo.shown_to == Evidence.Audience.OFFICE


@pytest.mark.parametrize("is_shown", [True, False])
def test_a_photo_that_the_act_showed_or_hid_is_shown_as_before(here: Cast, is_shown: bool) -> None:
    case, photo = at(Stage.RECTIFYING, here), make_photo()
    case = evidence.attach(
        case=case, actor=here.handler, now=NOW, uploads=[photo], phase="after", is_shown=is_shown
    )
    before = Evidence.objects.get().shown_to
    case = rectification.submit(
        case=case, actor=here.handler, now=SOON, note="修", photos=[photo], is_shown=not is_shown
    )
    assert Evidence.objects.get().shown_to != before

    undone(case, here.handler, now=SOON + timedelta(minutes=1))

    assert Evidence.objects.get().shown_to == before


def test_notices_of_an_undone_act_vanish(here: Cast) -> None:
    case = at(Stage.REPORTED, here)
    reporting.reject(case=case, actor=here.coordinator, now=NOW, reason="not_ours", note="非")
    before = Notice.objects.filter(subject=case.subject, created_at=NOW)
    before.update(read_at=None)

    undone(case, here.coordinator)

    assert not Notice.objects.filter(subject=case.subject, what="rejected").exists()


# ---------------------------------------------------------------------- refusals
def test_nobody_else_undoes_it(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")

    with pytest.raises(NotAllowed):
        undone(case, here.coordinator)


def test_it_is_not_undone_after_ten_minutes(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")

    with pytest.raises(rules.UndoTooLate):
        undone(case, here.verifier, NOW + rules.WITHIN + timedelta(seconds=1))
    assert undone(case, here.verifier, NOW + rules.WITHIN).stage == Stage.SUBMITTED


def test_it_is_not_undone_once_somebody_acted_on_the_case(here: Cast) -> None:
    case = at(Stage.VERIFIED, here)
    verification.close(case=case, actor=here.coordinator, now=NOW)
    seq = last_act(case)
    comments.comment(case=case, actor=here.verifier, now=SOON, note="已看")

    with pytest.raises(rules.ActedSince):
        undoing.undo(case=case, seq=seq, actor=here.coordinator, now=SOON + MINUTE)
    assert undoable.last(case, here.coordinator, SOON) is None


def test_what_time_caused_since_does_not_prevent_it(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    before = stands(case)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")
    (started,) = Clock.objects.filter(subject=case.subject, rule_id="LOC-8")
    with transaction.atomic():
        record(case.subject, "overdue", by=None, at=SOON, detail={"rule": "LOC-8"})
    cause = f"{started.pk}/overdue/0"
    tell([here.leader], subject=case.subject, what="overdue", cause=cause, now=SOON)

    case = undone(case, here.verifier)

    assert stands(case) == before
    assert not Notice.objects.filter(subject=case.subject, what="overdue").exists()


def test_two_acts_are_undone_one_after_the_other(here: Cast) -> None:
    case = at(Stage.VERIFIED, here)
    before = stands(case)
    case = verification.close(case=case, actor=here.coordinator, now=NOW)
    first = last_act(case)
    case = reporting.reopen(case=case, actor=here.coordinator, now=NOW + MINUTE, note="误")
    case = undone(case, here.coordinator, NOW + 2 * MINUTE)

    case = undoing.undo(case=case, seq=first, actor=here.coordinator, now=NOW + 3 * MINUTE)

    assert stands(case) == before


def test_it_is_undone_once(here: Cast) -> None:
    case = at(Stage.SUBMITTED, here)
    verification.verify(case=case, actor=here.verifier, now=NOW, note="合格")
    undone(case, here.verifier)

    with pytest.raises(rules.AlreadyUndone):
        undone(case, here.verifier)


def test_a_part_is_not_opened_again_under_a_closed_whole(here: Cast) -> None:
    whole, part = at(Stage.VERIFIED, here), at(Stage.VERIFIED, here)
    Case.objects.filter(pk=part.pk).update(parent=whole)
    part = verification.close(case=part, actor=here.coordinator, now=NOW)
    verification.close(case=whole, actor=here.coordinator, now=SOON)

    with pytest.raises(rules.ActedSince):
        undone(part, here.coordinator)


def test_an_act_that_changed_other_cases_is_not_undoable(here: Cast) -> None:
    live, same = at(Stage.CONFIRMED, here), at(Stage.REPORTED, here)
    reporting.reject(
        case=same,
        actor=here.coordinator,
        now=NOW,
        reason="duplicate",
        note="重复",
        duplicate_of=live,
    )

    assert not UndoableAct.objects.filter(case=same).exists()


def test_what_is_stored_for_an_undo_goes_when_its_time_is_over(here: Cast) -> None:
    case = at(Stage.CONFIRMED, here)

    undoing.settle(now=NOW + rules.WITHIN)
    kept = UndoableAct.objects.filter(case=case).count()
    undoing.settle(now=NOW + rules.WITHIN + MINUTE)

    assert kept == 1
    assert not UndoableAct.objects.exists()
