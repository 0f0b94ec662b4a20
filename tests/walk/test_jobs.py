"""Every job of the worker and every command does its work where each act stands on its own."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection

from bihuan import cli
from bihuan.backups import progress
from bihuan.calendars.actions import load_year
from bihuan.cases.models import Case, Exclusion
from bihuan.core.holidays import parse
from bihuan.desk.actions import batches
from bihuan.grievances.models import Category
from bihuan.journal.models import Anchor
from bihuan.journal.queries import verify
from bihuan.notices.models import Notice
from bihuan.orgs.models import Unit
from bihuan.web import work
from bihuan.web.models import Run
from tests.factors.devices import give_app
from tests.faults.processes import COUNTY, DISTRICT
from tests.ledgers.workbooks import GOOD, workbook
from tests.maps.outlines import geojson, square
from tests.walk import breaches, mediations, pages, plans, retention
from tests.walk.world import World

pytestmark = pytest.mark.walk

# The jobs that do not say what they did, or have nothing to do without a network.
QUIET = {
    "pictures of reports": "tests/api has a network of its own",
    "erase signatures": "the signature for a site is kept for years",
}
# PostgreSQL keeps no pieces of words beside the rows.
if connection.vendor == "postgresql":
    QUIET["forget erased words"] = "only SQLite has a table of pieces of words"
DAY = timedelta(days=1)
NEXT_YEAR = {
    "year": 2027,
    "papers": ["https://example.org/notice"],
    "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}],
}
CALENDAR = Path(__file__).parents[2] / "bihuan/calendars/data/cn/2026.json"


@pytest.fixture
def mailed(settings: Any) -> None:
    settings.SMTP_URL = "smtp://mail.example"
    settings.PUBLIC_URL = "https://bihuan.example"
    settings.OPEN311_MEDIA_HOSTS = ["pictures.example"]


def worked(w: World, after: timedelta) -> dict[str, dict[str, int]]:
    """What each job did, that much later."""
    w.site.clock.wait(after)
    runs = work.run_all(now=w.site.now)
    assert {run.name: run.outcome for run in runs} == {
        job.name: Run.Outcome.DONE for job in work.jobs()
    }
    return {run.name: run.counts for run in runs if run.counts}


def left_for_the_worker(w: World) -> None:
    """Many cases at once, of which the request dealt with none."""
    case, _code = w.report("hazard")
    chosen = [batches.Chosen(case.number, case.version)]
    order = batches.Order("confirm", "", "zh-hans", "", uuid4(), chosen)
    batches.order(order=order, actor=w.officers["coordinator"], now=w.site.now)


def given_work(w: World) -> None:
    """Something for every job."""
    case, code = w.report("grievance", write_me="citizen@example.org")
    w.enter(code)
    w.track(w.move(case, "coordinator", "ask_reporter"), "withdraw")
    passed_on, _ = w.report("grievance")
    passed_on = w.move(passed_on, "coordinator", "classify", way="request")
    w.move(passed_on, "coordinator", "transfer", unit=str(w.realm.bureau.unit.pk))
    shut, _ = w.report("hazard")
    Case.objects.filter(pk=shut.pk).update(post=w.post_of("handler"))
    Exclusion.objects.create(
        case=shut, member=w.officers["handler"], cause="interest", added_at=w.site.now
    )
    dispute, _codes = mediations.brought(w)
    w.move(dispute, "coordinator", "begin")
    breaches.recorded(w)
    retention.confirmed(w)
    plans.kept(w)
    left_for_the_worker(w)
    pages.ledgers(w)
    pages.other_systems(w)


@pytest.mark.slow
@pytest.mark.usefixtures("mailed")
def test_every_job(world: World, settings: Any) -> None:
    given_work(world)
    Notice.objects.update(read_at=world.site.now)
    settings.ROOTS_TO = "records@archive.example"
    orphan = Path(settings.MEDIA_ROOT) / "00" / "00" / f"{'0' * 64}.jpg"
    orphan.parent.mkdir(parents=True, exist_ok=True)
    orphan.write_bytes(b"")
    os.utime(orphan, (0, 0))
    # Not by its command, which would have the deadlines follow at once.
    load_year(jurisdiction="CN", published=parse(NEXT_YEAR), actor=None, now=world.site.now)

    did: set[str] = set()
    for after in (timedelta(minutes=5), DAY, 25 * DAY, 40 * DAY, 200 * DAY):
        did |= worked(world, after).keys()

    assert {job.name for job in work.jobs()} - did == QUIET.keys()
    assert Anchor.objects.exists()
    assert mail.outbox
    assert verify().ok


def commands(w: World, folder: Path) -> dict[str, list[list[object]]]:
    """How each command is called here; `serve` starts processes of its own (tests/faults)."""
    ledger, out = folder / "ledger.xlsx", folder / "out.xlsx"
    ledger.write_bytes(workbook([GOOD]).read())
    boundaries = geojson(folder, square(w.town.code))
    today = w.site.day()
    later = (w.site.now + 30 * DAY).isoformat()
    give_app(w.officers["administrator"], at=w.site.now)
    backup = folder / "bihuan.backup"
    plain = (
        "load-categories", "load-checklists", "imports-lost", "rotate-seals", "recount",
        "free-duplicates",
    )  # fmt: skip
    return {
        **{name: [[]] for name in plain},
        "backup": [[backup, "--unencrypted"]],
        # Into an empty installation: tests/backups and tests/faults have one.
        "restore": [[backup, "--check"]],
        "archive": [
            [folder / "package", "--year", retention.LONG_AGO.year],
            [folder / "package", "--received", "档接3号"],
        ],
        "remove-factor": [[w.officers["administrator"].username, "--reason", "手机丢失"]],
        "migrate": [["--verbosity", "0"]],
        "check": [["--json"]],
        "load-district": [[DISTRICT]],
        "load-boundaries": [[boundaries, "--dry-run"], [boundaries]],
        "unlock": [[w.officers["administrator"].username, "--yes"]],
        "reset-password": [[w.officers["administrator"].username, "--yes"]],
        "end-sessions": [[w.officers["leader"].username, "--yes"], ["--all", "--yes"]],
        "load-calendar": [[CALENDAR]],
        "import": [[ledger, "--kind", "hazard", "--unit", w.town.code]],
        "export": [["--kind", "hazard", out]],
        "accept-time": [[w.site.now.isoformat()]],
        "tick": [[], ["--now", later]],
        "explain": [["PET-8", "--start", today]],
        "receipt": [["keys"]],
        "journal": [["verify"], ["anchor", w.site.day(-1)], ["roots", "--sheet"]],
        "work": [["--once"]],
    }


@pytest.mark.slow
def test_every_command(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A backup says now and then how far it is, on a machine that is slow.
    monkeypatch.setattr(progress, "EVERY_SECONDS", 3600.0)
    world.report("grievance", call_me="13900000001")
    retention.long_ended(world, "grievance", "closed")
    work.run_all(now=world.site.now)  # or `check` finds that no worker runs
    calls = commands(world, tmp_path)

    for name, variants in calls.items():
        for arguments in variants:
            status = cli.main([name, *map(str, arguments)])
            output = capsys.readouterr()
            assert (status, output.err) == (0, ""), (name, output.out)

    assert {*calls, "serve"} == cli.COMMANDS.keys()
    assert Unit.objects.filter(code=COUNTY).exists()
    assert Category.objects.exists()
    assert Case.objects.filter(kind="hazard").exists()
    assert (tmp_path / "out.xlsx").stat().st_size > 1000
    assert Anchor.objects.exists()
