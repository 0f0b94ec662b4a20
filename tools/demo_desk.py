"""What officers did in the demo's district lately: hazards with pictures, at each stage.

`python -m tools.demo_desk` works on the configured database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.cases.models import Case  # noqa: E402
from bihuan.figures.actions import recounting  # noqa: E402
from bihuan.hazards.actions import rectification, reporting, verification  # noqa: E402
from bihuan.hazards.actions.found import Finding  # noqa: E402
from bihuan.hazards.actions.reporting import Plan  # noqa: E402
from bihuan.orgs.actions import stand_in_offers  # noqa: E402
from bihuan.orgs.models import Tenure  # noqa: E402
from tools import demo_pictures  # noqa: E402
from tools.demo_district import COUNTY, TOWN, District  # noqa: E402

GRID = "530499101001-01"


@dataclass(frozen=True)
class Scene:
    """One hazard as a grid officer of the town sees it."""

    title: str
    place: str
    picture: str
    measures: str
    done: str
    days_ago: float

    def photo(self, *, mended: bool) -> SimpleUploadedFile:
        seed = sum(map(ord, self.title))
        data = demo_pictures.jpeg(self.picture, seed=seed, mended=mended)
        return SimpleUploadedFile("IMG_0001.jpg", data, "image/jpeg")


class Story:
    """One hazard on its way; each step happens some hours after the one before it."""

    def __init__(self, district: District, scene: Scene) -> None:
        self.district, self.scene = district, scene
        self.now = district.ago(scene.days_ago)
        self.case = self._reported()

    def _reported(self) -> Case:
        finding = Finding(
            title=self.scene.title,
            place=self.scene.place,
            unit=self.district.unit(GRID),
            found_date=localdate(self.now),
        )
        grid_officer = self.district.holder(GRID, "网格员")
        before = [self.scene.photo(mended=False)]
        return reporting.report(finding=finding, actor=grid_officer, now=self.now, photos=before)

    def later(self) -> None:
        """Go on by some hours, and never beyond the present."""
        self.now = min(self.now + timedelta(hours=3), self.district.now)

    def confirmed(self) -> None:
        self.later()
        coordinator = self.district.holder(TOWN, "应急办主任")
        self.case = reporting.confirm(
            case=self.case, actor=coordinator, now=self.now, grade="general"
        )

    def assigned(self, days: int = 7) -> None:
        self.confirmed()
        self.later()
        town = self.district.unit(TOWN)
        plan = Plan(
            unit=town,
            post=self.district.post(TOWN, "安全员"),
            measures=self.scene.measures,
            budget=Decimal(1800),
            deadline_date=localdate(self.now) + timedelta(days=days),
            contingency="整改完成前每日巡查，设置警示标志。",
        )
        coordinator = self.district.holder(TOWN, "应急办主任")
        self.case = reporting.assign(case=self.case, plan=plan, actor=coordinator, now=self.now)

    def begun(self) -> None:
        self.assigned()
        self.later()
        handler = self.district.holder(TOWN, "安全员")
        self.case = rectification.start(case=self.case, actor=handler, now=self.now)

    def submitted(self) -> None:
        self.begun()
        self.later()
        self.case = rectification.submit(
            case=self.case,
            actor=self.district.holder(TOWN, "安全员"),
            now=self.now,
            note=self.scene.done,
            photos=[self.scene.photo(mended=True)],
            is_shown=True,
        )

    def returned(self) -> None:
        self.submitted()
        self.later()
        self.case = verification.return_(
            case=self.case,
            actor=self.district.holder(COUNTY, "县级验收员"),
            now=self.now,
            note="现场仍有杂物，请清理后重新拍照提交。",
        )

    def verified(self) -> None:
        self.submitted()
        self.later()
        self.case = verification.verify(
            case=self.case,
            actor=self.district.holder(COUNTY, "县级验收员"),
            now=self.now,
            note="现场查看，已经消除。",
        )

    def closed(self) -> None:
        self.verified()
        self.later()
        head = self.district.holder(COUNTY, "安委办综合协调员")
        self.case = verification.close(case=self.case, actor=head, now=self.now)

    def rechecked(self) -> None:
        self.closed()
        self.now = self.district.ago(1)
        self.case = verification.recheck(
            case=self.case,
            actor=self.district.holder(COUNTY, "县级验收员"),
            now=self.now,
            note="回头看，护栏牢固。",
        )


Step = Callable[[Story], None]
STORIES: tuple[tuple[Scene, Step | None], ...] = (
    (
        Scene("东关菜市场安全出口被货物堵住", "东关菜市场北门", "exit", "", "", 0.05),
        None,
    ),
    (
        Scene("东关小学后墙挡土墙开裂", "东关小学后墙", "wall", "", "", 0.4),
        None,
    ),
    (
        Scene("东关社区活动中心配电箱敞开", "东关社区活动中心一楼", "wires", "", "", 1.2),
        Story.confirmed,
    ),
    (
        Scene(
            "东关河堤步道护栏缺口", "东关河堤步道", "railing",
            "补装护栏，完工前设警示带。", "护栏已补装。", 2,
        ),
        Story.assigned,
    ),
    (
        Scene(
            "东关老年食堂后门堆放纸箱", "东关老年食堂后门", "exit",
            "清理通道，划线禁放。", "已清理并划线。", 3,
        ),
        Story.begun,
    ),
    (
        Scene(
            "东关幼儿园楼梯口通道堵塞", "东关幼儿园西楼梯", "exit",
            "清理通道，每日巡查。", "通道已清理，地面划线。", 4,
        ),
        Story.submitted,
    ),
    (
        Scene(
            "东关小区三栋楼道电线外露", "东关小区三栋二单元", "wires",
            "整理线路，更换箱门。", "线路已整理，箱门已更换。", 5,
        ),
        Story.submitted,
    ),
    (
        Scene(
            "东关农资店消防通道堆货", "东关农资店", "exit",
            "清理货物。", "货物已搬走。", 5,
        ),
        Story.returned,
    ),
    (
        Scene(
            "东关桥头护栏断裂", "东关桥头", "railing",
            "更换断裂护栏。", "护栏已更换，焊点已检查。", 6,
        ),
        Story.verified,
    ),
    (
        Scene(
            "东关水渠边护栏缺失", "东关水渠中段", "railing",
            "补装护栏。", "护栏已补装。", 40,
        ),
        Story.rechecked,
    ),
)  # fmt: skip


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    act_out(District(now))
    recounting.refresh(now=now)


def act_out(district: District) -> None:
    """Bring each hazard that is not there yet to its stage, with a stand-in among the officers."""
    _absent(district)
    for scene, step in STORIES:
        if Case.objects.filter(title=scene.title).exists():
            continue
        story = Story(district, scene)
        if step is not None:
            step(story)


def _absent(district: District) -> None:
    """Let one verifier act for the other for some days."""
    if Tenure.with_stand_ins.exclude(holder_tenure=None).exists():
        return
    away, stand_in = (
        district.holder(COUNTY, title) for title in ("县级验收员（二）", "县级验收员")
    )
    today = localdate(district.now)
    offer = stand_in_offers.name_stand_in(
        tenure=Tenure.objects.in_force(today).get(member=away),
        member=stand_in,
        start_date=today,
        end_date=today + timedelta(days=4),
        actor=away,
        now=district.now,
        reason="参加培训",
    )
    stand_in_offers.accept_stand_in(offer=offer, actor=stand_in, now=district.now)


if __name__ == "__main__":
    main()
