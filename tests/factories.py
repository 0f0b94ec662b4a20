"""Plain functions that make valid records; each argument that a test leaves out has a default."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.cases.models import Case
from bihuan.checklists.actions import lists, versions
from bihuan.checklists.models import Version
from bihuan.core.checklist import Content, Item, Section
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.inspection import Kind
from bihuan.core.places import Point
from bihuan.core.powers import Power
from bihuan.core.rules import Bilingual
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.inspections.actions import course
from bihuan.inspections.models import Inspection
from bihuan.orgs.access import Console
from bihuan.orgs.models import Post, Tenure, Unit, User
from bihuan.sites.actions import registering
from bihuan.sites.actions.registering import SiteFacts
from bihuan.sites.models import Site, SiteCase, SiteRegulator
from tests.clock import NOW as NOW
from tests.clock import TODAY as TODAY

LONG_AGO = date(2020, 1, 1)
PASSWORD = "Quiet-Lantern-47"

_numbers = itertools.count(1)


# ---------------------------------------------------------------- organisation
def make_unit(
    parent: Unit | None = None,
    *,
    name: str = "",
    kind: Unit.Kind = Unit.Kind.GOVERNMENT,
    code: str = "",
    division_code: str = "",
) -> Unit:
    """A unit at the top, or under its parent."""
    number = next(_numbers)
    unit = Unit.objects.create(
        parent=parent,
        code=code or f"u{number}",
        division_code=division_code,
        name=name or f"单位{number}",
        kind=kind,
        path=f"new/{number}/",
        depth=0 if parent is None else parent.depth + 1,
    )
    unit.path = f"{parent.path if parent else ''}{unit.pk:06d}/"
    unit.save(update_fields=["path"])
    return unit


def make_post(unit: Unit, *powers: Power, title: str = "") -> Post:
    """A post in the unit that nobody holds yet."""
    return Post.objects.create(
        unit=unit, title=title or f"岗位{next(_numbers)}", powers=sorted(powers)
    )


def make_member(*, name: str = "", username: str = "", password: str = PASSWORD) -> User:
    """Somebody who can sign in and holds no post."""
    number = next(_numbers)
    return User.objects.create_user(
        username or f"member{number}", name or f"人员{number}", password
    )


def make_tenure(
    member: User, post: Post, *, start_date: date = LONG_AGO, end_date: date | None = None
) -> Tenure:
    """The member holds the post between these days."""
    return Tenure.objects.create(member=member, post=post, start_date=start_date, end_date=end_date)


def make_officer(
    unit: Unit,
    *powers: Power,
    name: str = "",
    username: str = "",
    title: str = "",
    start_date: date = LONG_AGO,
    end_date: date | None = None,
) -> User:
    """A member with one post in the unit, giving these powers."""
    member = make_member(name=name, username=username)
    post = make_post(unit, *powers, title=title)
    make_tenure(member, post, start_date=start_date, end_date=end_date)
    return member


# ----------------------------------------------------------------------- cases
@dataclass(frozen=True)
class Cast:
    """The people of one loop: they report, coordinate, fix and check, each with one post."""

    reporter: User
    coordinator: User
    handler: User
    verifier: User
    leader: User

    @property
    def post(self) -> Post:
        """The post that answers for the fix."""
        return Post.objects.get(tenures__member=self.handler)


def make_cast(unit: Unit) -> Cast:
    """The people of a loop in this unit; whoever checks and decides sits in the unit above."""
    above = unit.parent or unit
    return Cast(
        reporter=make_officer(unit, Power.REPORT, name="张报"),
        coordinator=make_officer(above, Power.COORDINATE, name="李调度"),
        handler=make_officer(unit, Power.HANDLE, name="王整改"),
        verifier=make_officer(above, Power.VERIFY, name="赵验收"),
        leader=make_officer(above, Power.APPROVE, Power.SUPERVISE, name="陈领导"),
    )


def make_photo(name: str = "photo.jpg", *, seed: int | None = None) -> SimpleUploadedFile:
    """A small JPEG; without a seed, one that looks like no other."""
    shade = next(_numbers) if seed is None else seed
    image = Image.effect_noise((32, 24), 80 + shade % 40).convert("RGB")
    image.putpixel((shade % 32, shade % 24), (255, 0, 0))
    data = BytesIO()
    image.save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue(), "image/jpeg")


def make_plan(
    post: Post, *, deadline_date: date | None = None, now: datetime = NOW
) -> reporting.Plan:
    """The five in place for this post, by default due in fifteen days."""
    return reporting.Plan(
        unit=post.unit,
        post=post,
        measures="更换破损的灯具并检查线路。",
        budget=Decimal("1200"),
        deadline_date=deadline_date or now.date() + timedelta(days=15),
        contingency="安排专人值守，夜间设置警示灯。",
    )


def make_case(
    unit: Unit | None = None,
    *,
    stage: Stage = Stage.REPORTED,
    title: str = "",
    place: str = "教学楼二层东侧",
    grade: Grade = Grade.GENERAL,
    now: datetime = NOW,
    deadline_date: date | None = None,
    cast: Cast | None = None,
    point: Point | None = None,
) -> Case:
    """A hazard found in the unit, brought to the stage by the acts of its cast.

    Beyond `SUBMITTED` the unit needs one above it, from which somebody else checks.
    """
    unit = unit or make_unit(make_unit())
    cast = cast or make_cast(unit)
    case = reporting.report(
        finding=reporting.Finding(
            title=title or f"疏散指示灯损坏 {next(_numbers)}",
            place=place,
            unit=unit,
            found_date=now.date(),
            description="灯不亮。",
            category="消防安全",
            point=point,
        ),
        actor=cast.reporter,
        now=now,
    )
    plan = make_plan(cast.post, deadline_date=deadline_date or now.date() + timedelta(days=15))
    return bring(case, stage, cast=cast, plan=plan, grade=grade, now=now)


def bring(
    case: Case,
    stage: Stage,
    *,
    cast: Cast,
    plan: reporting.Plan,
    grade: Grade = Grade.GENERAL,
    now: datetime = NOW,
) -> Case:
    """Take a reported hazard on to the stage, step by step."""
    if stage is Stage.REPORTED:
        return case
    if stage is Stage.REJECTED:
        return reporting.reject(
            case=case,
            actor=cast.coordinator,
            now=now,
            reason=RejectReason.NOT_A_HAZARD,
            note="现场已核实，不是隐患。",
        )
    for reached, step in (_fixed(case, cast, plan, grade, now) | _checked(case, cast, now)).items():
        case = step()
        if reached is stage:
            break
    return case


# ----------------------------------------------------------------------- sites
def make_site(
    unit: Unit | None = None,
    *,
    kind: str = "school",
    name: str = "",
    regulators: Mapping[str, Unit] | None = None,
    cases: Iterable[Case] = (),
    now: datetime = NOW,
    **facts: Any,
) -> Site:
    """A site of the unit; the facts are those of `SiteFacts`."""
    stated = SiteFacts(name=name or f"第{next(_numbers)}小学", **facts)
    site = registering.enter(unit=unit or make_unit(), kind=kind, facts=stated, actor=None, now=now)
    for trade, regulator in (regulators or {}).items():
        SiteRegulator.objects.create(site=site, trade=trade, unit=regulator)
    for case in cases:
        SiteCase.objects.create(site=site, case=case, linked_at=now)
    return site


Steps = dict[Stage, Callable[[], Case]]


def _fixed(case: Case, cast: Cast, plan: reporting.Plan, grade: Grade, now: datetime) -> Steps:
    standard = "教育系统判定指南（2024）" if grade is Grade.MAJOR else ""
    coordinator, handler = cast.coordinator, cast.handler
    return {
        Stage.CONFIRMED: lambda: reporting.confirm(
            case=case, actor=coordinator, now=now, grade=grade, standard=standard
        ),
        Stage.ASSIGNED: lambda: reporting.assign(case=case, plan=plan, actor=coordinator, now=now),
        Stage.RECTIFYING: lambda: rectification.start(case=case, actor=handler, now=now),
        Stage.SUBMITTED: lambda: rectification.submit(
            case=case, actor=handler, now=now, note="已更换。", photos=[make_photo()]
        ),
    }


def _checked(case: Case, cast: Cast, now: datetime) -> Steps:
    return {
        Stage.VERIFIED: lambda: verification.verify(
            case=case, actor=cast.verifier, now=now, note="现场查看，灯已亮。"
        ),
        Stage.CLOSED: lambda: verification.close(case=case, actor=cast.coordinator, now=now),
        Stage.RECHECKED: lambda: verification.recheck(
            case=case, actor=cast.verifier, now=now, note="仍然完好。"
        ),
    }


# ------------------------------------------------------------------ checklists
def make_items(count: int = 3) -> tuple[Item, ...]:
    """Questions that are answered by yes or no, each worth one point."""
    return tuple(
        Item(f"i{n}", Bilingual(f"第{n}项是否符合要求", f"Is item {n} in order?"), score=1)
        for n in range(1, count + 1)
    )


def make_content(items: tuple[Item, ...] | None = None) -> Content:
    """A list of one section."""
    items = make_items() if items is None else items
    return Content((Section("s1", Bilingual("消防", "Fire"), items),))


def make_checklist(
    unit: Unit, *, items: tuple[Item, ...] | None = None, title: str = "", now: datetime = NOW
) -> Version:
    """The version in use of a checklist that the unit keeps."""
    checklist = lists.make(
        unit=unit,
        title=title or f"检查表{next(_numbers)}",
        content=make_content(items),
        actor=Console.CONSOLE,
        now=now,
    )
    draft = Version.objects.get(checklist=checklist)
    return versions.put_to_use(version=draft, revision=1, actor=Console.CONSOLE, now=now)


# ----------------------------------------------------------------- inspections
def make_inspection(
    site: Site | None = None,
    version: Version | None = None,
    *,
    unit: Unit | None = None,
    posts: Iterable[Post] = (),
    kind: Kind = Kind.ORDINARY,
    now: datetime = NOW,
) -> Inspection:
    """An inspection that has begun, by a post of the site's unit unless posts are given."""
    site = site or make_site()
    unit = unit or site.unit
    given = list(posts) or [make_post(unit, Power.REPORT)]
    held = Tenure.objects.filter(post=given[0]).first()
    actor = held.member if held else make_member()
    if held is None:
        make_tenure(actor, given[0])
    return course.begin(
        site=site,
        version=version or make_checklist(unit),
        unit=unit,
        posts=given,
        kind=kind,
        actor=actor,
        now=now,
        key=UUID(int=next(_numbers)),
    )
