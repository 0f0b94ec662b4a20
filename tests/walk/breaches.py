"""The register of data breaches: from the first hour to the check by a second administrator."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.timezone import localtime

from bihuan.breaches.models import Breach
from bihuan.core.powers import Power
from bihuan.files.models import Attachment
from tests.factories import make_officer
from tests.files.hostile import pdf
from tests.walk.pages import act, own
from tests.walk.world import World


def recorded(w: World) -> str:
    """A lost telephone, as little as is known of it; the address of its page."""
    act(
        w, "/desk/breaches/new/", found_at=_minute(w), how_found="巡查员报告。",
        happened="手机丢失，登录未退出。", kinds=["words", "photos"], people="40", grade="unknown",
    )  # fmt: skip
    return f"/desk/breaches/{Breach.objects.latest('pk').number}/"


def closed(w: World) -> None:
    """Remedied, reported, told and checked by another; a wrong statement is struck on the way."""
    at = recorded(w)
    w.site.later(seconds=600)
    act(w, f"{at}state/contain/", at=_minute(w), remedy="已结束会话。")
    wrong = Breach.objects.latest("pk").steps.get()
    act(w, f"{at}strike/{wrong.pk}/", reason="还有一个会话。")
    act(w, f"{at}state/contain/", at=_minute(w), remedy="会话全部结束。")
    act(w, f"{at}correct/", cause="没有锁屏密码。", reason="已查明原因。")
    act(w, f"{at}state/tell/", at=_minute(w), means="电话", receipt="12号", authority="cyberspace")
    act(w, f"{at}state/tell_persons/", at=_minute(w), means="信函", words="告知书。")
    act(w, f"{at}state/grade/", grade="serious", reason="可能影响较大。")
    _attached(w, at)
    act(w, f"{at}state/ask_check/", summary="手机须设锁屏密码。")
    second = w.site.officer(make_officer(w.realm.province.unit, Power.ADMINISTER))
    own(second, f"{at}state/send_back/", reason="缺附件。")
    act(w, f"{at}state/ask_check/", summary="附件已补。")
    own(second, f"{at}state/close/", findings="核对无误。")
    breach = Breach.objects.latest("pk")
    assert (breach.stage, breach.clocks.latest("pk").outcome) == ("closed", "met")


def _attached(w: World, at: str) -> None:
    """The authority's receipt is attached, and saved after a warning."""
    keeper, number = w.at("administrator"), Breach.objects.latest("pk").number
    act(w, f"/desk/attach/breach/{number}/", uploads=[pdf()], caption="回执")
    paper = f"/desk/attachments/{Attachment.objects.latest('pk').pk}/"
    assert paper in keeper.get(at).page
    assert keeper.post(paper).status == 200


def _minute(w: World) -> str:
    return localtime(w.site.now).strftime("%Y-%m-%dT%H:%M")


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    closed: {
        "breaches:record-breach",
        "breaches:state-breach",
        "breaches:correct-breach",
        "breaches:strike-statement",
        "files:attach",
        "files:attachment",
    },
}
