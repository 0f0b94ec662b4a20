"""Risks and responsibilities at the sites of the demo's district: four colours, an overdue check, a
lower grade that waits, duties that are signed, unsigned and vacant, and gaps.

`python -m tools.demo_risks` works on the configured database, after the demo's sites.
"""

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.core.powers import Power  # noqa: E402
from bihuan.duties import catalogue, queries  # noqa: E402
from bihuan.duties.actions import assigning, signing  # noqa: E402
from bihuan.duties.actions.assigning import Assignment, DutyWords  # noqa: E402
from bihuan.orgs.models import Post, Tenure  # noqa: E402
from bihuan.risks.actions import controls, registration, regrading  # noqa: E402
from bihuan.risks.actions.controls import CheckResult, Measure  # noqa: E402
from bihuan.risks.actions.registration import Levels, RiskWords  # noqa: E402
from bihuan.risks.models import RiskPoint  # noqa: E402
from bihuan.sites.choices import posts_at  # noqa: E402
from bihuan.sites.models import Site  # noqa: E402
from tools.demo_district import COUNTY, District  # noqa: E402

COORDINATOR = "安委办综合协调员"
SCHOOL, SECOND, KINDERGARTEN, HOTEL = (
    "云榆县榆荫小学", "云榆县第一中学", "云榆县实验幼儿园", "东关宾馆",
)  # fmt: skip
Row = tuple[str, str, str, int, int, tuple[tuple[str, str, int, int], ...]]
# Site, risk, what can happen, likelihood, consequence; and controls: kind, measure, every how many
# days, and how many days ago it was added.
RISKS: tuple[Row, ...] = (
    (HOTEL, "后厨燃气灶间", "燃气泄漏遇明火爆燃，危及住客和员工", 4, 5, (
        ("engineering", "可燃气体报警器与紧急切断阀联动，每月测试", 30, 45),
        ("management", "每日营业结束关闭总阀并记录", 7, 3),
    )),
    (SCHOOL, "教学楼东侧楼梯", "集中上下楼时拥挤踩踏", 3, 5, (
        ("management", "错峰下课，各楼层安排教师值守", 7, 2),
        ("training", "每学期组织疏散演练", 180, 20),
    )),
    (SECOND, "学生宿舍", "违规用电引发火灾", 3, 4, (
        ("engineering", "宿舍限流装置和独立式感烟探测器", 90, 30),
        ("emergency", "夜间值班巡查，熟悉疏散路线", 30, 40),
    )),
    (KINDERGARTEN, "户外滑梯", "螺栓松动致儿童跌落", 2, 3, (
        ("protection", "滑梯下方铺设缓冲地垫并定期更换", 60, 10),
    )),
)  # fmt: skip


def main() -> None:
    """Let the county's coordinator register risks and duties, and a holder sign."""
    district = District(timezone.now())  # noqa: TID251 - a command reads the clock once
    if not RiskPoint.objects.exists():
        _risks(district)
        _duties(district)


def _risks(district: District) -> None:
    coordinator, now = district.holder(COUNTY, COORDINATOR), district.now
    for name, title, harm, likelihood, consequence, measures in RISKS:
        site = Site.objects.select_related("unit").get(name=name)
        risk = registration.register(
            site=site,
            words=RiskWords(title, harm),
            levels=Levels(likelihood, consequence),
            actor=coordinator,
            now=district.ago(max(days for *_rest, days in measures) + 1),
        )
        post = _checker(site, district)
        for kind, measure, every, days in measures:
            given = Measure(kind, measure, post, every)
            then = district.ago(days)
            controls.add_control(risk=risk, measure=given, actor=coordinator, now=then)
    checked = RiskPoint.objects.get(title="户外滑梯").controls.get()
    found = CheckResult(True, "地垫完好，螺栓已紧固。", localdate(now))
    controls.check(control=checked, result=found, actor=coordinator, now=now)
    regrading.regrade(
        risk=RiskPoint.objects.get(title="学生宿舍"),
        levels=Levels(1, 4),
        reason="限流装置已全部更换，夜查未见违规用电。",
        actor=coordinator,
        now=now,
    )


def _checker(site: Site, district: District) -> Post | None:
    """Return a post around the site whose holder can check a control."""
    return next((post for post in _held(site, district) if Power.HANDLE in post.powers), None)


def _held(site: Site, district: District) -> list[Post]:
    """Return the posts around the site that are held, the nearest first."""
    on = localdate(district.now)
    held = Tenure.objects.in_force(on).values("post")
    return list(posts_at(site, on).filter(pk__in=held).order_by("-unit__depth", "pk"))


def _duties(district: District) -> None:
    """The school has its duties, one of them signed; the hotel's grid post is vacant; the other
    sites have gaps.
    """
    on = localdate(district.now)
    school, hotel = (Site.objects.select_related("unit").get(name=n) for n in (SCHOOL, HOTEL))
    posts = _held(school, district)
    regulators = set(school.regulators.values_list("unit", flat=True))
    for kind, units in (
        ("operator", {school.operator_unit_id}),
        ("regulator", regulators),
        ("grid_officer", {posts[0].unit_id}),
    ):
        nearest = next((post for post in posts if post.unit_id in units), posts[-1])
        _assign(school, kind, nearest, district)
    signer = Tenure.objects.in_force(on).select_related("member").get(post=posts[0]).member
    for duty in queries.to_sign(signer, district.now)[:1]:
        signing.sign(duty=duty, number=duty.number, actor=signer, now=district.now)
    held = Tenure.objects.in_force(on).values("post")
    vacant = posts_at(hotel, on).exclude(pk__in=held).order_by("-unit__depth", "pk").first()
    if vacant is not None:
        _assign(hotel, "grid_officer", vacant, district)
    _assign(hotel, "regulator", posts[-1], district)


def _assign(site: Site, kind: str, post: Post, district: District) -> None:
    proposed = catalogue.kind(kind)
    words = DutyWords(proposed.text.zh, proposed.source.zh)
    given = Assignment(kind, post, words, localdate(district.now))
    actor = district.holder(COUNTY, COORDINATOR)
    assigning.assign(site=site, given=given, actor=actor, now=district.now)


if __name__ == "__main__":
    main()
