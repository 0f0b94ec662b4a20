"""The register: who may state what, that nothing is overwritten, and that a second one closes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from bihuan.breaches import queries
from bihuan.breaches.actions import registration, statements
from bihuan.breaches.models import Breach, Particulars, Step
from bihuan.clocks.models import Clock
from bihuan.core import grants
from bihuan.core.breach import Authority, BreachAct, Grade, Lack, NotNow, NotYet
from bihuan.core.refusal import NotAllowed, SamePerson
from bihuan.files.actions import attach, check
from bihuan.files.models import Attachment
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import User
from tests.breaches.register import HOUR, MINUTE, Office, a_breach, found, tell, told, whole
from tests.factories import NOW, make_photo

pytestmark = pytest.mark.django_db
LATER = NOW + HOUR


def acts(breach: Breach) -> list[str]:
    rows = Entry.objects.filter(chain__subject=breach.subject).order_by("seq")
    return list(rows.values_list("act", flat=True))


def test_from_found_to_closed_each_step_is_journaled(office: Office) -> None:
    breach = a_breach(office)
    by, stages = office.keeper, [breach.stage]
    step: dict[str, Any] = {"breach": breach, "actor": by, "now": LATER}

    stages.append(statements.contain(remedy="已结束全部会话。", at=LATER, **step).stage)
    stages.append(tell(breach, by, LATER).stage)
    statements.grade(grade=Grade.SERIOUS, reason="人数超过标准。", **step)
    statements.tell_persons(at=LATER, means="信函", words="告知书", **step)
    statements.ask_check(summary="已配发锁屏策略。", **step)
    done = statements.close(breach=breach, findings="核对无误。", actor=office.second, now=LATER)

    assert [*stages, done.stage] == ["found", "contained", "reported", "closed"]
    assert (done.asked_by, done.closed_by, done.closed_at) == (by, office.second, LATER)
    assert acts(breach) == [
        "record", "contain", "tell", "grade", "tell_persons", "ask_check", "close",
    ]  # fmt: skip
    assert verify().ok


def test_numbers_run_through_the_year(office: Office) -> None:
    assert [a_breach(office).number for _ in range(2)] == ["XL-2026-0001", "XL-2026-0002"]


@pytest.mark.parametrize("who", ["auditor", "leader", "coordinator"])
def test_nobody_but_an_administrator_states_anything(office: Office, who: str) -> None:
    breach, other = a_breach(office), getattr(office, who)

    with pytest.raises(NotAllowed):
        statements.add(breach=breach, words="x", actor=other, now=LATER)
    with pytest.raises(NotAllowed):
        registration.record_breach(
            unit=office.county, found=found(), grade=Grade.UNKNOWN, actor=other, now=NOW
        )
    assert acts(breach) == ["record"]


def test_who_keeps_the_register_or_audits_sees_it_and_nobody_else(office: Office) -> None:
    breach = a_breach(office)

    seeing = {
        name
        for name, member in vars(office).items()
        if hasattr(member, "username") and breach in queries.visible_to(member, NOW)
    }

    assert seeing == {"keeper", "second", "auditor", "above"}


def test_whoever_handed_it_in_does_not_check_it(office: Office) -> None:
    breach = whole(office, NOW)
    statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=LATER)

    with pytest.raises(SamePerson):
        statements.close(breach=breach, findings="好。", actor=office.keeper, now=LATER)

    assert told(office.second)[-1] == ("check", "breach")
    assert ("check", "breach") not in told(office.keeper)


def test_nobody_makes_up_the_second_officer_the_same_day(office: Office) -> None:
    breach, second = whole(office, LATER), office.second
    statements.ask_check(breach=breach, summary="已处理。", actor=office.keeper, now=LATER)
    User.objects.filter(pk=second.pk).update(granted_at=LATER, granted_by=office.keeper)
    second = User.objects.get(pk=second.pk)

    with pytest.raises(statements.TooNew):
        statements.close(breach=breach, findings="无误。", actor=second, now=LATER)

    later = LATER + grants.WAITS
    assert statements.close(breach=breach, findings="无误。", actor=second, now=later).is_closed


def test_while_it_is_checked_only_notes_are_added(office: Office) -> None:
    breach = whole(office, NOW)
    statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=LATER)

    with pytest.raises(NotNow):
        tell(breach, office.second, LATER)
    statements.add(breach=breach, words="补充。", actor=office.second, now=LATER)
    statements.send_back(breach=breach, reason="缺回执。", actor=office.second, now=LATER)

    assert tell(breach, office.second, LATER).asked_by is None


def test_it_is_not_handed_in_before_the_persons_are_told_or_it_says_why_not(
    office: Office,
) -> None:
    breach = a_breach(office, grade=Grade.LESSER)
    step: dict[str, Any] = {"breach": breach, "actor": office.keeper, "now": LATER}
    statements.contain(remedy="已撤回表格。", at=LATER, **step)
    tell(breach, office.keeper, LATER, authority=Authority.DEPARTMENT)

    with pytest.raises(NotYet) as refused:
        statements.ask_check(summary="完成。", **step)

    assert refused.value.lack is Lack.PERSONS


def test_a_false_alarm_is_closed_by_two_without_a_report(office: Office) -> None:
    breach = a_breach(office)
    step: dict[str, Any] = {"breach": breach, "actor": office.keeper, "now": LATER}

    statements.grade(grade=Grade.NONE, reason="手机在抽屉里找到。", **step)
    statements.ask_check(summary="误报。", **step)
    done = statements.close(breach=breach, findings="属实。", actor=office.second, now=LATER)

    assert (done.stage, breach.clocks.get().outcome) == ("closed", "cancelled")
    assert verify().ok


def test_after_closing_it_can_be_added_to_and_reopened(office: Office) -> None:
    breach = whole(office, NOW)
    statements.ask_check(breach=breach, summary="完成。", actor=office.keeper, now=LATER)
    statements.close(breach=breach, findings="好。", actor=office.second, now=LATER)
    step: dict[str, Any] = {"breach": breach, "actor": office.keeper, "now": LATER + MINUTE}

    with pytest.raises(NotNow):
        statements.grade(grade=Grade.LESSER, reason="x", **step)
    statements.tell_persons(at=LATER, means="信函", words="主管部门要求告知。", **step)
    opened = statements.reopen(reason="又发现一份。", **step)

    assert (opened.stage, opened.closed_by, opened.asked_by) == ("reported", None, None)
    assert verify().ok


def test_what_was_stated_is_never_overwritten(office: Office) -> None:
    breach = a_breach(office)
    step: dict[str, Any] = {"breach": breach, "actor": office.second, "now": LATER}

    registration.correct(found=found(people=None, cause="口令过弱。"), reason="人数不实。", **step)
    statements.contain(remedy="已改口令。", at=LATER, **step)
    statements.strike(step=breach.steps.get(), reason="尚未改完。", actor=office.keeper, now=LATER)

    people = breach.particulars.order_by("pk").values_list("people", flat=True)
    assert list(people) == [40, None]
    assert [(row.act, bool(row.struck_id)) for row in breach.steps.order_by("pk")] == [
        ("contain", False),
        ("strike", True),
    ]
    breach.refresh_from_db()
    assert breach.stage == "found"


@pytest.mark.parametrize("act", [BreachAct.GRADE, BreachAct.STRIKE])
def test_a_grade_or_a_strike_is_not_struck(office: Office, act: BreachAct) -> None:
    breach = a_breach(office)
    statements.grade(
        breach=breach, grade=Grade.LESSER, reason="少。", actor=office.keeper, now=LATER
    )
    statements.add(breach=breach, words="误。", actor=office.keeper, now=LATER)
    added = breach.steps.get(act=BreachAct.ADD)
    statements.strike(step=added, reason="误。", actor=office.keeper, now=LATER)

    with pytest.raises(statements.NotToStrike):
        statements.strike(
            step=breach.steps.get(act=act), reason="x", actor=office.keeper, now=LATER
        )
    with pytest.raises(statements.NotToStrike):
        statements.strike(step=added, reason="x", actor=office.keeper, now=LATER)


def test_numbers_of_people_in_the_words_are_masked(office: Office) -> None:
    breach = a_breach(office, happened="机主电话 13812345678 丢失。")
    statements.add(breach=breach, words="联系 13812345678。", actor=office.keeper, now=LATER)

    stored = breach.particulars.get().happened + breach.steps.get().words
    noted = Entry.objects.filter(chain__subject=breach.subject).values_list("note", flat=True)
    assert "138" not in stored + "".join(noted)


BESIDE = {
    "the time limits": lambda: Clock.objects.update(outcome="met", stopped_at=NOW, next_at=None),
    "the attachments": lambda: Attachment.objects.update(caption="另一份回执"),
    "actions on the breach": lambda: Step.objects.update(at=NOW),
    "details of the breach": lambda: Particulars.objects.update(people=1),
    "the stage, the grade and who checked it": lambda: Breach.objects.update(grade="lesser"),
}


@pytest.mark.parametrize("what", BESIDE)
def test_what_is_changed_beside_the_journal_shows(office: Office, what: str) -> None:
    breach = a_breach(office)
    statements.contain(breach=breach, remedy="已锁定。", at=LATER, actor=office.keeper, now=LATER)
    attach(subject=breach.subject, uploads=[check(make_photo())], actor=office.keeper, now=LATER)
    assert verify().ok

    BESIDE[what]()

    found = [(finding.subject, finding.kind) for finding in verify().findings]
    assert [subject for subject, _ in found] == [breach.subject]


def test_a_breach_without_a_chain_shows(office: Office) -> None:
    breach = a_breach(office)
    Breach.objects.filter(pk=breach.pk).update(number="XL-2026-0009")

    assert {finding.subject for finding in verify().findings} >= {"breach/XL-2026-0009"}
    assert connection.in_atomic_block
