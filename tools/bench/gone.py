"""Disposal lists that are proposed, confirmed and carried out as by officers."""

import secrets
import time
from datetime import datetime, timedelta
from hashlib import sha256

from bihuan.cases.models import Evidence
from bihuan.files import disk
from bihuan.files.media import MediaType
from bihuan.files.models import StoredFile
from bihuan.orgs.models import Unit, User
from bihuan.retention import queries
from bihuan.retention.actions import disposals, lists
from bihuan.retention.models import Disposal
from tools.bench import district
from tools.bench.hazards import COUNTY
from tools.bench.processor import backend, spent

ENTRY = "hazard"
# How much later the oldest two years, and everything that has ended by now, are due.
SOON, LATER = timedelta(days=4 * 366), timedelta(days=13 * 366)
FILE_BYTES = 20_000
EVERY = 5


def disposable(now: str) -> dict[str, object]:
    """Return how many cases could be disposed of."""
    coordinator = User.objects.get(username=district.COORDINATOR)
    due = _due(coordinator, datetime.fromisoformat(now) + LATER)
    return {"cases": sum(each.count for each in due)}


def disposed(count: str, now: str) -> dict[str, object]:
    """Dispose of this number of cases, every fifth with a file; return the seconds of each part."""
    at = datetime.fromisoformat(now)
    later = at + LATER
    coordinator = User.objects.get(username=district.COORDINATOR)
    began = time.perf_counter()
    over = sum(each.count for each in _due(coordinator, at + SOON))
    found = time.perf_counter()
    _list(_due(coordinator, later), int(count), coordinator, later)
    listed = time.perf_counter()
    _add_files(later)
    gone, going, cpu_before = 0, time.perf_counter(), spent(backend())
    while done := disposals.carry_out(now=later + disposals.GRACE):
        gone += done["cases"]
    return {
        "over": over,
        "due": found - began,
        "listing": listed - found,
        "going": time.perf_counter() - going,
        "cpu_seconds": spent(backend()) - cpu_before,
        "cases": gone,
    }


def _due(coordinator: User, now: datetime) -> list[queries.Due]:
    county = Unit.objects.get(code=COUNTY)
    due = queries.due(coordinator, [county], queries.schedule(), now)
    return [each for each in due if each.entry.id == ENTRY]


def _list(due: list[queries.Due], left: int, coordinator: User, now: datetime) -> None:
    """List what ended, year after year, until there are enough cases on the lists."""
    leader = User.objects.get(username=district.LEADER)
    for each in due:
        lists.MOST = min(left, 5_000)
        if left:
            row = lists.propose(
                unit=each.unit, entry=each.entry, year=each.year, reason="保管期限已满",
                actor=coordinator, now=now,
            )  # fmt: skip
            lists.confirm(row=row, actor=leader, now=now)
            left -= row.items.count()


def _add_files(now: datetime) -> None:
    """Add a document to every fifth case of the lists; not part of the measurement."""
    officer, waiting = User.objects.earliest("pk"), Disposal.objects.filter(done_at=None)
    cases = waiting.order_by("items__case").values_list("items__case", flat=True)
    for pk in cases[::EVERY]:
        data = secrets.token_bytes(FILE_BYTES)
        stored = StoredFile.objects.create(
            kind=StoredFile.Kind.DOCUMENT, sha256=sha256(data).hexdigest(),
            media_type=MediaType.PDF, size_bytes=len(data), name="1.pdf",
            stored_by=officer, stored_at=now,
        )  # fmt: skip
        disk.put(stored.path, data)
        Evidence.objects.create(
            case_id=pk, file=stored, phase="document", added_by=officer, added_at=now
        )
