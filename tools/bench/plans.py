"""The job of `planning`: a yearly plan for many sites, made, left undone, and drawn from."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.timezone import localdate

from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Version
from bihuan.core.checklist import AnswerType, Content, Item, Section
from bihuan.core.powers import Power
from bihuan.core.recurrence import Every, Recurrence
from bihuan.core.rules import Bilingual
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.plans.actions import draws, making, plans
from bihuan.plans.models import Draw, Kind
from bihuan.plans.queries.selection import Selection
from bihuan.sites.models import Site
from tools.bench.processor import backend, spent

# Elapsed time, and processor time of this process and of the database.
Took = tuple[float, float]


def planned(count: str, now: str) -> dict[str, object]:
    """Plan an inspection of each site once a year, and measure what the worker does."""
    at = datetime.fromisoformat(now)
    top = Unit.objects.get(parent=None) if Unit.objects.filter(parent=None).count() == 1 else None
    unit = top or Unit.objects.order_by("depth", "pk").first()
    assert unit is not None
    planner, post = _office(unit, at)
    checklist = _checklist(unit, at).checklist
    _sites(unit, int(count), at)
    posts, recurring = (post,), Recurrence(Every.YEAR, localdate(at), 90)
    outline = plans.Outline("年度检查", Kind.ORDINARY, checklist, Selection(unit), recurring, posts)
    plans.keep(outline=outline, actor=planner, now=at)
    made, making_took = _timed(lambda: making.keep_up(now=at))
    again, idle = _timed(lambda: making.keep_up(now=at + timedelta(days=1)))
    drawing = _drawing(unit, planner, post, at)
    _missed, missing = _timed(lambda: making.keep_up(now=at + timedelta(days=91)))
    return {
        "planned": made.planned,
        "failed": made.failed,
        "again": again.planned,
        "making": making_took,
        "idle": idle,
        "drawing": drawing,
        "missing": missing,
    }


def _timed(work: Callable[[], making.KeptUp]) -> tuple[making.KeptUp, Took]:
    server = backend()
    before, began = spent(server), time.perf_counter()
    done = work()
    return done, (time.perf_counter() - began, spent(server) - before)


def _drawing(unit: Unit, planner: User, post: Post, at: datetime) -> Took:
    server = backend()
    before, began = spent(server), time.perf_counter()
    opening = draws.DrawOpening(unit, "抽查", Draw.Purpose.INSPECT, Draw.Origin.SYSTEM)
    draw = draws.open_draw(opening=opening, actor=planner, now=at)
    version = Version.objects.latest("pk")
    today = localdate(at)
    extent = draws.Extent(None, 5, False, (post,), today, today + timedelta(days=30))
    inspecting = draws.Inspecting(Selection(unit), version.checklist, Kind.ORDINARY)
    draws.draw_sites(draw=draw, inspecting=inspecting, extent=extent, actor=planner, now=at)
    return time.perf_counter() - began, spent(server) - before


def _office(unit: Unit, at: datetime) -> tuple[User, Post]:
    """Someone who plans, with a post that inspects."""
    planner = User.objects.create_user("bench.planner", "统筹", "Quiet-Lantern-47")
    powers = sorted([Power.COORDINATE.value, Power.VERIFY.value])
    post = Post.objects.create(unit=unit, title="检查岗位", powers=powers)
    Tenure.objects.create(member=planner, post=post, start_date=localdate(at))
    return planner, post


def _checklist(unit: Unit, at: datetime) -> Version:
    items = (Item("i1", Bilingual("是否符合", "In order?"), AnswerType.YES_NO),)
    content = Content((Section("s1", Bilingual("消防", "Fire"), items),))
    made = lists.make(unit=unit, title="检查表", content=content, actor=Console.CONSOLE, now=at)
    draft = Version.objects.get(checklist=made)
    return versions.put_to_use(version=draft, revision=1, actor=Console.CONSOLE, now=at)


def _sites(unit: Unit, count: int, at: datetime) -> None:
    """Register sites directly, a code each."""
    rows = (
        Site(
            code=f"B{number:09d}", kind="school", name=f"场所{number}", unit=unit, registered_at=at
        )
        for number in range(count)
    )
    Site.objects.bulk_create(rows, batch_size=2_000)
