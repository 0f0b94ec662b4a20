"""Jobs that use the models where no command exists, and measurements without the start-up time."""

import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from datetime import time as clock_time
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from itertools import islice

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from django.utils.timezone import get_default_timezone, localdate
from PIL import Image

from bihuan.cases.actions import comments
from bihuan.cases.actions.words import index_rest
from bihuan.cases.models import Case
from bihuan.clocks.actions.ticking import tick as everything_due
from bihuan.core.hazard import Grade, Stage
from bihuan.files import disk
from bihuan.files.media import MediaType
from bihuan.files.models import StoredFile
from bihuan.grievances.actions import registration
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import LedgerRow
from bihuan.inspections import queries as inspection_queries
from bihuan.journal import queries as journal
from bihuan.orgs.models import Post, Unit, User
from bihuan.portal import tokens
from bihuan.receipts.accounts import Account, Intake
from bihuan.receipts.actions import public
from bihuan.receipts.actions.intake import harden
from bihuan.receipts.models import TrackingCode
from bihuan.sheets.ledger import rows as ledger_rows
from bihuan.sheets.ledger.rows import Answers, Given, RowOutcome
from bihuan.sites import queries as site_queries
from tools.bench import district, many_inspections, many_sites
from tools.bench.asked import asked
from tools.bench.copies import multiply
from tools.bench.gone import disposable, disposed
from tools.bench.hazards import COUNTY, STANDARD, Hazard, made, villages
from tools.bench.inspected import answers, version_and_post
from tools.bench.plans import planned
from tools.bench.processor import backend, spent
from tools.bench.workbook import DONE

BATCH = 5_000
TOLD = ("shared_buffers", "work_mem", "max_wal_size", "fsync", "synchronous_commit", "jit")
Answer = dict[str, object]


# ----------------------------------------------------------------- the archive
def archive(count: str, now: str) -> Answer:
    """Fill an empty database directly with the rows that an import would write, without a file."""
    at = datetime.fromisoformat(now)
    _take(made(int(count), today=localdate(at)), at, source="archive")
    return {"cases": Case.objects.count(), "open": Case.objects.open().count()}


def multiplied(times: str) -> Answer:
    """Multiply each of the imported cases."""
    multiply(int(times))
    return {"cases": Case.objects.count(), "open": Case.objects.open().count()}


def due(count: str, seed: str, now: str) -> Answer:
    """Add cases whose clocks have events due: reported a month ago, overdue since."""
    at = datetime.fromisoformat(now)
    today = localdate(at)
    rows = made(int(count), today=today - timedelta(days=45), seed=int(seed), open_part=1.0)
    late = (
        hazard._replace(stage="rectifying", deadline=today - timedelta(days=1 + number % 20))
        for number, hazard in enumerate(rows)
    )
    _take(late, at - timedelta(days=40), source=f"due {seed}")
    return {}


def _take(hazards: Iterable[Hazard], now: datetime, *, source: str) -> None:
    county = Unit.objects.get(code=COUNTY).pk
    units = dict(Unit.objects.values_list("code", "pk"))
    posts = {post.unit_id: post.pk for post in Post.objects.filter(title="安全员")}
    # Some resemble others by chance; each is a separate case.
    answers = Answers(others=ledger_rows.Answer.NEW)
    ledger = Ledger(actor=None, now=now, source=source, answers=answers)
    rows = (
        _given(number, f"{source} {number}", hazard, units[hazard.village.code], county, posts)
        for number, hazard in enumerate(hazards, start=1)
    )
    judged = map(ledger.judge, rows)
    while batch := list(islice(judged, BATCH)):
        taken = ledger.take(batch)
        assert taken.counts[RowOutcome.CREATED] == len(batch), taken.refused


