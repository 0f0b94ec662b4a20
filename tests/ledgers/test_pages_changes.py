"""An import shows what it would change before it does, to those who may see it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import AccessGrant, Case, Exclusion
from bihuan.core.powers import Power
from bihuan.hazards.models import Hazard
from bihuan.journal.models import Entry
from bihuan.ledgers import folders
from bihuan.ledgers.actions import findings
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.views import questions as pages
from bihuan.orgs.models import Post, Unit
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_officer
from tests.ledgers.corrected import (
    TITLES,
    asked,
    bring,
    corrected,
    refused_rows,
    row,
    sheet_text,
    tried,
)
from tests.ledgers.pages import act, send, try_out, work
from tests.ledgers.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shelf")]


# ----------------------------------------------------------------------- changing
def test_every_changed_field_is_listed_old_and_new_and_can_be_downloaded(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 整改措施="换箱", 备注="催办"), row(1)])
    job = tried(desk, town, [row(0, 整改措施="换锁", 备注="二次催办"), row(1)])
    address = reverse("ledgers:import-changes", args=[job.pk])

    page = desk.get(address).content.decode()
    file = desk.get(reverse("ledgers:import-changes-file", args=[job.pk]))
    assert hasattr(file, "streaming_content")
    text = sheet_text(b"".join(file.streaming_content))

    assert (job.result["updated"], job.result["changed"]) == (1, 2)
    assert page.count("data-row") == 2
    for message in ("换箱", "换锁", "催办", "二次催办", Case.objects.order_by("pk")[0].number):
        assert message in page
        assert message in text
    assert Entry.objects.filter(act="export").count() == 1


def test_an_empty_cell_empties_only_when_that_is_chosen_and_is_shown(
    desk: Client, town: Unit
) -> None:
    bring(desk, town, [row(0, 整改措施="换箱")])
    job = tried(desk, town, [row(0)])
    usual = (job.counts, job.empty_clears)

    act(desk, "ledgers:import-words", job, {"rows-clear": "on"})
    page = desk.get(reverse("ledgers:import-changes", args=[job.pk])).content.decode()
    act(desk, "ledgers:import-go", job, {"refused": "good"})
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
    address = reverse("ledgers:import-changes", args=[job.pk])

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

    act(desk, "ledgers:import-go", job, {"refused": "good"})
    work()

    assert listed
    assert not any((folder / name).exists() for name in findings.FILES)
    assert desk.get(reverse("ledgers:import-changes", args=[job.pk])).status_code == 404


# ------------------------------------------------------------------------ boundary
def shut(case: Case, job: ImportJob) -> None:
    Exclusion.objects.create(case=case, member=job.member, cause="interest", added_at=PRESENT)


def test_a_case_that_was_shut_meanwhile_shows_nothing(desk: Client, town: Unit) -> None:
    bring(desk, town, [row(0, 备注="催办"), row(1)])
    job = tried(desk, town, [row(0, 备注="二次催办"), corrected(1)])
    first, second = Case.objects.order_by("pk")

    before = desk.get(reverse("ledgers:import-changes", args=[job.pk])).content.decode()
    shut(first, job)
    shut(second, job)
    after = desk.get(reverse("ledgers:import-changes", args=[job.pk])).content.decode()
    question = asked(desk, job)
    file = desk.get(reverse("ledgers:import-changes-file", args=[job.pk]))
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
        AccessGrant.objects.create(case=case, post=post, added_at=PRESENT)

    try_out(desk, job)
    page = desk.get(reverse("ledgers:import-changes", args=[job.pk])).content.decode()
    file = desk.get(reverse("ledgers:import-changes-file", args=[job.pk]))
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

    looked = ("ledgers:import-questions", "ledgers:import-changes", "ledgers:import-changes-file")
    answers = [desk.get(reverse(name, args=[job.pk])).status_code for name in looked]
    posted = ("ledgers:import-questions", "ledgers:import-again")
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
        for name in ("ledgers:import-job", "ledgers:import-questions", "ledgers:import-changes"):
            with count_queries() as queries:
                assert desk.get(reverse(name, args=[job.pk])).status_code == 200
            found.append(len(queries))
        return found

    few, many = cost(1), cost(15)

    assert few == many
    # The page of the trial shows the first changes, of cases that the officer may see.
    assert max(many) <= 13


def test_the_files_of_a_trial_are_readable_by_the_application_alone(
    desk: Client, town: Unit, shelf: Path
) -> None:
    bring(desk, town, [row(0)])
    job = tried(desk, town, [corrected(0)])

    (file,) = [path for path in folders.place(job.folder).iterdir() if path.suffix == ".jsonl"]

    assert not file.stat().st_mode & 0o007
