"""The county of the measurements as a district file: 20 towns of 20 villages, their officers."""

import json
from collections.abc import Iterator

from tools.bench.hazards import COUNTY, TOWNS, VILLAGES, town_code, villages

PASSWORD = "Bench-Mark-2026"  # noqa: S105 - of a database that lives as long as the run
COORDINATOR, VERIFIER, TOWN_COORDINATOR = "county.coordinator", "county.verifier", "town.{}"
VILLAGE_OFFICER, LEADER = "village.{}", "county.leader"

Entry = dict[str, str | list[str]]


def toml() -> str:
    """Return the whole file, as `bihuan load-district` reads it."""
    lines = ["[district]", 'name = "度量县（演示）"', "demo = true", f'password = "{PASSWORD}"']
    for table, entries in (
        ("units", _units()),
        ("posts", _posts()),
        ("officers", _officers()),
        ("tenures", _tenures()),
    ):
        for entry in entries:
            lines += ["", f"[[{table}]]"]
            lines += [
                f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in entry.items()
            ]
            lines += ["start_date = 2020-01-01"] if table == "tenures" else []
    return "\n".join(lines) + "\n"


def _units() -> Iterator[Entry]:
    yield {"code": COUNTY, "name": "度量县人民政府", "kind": "government"}
    for town in range(TOWNS):
        yield {"code": town_code(town), "name": f"第{town + 1}镇", "kind": "town", "parent": COUNTY}
    for village in villages():
        above = village.code[:-3]
        yield {"code": village.code, "name": village.name, "kind": "village", "parent": above}


def _holders() -> Iterator[tuple[str, str, str, str, list[str]]]:
    """Yield the holder of each post: user name, name, unit, title, powers."""
    yield COORDINATOR, "苏协调", COUNTY, "县级协调员", ["report", "coordinate", "approve"]
    yield LEADER, "高县长", COUNTY, "分管县长", ["approve"]
    yield VERIFIER, "何验收", COUNTY, "县级验收员", ["verify"]
    for town in range(TOWNS):
        powers = ["coordinate", "verify", "approve"]
        yield TOWN_COORDINATOR.format(town), f"林镇{town + 1}", town_code(town), "镇协调员", powers
    for number, village in enumerate(villages()):
        user = VILLAGE_OFFICER.format(number)
        yield user, village.officer, village.code, "安全员", ["report", "handle"]


def _posts() -> Iterator[Entry]:
    for _, _, unit, title, powers in _holders():
        yield {"unit": unit, "title": title, "powers": powers}


def _officers() -> Iterator[Entry]:
    for user, name, *_ in _holders():
        yield {"username": user, "name": name}


def _tenures() -> Iterator[Entry]:
    for user, _, unit, title, _ in _holders():
        yield {"officer": user, "unit": unit, "post": title}


assert len(villages()) == TOWNS * VILLAGES
