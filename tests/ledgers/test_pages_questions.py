"""An import asks which rows are cases that are here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.ledgers.actions.refusals import StillAsked, Untried
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.views import questions as pages
from bihuan.ledgers.wording import explain
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Doubt
from tests.ledgers.corrected import (
    TITLES,
    State,
    asked,
    bring,
    corrected,
    names,
    refused_rows,
    row,
    say,
    tried,
)
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]


# ------------------------------------------------------------------------- asking
def test_the_page_shows_the_row_beside_the_case_and_marks_what_differs(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0)])
    case = Case.objects.get()

    trial = desk.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()
    page = asked(desk, job)

    assert reverse("ledgers:import-questions", args=[job.pk]) in trial
    assert case.number in page
    assert case.get_absolute_url() in page
    compared = re.findall(r'<tr( class="differs")?><th scope="row">([^<]+)', page)
    assert ("", "场所") in compared
    assert [title.strip() for mark, title in compared if mark] == ["隐患名称"]
    assert f"<mark>{row(0)[3]}、锁坏</mark>" in page
    assert all(text in page for text in ("同一处隐患", "另一处隐患", "此行不导入"))
    assert "00:00" not in page
    assert ("待答复" in trial, "退回的行" in trial) == (True, False)


def test_nothing_comes_in_while_a_question_is_open(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0), row(1)])

    page = act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    job.refresh_from_db()
    assert job.state == State.TRIED
    assert str(explain(StillAsked(1))) in page
    assert Case.objects.count() == 1


def test_open_questions_left_out_on_purpose_come_back_with_the_reason(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0), row(1)])

    act(desk, "ledgers:import-go", job, {"refused": "all", "leave_rest": "on"})
    work()
    job.refresh_from_db()

    assert job.counts == [1, 0, 0, 1]
    assert Case.objects.count() == 2
    assert "按您的选择，此行未导入" in refused_rows(desk, job)
    assert Case.objects.order_by("pk")[0].number in refused_rows(desk, job)


def test_each_answer_does_what_it_says(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(n) for n in range(3)])
    job = tried(desk, town, [corrected(n) for n in range(3)])
    same, new, leave = names(asked(desk, job))

    before = say(desk, job, Doubt.ALIKE, {same: "same", new: "new", leave: "leave"})
    unseen = act(desk, "ledgers:import-go", job, {"refused": "good"})
    assert job.state == State.TRIED
    trial = act(desk, "ledgers:import-again", job)
    assert job.counts == [1, 1, 0, 1]
    act(desk, "ledgers:import-go", job, {"refused": "all"})
    work()
    job.refresh_from_db()

    assert "上面的数字" in before
    assert str(explain(Untried())) in unseen
    assert "导入 2 行" in trial
    assert (job.state, job.counts) == (State.DONE, [1, 1, 0, 1])
    first, _, third, added = Case.objects.order_by("pk")
    assert first.title.endswith("、锁坏")
    assert added.title.endswith("、锁坏")
    assert not third.title.endswith("、锁坏")
    assert "按您的选择，此行未导入" in refused_rows(desk, job)


def test_answers_survive_paging_going_back_and_another_trial(
    desk: Client, town: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "QUESTIONS", 2)
    bring(desk, town, [row(n) for n in range(5)])
    job = tried(desk, town, [corrected(n) for n in range(5)])
    first = names(asked(desk, job))

    second = say(desk, job, Doubt.ALIKE, {first[0]: "same", first[1]: "leave"})
    last = say(desk, job, Doubt.ALIKE, {names(second)[0]: "new"}, 2)
    back = asked(desk, job, sort="alike")
    act(desk, "ledgers:import-again", job)
    again = asked(desk, job, sort="alike")

    assert len(names(second)) == 2
    assert len(names(last)) == 1
    for page in (back, again):
        assert checked(page) == {first[0]: "same", first[1]: "leave"}
    assert checked(asked(desk, job, sort="alike", **{"from": 2})) == {names(second)[0]: "new"}
    assert job.counts == [1, 1, 0, 3]


def checked(page: str) -> dict[str, str]:
    """What is chosen on the page, by its name."""
    boxes = [box for box in re.findall(r"<input[^>]*>", page) if " checked" in box]
    pairs = [
        (re.findall(r'name="([^"]+)"', box), re.findall(r'value="([^"]+)"', box)) for box in boxes
    ]
    return {name[0]: value[0] for name, value in pairs if name[0].startswith("answer-")}


def test_one_answer_holds_for_all_of_a_sort_and_a_single_one_before_it(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(n) for n in range(3)])
    job = tried(desk, town, [corrected(n) for n in range(3)])
    own = names(asked(desk, job))[1]

    page = say(desk, job, Doubt.ALIKE, {"every": "same"})
    values = {**checked(page), own: "leave"}
    say(desk, job, Doubt.ALIKE, values)
    act(desk, "ledgers:import-again", job)

    assert set(checked(page).values()) == {"same"}
    assert job.counts == [0, 2, 0, 1]
    assert job.answers["rows"] == {
        "alike": {own.replace("answer-", "").replace("-", " ", 1): "leave"}
    }

    say(desk, job, Doubt.ALIKE, {"every": "one"})
    assert "未答复" in asked(desk, job)
    act(desk, "ledgers:import-again", job)
    assert job.counts == [0, 0, 0, 3]


def test_a_case_that_has_ended_is_never_offered_to_be_updated(desk: Client, town: Unit) -> None:
    ended = {"编号": "AQ-1", "是否销号": "是", "验收日期": "2026-03-10"}
    bring(desk, town, [row(0, **ended)])
    job = tried(desk, town, [row(5, **{**ended, "编号": "AQ-1"})])
    (name,) = names(asked(desk, job))

    page = say(desk, job, Doubt.ENDED, {name: "same"})

    assert job.result["doubts"] == {"ended": 1}
    assert 'value="same"' not in page
    assert job.answers == {} or not job.answers["rows"]
    say(desk, job, Doubt.ENDED, {name: "new"})
    act(desk, "ledgers:import-again", job)
    assert job.counts == [1, 0, 0, 0]


def test_a_number_of_another_place_is_a_question_of_its_own_sort(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0, 编号="AQ-1"), row(1)])
    job = tried(desk, town, [row(7, 编号="AQ-1"), corrected(1)])

    page = asked(desk, job, sort="number")

    assert job.result["doubts"] == {"alike": 1, "number": 1}
    assert page.count("data-row") == 1
    assert "编号已被使用" in page
    assert page.count("<td>AQ-1</td>") == 2


def test_two_windows_answer_without_losing_what_the_other_said(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(n) for n in range(2)])
    job = tried(desk, town, [corrected(n) for n in range(2)])
    one, other = names(asked(desk, job))

    say(desk, job, Doubt.ALIKE, {one: "same"})
    say(desk, job, Doubt.ALIKE, {other: "leave", one: "same"})

    assert set(job.answers["rows"]["alike"].values()) == {"same", "leave"}


def test_no_answers_are_taken_once_the_import_has_moved_on(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0), row(1)])
    (name,) = names(asked(desk, job))
    act(desk, "ledgers:import-go", job, {"refused": "good", "leave_rest": "on"})

    say(desk, job, Doubt.ALIKE, {name: "same"})

    assert not job.answers["rows"]


# --------------------------------------------- what came in by the ledger of another unit
def of_town(desk: Client, county: Unit, town: Unit, rows: list[tuple[Any, ...]]) -> ImportJob:
    """The town's own ledger after that of the county, tried."""
    bring(desk, town, rows)
    job = send(desk, town, workbook(rows, header=TITLES), unit=town.pk)
    try_out(desk, job)
    assert job.state == State.TRIED
    return job


