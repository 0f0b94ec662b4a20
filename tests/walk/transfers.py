"""Transfer letters: drafted from a hazard, changed, issued, received, answered, or ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bihuan.core.hazard import Stage as CaseStage
from bihuan.core.powers import Power
from bihuan.transfers.models import Letter
from tests.factories import make_case, make_officer, make_unit
from tests.walk.pages import act, own
from tests.walk.world import World

SAYS: dict[str, Any] = {
    "title": "违法使用林地",
    "place": "北山3号林班",
    "found": "林地内新建砂石堆场。",
    "basis": "《中华人民共和国森林法》第三十七条",
}


def letters(w: World) -> None:
    bureau = make_unit(name="县林业局")
    receiver = w.site.officer(make_officer(bureau, Power.COORDINATE))
    leader = w.site.officer(make_officer(w.town, Power.APPROVE))
    case = make_case(w.town, stage=CaseStage.REPORTED, now=w.site.now)
    draft = f"/desk/cases/{case.number}/letter/"
    for ending in ("answer", "withdraw", "discard"):
        act(w, draft, by="coordinator", to_unit=str(bureau.pk), **SAYS)
        at = Letter.objects.latest("pk").get_absolute_url()
        act(w, f"{at}change/", by="coordinator", papers="现场检查记录 2 页")
        if ending != "discard":
            own(leader, f"{at}issue/")
        if ending == "answer":
            own(receiver, f"{at}receive/", received_date=w.site.day(), receipt="收12")
            own(
                receiver, f"{at}answer/",
                answer="accepted", text="已立案。", answer_date=w.site.day(),
            )  # fmt: skip
        else:
            own(leader, f"{at}{ending}/", reason="重复。")
    assert [row.stage for row in Letter.objects.order_by("pk")] == [
        "answered", "withdrawn", "withdrawn",
    ]  # fmt: skip


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    letters: {"transfers:draft", "transfers:act"},
}
