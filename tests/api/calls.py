"""What another system sends and gets, and what stands behind it."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from django.test import Client

from bihuan.api.actions import keys
from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.grievances.models import Category
from bihuan.orgs.models import Unit
from bihuan.receipts.models import Publication
from tests.factories import NOW, make_officer, make_unit

V2 = "/open311/v2/"
POTHOLE = {
    "service_code": "020101",
    "lat": "37.76524078",
    "long": "-122.4212043",
    "address_string": "1234 5th street",
    "description": "A large sinkhole is destroying the street",
}


def make_tree() -> dict[str, Category]:
    """Roads with two leaves, of which one is a danger; and a leaf that is no longer offered."""
    roads = Category.objects.create(code="02", name="交通与道路", name_en="Transport")
    surface = Category.objects.create(
        parent=roads, code="0201", name="路面与桥隧", name_en="Road surface"
    )
    leaves = {
        "020101": ("路面坑洼、塌陷", "Potholes", "hazard", True),
        "020102": ("公交线路与站点", "Bus lines", "grievance", True),
        "020103": ("公交改进建议", "Better buses", "suggestion", True),
        "020104": ("邻里停车纠纷", "Quarrel about parking", "mediation", True),
        "020105": ("出租车", "Taxis", "grievance", False),
        "020106": ("井盖缺失", "Manhole cover missing", "hazard", True),
    }
    return {
        code: Category.objects.create(
            parent=surface, code=code, name=name, name_en=english, kind=kind, is_offered=offered
        )
        for code, (name, english, kind, offered) in leaves.items()
    }


def make_key(unit: Unit | None = None, *, name: str = "市民应用") -> str:
    """A key whose reports go to the unit."""
    unit = unit or make_unit(name="云榆县")
    administrator = make_officer(unit, Power.ADMINISTER)
    _, key_text = keys.make_key(name=name, unit=unit, actor=administrator, now=NOW)
    return key_text


def post(key: str, suffix: str = "json", *, headers: Any = None, **values: Any) -> Any:
    """POST a report: the pothole, with other fields than its own where they are given."""
    body = {k: v for k, v in {"api_key": key, **POTHOLE, **values}.items() if v is not None}
    return Client().post(f"{V2}requests.{suffix}", body, headers=headers)


def number_of(response: Any) -> str:
    assert response.status_code == 200, response.content.decode()
    return str(response.json()[0]["service_request_id"])


def case_of(response: Any) -> Case:
    return Case.objects.get(number=number_of(response))


def get(path: str, *, by: str = "", **parameters: str) -> Any:
    """GET an address, by the system whose key it is."""
    headers = {"X-Api-Key": by} if by else {}
    return Client().get(V2 + path, parameters, headers=headers)


def answer(path: str, *, by: str = "", **parameters: str) -> Any:
    response = get(path, by=by, **parameters)
    assert response.status_code == 200, response.content.decode()
    return response.json()


def xml(response: Any) -> ElementTree.Element:
    return ElementTree.fromstring(response.content)


def publish(case: Case, **words: Any) -> Publication:
    """Let the public see the case, in words of its own."""
    shown = {"title": "路面坑洼", "text": "路面有坑。", "place": "第五大街", **words}
    return Publication.objects.create(case=case, published_at=case.reported_at, **shown)


def refusal_in(response: Any, status: int) -> str:
    assert response.status_code == status, response.content.decode()
    (error,) = response.json()
    assert error["code"] == status
    return str(error["description"])
