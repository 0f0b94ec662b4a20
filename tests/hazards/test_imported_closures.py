"""What a ledger alone closes after its unit began to work here waits for a second officer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from bihuan.cases import queries
from bihuan.cases.models import Case
from bihuan.core.eyes import HeldPost
from bihuan.core.hazard import Stage
from bihuan.core.history import RowFault, RowRefused
from bihuan.core.lifecycle import FactForbids
from bihuan.core.powers import Power
from bihuan.core.refusal import NamedInLedger, NotAllowed, SamePerson
from bihuan.desk import agenda, dossier, listing
from bihuan.desk.listing import Filters
from bihuan.hazards.actions import confirmation, reporting, verification
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import LedgerRow
from bihuan.journal import queries as journal
from bihuan.orgs.models import Unit, User
from bihuan.receipts.actions import publications
from bihuan.receipts.actions.publications import Shown
from bihuan.sheets.ledger.rows import Given
from tests.agenda import next_move
from tests.clock import PRESENT
from tests.factories import NOW, TODAY, make_officer, make_post, make_tenure, make_unit
from tests.sitemap import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEGAN = TODAY - 30 * DAY


@dataclass
class Scene:
    """A county whose town has worked here for a month, and who brings its ledger in."""

    county: Unit
    town: Unit
    importer: User
    other: User


@pytest.fixture
def scene() -> Scene:
    county = make_unit(name="云岭县")
    town = make_unit(county, name="望湖镇", kind=Unit.Kind.TOWN)
    Unit.objects.filter(pk__in=[county.pk, town.pk]).update(start_date=BEGAN)
    importer, other = (make_officer(county, Power.COORDINATE, Power.VERIFY) for _ in range(2))
    return Scene(county, town, importer, other)


def moment(days_ago: int) -> datetime:
    return datetime.combine(TODAY - days_ago * DAY, time(9), get_default_timezone())


def told(scene: Scene, **said: Any) -> LedgerRow:
    """A hazard that two typed names fixed and checked ten days ago."""
    row = LedgerRow(
        title="护栏松动", place="综合楼", owner=scene.town.pk, origin=scene.town.pk,
        reported_at=moment(60), found_date=TODAY - 60 * DAY, deadline_date=TODAY - 5 * DAY,
        resolver_name="白若兰", verifier_name="何静", verified_date=TODAY - 10 * DAY,
        closed=True, ended_at=moment(10),
    )  # fmt: skip
    return row._replace(**said)


def take(scene: Scene, *rows: LedgerRow, by: User | None = None, now: datetime = NOW) -> None:
    ledger = Ledger(actor=by or scene.importer, now=now, source="台账.xlsx")
    judged = [ledger.judge(Given(n, row)) for n, row in enumerate(rows, start=2)]
    assert ledger.take(judged).refused == []


def imported(scene: Scene, **said: Any) -> Case:
    take(scene, told(scene, **said))
    return Case.objects.latest("pk")


def sees(member: User, case: Case) -> bool:
    """Whether the officer is asked to confirm it."""
    tasks = [task for section in agenda.sections(member, NOW) for task in section.items]
    return (case.number, "confirm_closure") in {(task.number, next_move(task)) for task in tasks}


# ----------------------------------------------------------------- what is marked
@pytest.mark.parametrize(
    ("days_ago", "check"), [(29, "waiting"), (30, ""), (31, "")],
    ids=["after", "on the very day", "before"],
)  # fmt: skip
def test_what_was_closed_after_its_unit_began_here_is_unverified(
    scene: Scene, days_ago: int, check: str
) -> None:
    case = imported(scene, ended_at=moment(days_ago), verified_date=None)

    assert (case.stage, case.import_check) == (Stage.CLOSED, check)
    assert case.import_by == (scene.importer if check else None)


def test_so_is_what_was_only_verified(scene: Scene) -> None:
    case = imported(scene, closed=None, ended_at=None)

    assert (case.stage, case.import_check) == (Stage.VERIFIED, "waiting")
    with pytest.raises(FactForbids):
        verification.close(case=case, actor=scene.other, now=NOW)


def test_what_is_open_is_not(scene: Scene) -> None:
    case = imported(scene, closed=None, ended_at=None, verified_date=None, verifier_name="")

    assert case.import_check == ""


def test_a_file_that_closes_what_was_open_here_is_believed_in_no_day(scene: Scene) -> None:
    row = told(scene, closed=None, ended_at=None, verified_date=None, verifier_name="")
    take(scene, row)
    take(scene, row._replace(closed=True, ended_at=moment(45)))

    case = Case.objects.get()
    assert (case.stage, case.import_check) == (Stage.CLOSED, "waiting")
    assert case.import_by == scene.importer


def test_a_unit_that_took_over_has_worked_here_as_long_as_the_other(scene: Scene) -> None:
    old = make_unit(scene.county, kind=Unit.Kind.TOWN)
    Unit.objects.filter(pk=scene.town.pk).update(start_date=TODAY)
    Unit.objects.filter(pk=old.pk).update(start_date=BEGAN, end_date=TODAY, successor=scene.town)
    Unit.objects.filter(pk=scene.county.pk).update(start_date=None)

    assert imported(scene).import_check == "waiting"


# ------------------------------------------------------------------ who confirms
def test_a_second_officer_above_confirms_it(scene: Scene) -> None:
    case = imported(scene)
    assert sees(scene.other, case)

    case = confirmation.confirm_closure(case=case, actor=scene.other, now=NOW, note="现场已看")

    assert (case.import_check, case.import_checked_by) == ("confirmed", scene.other)
    assert case.stage == Stage.CLOSED
    assert not sees(scene.other, case)
    assert journal.verify().ok


def test_neither_who_brought_it_in_nor_the_unit_that_fixed_confirms_it(scene: Scene) -> None:
    case = imported(scene)
    colleague = make_officer(scene.town, *Power)
    named = make_officer(scene.county, Power.VERIFY, name="白若兰")
    was_there = make_officer(scene.county, Power.VERIFY)
    make_tenure(was_there, make_post(scene.town), start_date=TODAY - 20 * DAY)

    for member, refusal in [
        (scene.importer, SamePerson), (colleague, NotAllowed), (named, NamedInLedger),
        (was_there, HeldPost),
    ]:  # fmt: skip
        with pytest.raises(refusal):
            confirmation.confirm_closure(case=case, actor=member, now=NOW, note="属实")
        if member is not named:
            assert not sees(User.objects.get(pk=member.pk), case)


def test_it_is_sent_back_without_counting_as_a_rebound(scene: Scene) -> None:
    case = imported(scene)

    case = confirmation.doubt_closure(case=case, actor=scene.other, now=NOW, note="未整改")

    assert (case.stage, case.import_check, case.hazard.rebounds) == (Stage.CONFIRMED, "", 0)
    assert (case.ended_at, case.import_by, case.verifier_name) == (None, None, "")
    assert journal.verify().ok


def test_until_then_nobody_looks_again_or_publishes_it(scene: Scene) -> None:
    case = imported(scene)

    with pytest.raises(FactForbids):
        verification.recheck(case=case, actor=scene.other, now=NOW, note="完好")
    with pytest.raises(FactForbids):
        publications.publish(case=case, actor=scene.other, now=NOW, shown=Shown(title="护栏已修"))


def test_what_came_back_is_a_case_like_any_other(scene: Scene) -> None:
    case = confirmation.confirm_closure(
        case=imported(scene), actor=scene.other, now=NOW, note="现场已看"
    )

    case = reporting.reopen(case=case, actor=scene.importer, now=NOW, note="又松了")

    assert (case.import_check, case.import_by, case.import_checked_by) == ("", None, None)


# ------------------------------------------------------------------------ pages
def test_the_ledger_lists_them_and_the_page_says_it(client: Client, scene: Scene) -> None:
    case, old = imported(scene), imported(scene, place="礼堂", ended_at=moment(40))
    client.force_login(scene.other)

    listed = text_of(client.get(reverse("desk:ledger"), {"state": "unverified"}))
    page = text_of(client.get(case.get_absolute_url()))
    kept = listing.narrowed(scene.other, Filters.of({"state": "unverified"}), PRESENT)

    assert case.number in listed
    assert old.number not in listed
    assert [each.number for each in kept] == [case.number]
    assert "未核实（导入）" in page
    assert reverse("desk:move", args=[case.number, "confirm_closure"]) in page
    assert "何静 · 2026年" in page  # who checked it, and when, as the ledger says
    assert "未核实（导入）" not in text_of(client.get(old.get_absolute_url()))


def test_the_second_look_is_at_hand_before_a_rebound(scene: Scene) -> None:
    case = queries.case_for(scene.other, imported(scene).number, NOW)

    beside = [button.move for button in dossier.buttons(case, scene.other, NOW).beside]

    assert beside == ["confirm_closure", "doubt_closure"]


def test_today_counts_no_days_for_what_is_over_by_the_ledger(scene: Scene) -> None:
    imported(scene, deadline_date=TODAY + 5 * DAY)

    tasks = [task for section in agenda.sections(scene.other, NOW) for task in section.items]

    assert [(next_move(task), task.due) for task in tasks] == [("confirm_closure", None)]


# ------------------------------------------------------------------- those there
def test_the_migration_marks_what_was_closed_so_far_and_knows_who_brought_it(
    scene: Scene,
) -> None:
    new, old = imported(scene), imported(scene, place="礼堂", ended_at=moment(40))
    Case.objects.update(import_check="", import_by=None)
    migration = import_module("bihuan.hazards.migrations.0002_imported_closures")

    with transaction.atomic():
        migration.mark(apps, None)

    assert set(Case.objects.values_list("number", "import_check", "import_by")) == {
        (new.number, "waiting", scene.importer.pk), (old.number, "", None),
    }  # fmt: skip
    with transaction.atomic():
        migration.unmark(apps, None)
    assert not Case.objects.exclude(import_check="").exists()


# ------------------------------------------------------- the same row once more
MARK = ("import_check", "import_by", "import_checked_by")


def refusals(scene: Scene, row: LedgerRow, by: User) -> list[tuple[RowFault, str]]:
    ledger = Ledger(actor=by, now=NOW, source="台账.xlsx")
    taken = ledger.take([ledger.judge(Given(2, row))])
    return [(each.fault, each.field) for _, each in taken.refused if isinstance(each, RowRefused)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("verified_date", BEGAN - DAY), ("resolver_name", "钱一"), ("verifier_name", "钱一")],
)
def test_no_file_changes_what_waits_to_be_confirmed(scene: Scene, field: str, value: Any) -> None:
    """Else an officer takes their own name out, or dates the check back, and nobody looks."""
    verified = told(scene, closed=None, ended_at=None)
    take(scene, verified)

    found = refusals(scene, verified._replace(**{field: value}), scene.other)

    assert found == [(RowFault.CLOSURE_WAITS, field)]
    assert Case.objects.get().import_check == "waiting"


def test_the_mark_outlives_a_closing_that_is_dated_back(scene: Scene) -> None:
    take(scene, told(scene, closed=None, ended_at=None))
    before = Case.objects.values(*MARK).get()

    take(scene, told(scene, ended_at=moment(45)), by=scene.other)

    assert Case.objects.get().stage == Stage.CLOSED
    assert Case.objects.values(*MARK).get() == before


def test_a_row_that_opens_it_again_takes_the_mark_off(scene: Scene) -> None:
    take(scene, told(scene, closed=None, ended_at=None))

    take(scene, told(scene, closed=False, ended_at=None, stage=Stage.SUBMITTED))

    case = Case.objects.get()
    assert (case.stage, case.import_check, case.import_by) == (Stage.SUBMITTED, "", None)
