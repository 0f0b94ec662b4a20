"""What an office's own file ends is told to the unit above, once, with the list."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case, EndedByLedger, Exclusion
from bihuan.core.hazard import Stage
from bihuan.core.powers import Power
from bihuan.hazards.rows import LedgerRow
from bihuan.imports.register import RegisterRow
from bihuan.imports.rows import ImportRow
from bihuan.ledgers.actions.importing import Source, take_in
from bihuan.ledgers.actions.results import Result
from bihuan.ledgers.models import ImportJob
from bihuan.ledgers.wording import words
from bihuan.notices import voices
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from bihuan.sheets.ledger.rows import Given
from tests.factories import NOW, make_officer
from tests.hazards.district import DAY, District, make_district
from tests.ledgers.books import xlsx
from tests.ledgers.kinds import LEDGERS
from tests.ledgers.pages import act, try_out, work
from tests.ledgers.workbooks import workbook

pytestmark = pytest.mark.django_db
OPEN: dict[str, Any] = {
    "隐患编号": "A1",
    "检查日期": date(2026, 9, 1),
    "场所": "综合楼",
    "隐患描述": "护栏松动",
    "整改期限": date(2026, 9, 30),
    "是否销号": "",
    "销号日期": "",
}
ENDED = {**OPEN, "是否销号": "是", "销号日期": date(2026, 9, 10)}


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def own(district: District) -> User:
    return make_officer(district.town, Power.COORDINATE)


def send(
    d: District, folder: Path, actor: User | None, *rows: dict[str, Any], **how: Any
) -> Result:
    file = xlsx(folder / "台账.xlsx", [list(rows[0]), *(list(row.values()) for row in rows)])
    source = Source(file, file.name, how.pop("unit", d.town))
    return take_in(source, words=words(), actor=actor, now=how.pop("now", NOW), **how)


def rows_of(row: dict[str, Any], count: int) -> list[dict[str, Any]]:
    return [{**row, "隐患编号": f"A{n}", "场所": f"{n}号楼"} for n in range(1, count + 1)]


def told() -> list[tuple[User, int]]:
    found = Notice.objects.filter(what="import-ended").order_by("pk")
    return [(notice.member, notice.detail["count"]) for notice in found]


def test_the_supervising_officers_above_get_one_notice_with_the_number(
    district: District, own: User, tmp_path: Path
) -> None:
    d = district
    send(d, tmp_path, own, *rows_of(OPEN, 3))
    assert told() == []

    result = send(d, tmp_path, own, *rows_of(ENDED, 3), now=NOW + DAY)

    assert (result.counts["updated"], result.found.ended) == (3, 3)
    assert told() == [(d.leader, 3)]
    (text,) = voices.say(d.leader, Notice.objects.filter(what="import-ended"), NOW)
    assert "3" in text.words
    assert "望湖镇" in text.words


def test_the_trial_says_how_many_and_tells_nobody(
    district: District, own: User, tmp_path: Path
) -> None:
    send(district, tmp_path, own, *rows_of(OPEN, 3))

    result = send(district, tmp_path, own, *rows_of(ENDED, 2), dry_run=True)

    assert result.as_json()["ended"] == 2
    assert told() == []
    assert not EndedByLedger.objects.exists()


@pytest.mark.parametrize("second", [OPEN, {**OPEN, "整改措施": "加固"}])
def test_what_ends_nothing_is_told_to_nobody(
    district: District, own: User, tmp_path: Path, second: dict[str, Any]
) -> None:
    send(district, tmp_path, own, OPEN)
    send(district, tmp_path, own, second)

    assert told() == []


def test_rows_that_came_in_as_ended_are_no_matter(
    district: District, own: User, tmp_path: Path
) -> None:
    send(district, tmp_path, own, ENDED)

    assert told() == []


@pytest.mark.parametrize("kind", ["hazard", "grievance", "suggestion", "mediation"])
def test_every_end_counts_whatever_the_kind(district: District, kind: str) -> None:
    d, ended_at = district, NOW - DAY
    values: dict[str, Any] = {
        "title": "护栏松动",
        "place": "综合楼",
        "owner": d.town.pk,
        "origin": d.town.pk,
        "reported_at": NOW - 9 * DAY,
        "source_ref": "1",
    }
    if kind == "hazard":
        before: ImportRow = LedgerRow(found_date=date(2026, 9, 1), **values)
        after: ImportRow = LedgerRow(
            found_date=date(2026, 9, 1), stage=Stage.REJECTED, ended_at=ended_at, **values
        )
    else:
        before = RegisterRow(**values)
        own: dict[str, Any] = (
            {"adopted": True, "answer": "已列入计划。"} if kind == "suggestion" else {}
        )
        after = RegisterRow(closed=True, ended_at=ended_at, **own, **values)

    def take(row: ImportRow) -> int:
        ledger = LEDGERS[kind](actor=None, now=NOW, source="a", top=d.town, batch="one")
        return ledger.take([ledger.judge(Given(2, row))]).ended

    assert (take(before), take(after)) == (0, 1)
    assert EndedByLedger.objects.get().case == Case.objects.get()


def test_all_or_nothing_that_was_refused_tells_nobody(
    district: District, own: User, tmp_path: Path
) -> None:
    send(district, tmp_path, own, *rows_of(OPEN, 2))
    bad = {**ENDED, "隐患编号": "A9", "场所": ""}

    result = send(district, tmp_path, own, *rows_of(ENDED, 2), bad, whole=True)

    assert (result.kept, result.found.ended, told()) == (False, 0, [])
    assert not EndedByLedger.objects.exists()


def test_of_the_topmost_unit_its_own_leaders_are_told_but_not_who_sent_it(
    district: District, tmp_path: Path
) -> None:
    d = district
    both = make_officer(d.county, Power.COORDINATE, Power.SUPERVISE)
    send(d, tmp_path, both, OPEN, unit=d.county)

    send(d, tmp_path, both, ENDED, unit=d.county)

    assert told() == [(d.leader, 1)]


def test_a_ledger_of_the_unit_below_is_told_above_whoever_sends_it(
    district: District, own: User, tmp_path: Path
) -> None:
    d = district
    send(d, tmp_path, own, OPEN, unit=d.village)

    send(d, tmp_path, own, ENDED, unit=d.village)

    assert told() == [(d.leader, 1)]


def test_who_may_not_know_of_a_case_is_told_of_the_others_alone(
    district: District, own: User, tmp_path: Path
) -> None:
    d = district
    send(d, tmp_path, own, *rows_of(OPEN, 2))
    case = Case.objects.order_by("pk").first()
    assert case is not None
    Exclusion.objects.create(case=case, member=d.leader, cause="interest", added_at=NOW)
    other = make_officer(d.county, Power.SUPERVISE)

    send(d, tmp_path, own, *rows_of(ENDED, 2))

    assert told() == [(d.leader, 1), (other, 2)]


def test_the_list_shows_what_its_reader_may_see(
    client: Client, district: District, own: User, tmp_path: Path
) -> None:
    d = district
    send(d, tmp_path, own, *rows_of(OPEN, 2))
    send(d, tmp_path, own, *rows_of(ENDED, 2))
    first, second = Case.objects.order_by("pk")
    Exclusion.objects.create(case=first, member=d.leader, cause="interest", added_at=NOW)
    address = reverse(
        "ledgers:import-ended", args=[EndedByLedger.objects.values_list("batch")[0][0]]
    )

    client.force_login(d.leader)
    page = client.get(address).content.decode()
    client.force_login(make_officer(d.village, *Power))
    elsewhere = client.get(address)

    assert second.number in page
    assert first.number not in page
    assert elsewhere.status_code == 404


def test_a_file_that_is_taken_up_again_tells_of_all_that_it_ended(
    district: District, own: User, tmp_path: Path
) -> None:
    """A worker that died after the first rows wrote no notice; the next run does."""
    d = district
    send(d, tmp_path, own, *rows_of(OPEN, 2))
    source_rows = rows_of(ENDED, 2)
    file = xlsx(tmp_path / "b.xlsx", [list(OPEN), *(list(row.values()) for row in source_rows)])
    half = xlsx(tmp_path / "a.xlsx", [list(OPEN), list(source_rows[0].values())])
    send_it = [Source(each, "台账.xlsx", d.town, batch="same") for each in (half, file)]
    take_in(send_it[0], words=words(), actor=own, now=NOW)
    Notice.objects.all().delete()

    take_in(send_it[1], words=words(), actor=own, now=NOW)

    assert told() == [(d.leader, 2)]


@pytest.mark.usefixtures("shelf")
def test_the_trial_and_the_result_say_it_on_the_page(
    client: Client, district: District, own: User
) -> None:
    d = district
    client.force_login(own)
    client.cookies["bihuan_language"] = "en"
    for row in (OPEN, ENDED):
        file = workbook([tuple(row.values())], header=tuple(row))
        response = client.post(reverse("ledgers:import"), {"file": file, "unit": d.town.pk})
        assert response.status_code == 302, response.content.decode()
        job = ImportJob.objects.latest("pk")
        trial = try_out(client, job)
        act(client, "ledgers:import-go", job, {"refused": "good"})
        work()
        done = client.get(reverse("ledgers:import-job", args=[job.pk])).content.decode()

    assert "1 open case would be ended by this file" in trial
    assert "1 open case was ended by this file" in done
    assert reverse("ledgers:import-ended", args=[job.batch]) in done
    assert told() == [(d.leader, 1)]
