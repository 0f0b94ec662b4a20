"""Generated hazards of a fictional county, for the workbook and the archive; reproducible by a
seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

COUNTY = "530599"
TOWNS = 20
VILLAGES = 20  # in each town
FIRST, SECOND = (
    "青石松云龙清柳梅杨桃竹金银南北东西上下新",
    "坪桥坡湾岭寨塘溪沟屯洼峰泉营铺渡头川岗垭",
)
SURNAMES, GIVEN = "王李张刘陈杨黄周吴徐", ("建国", "志强", "秀英", "晓梅", "文斌", "丽华", "海涛")
PLACES = (
    "中心小学",
    "综合市场",
    "文化活动中心",
    "水库大坝",
    "幼儿园",
    "敬老院",
    "木材加工厂",
    "加油站",
)
PROBLEMS = (
    ("消防安全", "疏散通道堆放杂物", "立即清理并安排专人每日巡查，设置警示标识"),
    ("消防安全", "灭火器过期", "更换到期灭火器并登记下次检验日期"),
    ("消防安全", "消防栓无水", "检修管网并测试出水压力"),
    ("用电安全", "配电箱未上锁", "加装门锁，张贴警示标识，明确管理责任人"),
    ("建筑安全", "护栏松动", "加固护栏立柱，整改期间设置隔离带"),
    ("建筑安全", "挡土墙开裂", "请专业机构鉴定，先行封闭墙下通道"),
    ("燃气安全", "燃气软管老化", "更换金属软管并检查接口气密性"),
    ("交通安全", "校门口减速带破损", "修复减速带并补划标线"),
)
STANDARD = "教育系统重大事故隐患判定指南（2024）"
# What the open cases wait for, in percent.
WAITING = {
    "reported": 10, "confirmed": 10, "assigned": 30, "rectifying": 35, "submitted": 10,
    "verified": 5,
}  # fmt: skip
LEAST_OPEN = 3_000
OPEN_SHARE = 0.03


@dataclass(frozen=True)
class Village:
    """The unit responsible for a hazard, and the officer who fixes it there."""

    code: str
    name: str
    officer: str


class Hazard(NamedTuple):
    """One row; `ended` is None while it is open."""

    village: Village
    found: date
    place: str
    category: str
    description: str
    major: bool
    finder: str
    measures: str
    budget: int
    deadline: date
    stage: str
    ended: date | None
    verifier: str
    latitude: float
    longitude: float


def town_code(town: int) -> str:
    return f"{COUNTY}{101 + town}"


def villages() -> list[Village]:
    """Return every village, by town."""
    return [
        Village(
            f"{town_code(town)}{201 + number}",
            f"{FIRST[town]}{SECOND[number]}村",
            f"{SURNAMES[number % 10]}{FIRST[town]}{SECOND[number]}",
        )
        for town in range(TOWNS)
        for number in range(VILLAGES)
    ]


def open_share(count: int) -> float:
    """Return the share of open cases: about three percent, but never too few to work on."""
    return max(OPEN_SHARE, min(1.0, LEAST_OPEN / count))


def made(
    count: int, *, today: date, seed: int = 5, open_part: float | None = None
) -> Iterator[Hazard]:
    """Yield hazards, mostly closed ones of the last eight years."""
    random = Random(seed)  # noqa: S311 - the same every time is the point
    places = villages()
    part = open_share(count) if open_part is None else open_part
    for number in range(count):
        yield _one(number, random, places, today, is_open=random.random() < part)


def _one(
    number: int, random: Random, places: list[Village], today: date, *, is_open: bool
) -> Hazard:
    village = places[random.randrange(len(places))]
    category, problem, measures = random.choice(PROBLEMS)
    site = random.choice(PLACES)
    age = random.randrange(1, 90) if is_open else random.randrange(75, 3000)
    found = today - timedelta(days=age)
    ended = None if is_open else found + timedelta(days=random.randrange(1, 70))
    stage = random.choices(list(WAITING), list(WAITING.values()))[0] if is_open else "closed"
    return Hazard(
        village,
        found,
        f"{village.name}{site}{random.randrange(1, 30)}号楼{random.randrange(1, 9)}层",
        category,
        f"{problem}，位于{site}东侧第{random.randrange(500)}处，检查时发现。",
        number % 50 == 0,
        _name(random),
        measures,
        random.randrange(100, 90_000),
        found + timedelta(days=random.randrange(3, 120 if is_open else 60)),
        stage,
        ended,
        _name(random),
        round(24.2 + random.random() / 2, 6),
        round(102.5 + random.random() / 2, 6),
    )


def _name(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(GIVEN)
