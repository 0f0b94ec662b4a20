"""The sites of the demo's district: every kind, with regulators, papers, equipment and cases.

`python -m tools.demo_sites` works on the configured database.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import django

django.setup()

from django.utils import timezone  # noqa: E402
from django.utils.timezone import localdate  # noqa: E402

from bihuan.cases.models import Case  # noqa: E402
from bihuan.core.places import Point  # noqa: E402
from bihuan.hazards.actions import reporting  # noqa: E402
from bihuan.hazards.actions.found import Finding  # noqa: E402
from bihuan.orgs.models import Unit  # noqa: E402
from bihuan.sites import catalogue  # noqa: E402
from bihuan.sites.actions import equipment, links, papers, registering, regulators  # noqa: E402
from bihuan.sites.actions.equipment import EquipmentFacts  # noqa: E402
from bihuan.sites.actions.papers import PaperFacts  # noqa: E402
from bihuan.sites.actions.registering import SiteFacts  # noqa: E402
from bihuan.sites.models import Site  # noqa: E402
from tools import demo_outlines  # noqa: E402
from tools.demo_district import COUNTY, District  # noqa: E402

# The office of the county that regulates each trade.
OFFICES = {
    "safety": "530499-yj", "fire": "530499-xfjy", "education": "530499-jt", "housing": "530499-zj",
    "water": "530499-sl", "forestry": "530499-lc", "market": "530499-sj", "emergency": "530499-yj",
}  # fmt: skip
YEAR = 365
Item = tuple[str, int, int | None, str, int | None]


@dataclass(frozen=True)
class Place:
    """One site: its unit, kind and name, and what it has."""

    unit: str
    kind: str
    name: str
    attributes: dict[str, object]
    address: str = ""
    operator: str = ""
    # Kinds of papers, and in how many days each expires; a third part is a count.
    papers: tuple[tuple[str, int, int], ...] = ()
    # Name, count, norm, state, and in how many days the next check is.
    equipment: tuple[Item, ...] = ()
    # Titles of cases that are there.
    cases: tuple[str, ...] = field(default=())


def _paper(kind: str, days: int, count: int = 0) -> tuple[str, int, int]:
    return kind, days, count


CENTRE, SHAN, YANG, WANG, SONG, DAO = (f"53049910{n}" for n in range(1, 7))
COORDINATOR = "安委办综合协调员"
GOOD, REPAIR, OUT = "good", "repair", "out"

PLACES = (
    Place(
        CENTRE, "school", "云榆县榆荫小学",
        {"level": "primary", "pupils": 1260, "staff": 74, "floor_area": 8600, "canteen": True},
        "榆荫路 18 号", "530499-x03",
        (_paper("fire_acceptance", 5 * YEAR), _paper("food_permit", 18),
         _paper("health_certificates", -6, 14)),
        (("4 公斤灭火器", 62, 60, GOOD, 21), ("应急照明灯", 38, 44, REPAIR, -3)),
        ("榆荫小学西侧安全出口堆放课桌椅",),
    ),
    Place(
        CENTRE, "school", "云榆县第一中学",
        {"level": "senior", "pupils": 2980, "boarders": 1640, "staff": 212, "canteen": True},
        "文昌路 3 号", "530499-x01",
        (_paper("fire_system_test", 120), _paper("food_permit", 400),
         _paper("health_certificates", 75, 31)),
        (("室内消火栓", 96, 96, GOOD, 60),),
    ),
    Place(
        CENTRE, "school", "云榆县第二中学",
        {"level": "junior", "pupils": 1850, "boarders": 620, "staff": 140, "canteen": True},
        "西门街 77 号", "530499-x02", (_paper("food_permit", 260),),
    ),
    Place(
        CENTRE, "kindergarten", "云榆县实验幼儿园",
        {"children": 320, "classes": 10, "highest_floor": 3, "canteen": True, "buses": 2},
        "榆荫路 42 号", "530499-x04",
        (_paper("school_permit", 700), _paper("food_permit", 44),
         _paper("health_certificates", 12, 9)),
    ),
    Place(
        CENTRE, "kindergarten", "东关阳光幼儿园",
        {"children": 140, "classes": 5, "highest_floor": 2}, "东关巷 9 号", "阳光幼儿园",
        (_paper("school_permit", -20),),
    ),
    Place(
        CENTRE, "hotel", "东关宾馆",
        {"rooms": 86, "floors": 7, "sprinklers": True, "exits": 4}, "东关大街 60 号",
        "东关宾馆有限公司",
        (_paper("fire_system_test", 25), _paper("health_certificates", 90, 22)),
        (("室内消火栓", 28, 28, GOOD, 40),),
        ("东关宾馆三层疏散指示灯不亮",),
    ),
    Place(CENTRE, "hotel", "西门客栈", {"rooms": 18, "floors": 3}, "西门街 5 号", "西门客栈"),
    Place(
        CENTRE, "other", "东关百货商场", {"floor_area": 12400, "use": "商场"}, "东关大街 1 号",
        "530499-q03", (_paper("lift_test", 8), _paper("fire_system_test", 200)),
        (("自动扶梯", 6, None, GOOD, 8),),
    ),
    Place(
        CENTRE, "other", "榆荫农贸市场", {"floor_area": 5200, "use": "农贸市场"}, "榆荫路 66 号",
        "530499-q01", (_paper("business_licence", 900),), (),
        ("榆荫农贸市场消防通道被摊位占用",),
    ),
    Place(
        CENTRE, "fuel_station", "东关加油站",
        {"class": "2", "tanks": 4, "capacity": 120, "dispensers": 6, "vapour_recovery": True},
        "环城东路 12 号", "东关石油销售有限公司",
        (_paper("dangerous_goods_permit", 340), _paper("lightning_test", 15)),
        (("35 公斤推车式灭火器", 2, 2, GOOD, 30), ("灭火毯", 3, 5, GOOD, 30)),
    ),
    Place(
        CENTRE, "gas_station", "城市燃气门站",
        {"type": "regulator", "alarm": True}, "环城北路 2 号", "530499-q02",
        (_paper("gas_permit", 800), _paper("pressure_vessel_test", -2)),
    ),
    Place(
        CENTRE, "building_site", "新桥社区安置房工地",
        {"phase": "structure", "floor_area": 21000, "cranes": 2, "pit_depth": 5.5},
        "新桥路东侧", "云榆第二建筑公司",
        (_paper("building_permit", 210), _paper("insurance", 50)),
        (("塔式起重机", 2, None, GOOD, 14),),
    ),
    Place(
        CENTRE, "shelter", "榆荫体育场避难场所",
        {"type": "outdoor", "capacity": 3000, "area": 9000, "water": True, "power": False},
        "体育路 1 号", "", (_paper("emergency_plan", 500),),
        (("帐篷", 120, 150, GOOD, 90), ("发电机", 1, 2, REPAIR, -10)),
    ),
    Place(
        CENTRE, "store", "县应急物资储备库",
        {"area": 1800, "supplies": "mixed", "access": True}, "环城南路 30 号", "",
        (_paper("fire_acceptance", 1500),),
        (("编织袋", 40000, 40000, GOOD, 45), ("排水泵", 6, 8, GOOD, 12)),
    ),
    Place(
        CENTRE, "rescue_base", "县综合应急救援队驻地",
        {"type": "general", "members": 45, "vehicles": 9, "minutes": 10}, "环城南路 32 号", "", (),
        (("消防水带", 200, 200, GOOD, 20), ("冲锋舟", 2, 3, OUT, None)),
    ),
    # A problem that was closed here and came back.
    Place(
        CENTRE, "other", "东关水渠步道", {"use": "滨水步道"}, "东关水渠中段", "", (), (),
        ("东关水渠边护栏缺失", "东关水渠边护栏再次缺失"),
    ),
    Place(
        SHAN, "school", "青杉镇中心小学", {"level": "primary", "pupils": 640, "canteen": True},
        "青杉老街 20 号", "530499-x05",
        (_paper("food_permit", 33), _paper("health_certificates", 150, 6)),
    ),
    Place(
        SHAN, "workshop", "青杉木制品厂",
        {"trade": "wood", "workers": 58, "floor_area": 4300, "dust": True, "hazardous": True},
        "杉坪村工业点", "530499-q04",
        (_paper("business_licence", 1000), _paper("safety_permit", 28)),
        (("干式除尘器", 2, 2, REPAIR, 5),),
        ("青杉木制品厂除尘管道积尘",),
    ),
    Place(
        SHAN, "workshop", "石板井石料场", {"trade": "building_material", "workers": 36},
        "石板井村", "530499-q05", (_paper("safety_permit", -45),),
    ),
    Place(
        SHAN, "forest_block", "杉坪 12 林班 3 小班",
        {"area": 86.4, "species": "云南松", "fire_grade": "1", "tenure": "collective"},
        "杉坪村后山", "", (_paper("logging_permit", 40),),
    ),
    Place(
        SHAN, "forest_road", "杉坪至响水箐林道",
        {"length": 12.6, "width": 4.5, "surface": "gravel", "fire_engines": True},
    ),
    Place(
        YANG, "school", "漾溪镇初级中学",
        {"level": "junior", "pupils": 980, "boarders": 610, "canteen": True}, "漾溪街 8 号",
        "530499-x06", (_paper("food_permit", 95), _paper("boiler_test", 3)),
    ),
    Place(
        YANG, "reservoir", "大坝塘水库",
        {"class": "small_1", "capacity": 320, "dam": "earth", "flood_level": 1892.5,
         "spillway": True},
        "大坝塘村", "", (_paper("dam_appraisal", 900), _paper("emergency_plan", 20)),
        (("卫星电话", 1, 1, GOOD, 30), ("应急照明灯", 4, 6, GOOD, -1)),
        ("大坝塘水库溢洪道淤积",),
    ),
    Place(
        YANG, "reservoir", "芦花水库",
        {"class": "small_2", "capacity": 46, "dam": "earth", "spillway": False}, "芦花村", "",
        (_paper("dam_appraisal", -120),),
    ),
    Place(
        YANG, "workshop", "漾溪粮油加工厂",
        {"trade": "light", "workers": 44, "dust": True, "confined_space": True}, "渡口村",
        "530499-q06", (_paper("food_permit", 410), _paper("boiler_test", 70)),
    ),
    Place(
        YANG, "workshop", "渡口水泥制品厂", {"trade": "building_material", "workers": 27},
        "渡口村", "530499-q07",
    ),
    Place(
        WANG, "school", "望岭乡中心小学",
        {"level": "primary", "pupils": 310, "boarders": 120, "canteen": True}, "望岭街",
        "530499-x07", (_paper("food_permit", 180),),
    ),
    Place(
        WANG, "workshop", "望岭茶叶加工厂", {"trade": "light", "workers": 31}, "望岭村",
        "530499-q09", (_paper("food_permit", 55),),
    ),
    Place(
        WANG, "lookout", "鹰嘴岩瞭望塔",
        {"height": 18, "elevation": 2614, "range": 15, "power": True, "radio": True},
        "鹰嘴岩山顶", "530499-l01", (), (("望远镜", 2, 2, GOOD, 60), ("对讲机", 2, 4, GOOD, 25)),
    ),
    Place(
        WANG, "ranger_station", "鹰嘴岩管护站",
        {"posts": 6, "area": 2140, "water": True, "power": True}, "鹰嘴岩村", "530499-l01", (),
        (("风力灭火机", 4, 6, GOOD, 6), ("二号工具", 40, 40, GOOD, 6)),
    ),
    Place(
        WANG, "checkpoint", "云顶防火检查站",
        {"season": "fire_season", "posts": 2, "fire_box": True, "power": False}, "云顶村口", "",
        (), (("风力灭火机", 1, 2, REPAIR, -15),),
    ),
    Place(
        SONG, "forest_block", "马鞍山 4 林班 11 小班",
        {"area": 132, "species": "华山松", "fire_grade": "1", "tenure": "state"}, "马鞍寨村",
        "530499-l02", (_paper("forest_land_permit", 600),),
    ),
    Place(
        SONG, "ranger_station", "马鞍山管护站",
        {"posts": 5, "area": 1880, "water": False, "power": True}, "马鞍寨村", "530499-l02",
    ),
    Place(
        SONG, "workshop", "松坪林产品加工厂", {"trade": "wood", "workers": 22, "dust": True},
        "松坪村", "530499-q10", (_paper("breeding_permit", 300),),
    ),
    Place(
        DAO, "school", "稻香镇中心小学", {"level": "primary", "pupils": 520, "canteen": True},
        "稻香街 15 号", "530499-x08", (_paper("food_permit", 22),),
    ),
    Place(
        DAO, "fuel_station", "稻香加油站", {"class": "3", "tanks": 3, "dispensers": 4},
        "县道 204 线旁", "稻香石油销售点", (_paper("dangerous_goods_permit", 140),),
    ),
    Place(
        DAO, "store", "稻香镇防汛物资点", {"area": 120, "supplies": "flood"}, "稻香社区", "", (),
        (("编织袋", 3000, 5000, GOOD, 10),),
    ),
)  # fmt: skip


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    act_out(District(now))


def act_out(district: District) -> None:
    """Register each site that is not there yet, by the county's coordinator."""
    for number, place in enumerate(PLACES):
        if not Site.objects.filter(name=place.name).exists():
            _registered(district, place, number)


