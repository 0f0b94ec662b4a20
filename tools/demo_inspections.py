"""What was inspected in the demo's district: two inspections that are done, and one half-done.

`python -m tools.demo_inspections` works on the configured database, after the demo's sites.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402

from bihuan.checklists.actions import lists, versions  # noqa: E402
from bihuan.checklists.models import Version  # noqa: E402
from bihuan.core.checklist import (  # noqa: E402
    NOT_APPLICABLE,
    Content,
    HazardHint,
    Item,
    Section,
)
from bihuan.core.hazard import Grade  # noqa: E402
from bihuan.core.inspection import Kind, Method, Outcome, Side  # noqa: E402
from bihuan.core.rules import Bilingual  # noqa: E402
from bihuan.figures.actions import recounting  # noqa: E402
from bihuan.files.actions import check  # noqa: E402
from bihuan.inspections.actions import answering, course, ending, settling  # noqa: E402
from bihuan.inspections.actions.answering import Save  # noqa: E402
from bihuan.inspections.actions.ending import Signed  # noqa: E402
from bihuan.inspections.actions.settling import Decision, Proposal  # noqa: E402
from bihuan.inspections.models import Inspection  # noqa: E402
from bihuan.orgs.access import Console  # noqa: E402
from bihuan.orgs.models import Post, Unit, User  # noqa: E402
from bihuan.sites.actions import registering  # noqa: E402
from bihuan.sites.actions.registering import SiteFacts  # noqa: E402
from bihuan.sites.models import Site  # noqa: E402
from tools import demo_pictures  # noqa: E402
from tools.demo_district import COUNTY, TOWN, District  # noqa: E402

TITLE = "校园安全检查表（演示）"
SIGNATURE = "80,220 140,120 210,260 300,90 380,250;450,180 620,170;520,80 560,300"


def item(key: str, zh: str, en: str, basis: str, days: int = 7) -> Item:
    return Item(
        key,
        Bilingual(zh, en),
        basis=Bilingual(basis, basis),
        photo_when_failed=True,
        hazard=HazardHint("消防安全", Grade.GENERAL, days),
    )


CONTENT = Content(
    (
        Section(
            "fire",
            Bilingual("消防", "Fire"),
            (
                item(
                    "exits",
                    "疏散通道、安全出口是否畅通",
                    "Are exits and passages open?",
                    "消防法第二十八条",
                ),
                item(
                    "extinguishers",
                    "灭火器是否完好有效",
                    "Do the extinguishers work?",
                    "消防法第十六条",
                ),
                item(
                    "batteries",
                    "室内是否没有电动自行车充电",
                    "Are no electric bicycles charged indoors?",
                    "消防法第十六条",
                    1,
                ),
            ),
        ),
        Section(
            "canteen",
            Bilingual("食堂", "Canteen"),
            (
                item(
                    "licence",
                    "食品经营许可证是否在有效期内",
                    "Is the food licence valid?",
                    "食品安全法第三十五条",
                ),
                item(
                    "tickets",
                    "进货查验记录是否齐全",
                    "Are purchases recorded?",
                    "食品安全法第五十三条",
                ),
            ),
        ),
    )
)


class Story:
    """Inspections by the safety officer of the town."""

    def __init__(self, district: District, site: Site, version: Version) -> None:
        self.district, self.site, self.version = district, site, version
        self.officer: User = district.holder(TOWN, "安全员")
        self.post: Post = district.post(TOWN, "安全员")

    def begun(self, days_ago: float) -> tuple[Inspection, datetime]:
        now = self.district.ago(days_ago)
        made = course.begin(
            site=self.site,
            version=self.version,
            unit=self.post.unit,
            posts=[self.post],
            kind=Kind.ORDINARY,
            actor=self.officer,
            now=now,
            key=uuid4(),
        )
        return made, now

    def answered(self, made: Inspection, now: datetime, answers: Mapping[str, str]) -> None:
        for key, value in answers.items():
            save = Save(key, value, "通道内堆放纸箱。" if value == "no" else "", 0, uuid4())
            answering.answer(inspection=made, save=save, actor=self.officer, now=now)
            if value == "no":
                self._photographed(made, now, key, "exit", mended=False)

    def _photographed(
        self, made: Inspection, now: datetime, key: str, picture: str, *, mended: bool
    ) -> None:
        # A photo serves one inspection, so each has drawings of its own.
        data = demo_pictures.jpeg(picture, seed=100 * made.pk + len(key), mended=mended)
        answering.add_photo(
            inspection=made,
            item=key,
            purpose="fixed" if mended else "found",
            upload=check(SimpleUploadedFile("IMG_0001.jpg", data, "image/jpeg")),
            actor=self.officer,
            now=now,
            key=uuid4(),
        )

    def reported(self, made: Inspection, now: datetime, key: str) -> None:
        hazard = Proposal(
            "疏散通道堆放纸箱",
            self.site.name,
            self.post.unit,
            description="东侧楼梯口通道被纸箱占用。",
            category="消防安全",
            grade="general",
            basis="消防法第二十八条",
        )
        self._decided(made, now, Decision(key, Outcome.HAZARD, hazard=hazard))

    def fixed(self, made: Inspection, now: datetime, key: str) -> None:
        self._photographed(made, now, key, "exit", mended=True)
        self._decided(made, now, Decision(key, Outcome.FIXED))

    def _decided(self, made: Inspection, now: datetime, decision: Decision) -> None:
        settling.settle(inspection=made, decisions=[decision], actor=self.officer, now=now)

    def ended(self, made: Inspection, now: datetime, result: str) -> None:
        ending.end(
            inspection=made,
            result=result,
            signatures=[
                Signed(Side.INSPECTOR, Method.DRAWN, self.post, drawing=SIGNATURE),
                Signed(Side.SITE, Method.DRAWN, name="（演示签字人）", drawing=SIGNATURE),
            ],
            actor=self.officer,
            now=now,
        )


def act_out(district: District) -> None:
    """Carry out the inspections, once."""
    if Inspection.objects.exists():
        return
    story = Story(district, _site(district), _version(district))
    well = {each.key: "yes" for each in CONTENT.items}

    made, now = story.begun(200)
    story.answered(made, now, {**well, "tickets": NOT_APPLICABLE})
    story.ended(made, now, "未发现问题。")

    made, now = story.begun(40)
    story.answered(made, now, {**well, "exits": "no", "extinguishers": "no"})
    story.reported(made, now, "exits")
    story.fixed(made, now, "extinguishers")
    story.ended(made, now, "疏散通道限期七日内清理，灭火器当场更换。")

    made, now = story.begun(0.02)
    story.answered(made, now, {"exits": "yes", "extinguishers": "no"})


def _site(district: District) -> Site:
    """Return a school of the town; the demo's own, where there is one."""
    town: Unit = district.unit(TOWN)
    found = Site.objects.filter(unit__path__startswith=town.path, kind="school").first()
    return found or registering.enter(
        unit=town,
        kind="school",
        facts=SiteFacts("云河镇中心小学", address="学府路1号"),
        actor=None,
        now=district.ago(400),
    )


def _version(district: District) -> Version:
    checklist = lists.make(
        unit=district.unit(COUNTY),
        title=TITLE,
        content=CONTENT,
        actor=Console.CONSOLE,
        now=district.ago(300),
    )
    draft = Version.objects.get(checklist=checklist)
    return versions.put_to_use(
        version=draft, revision=1, actor=Console.CONSOLE, now=district.ago(300)
    )


def main() -> None:
    now = timezone.now()  # noqa: TID251 - a command reads the clock once
    act_out(District(now))
    recounting.refresh(now=now)


if __name__ == "__main__":
    main()
