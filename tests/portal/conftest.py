"""A county with a town, a village and a department, and officers who take things up."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bihuan.core.powers import Power
from bihuan.orgs.models import Unit, User
from tests.factories import make_officer, make_unit
from tests.portal.tab import Tab, laid_aside
from tests.portal.visitor import Visitor


@dataclass(frozen=True)
class County:
    """The offices of the tests, and whoever sits there."""

    top: Unit
    town: Unit
    village: Unit
    coordinator: User
    leader: User
    clerk: User

    def steps(self, **words: object) -> tuple[dict[str, object], ...]:
        """Photo, place and words, as somebody fills them in."""
        return (
            {},
            {"unit": self.town.pk, "place": "双河桥头"},
            {"title": "桥头路灯坏了", "description": "晚上看不见。\n已经一周。", **words},
        )


@pytest.fixture
def county() -> County:
    top = make_unit(name="云溪县人民政府")
    town = make_unit(top, name="双河镇", kind=Unit.Kind.TOWN)
    village = make_unit(town, name="石桥村", kind=Unit.Kind.VILLAGE)
    return County(
        top,
        town,
        village,
        coordinator=make_officer(top, Power.COORDINATE, name="李调度"),
        leader=make_officer(top, Power.APPROVE, Power.COORDINATE, name="陈领导", title="县长"),
        clerk=make_officer(town, Power.HANDLE, Power.COORDINATE, name="王办事", title="信访专员"),
    )


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def head(county: County) -> User:
    """Whoever issues the answers of the town; and at the county those who review."""
    make_officer(county.top, Power.HANDLE, name="周复查")
    return make_officer(county.town, Power.APPROVE, name="赵镇长")


@pytest.fixture
def code(county: County, visitor: Visitor) -> str:
    return visitor.report("grievance", *county.steps()).code


@pytest.fixture
def nothing_lies_aside() -> None:
    """No form that another test left half filled in."""
    for file in laid_aside():
        file.unlink()


@pytest.fixture
def tab() -> Tab:
    return Tab()


@pytest.fixture
def neighbour(county: County) -> User:
    """The desk of another town."""
    other = make_unit(county.top, name="南川镇", kind=Unit.Kind.TOWN)
    return make_officer(other, Power.HANDLE, name="钱窗口")