def _given(
    number: int, ref: str, hazard: Hazard, unit: int, county: int, posts: dict[int, int]
) -> Given[LedgerRow]:
    zone = get_default_timezone()
    stage = Stage(hazard.stage)
    given_out = stage not in (Stage.REPORTED, Stage.CONFIRMED)
    told = LedgerRow(
        title=hazard.description[:40],
        place=hazard.place,
        owner=unit,
        origin=unit if number % 4 else county,
        reported_at=datetime.combine(hazard.found, clock_time(9, number % 60), zone),
        found_date=hazard.found,
        source_ref=ref,
        description=hazard.description,
        category=hazard.category,
        latitude=hazard.latitude,
        longitude=hazard.longitude,
        finder_name=hazard.finder,
        grade=Grade.MAJOR if hazard.major else Grade.GENERAL,
        standard=STANDARD if hazard.major else "",
        measures=hazard.measures,
        budget=Decimal(hazard.budget),
        deadline_date=hazard.deadline if given_out else None,
        resolver_name=hazard.village.officer if given_out else "",
        progress=DONE if hazard.ended else "",
        verifier_name=hazard.verifier if hazard.ended else "",
        verified_date=hazard.ended,
        closed=hazard.ended is not None,
        ended_at=datetime.combine(hazard.ended, clock_time(17), zone) if hazard.ended else None,
        stage=stage,
    )
    return Given(number, told, posts[unit] if given_out else None)


def index() -> Answer:
    """Index the words of imported cases for search, as the worker does afterwards."""
    return {"cases": index_rest()}


# --------------------------------------------------------------- cases at work
def worked(count: str, now: str) -> Answer:
    """Create cases that officers worked on, with all acts; return their numbers."""
    at = datetime.fromisoformat(now)
    verifier = User.objects.get(username=district.VERIFIER)
    numbers = [_worked(number, at, verifier).number for number in range(int(count))]
    return {"numbers": numbers}


