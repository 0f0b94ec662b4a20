"""Recent activity of the public in the demo's district, created by the actions that the pages call.

`python -m tools.demo_public` works on the configured database and prints, as JSON, the tracking
codes of the demo's reports.
"""

import json
import secrets
from collections.abc import Callable
from datetime import time, timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.cases.actions import comments  # noqa: E402
from bihuan.cases.models import REPORTER, Case  # noqa: E402
from bihuan.core.grievance import ReviewOutcome  # noqa: E402
from bihuan.core.places import Point  # noqa: E402
from bihuan.figures.actions import recounting  # noqa: E402
from bihuan.grievances.actions import (  # noqa: E402
    classification,
    handling,
    opinions,
    registration,
    reviews,
    suggestion,
)
from bihuan.grievances.actions.opinions import Parts  # noqa: E402
from bihuan.grievances.models import Category, Opinion  # noqa: E402
from bihuan.hazards.actions import reporting  # noqa: E402
from bihuan.mediations.actions import applications, parties, proceedings  # noqa: E402
from bihuan.portal.actions import outlets, place_names, receptions  # noqa: E402
from bihuan.portal.models import Outlet  # noqa: E402
from bihuan.receipts.accounts import (  # noqa: E402
    Account,
    Identity,
    Intake,
    IntakeResult,
)
from bihuan.receipts.actions import public, publications  # noqa: E402
from tools.demo_district import COUNTY, TOWN, District  # noqa: E402

OTHER_TOWN = "530499102"
DAY = timedelta(days=1)
Round = Opinion.Round
# What people call places, by the code of the village.
PLACES = {
    "530499101001": ("阳光小区", "东关菜市场"),
    "530499101003": ("榆荫花园", "榆荫农贸市场"),
    "530499102006": ("老街集市",),
}
LIGHTS = Parts(
    request="修复柳荫巷路灯。",
    facts="九盏路灯因电缆接头老化不亮，情况属实。",
    reasons="路灯属镇级管护范围，应当修复。",
    decision="support",
    basis="《城市照明管理规定》第二十一条",
)


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    if Outlet.objects.exists():
        return
    district = District(now)
    _offices(district)
    told: dict[str, Callable[[District], IntakeResult]] = {
        "复查中的路灯诉求 / a grievance under review": _reviewed,
        "已解决的供水诉求 / a grievance that was solved": _solved,
        "等您补充的诉求 / a grievance with a question": _asked,
        "已告知途径的诉求 / a grievance shown another way": _redirected,
        "已采纳并公开的建议 / a suggestion adopted and published": _adopted,
        "已公开的隐患 / a danger made public": _danger,
        "调解中的纠纷 / a dispute in mediation": _dispute,
    }
    codes = {what: act(district).code for what, act in told.items()}
    _accused(district)
    recounting.refresh(now=now)
    print(json.dumps(codes, ensure_ascii=False))


def _key() -> str:
    return secrets.token_hex(16)


# --------------------------------------------------------------------- offices
def _offices(district: District) -> None:
    """Create the offices' contact details and reception days (PET-27)."""
    now, coordinator = district.now, district.holder(COUNTY, "安委办综合协调员")
    for order, (name, english, place, number) in enumerate(
        (
            ("县人民来访接待中心", "County reception centre", "云榆县文昌路 12 号", "0530-6000300"),
            ("县安全生产举报电话", "Work safety hotline", "云榆县文昌路 8 号", "12350"),
            ("县法律援助中心", "Legal aid centre", "云榆县司法路 3 号", "12348"),
        )
    ):
        told = outlets.Particulars(
            name, english, place, number, "周一至周五 9:00—12:00，14:00—17:30", order=order
        )
        outlets.add(unit=district.unit(COUNTY), told=told, actor=coordinator, now=now)
    for village, names in PLACES.items():
        place_names.name_places(
            unit=district.unit(village), names=names, actor=coordinator, now=now
        )
    hours = receptions.Hours(
        time(9), time(11, 30), 30, "县人民来访接待中心一号接待室", "安全生产与民生诉求"
    )
    days = receptions.weekly(localdate(now) + 3 * DAY, 4)
    leader = district.post(COUNTY, "分管副县长")
    receptions.plan(post=leader, dates=days, hours=hours, actor=coordinator, now=now)


