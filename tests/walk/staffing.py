"""The organisation as tables."""

from __future__ import annotations

from io import BytesIO

from xlsxwriter import Workbook

from bihuan.core.powers import Power
from bihuan.orgs.models import Post, Tenure, Unit
from tests.factories import make_member, make_post, make_tenure
from tests.walk.pages import act, journaled
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
    assert "新九村" in w.at("administrator").follow(answer).page
    assert Unit.objects.get(code="new-9").parent == w.town


def restructuring(w: World) -> None:
    """A unit comes with its post, the post moves, and an ill officer gets a stand-in."""
    base, today = "/desk/organisation", w.site.day()
    member = make_member(username="founder", name="首任")
    act(
        w, f"{base}/units/{w.town.code}/found/", code="new-2", name="新二村", kind="village",
        title="村安全员", member=str(member.pk), start_date=today,
    )  # fmt: skip
    post = Post.objects.get(unit__code="new-2")
    given = {"unit": str(w.town.pk), "reason": "调整", "sure": "1"}
    before = journaled()
    w.at("administrator").post(f"{base}/posts/{post.pk}/move/", [*given.items()])
    assert journaled() != before
    ill, well = (make_tenure(make_member(), make_post(w.town, Power.HANDLE)) for _ in "ab")
    act(
        w, f"{base}/tenures/{ill.pk}/stand-in/", member=str(well.member_id), start_date=today,
        end_date=w.site.day(7),
    )  # fmt: skip
    mistaken = make_post(w.town)
    act(w, f"{base}/posts/{mistaken.pk}/appoint/", member=str(make_member().pk), start_date=today)
    act(w, f"{base}/tenures/{Tenure.objects.get(post=mistaken).pk}/annul/", reason="录错")


EVERYTHING = {
    staffing: {"staffing:workbook", "staffing:confirm"},
    restructuring: {
        "orgs:add-unit-with-post",
        "orgs:move-post",
        "orgs:stand-in-for",
        "orgs:annul-tenure",
    },
}