def test_what_the_county_s_ledger_has_too_is_a_question_with_one_answer_for_all(
    desk: Client, county: Unit, town: Unit
) -> None:
    job = of_town(desk, county, town, [row(n) for n in range(3)])
    page = asked(desk, job)
    assert job.result["doubts"] == {"elsewhere": 3}
    assert "可能已由其他途径录入" in page
    assert page.count("<td>云岭县</td><td>双河镇</td>") == 3

    say(desk, job, Doubt.ELSEWHERE, {"every": "same"})
    trial = act(desk, "ledgers:import-again", job)
    assert (job.counts, job.result["linked"]) == ([0, 0, 3, 0], 3)
    assert "将有 3 行与由其他途径录入的事项关联" in trial
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    job.refresh_from_db()

    assert (job.state, job.counts) == (State.DONE, [0, 0, 3, 0])
    assert Case.objects.count() == 3
    again = send(desk, town, workbook([row(n) for n in range(3)], header=TITLES), unit=town.pk)
    try_out(desk, again)
    assert (again.counts, again.result["doubts"]) == ([0, 0, 3, 0], {})


def test_each_row_of_another_ledger_can_be_answered_by_itself(
    desk: Client, county: Unit, town: Unit
) -> None:
    job = of_town(desk, county, town, [row(n) for n in range(2)])
    same, new = names(asked(desk, job))

    say(desk, job, Doubt.ELSEWHERE, {same: "same", new: "new"})
    act(desk, "ledgers:import-again", job)
    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()
    job.refresh_from_db()

    assert job.counts == [1, 0, 1, 0]
    assert Case.objects.count() == 3
    timeline = desk.get(Case.objects.order_by("pk")[0].get_absolute_url()).content.decode()
    assert "关联了另一本台账中的一行" in timeline
