"""A listed major hazard in the demo's district: judged by a criterion, planned, and stopped.

`python -m tools.demo_major` works on the configured database.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.cases.models import Case  # noqa: E402
from bihuan.figures.actions import recounting  # noqa: E402
from bihuan.hazards.actions import (  # noqa: E402
    listing,
    orders,
    planning,
    rectification,
    reporting,
)
from bihuan.hazards.actions.listing import Terms  # noqa: E402
from bihuan.hazards.actions.planning import Remedy  # noqa: E402
from tools.demo_desk import Scene, Story  # noqa: E402
from tools.demo_district import COUNTY, TOWN, District  # noqa: E402

SCENE = Scene(
    "东关学校宿舍三楼安全出口数量不足", "东关学校三号宿舍楼", "exit",
    "增设室外疏散楼梯，恢复东侧安全出口。", "", 9,
)  # fmt: skip


def act_out(district: District) -> None:
    """Bring the hazard to a stop-work order in force, unless it is there already."""
    if Case.objects.filter(title=SCENE.title).exists():
        return
    story = Story(district, SCENE)
    office = district.holder(TOWN, "应急办主任")
    handler = district.holder(TOWN, "安全员")
    leader = district.holder(COUNTY, "分管副县长")
    story.later()
    case = reporting.confirm(
        case=story.case, actor=office, now=story.now, grade="major", criterion="CRI-8/3.8",
        note="三楼仅有一个安全出口。",
    )  # fmt: skip
    case = _listed(story, case)
    post = district.post(TOWN, "安全员")
    plan = reporting.Plan(
        unit=district.unit(TOWN), post=post, measures=SCENE.measures, budget=Decimal(186000),
        deadline_date=localdate(story.now) + timedelta(days=45),
        contingency="三楼停用，学生调整到一、二楼住宿。",
    )  # fmt: skip
    case = reporting.assign(case=case, plan=plan, actor=office, now=story.now)
    story.later()
    case = planning.plan(case=case, remedy=_remedy(story), actor=handler, now=story.now)
    case = rectification.start(case=case, actor=handler, now=story.now)
    story.later()
    case = orders.stop_work(
        case=case, actor=leader, now=story.now, note="有现实危险。",
        stopped="三号宿舍楼三楼停止使用，住宿学生全部撤离。",
    )  # fmt: skip
    story.now = district.ago(3)
    listing.answer(case=case, actor=handler, now=story.now, note="室外楼梯基础已完成，三楼已封闭。")


def _listed(story: Story, case: Case) -> Case:
    """Report it to the level above, which lists it for supervision."""
    district = story.district
    story.later()
    case = planning.report_up(
        case=case, actor=district.holder(TOWN, "应急办主任"), now=story.now,
        state="三楼住宿区仅有一个安全出口，东侧出口被改为储物间。",
        harm="发生火灾时难以疏散；改造需停用三楼，约四十五天。",
        plan=SCENE.measures,
    )  # fmt: skip
    story.later()
    county = district.unit(COUNTY)
    conditions = "两个独立安全出口启用，验收合格，安全出口管理制度上墙。"
    terms = Terms(localdate(story.now) + timedelta(days=60), 7, county, conditions)
    return listing.list_(
        case=case, terms=terms, actor=district.holder(COUNTY, "分管副县长"), now=story.now,
        note="涉及学生住宿安全，县级挂牌督办。",
    )  # fmt: skip


def _remedy(story: Story) -> Remedy:
    return Remedy(
        goals="三楼具备两个独立的安全出口。",
        methods=SCENE.measures,
        budget=Decimal(186000),
        post=story.district.post(TOWN, "安全员"),
        team="镇应急办、学校总务处、施工单位安全组",
        until_date=localdate(story.now) + timedelta(days=45),
        safety="停用三楼，施工区域围挡，专人看守。",
        contingency="备齐灭火器材，组织一次疏散演练。",
    )


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    act_out(District(now))
    recounting.refresh(now=now)


if __name__ == "__main__":
    main()
