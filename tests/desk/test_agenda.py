"""What Today shows that pages do not show by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import translation

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.desk import agenda, pages, replaced
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.orgs.models import Post, Tenure, User
from bihuan.web import agenda as today
from bihuan.web.agenda import AgendaItem, Duty
from tests.factories import NOW, TODAY, make_officer, make_unit
from tests.hazards.district import DAY, District, assigned, make_district, plan, submitted

pytestmark = pytest.mark.django_db


def work_of(user: User) -> list[AgendaItem]:
    found = agenda.sections(user, NOW)
    return [item for each in found for item in each.items if each.duty is Duty.OWN]


def unheld(d: District, now: datetime) -> list[str]:
    """Numbers of the cases that Today lists as left on posts that nobody holds."""
    with translation.override("en"):
        return [
            task.number
            for section in agenda.sections(d.coordinator, now)
            for task in section.items
            if str(section.title) == "Without an officer"
        ]


def test_work_on_a_post_that_nobody_holds_comes_to_the_coordinator() -> None:
    d = make_district()
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    Tenure.objects.filter(post=d.handler_post).update(end_date=TODAY)

    assert unheld(d, NOW) == []
    assert unheld(d, NOW + DAY) == [case.number]


def test_work_that_names_no_post_comes_to_the_coordinator_to_be_assigned() -> None:
    d = make_district()
    case = assigned(d)
    Case.objects.filter(pk=case.pk).update(post=None)

    (item,) = [
        item
        for section in agenda.sections(d.coordinator, NOW)
        for item in section.items
        if item.number == case.number and section.duty is Duty.OWN
    ]

    assert item.step_url.endswith("/assign/")
    assert item.mark


def test_work_that_was_sent_back_is_first_and_says_why() -> None:
    d = make_district()
    sooner = assigned(d, deadline_date=TODAY + 3 * DAY)
    case = submitted(d)
    reason = "井盖仍然\n松动，" + "请重新固定。" * 20

    verification.return_(case=case, actor=d.verifier, now=NOW, note=reason)

    first, second = work_of(d.handler)
    assert (first.number, second.number) == (case.number, sooner.number)
    assert str(first.mark) == "被退回"
    assert first.note.startswith("井盖仍然 松动，请重新固定。")
    assert len(first.note) <= agenda.REASON
    assert not second.mark


def test_a_return_before_the_last_reopening_marks_nothing() -> None:
    d = make_district()
    case = assigned(d)
    Case.objects.filter(pk=case.pk).update(returned_at=case.round_at - DAY)

    (item,) = work_of(d.handler)

    assert not item.mark


def test_work_of_another_officers_post_names_the_officer_to_the_stand_in() -> None:
    d = make_district()
    case = assigned(d)
    stand_in = make_officer(make_unit(d.town), Power.HANDLE)
    held = Tenure.objects.get(member=d.handler)
    Tenure.objects.create(
        post=held.post, member=stand_in, holder_tenure=held, start_date=TODAY, end_date=TODAY
    )

    def named(user: User) -> dict[str, str]:
        found = today.sections(user, NOW)
        return {item.number: item.stands_in_for for each in found for item in each.items}

    assert named(stand_in) == {case.number: d.handler.name}
    assert named(d.handler) == {case.number: ""}


def test_work_under_way_is_given_to_another_post() -> None:
    d = make_district()
    case = rectification.start(case=assigned(d), actor=d.handler, now=NOW)
    other = make_officer(d.village, Power.HANDLE)
    post = Post.objects.get(tenures__member=other)

    case = reporting.assign(
        case=case, plan=plan(d, unit=d.village, post=post), actor=d.coordinator, now=NOW
    )

    assert (case.stage, case.owner, case.post) == ("assigned", d.village, post)


def test_two_kinds_with_a_stage_of_the_same_name_have_each_their_next_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    d = make_district()
    case = assigned(d)
    other = replace(pages.by_name("suggestion"), next_moves={case.stage: "adopt"})
    monkeypatch.setitem(pages._registered, other.kind, other)

    (task,) = (
        task
        for section in agenda.sections(d.handler, NOW)
        for task in section.items
        if task.number == case.number
    )

    assert task.step_url.endswith("/start/")


def test_whether_a_suggestion_was_adopted_is_said_in_words_of_its_kind() -> None:
    with translation.override("en"):
        said = [replaced.said("suggestion", "adopted", value) for value in ("True", "False")]

        assert said == ["adopted", "not adopted"]
        assert replaced.said("hazard", "adopted", "True") == "True"
