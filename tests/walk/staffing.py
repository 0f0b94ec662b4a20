"""The organisation as tables."""

from __future__ import annotations

from io import BytesIO

from xlsxwriter import Workbook

from bihuan.orgs.models import Unit
from tests.walk.pages import journaled
from tests.walk.world import World


def staffing(w: World) -> None:
    """The organisation comes back from its workbook, with a unit more."""
    base = "/desk/organisation/workbook/"
    out = BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet("单位")
        sheet.write_row(0, 0, ("单位代码", "名称", "单位类型", "上级单位代码"))
        sheet.write_row(1, 0, ("new-9", "新九村", "village", w.town.code))
    before = journaled()
    shown = w.at("administrator").fill(base, file=[out.getvalue()])
    assert "新九村" in shown.page, shown.told
    assert journaled() == before
    answer = w.at("administrator").send(shown, sent_to=f"{base}confirm/")
    assert answer.status == 200, answer.told
    assert Unit.objects.get(code="new-9").parent == w.town


EVERYTHING = {staffing: {"staffing:workbook", "staffing:confirm"}}