# ------------------------------------------------------------------ grievances
def _received(
    district: District,
    title: str,
    description: str,
    place: str,
    days: float,
    *,
    category: str,
    name: str = "",
) -> IntakeResult:
    account = Account(
        title=title,
        description=description,
        place=place,
        unit=district.unit(TOWN),
        identity=Identity(name=name),
    )
    subject = Category.objects.get(code=category)
    return registration.receive(
        Intake(account=account, form_key=_key(), now=district.ago(days), subject=subject)
    )


def _accepted(district: District, case: Case, days: float, *, simple: bool = False) -> Case:
    coordinator = district.holder(TOWN, "应急办主任")
    at = district.ago(days)
    case = classification.classify(
        case=case, actor=coordinator, now=at, way="request", simple=simple
    )
    case = classification.accept(case=case, actor=coordinator, now=at)
    return handling.assign(case=case, actor=coordinator, now=at, post=district.post(TOWN, "安全员"))


def _answered(district: District, case: Case, parts: Parts, days: float) -> Case:
    handler, head = district.holder(TOWN, "安全员"), district.holder(TOWN, "镇长")
    case = opinions.draft(case=case, parts=parts, actor=handler, now=district.ago(days))
    case = opinions.issue(case=case, actor=head, now=district.ago(days - 1))
    public.seen(case=case, slot=REPORTER, now=district.ago(days - 2))
    return case


def _reviewed(district: District) -> IntakeResult:
    """A grievance answered by four people, not solved, and now with the next level up."""
    taken = _received(
        district,
        "柳荫巷路灯三个月不亮",
        "柳荫巷十二盏路灯从夏天起就不亮，晚上老人孩子出行不安全，多次反映没有结果。",
        "柳荫巷",
        58,
        category="020202",
        name="示例居民",
    )
    case = _accepted(district, taken.case, 55)
    comments.record_step(
        case=case,
        actor=district.holder(TOWN, "安全员"),
        now=district.ago(48),
        note="已到现场查看，十二盏路灯中有九盏不亮，电缆接头老化。",
    )
    case = _answered(district, case, LIGHTS, 40)
    public.rate(
        case=case, solved=False, now=district.ago(30), stars=2, text="说修好了，还有五盏不亮。"
    )
    coordinator = district.holder(TOWN, "应急办主任")
    public.follow_up(
        case=case,
        actor=coordinator,
        now=district.ago(27),
        note="已派人复核，余下五盏因缺配件未修，月底前完成。",
    )
    case = reviews.ask_review(
        case=case, note="月底过了仍未修复，请求上一级复查。", now=district.ago(12)
    )
    _draft_review(district, case)
    return taken


def _draft_review(district: District, case: Case) -> None:
    parts = Parts(
        request="复查柳荫巷路灯修复情况。",
        facts="现场核查，仍有五盏不亮；镇政府未按承诺时间完成。",
        reasons="原处理意见认定属实，但未载明完成时限。",
        decision="support",
        basis="《信访工作条例》第三十五条",
        outcome=ReviewOutcome.CHANGED,
    )
    reviewer = district.holder(COUNTY, "复查复核办公室专员")
    opinions.draft(case=case, parts=parts, actor=reviewer, now=district.ago(4), round=Round.REVIEW)


def _solved(district: District) -> IntakeResult:
    taken = _received(
        district,
        "小区二次供水压力不足",
        "六楼以上早晚高峰没有水。",
        "丰乐小区",
        33,
        category="110104",
    )
    case = _accepted(district, taken.case, 32, simple=True)
    parts = Parts(
        request="解决六楼以上供水不足。",
        facts="水泵老化，供水压力低于标准。",
        reasons="供水单位应当保证水压。",
        decision="support",
        basis="《城市供水条例》第二十二条",
    )
    case = _answered(district, case, parts, 26)
    public.rate(case=case, solved=True, now=district.ago(20), stars=5, text="当天就换了水泵。")
    coordinator = district.holder(TOWN, "应急办主任")
    reviews.close(case=case, actor=coordinator, now=district.ago(19))
    return taken


def _asked(district: District) -> IntakeResult:
    taken = _received(
        district, "夜间施工噪声", "工地凌晨两点还在打桩。", "东环路工地旁", 3, category="010501"
    )
    coordinator = district.holder(TOWN, "应急办主任")
    public.ask_reporter(
        case=taken.case,
        actor=coordinator,
        now=district.ago(1),
        note="请问噪声主要在哪几天、几点到几点？如方便，请补充一张现场照片。",
    )
    return taken


