"""An import asks which rows are cases that are here, and shows what it would change."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Bar, Case, Confidant
from bihuan.cases.rows import Doubt
from bihuan.core.powers import Power
from bihuan.hazards.models import Hazard
from bihuan.journal.models import Entry
from bihuan.ledgers import folders
from bihuan.ledgers.actions import findings
from bihuan.ledgers.actions.refusals import StillAsked, Untried
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.views import questions as pages
from bihuan.ledgers.wording import explain
from bihuan.orgs.models import Post, Unit
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]

State = ImportJob.State
TITLES = ("编号", "检查日期", "场所", "隐患描述", "整改措施", "是否销号", "验收日期", "备注")
PLACES = (
    "液化气站", "望湖小学", "东关商场", "石桥村口", "客运中心", "粮食仓库", "镇卫生院", "老年公寓",
    "造纸厂房", "河滨浴场",
)  # fmt: skip


def row(n: int, **said: Any) -> tuple[Any, ...]:
    """An open hazard at a place of its own; `said` by title."""
    place = f"{PLACES[n % 10]}{'东西南北'[n // 10 % 4]}区"
    words = ("配电箱门损坏", "消防通道堵塞", "栏杆松动", "阀门漏气", "屋面渗水")[n % 5]
    usual = {
        "检查日期": "2026-03-02",
        "场所": place,
        "隐患描述": f"{place}{words}",
        "是否销号": "否",
    }
    return tuple({**usual, **said}.get(title, "") for title in TITLES)


def corrected(n: int, **said: Any) -> tuple[Any, ...]:
    """The same hazard with more words."""
    return row(n, **{"隐患描述": f"{row(n)[3]}、锁坏", **said})


def bring(desk: Client, town: Unit, rows: list[tuple[Any, ...]]) -> ImportJob:
    """The rows come in, nothing asked."""
    job = tried(desk, town, rows)
    act(desk, "import-go", job, {"refused": "good"})
    work()
    job.refresh_from_db()
    assert job.state == State.DONE
    return job


def tried(desk: Client, town: Unit, rows: list[tuple[Any, ...]], **how: Any) -> ImportJob:
    job = send(desk, town, workbook(rows, header=TITLES))
    try_out(desk, job, **how)
    assert job.state == State.TRIED
    return job


def asked(desk: Client, job: ImportJob, **query: Any) -> str:
    page = desk.get(reverse("import-questions", args=[job.pk]), query)
    assert page.status_code == 200
    return page.content.decode()


def names(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="(answer-[^"]+)"', page)))


def say(desk: Client, job: ImportJob, sort: Doubt, said: dict[str, str], start: int = 0) -> str:
    """Fill in a page of questions and press a button."""
    address = f"{reverse('import-questions', args=[job.pk])}?sort={sort}&from={start}"
    response = desk.post(address, {"then": "next", **said}, follow=True)
    assert response.status_code == 200
    job.refresh_from_db()
    return response.content.decode()


def refused_rows(desk: Client, job: ImportJob) -> str:
    response = desk.get(reverse("import-refused", args=[job.pk]))
    assert hasattr(response, "streaming_content")
    return sheet_text(b"".join(response.streaming_content))


def sheet_text(content: bytes) -> str:
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet
    return "\n".join(str(cell) for line in sheet.values for cell in line if cell is not None)


# ------------------------------------------------------------------------- asking
def test_the_page_shows_the_row_beside_the_case_and_marks_what_differs(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0)])
    case = Case.objects.get()

    trial = desk.get(reverse("import-job", args=[job.pk])).content.decode()
    page = asked(desk, job)

    assert reverse("import-questions", args=[job.pk]) in trial
    assert case.number in page
    assert case.get_absolute_url() in page
    compared = re.findall(r'<tr( class="differs")?><th scope="row">([^<]+)', page)
    assert ("", "场所") in compared
    assert [title.strip() for mark, title in compared if mark] == ["隐患名称"]
    assert f"<mark>{row(0)[3]}、锁坏</mark>" in page
    assert all(said in page for said in ("同一处隐患", "另一处隐患", "此行不导入"))
    assert "00:00" not in page
    assert ("待答复" in trial, "退回的行" in trial) == (True, False)


def test_nothing_comes_in_while_a_question_is_open(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0), row(1)])

    page = act(desk, "import-go", job, {"refused": "good"})
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

    act(desk, "import-go", job, {"refused": "all", "leave_rest": "on"})
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
    unseen = act(desk, "import-go", job, {"refused": "good"})
    assert job.state == State.TRIED
    trial = act(desk, "import-again", job)
    assert job.counts == [1, 1, 0, 1]
    act(desk, "import-go", job, {"refused": "all"})
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
    act(desk, "import-again", job)
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
    said = {**checked(page), own: "leave"}
    say(desk, job, Doubt.ALIKE, said)
    act(desk, "import-again", job)

    assert set(checked(page).values()) == {"same"}
    assert job.counts == [0, 2, 0, 1]
    assert job.answers["rows"] == {
        "alike": {own.replace("answer-", "").replace("-", " ", 1): "leave"}
    }

    say(desk, job, Doubt.ALIKE, {"every": "one"})
    assert "未答复" in asked(desk, job)
    act(desk, "import-again", job)
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
    act(desk, "import-again", job)
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
    act(desk, "import-go", job, {"refused": "good", "leave_rest": "on"})

    say(desk, job, Doubt.ALIKE, {name: "same"})

    assert not job.answers["rows"]


# ----------------------------------------------------------------------- changing
def test_every_changed_field_is_listed_old_and_new_and_can_be_downloaded(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 整改措施="换箱", 备注="催办"), row(1)])
    job = tried(desk, town, [row(0, 整改措施="换锁", 备注="二次催办"), row(1)])
    address = reverse("import-changes", args=[job.pk])

    page = desk.get(address).content.decode()
    file = desk.get(reverse("import-changes-file", args=[job.pk]))
    assert hasattr(file, "streaming_content")
    text = sheet_text(b"".join(file.streaming_content))

    assert (job.result["updated"], job.result["changed"]) == (1, 2)
    assert page.count("data-row") == 2
    for said in ("换箱", "换锁", "催办", "二次催办", Case.objects.order_by("pk")[0].number):
        assert said in page
        assert said in text
    assert Entry.objects.filter(act="export").count() == 1


def test_an_empty_cell_empties_only_when_that_is_chosen_and_is_shown(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 整改措施="换箱")])
    job = tried(desk, town, [row(0)])
    usual = (job.counts, job.empty_clears)

    act(desk, "import-words", job, {"rows-clear": "on"})
    page = desk.get(reverse("import-changes", args=[job.pk])).content.decode()
    act(desk, "import-go", job, {"refused": "good"})
    work()

    assert usual == ([0, 0, 1, 0], False)
    assert job.result["emptied"] == 1
    assert "换箱" in page
    assert re.search(r"→ <strong>（?\(?空", page)
    assert Hazard.objects.get().measures == ""


def test_the_choice_stands_on_the_columns_page_and_is_not_kept_for_the_next_file(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 整改措施="换箱")])

    job = tried(desk, town, [row(0)], empty_clears="on", keep_as="我们的表")
    next_one = send(desk, town, workbook([row(0)], header=TITLES))

    assert (job.empty_clears, job.result["emptied"]) == (True, 1)
    assert not next_one.empty_clears
    assert "empty" not in str(job.mapping)


def test_changes_go_on_page_after_page(
    desk: Client, town: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHANGES", 2)
    bring(desk, town, [row(n) for n in range(5)])
    job = tried(desk, town, [row(n, 备注=f"第{n}次") for n in range(5)])
    address = reverse("import-changes", args=[job.pk])

    shown = [desk.get(address, {"from": start}).content.decode() for start in (0, 2, 4, 99)]

    assert [page.count("data-row") for page in shown] == [2, 2, 1, 1]
    assert "?from=2" in shown[0]
    assert "?from=2" in shown[2]


def test_what_was_found_is_not_kept_beside_the_journal_once_it_is_in(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 备注="催办")])
    job = tried(desk, town, [row(0, 备注="二次催办")])
    folder = folders.place(job.folder)
    listed = (folder / findings.CHANGES).is_file()

    act(desk, "import-go", job, {"refused": "good"})
    work()

    assert listed
    assert not any((folder / name).exists() for name in findings.FILES)
    assert desk.get(reverse("import-changes", args=[job.pk])).status_code == 404


# ------------------------------------------------------------------------ boundary
def shut(case: Case, job: ImportJob) -> None:
    Bar.objects.create(case=case, member=job.member, cause="interest", added_at=PRESENT)


def test_a_case_that_was_shut_meanwhile_shows_nothing(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0, 备注="催办"), row(1)])
    job = tried(desk, town, [row(0, 备注="二次催办"), corrected(1)])
    first, second = Case.objects.order_by("pk")

    before = desk.get(reverse("import-changes", args=[job.pk])).content.decode()
    shut(first, job)
    shut(second, job)
    after = desk.get(reverse("import-changes", args=[job.pk])).content.decode()
    question = asked(desk, job)
    file = desk.get(reverse("import-changes-file", args=[job.pk]))
    assert hasattr(file, "streaming_content")

    assert first.number in before
    for page in (after, sheet_text(b"".join(file.streaming_content))):
        assert first.number not in page
        assert "催办" not in page
    assert second.title not in question
    assert "您已无权查看" in after
    assert "您已无权查看" in question


def test_a_confidential_case_is_shown_to_its_confidants_and_is_in_no_workbook(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 备注="催办"), row(1)])
    first, second = Case.objects.order_by("pk")
    job = send(desk, town, workbook([row(0, 备注="二次催办"), corrected(1)], header=TITLES))
    Case.objects.update(is_confidential=True)
    for case in (first, second):
        post = Post.objects.get(tenures__member=job.member)
        Confidant.objects.create(case=case, post=post, added_at=PRESENT)

    try_out(desk, job)
    page = desk.get(reverse("import-changes", args=[job.pk])).content.decode()
    file = desk.get(reverse("import-changes-file", args=[job.pk]))
    assert hasattr(file, "streaming_content")
    files = [sheet_text(b"".join(file.streaming_content)), refused_rows(desk, job)]

    assert "二次催办" in page
    assert second.title in asked(desk, job)
    assert "二次催办" not in files[0]
    assert f"“{second.title}”" not in files[1]
    assert second.number in files[1]
    assert f"“{second.title}”" not in str(job.result)


def test_another_officers_questions_and_changes_are_not_found(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0, 备注="催办"), row(1)])
    job = tried(desk, town, [row(0, 备注="二次催办"), corrected(1)])
    assert town.parent
    desk.force_login(make_officer(town.parent, Power.COORDINATE))

    looked = ("import-questions", "import-changes", "import-changes-file")
    answers = [desk.get(reverse(name, args=[job.pk])).status_code for name in looked]
    posted = ("import-questions", "import-again")
    answers += [desk.post(reverse(name, args=[job.pk])).status_code for name in posted]

    assert set(answers) == {404}


# ---------------------------------------------------------------------------- cost
def test_the_pages_cost_the_same_number_of_queries_whatever_they_show(
    desk: Client, town: Unit, count_queries: CountQueries
) -> None:
    bring(desk, town, [row(n) for n in range(30)])

    def cost(count: int) -> list[int]:
        rows = [corrected(n) for n in range(count)]
        rows += [row(n, 备注="催办") for n in range(count, 2 * count)]
        job = tried(desk, town, rows)
        found = []
        for name in ("import-job", "import-questions", "import-changes"):
            with count_queries() as queries:
                assert desk.get(reverse(name, args=[job.pk])).status_code == 200
            found.append(len(queries))
        return found

    few, many = cost(1), cost(15)

    assert few == many
    assert max(many) <= 12


def test_the_files_of_a_trial_are_readable_by_the_application_alone(
    desk: Client, town: Unit, shelf: Path
) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0)])

    (file,) = [path for path in folders.place(job.folder).iterdir() if path.suffix == ".jsonl"]

    assert not file.stat().st_mode & 0o007
