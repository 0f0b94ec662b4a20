"""A school, a checklist of its town, and two officers who inspect."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bihuan.checklists.models import Version
from bihuan.core.checklist import AnswerType, Choice, Condition, HazardHint, Item
from bihuan.core.hazard import Grade
from bihuan.core.powers import Power
from bihuan.core.rules import Bilingual
from bihuan.inspections.models import Inspection
from bihuan.orgs.models import Post, Unit, User
from bihuan.sites.models import Site
from tests.factories import make_checklist, make_inspection, make_officer, make_site, make_unit


def item(key: str, **given: object) -> Item:
    return Item(key, Bilingual(f"{key}是否符合要求", f"Is {key} in order?"), **given)  # type: ignore[arg-type]


ITEMS = (
    item(
        "exits",
        photo_when_failed=True,
        basis=Bilingual("消防法第二十八条", "Fire Protection Law, Art. 28"),
        hazard=HazardHint("消防安全", Grade.MAJOR, 5),
    ),
    item("canteen"),
    item("licence", condition=Condition("canteen", ("yes",))),
    item(
        "alarm",
        answer=AnswerType.CHOICE,
        choices=(
            Choice("works", Bilingual("正常", "Works")),
            Choice("broken", Bilingual("损坏", "Broken"), fails=True),
        ),
    ),
    item("remarks", answer=AnswerType.TEXT, required=False),
)


@dataclass(frozen=True)
class Place:
    """Who and what the tests are about."""

    county: Unit
    town: Unit
    school: Unit
    site: Site
    version: Version
    inspector: User
    other: User
    head: User

    @property
    def post(self) -> Post:
        return Post.objects.get(tenures__member=self.inspector)

    @property
    def other_post(self) -> Post:
        return Post.objects.get(tenures__member=self.other)

    def begun(self, **given: object) -> Inspection:
        posts = given.pop("posts", (self.post,))
        return make_inspection(self.site, self.version, posts=posts, **given)  # type: ignore[arg-type]


@pytest.fixture
def place() -> Place:
    county = make_unit(name="青屿县")
    town = make_unit(county, name="云河镇", kind=Unit.Kind.TOWN)
    school = make_unit(town, name="云河镇中心小学", kind=Unit.Kind.SCHOOL)
    site = make_site(town, name="云河镇中心小学", address="学府路1号", operator_unit=school)
    return Place(
        county=county,
        town=town,
        school=school,
        site=site,
        version=make_checklist(county, items=ITEMS, title="校园安全检查表"),
        inspector=make_officer(town, Power.REPORT, name="田巡查"),
        other=make_officer(town, Power.HANDLE, name="林安全"),
        head=make_officer(school, Power.HANDLE, name="校安全员"),
    )
