"""What the demo's county plans to inspect: a plan with due, missed and done rows, a draw, and a
round that looks back. It takes the sites and checklists that are there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.checklists import queries as checklists  # noqa: E402
from bihuan.checklists.models import Checklist  # noqa: E402
from bihuan.core.recurrence import Every, Recurrence  # noqa: E402
from bihuan.core.refusal import Refusal  # noqa: E402
from bihuan.orgs.models import Post, User  # noqa: E402
from bihuan.plans.actions import course, draws, making, plans, reviews  # noqa: E402
from bihuan.plans.actions.draws import DrawOpening, Extent, Inspecting  # noqa: E402
from bihuan.plans.actions.plans import Outline  # noqa: E402
from bihuan.plans.models import Draw, Kind, Plan, Planned, Round  # noqa: E402
from bihuan.plans.queries.pools import Closed  # noqa: E402
from bihuan.plans.queries.selection import Selection  # noqa: E402
from bihuan.sites.models import Site  # noqa: E402
from tools import demo_pictures  # noqa: E402
from tools.demo_district import COUNTY, TOWN, District  # noqa: E402

LOOKERS = ("县级验收员", "县级验收员（二）")
TOWNS = [f"53049910{number}" for number in range(1, 7)]


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    act_out(District(now))


def act_out(district: District) -> None:
    """Plan and draw, once."""
    checklist = _checklist()
    if checklist is None or not Site.objects.open().exists() or Plan.objects.exists():
        return
    planner = district.holder(COUNTY, "安委办综合协调员")
    _yearly(district, planner, checklist)
    _self_checks(district, planner, checklist)
    _drawn(district, planner, checklist)
    _looking_back(district, planner)


def _checklist() -> Checklist | None:
    found = Checklist.objects.filter(retired_at=None).order_by("pk")
    return next((each for each in found if checklists.in_use(each) is not None), None)


def _town_posts(district: District) -> tuple[Post, ...]:
    return tuple(district.post(code, "安全员") for code in TOWNS)


def _yearly(district: District, planner: User, checklist: Checklist) -> None:
    """Every quarter: the last round was missed, of the present one a row has begun."""
    before, begun = district.ago(95), district.ago(3)
    outline = Outline(
        title="重点场所季度检查",
        kind=Kind.ORDINARY,
        checklist=checklist,
        selection=Selection(district.unit(COUNTY)),
        recurrence=Recurrence(Every.QUARTER, localdate(before), 30),
        posts=_town_posts(district),
    )
    plan = plans.keep(outline=outline, actor=planner, now=before)
    for now in (before, district.ago(60), begun, district.now):
        making.keep_up(now=now)
    latest = Round.objects.filter(plan=plan).latest("start_date")
    inspector = district.holder(TOWN, "安全员")
    post = district.post(TOWN, "安全员")
    row = Planned.objects.filter(round=latest, posts__post=post).order_by("pk").first()
    if row is not None:
        _begin(row, inspector, district.now)


def _self_checks(district: District, planner: User, checklist: Checklist) -> None:
    """Every month the operators of gas stations check their sites themselves."""
    now = district.ago(2)
    outline = Outline(
        title="燃气场站每月自查",
        kind=Kind.SELF_CHECK,
        checklist=checklist,
        selection=Selection(district.unit(COUNTY), site_kinds=("gas_station",)),
        recurrence=Recurrence(Every.MONTH, localdate(now), 10),
        posts=(),
    )
    plans.keep(outline=outline, actor=planner, now=now)
    making.keep_up(now=district.now)


def _begin(row: Planned, inspector: User, now: datetime) -> None:
    """Leave it where it is if the site is not one that the officer may inspect."""
    try:
        course.begin(planned=row, actor=inspector, now=now)
    except Refusal:
        return


def _extent(district: District, posts: tuple[Post, ...], **given: int | None) -> Extent:
    today = localdate(district.now)
    return Extent(
        number=given.get("number"),
        percent=given.get("percent"),
        is_weighted=True,
        posts=posts,
        start_date=today,
        complete_date=today + timedelta(days=14),
    )


def _drawn(district: District, planner: User, checklist: Checklist) -> None:
    """A draw from a public number, and one that was cancelled before it."""
    for number, reason in (("2026321", "场所清单未更新"), ("2026322", "")):
        opening = DrawOpening(
            district.unit(COUNTY),
            "“双随机”安全抽查",
            Draw.Purpose.INSPECT,
            Draw.Origin.PUBLIC,
            number,
            f"福彩3D第{number}期开奖公告",
        )
        draw = draws.open_draw(opening=opening, actor=planner, now=district.now)
        if reason:
            draws.cancel(draw=draw, reason=reason, actor=planner, now=district.now)
            continue
        draws.draw_sites(
            draw=draw,
            inspecting=Inspecting(Selection(district.unit(COUNTY)), checklist, Kind.UNANNOUNCED),
            extent=_extent(district, _town_posts(district), percent=20),
            actor=planner,
            now=district.now,
        )


def _looking_back(district: District, planner: User) -> None:
    """Closed hazards of the last months, given to the county's verifiers."""
    opening = DrawOpening(
        district.unit(COUNTY), "近期销号隐患回头看", Draw.Purpose.LOOK_BACK, Draw.Origin.SYSTEM
    )
    draw = draws.open_draw(opening=opening, actor=planner, now=district.now)
    closed = Closed(district.unit(COUNTY), localdate(district.ago(365)), localdate(district.now))
    posts = tuple(district.post(COUNTY, title) for title in LOOKERS)
    try:
        round_ = draws.draw_cases(
            draw=draw,
            closed=closed,
            extent=_extent(district, posts, percent=10),
            actor=planner,
            now=district.now,
        )
    except Refusal:
        return
    _found(district, round_)


def _found(district: District, round_: Round) -> None:
    """Of the first two that were drawn, the fix of one holds, and the other has come back."""
    officers = {
        district.post(COUNTY, title).pk: district.holder(COUNTY, title) for title in LOOKERS
    }
    first, second = round_.reviews.order_by("pk")[:2]
    picture = demo_pictures.jpeg("exit", seed=3, mended=True)
    photo = SimpleUploadedFile("IMG_0001.jpg", picture, "image/jpeg")
    reviews.find_holding(
        review=first,
        note="现场查看，整改措施仍然有效。",
        photos=[photo],
        actor=officers[first.post_id],
        now=district.now,
    )
    reviews.find_rebound(
        review=second,
        note="同一处又出现同样的问题，未落实日常检查。",
        actor=officers[second.post_id],
        now=district.now,
    )


if __name__ == "__main__":
    main()