def _registered(district: District, place: Place, number: int) -> None:
    now, actor = district.ago(90 - number), district.holder(COUNTY, COORDINATOR)
    operator = Unit.objects.filter(code=place.operator).first()
    site = registering.register(
        unit=district.unit(place.unit),
        kind=place.kind,
        facts=SiteFacts(
            name=place.name,
            address=place.address,
            operator_unit=operator,
            operator_name="" if operator else place.operator,
            point=_point(place, number),
            attributes=place.attributes,
        ),
        actor=actor,
        now=now,
    )
    units = {
        trade: district.unit(OFFICES[trade])
        for trade in catalogue.kind(place.kind).trades
        if trade in OFFICES
    }
    regulators.set_regulators(
        site=site, version=site.version, regulators=units, actor=actor, now=now
    )
    _equip(district, site, place)
    for title in place.cases:
        case = Case.objects.filter(title=title).first() or _found(district, site, title)
        links.link(site=site, case=case, actor=actor, now=district.now)


def _equip(district: District, site: Site, place: Place) -> None:
    now, actor = district.now, district.holder(COUNTY, COORDINATOR)
    today = localdate(now)
    for kind, days, count in place.papers:
        paper = PaperFacts(
            kind=kind,
            number=f"云榆{kind[:2].upper()}{site.pk:04d}",
            issued_date=today + timedelta(days=min(days, 0) - 2 * YEAR),
            expires_date=today + timedelta(days=days),
            count=count or None,
        )
        papers.add(site=site, facts=paper, actor=actor, now=now)
    for name, number, norm, state, checked in place.equipment:
        row = EquipmentFacts(name, number, norm, state, next_check_date=_after(today, checked))
        equipment.add(site=site, facts=row, actor=actor, now=now)


def _after(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _found(district: District, site: Site, title: str) -> Case:
    """Report a hazard that was found at the site."""
    now = district.ago(4)
    finding = Finding(
        title=title,
        place=f"{site.name} {site.address}".strip(),
        unit=site.unit,
        found_date=localdate(now),
        point=site.point,
    )
    return reporting.report(finding=finding, actor=district.holder(COUNTY, COORDINATOR), now=now)


def _point(place: Place, number: int) -> Point:
    """Return a point in the town of the site; the towns are invented, and so are the points."""
    middle = demo_outlines.centre(place.unit)
    east, north = (number * 37 % 11 - 5) / 400, (number * 53 % 13 - 6) / 500
    return Point(round(middle.latitude + north, 5), round(middle.longitude + east, 5))


if __name__ == "__main__":
    main()