def _redirected(district: District) -> IntakeResult:
    taken = _received(
        district,
        "不服法院判决",
        "对土地承包合同一案的判决不服。",
        "石桥村",
        9,
        category="080103",
    )
    coordinator = district.holder(TOWN, "应急办主任")
    case = classification.classify(
        case=taken.case, actor=coordinator, now=district.ago(7), way="court"
    )
    classification.redirect(
        case=case,
        actor=coordinator,
        now=district.ago(7),
        note="此事已由人民法院判决，应当通过上诉或者申请再审解决。",
    )
    return taken


def _accused(district: District) -> IntakeResult:
    """A complaint that goes to the unit above; hidden from the town and all units below it."""
    account = Account(
        title="镇里收取清运费不开票据",
        description="清运费每户收六十元，不开票据，也没有公示。",
        unit=district.unit(OTHER_TOWN),
        about_units=(district.unit(OTHER_TOWN),),
    )
    return registration.receive(
        Intake(account=account, form_key=_key(), now=district.ago(5), is_accusation=True)
    )


# --------------------------------------------------------- suggestions, dangers
def _adopted(district: District) -> IntakeResult:
    account = Account(
        title="在学校门口增设护学岗",
        description="上下学时段车流大，建议增设护学岗和减速带。",
        place="第一小学门口",
        unit=district.unit(TOWN),
    )
    taken = suggestion.receive(
        Intake(account=account, form_key=_key(), now=district.ago(30), may_publish=True)
    )
    head, answer = district.holder(TOWN, "镇长"), "已在上下学时段设护学岗，减速带列入下月计划。"
    case = suggestion.adopt(case=taken.case, actor=head, now=district.ago(18), note=answer)
    shown = publications.Shown(
        title="在学校门口增设护学岗",
        text="建议在上下学时段增设护学岗和减速带。",
        answer=answer,
        place="第一小学门口",
    )
    publications.publish(case=case, actor=head, now=district.ago(17), shown=shown)
    return taken


def _danger(district: District) -> IntakeResult:
    account = Account(
        title="河堤护栏断裂",
        description="步道旁护栏断了约六米，晚上看不清。",
        place="清溪河步道二号桥北",
        unit=district.unit(TOWN),
        point=Point(25.0412, 102.7123),
    )
    taken = reporting.receive(Intake(account=account, form_key=_key(), now=district.ago(6)))
    coordinator = district.holder(TOWN, "应急办主任")
    case = reporting.confirm(
        case=taken.case, actor=coordinator, now=district.ago(5), grade="general"
    )
    shown = publications.Shown(
        title="清溪河步道护栏断裂，请绕行",
        text="约六米护栏断裂，已设警示带，正在安排修复。",
        place="清溪河步道二号桥北",
        with_point=True,
    )
    publications.publish(case=case, actor=coordinator, now=district.ago(5), shown=shown)
    return taken


# -------------------------------------------------------------------- mediation
def _dispute(district: District) -> IntakeResult:
    account = Account(
        title="两家对田埂界线有争议",
        description="相邻两块地的田埂被挖动，双方对界线看法不同。",
        place="石桥村三组",
        unit=district.unit(TOWN),
        identity=Identity(name="示例甲"),
    )
    mediator = district.holder(TOWN, "人民调解员")
    taken = applications.bring(
        Intake(
            account=account,
            form_key=_key(),
            now=district.ago(14),
            other_party=Identity(name="示例乙"),
        )
    )
    case = taken.case
    applications.invite(
        case=case, slot="party-2", actor=mediator, now=district.ago(13), form_key=_key()
    )
    coordinator = district.holder(TOWN, "应急办主任")
    post = district.post(TOWN, "人民调解员")
    case = proceedings.name_mediator(case=case, actor=coordinator, now=district.ago(13), post=post)
    for slot in (REPORTER, "party-2"):
        case = parties.consent(case=case, slot=slot, now=district.ago(11))
        case = parties.accept_mediator(case=case, slot=slot, now=district.ago(11))
    case = proceedings.begin_talks(case=case, actor=mediator, now=district.ago(10))
    proceedings.meet(
        case=case,
        actor=mediator,
        now=district.ago(9),
        meets_at=district.now + 2 * DAY,
        place="石桥村村委会调解室",
    )
    return taken


if __name__ == "__main__":
    main()