def _worked(number: int, now: datetime, verifier: User) -> Case:
    village = villages()[number]
    officer = User.objects.get(username=district.VILLAGE_OFFICER.format(number))
    coordinator = User.objects.get(username=district.TOWN_COORDINATOR.format(number // 20))
    post = Post.objects.select_related("unit").get(unit__code=village.code)
    told = next(made(1, today=localdate(now), seed=number, open_part=1.0))
    found = reporting.Finding(
        told.description[:40],
        told.place,
        post.unit,
        localdate(now) - timedelta(days=9),
        told.description,
        told.category,
    )
    plan = reporting.Plan(
        unit=post.unit,
        post=post,
        measures=told.measures,
        budget=Decimal(told.budget),
        deadline_date=localdate(now) + timedelta(days=3 + number % 20),
        contingency="整改前安排专人值守，夜间设置警示灯。",
    )
    days = [now - timedelta(days=9 - step) for step in range(9)]
    case = reporting.report(finding=found, actor=officer, now=days[0])
    reporting.confirm(case=case, actor=coordinator, now=days[1], grade=Grade.GENERAL)
    reporting.assign(case=case, plan=plan, actor=coordinator, now=days[2])
    rectification.start(case=case, actor=officer, now=days[3])
    comments.record_step(case=case, actor=officer, now=days[4], note="材料已到场，施工队进场。")
    rectification.submit(
        case=case, actor=officer, now=days[5], note=DONE, photos=[_photo(number, "1")]
    )
    verification.return_(
        case=case, actor=verifier, now=days[6], note="标识仍未张贴，请补齐后再报。"
    )
    again = [_photo(number, "2"), _photo(number, "3")]
    return rectification.submit(
        case=case, actor=officer, now=days[7], note="已补贴标识。", photos=again
    )


def _photo(number: int, which: str) -> SimpleUploadedFile:
    data = BytesIO()
    Image.effect_noise((160, 120), 20 + number % 80).save(data, "JPEG")
    return SimpleUploadedFile(f"{number}-{which}.jpg", data.getvalue(), "image/jpeg")


# ------------------------------------------------------ times without start-up
def tick(now: str) -> Answer:
    """Process everything that is due by now; return how long it took."""
    at = datetime.fromisoformat(now)
    connection.ensure_connection()
    began = time.perf_counter()
    done = everything_due(now=at)
    return {"seconds": time.perf_counter() - began, **done.counts()}


def verify() -> Answer:
    """Verify the whole journal; return the elapsed time, and the processor time of this process
    and the database.
    """
    server = backend()
    began, cpu_before = time.perf_counter(), spent(server)
    found = journal.verify()
    return {
        "entries": found.entries,
        "ok": found.ok,
        "seconds": time.perf_counter() - began,
        "cpu_seconds": spent(server) - cpu_before,
    }


# ---------------------------------------------------------------- the database
def analyze() -> Answer:
    """Update SQLite's table statistics."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {}


# ------------------------------------------------------------------- the public
def forms(count: str) -> Answer:
    """Return form keys of newly opened forms, and the office that they go to."""
    now = timezone.now()  # noqa: TID251 - as the page that shows a form does
    town = Unit.objects.filter(kind=Unit.Kind.TOWN).earliest("pk")
    return {"unit": str(town.pk), "tokens": [tokens.new(now) for _ in range(int(count))]}


def tracked() -> Answer:
    """Create one report with some history; return its code."""
    now = timezone.now()  # noqa: TID251 - as a page does
    town = Unit.objects.filter(kind=Unit.Kind.TOWN).earliest("pk")
    account = Account(title="楼道堆放杂物", place="幸福小区三号楼", unit=town)
    taken = registration.receive(Intake(account=account, form_key=secrets.token_hex(16), now=now))
    for number in range(6):
        words = f"补充情况第 {number + 1} 条"
        public.add(case=taken.case, text=words, now=now, form_key=secrets.token_hex(16))
    harden()
    return {"code": taken.code}


def counted() -> Answer:
    """Return the number of cases, forms and codes, and whether the journal verifies."""
    cases = Case.objects.exclude(form_key=None)
    return {
        "archive": Case.objects.count(),
        "cases": cases.count(),
        "forms": cases.values("form_key").distinct().count(),
        "codes": TrackingCode.objects.count(),
        "ok": journal.verify().ok,
    }


def photographed(count: str, size: str) -> Answer:
    """Add this number of incompressible evidence files of this size."""
    now = timezone.now()  # noqa: TID251 - as the page that takes a photo does
    for number in range(int(count)):
        data = secrets.token_bytes(int(size))
        stored = StoredFile(
            kind=StoredFile.Kind.DOCUMENT,
            sha256=sha256(data).hexdigest(),
            media_type=MediaType.PDF,
            size_bytes=len(data),
            name=f"{number}.pdf",
            stored_by=User.objects.earliest("pk"),
            stored_at=now,
        )
        disk.put(stored.path, data)
        stored.save()
    return {"files": int(count)}


def engine() -> Answer:
    """Return the database version, and the settings that measurements depend on."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT sqlite_version()")
            return {"engine": f"SQLite {cursor.fetchone()[0]}"}
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute(
            "SELECT name, current_setting(name) FROM unnest(%s::text[]) AS name", [list(TOLD)]
        )
        return {"engine": f"PostgreSQL {version}", "settings": dict(cursor.fetchall())}


def inspected(count: str, answers: str) -> Answer:
    """Fill the register of inspections over the sites, and answer the last ones completely."""
    return many_inspections.fill(int(count), int(answers), *version_and_post())


def sites(count: str) -> Answer:
    """Fill the register of sites of an empty database."""
    return {"sites": many_sites.fill(int(count))}


def seen_by(*usernames: str) -> Answer:
    """Return sites and inspections that each of these officers sees."""
    now, seen = timezone.now(), {}  # noqa: TID251 - as a page does
    for user in User.objects.filter(username__in=usernames):
        sites = site_queries.visible_to(user, now).order_by("pk")
        inspections = inspection_queries.visible_to(user, now).order_by("-pk")
        seen[user.username] = {
            "sites": list(sites.values_list("pk", flat=True)[:10]),
            "inspections": list(inspections.values_list("pk", flat=True)[:10]),
        }
    return {**seen}


JOBS: dict[str, Callable[..., Answer]] = {
    job.__name__: job
    for job in (
        archive,
        multiplied,
        due,
        disposable,
        disposed,
        index,
        worked,
        tick,
        verify,
        analyze,
        sites,
        forms,
        tracked,
        counted,
        photographed,
        engine,
        planned,
        answers,
        inspected,
        seen_by,
        asked,
    )
}
