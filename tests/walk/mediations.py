"""The moves of a mediation, by the office and by each party with its own code."""

from __future__ import annotations

from bihuan.cases.models import REPORTER, Case
from bihuan.core.mediation import Move
from tests.factories import make_photo
from tests.walk.world import CODE, World

OTHER = "party-2"


def brought(w: World) -> tuple[Case, dict[str, str]]:
    """A dispute with both parties and their codes, and a mediator whom both accept."""
    case, code = w.report("dispute", title="围墙倒塌")
    case = w.move(case, "coordinator", "add_party", name="孙某乙", call_me="13900000002")
    codes = {REPORTER: code, OTHER: invite(w, case)}
    case = w.took_effect(case, "invite")
    case = w.move(case, "coordinator", "name_mediator", post=str(w.post_of("mediator").pk))
    codes[OTHER] = w.enter(codes[OTHER])
    case = w.party(case, Move.REFUSE_MEDIATOR)
    case = w.move(case, "coordinator", "name_mediator", post=str(w.post_of("handler").pk))
    for code in codes.values():
        w.enter(code)
        case = w.party(case, Move.ACCEPT_MEDIATOR)
    return w.party(case, Move.CONSENT), codes


def invite(w: World, case: Case) -> str:
    """Print the invitation with the other party's code."""
    path = f"/desk/mediations/{case.number}/invitations/{OTHER}/"
    answer = w.at("coordinator").fill(path)
    found = CODE.search(answer.page)
    assert found, answer.told
    return found[1]


def talked(w: World, case: Case, codes: dict[str, str]) -> Case:
    """Meetings, one text refused, one taken back, and a month more."""
    case = w.move(case, "handler", "begin")
    case = w.move(case, "handler", "ask_reporter", note="什么时候有空？")
    case = w.move(case, "duty", "comment")
    case = w.move(case, "handler", "attach", uploads=[make_photo().read()])
    case = w.move(case, "duty", "alert")
    case = w.move(case, "reporter", "declare_interest")
    w.enter(codes[OTHER])
    case = w.track(case, "add", text="周末有空。")
    case = w.move(case, "handler", "meet", meets_at=f"{w.site.day(1)}T09:00")
    w.site.later(days=2)
    case = drafted(w, w.move(case, "handler", "hold"))
    case = w.party(case, Move.REFUSE_TERMS)
    case = w.move(drafted(w, case), "handler", "take_back")
    w.site.later(days=20)
    for code in codes.values():
        w.enter(code)
        case = w.party(case, Move.GO_ON)
    return drafted(w, case)


def drafted(w: World, case: Case) -> Case:
    return w.move(case, "handler", "draft", terms="甲方修墙。", what_1="修墙", due_1=w.site.day(10))


def agreed(w: World, case: Case, codes: dict[str, str]) -> None:
    """Confirmed by both, concluded, kept and finished."""
    for code in codes.values():
        w.enter(code)
        case = w.party(case, Move.CONFIRM)
    case = w.move(case, "handler", "conclude")
    case = w.move(case, "handler", "note_performance", outcome="kept")
    w.move(case, "coordinator", "finish")


def noticed(w: World) -> Case:
    """A dispute that an officer noticed on a round."""
    answer = w.at("coordinator").fill("/desk/mediations/notice/")
    assert answer.is_done, answer.told
    w.made.add(("mediation", "notice"))
    return Case.objects.latest("pk")


def ended(w: World) -> None:
    """Two that were only noticed; one that fails, one that a party declines, one that it ends."""
    w.move(noticed(w), "coordinator", "ask", name="李某甲")
    w.move(noticed(w), "coordinator", "settle")
    case, _ = w.report("dispute")
    w.move(case, "coordinator", "fail")
    case, code = w.report("dispute")
    w.enter(code)
    w.party(case, Move.DECLINE)
    case, codes = brought(w)
    case = w.move(case, "coordinator", "begin")
    w.enter(codes[OTHER])
    w.party(case, Move.END)
