"""The moves of a hazard in an order in which an office could make them."""

from __future__ import annotations

from datetime import timedelta

from django.utils.timezone import localtime

from bihuan.cases.models import Case
from bihuan.hazards.actions.ledger_rows import Ledger
from bihuan.hazards.rows import LedgerRow
from bihuan.orgs.models import Unit
from bihuan.receipts.models import Message, Publication
from bihuan.sheets.ledger.rows import Given
from tests.factories import make_photo
from tests.walk.world import World


def plan(w: World) -> dict[str, str]:
    """The five in place."""
    return {
        "post": str(w.post_of("handler").pk),
        "measures": "更换灯具并检查线路。",
        "budget": "1200",
        "deadline_date": w.site.day(15),
        "contingency": "夜间值守。",
    }


def found_major(w: World) -> Case:
    """Reported by the public, found major, talked over with the reporter, and published."""
    case, code = w.report("hazard")
    w.enter(code)
    case = w.track(case, "add", text="灯杆也歪了。", photos=[make_photo().read()])
    case = w.move(case, "coordinator", "amend", title="桥头路灯不亮、灯杆歪斜")
    case = w.move(case, "coordinator", "confirm", grade="major", standard="城市照明判定标准")
    case = w.move(case, "duty", "comment")
    case = w.move(case, "handler", "attach", uploads=[make_photo().read()])
    case = w.move(case, "coordinator", "ask_reporter", note="哪一根灯杆？")
    question = Message.objects.filter(case=case, kind=Message.Kind.QUESTION).latest("pk")
    case = w.answer(case, question, text="桥东第二根。")
    case = w.move(case, "coordinator", "grade", grade="major", standard="城市照明判定标准")
    case = w.move(case, "county coordinator", "add_assist", unit=str(w.realm.bureau.unit.pk))
    case = w.move(case, "coordinator", "end_assist")
    case = w.move(case, "coordinator", "publish")
    w.me_too(Publication.objects.get(case=case))
    case = w.move(case, "coordinator", "unpublish")
    case = w.move(case, "coordinator", "ask_later_conclusion", until_date=w.site.day(90))
    return w.move(case, "leader", "decide_extension", granted="yes")


def fixed(w: World, case: Case) -> Case:
    """Passed on, contested, stopped, fixed, sent back and fixed again."""
    case = w.move(case, "coordinator", "assign", **plan(w))
    case = w.move(case, "handler", "contest")
    case = w.move(case, "county coordinator", "decide_contest", upheld="no")
    case = w.move(case, "handler", "start")
    case = w.move(case, "handler", "record_step")
    case = w.move(case, "handler", "add_control", what="围挡", expiry_date=w.site.day(10))
    case = w.move(case, "handler", "end_control")
    case = supervised(w, case)
    case = w.move(case, "handler", "ask_extension", until_date=w.site.day(20))
    case = w.move(case, "leader", "decide_extension", granted="yes")
    case = w.move(case, "handler", "submit", photos=[make_photo().read()])
    case = w.move(case, "verifier", "return")
    return w.move(case, "handler", "submit", photos=[make_photo().read()])


def supervised(w: World, case: Case) -> Case:
    """Planned, reported upward, listed, stopped and ordered, until the order is lifted."""
    case = w.move(case, "handler", "plan", goals="恢复照明。", team="路灯所", safety="设围挡。")
    case = w.move(case, "coordinator", "report_up", state="灯杆歪斜。", harm="可能倒塌。")
    terms = {"until_date": w.site.day(60), "conditions": "验收合格。"}
    case = w.move(case, "leader", "list", **terms)
    case = w.move(case, "county head", "unlist")
    case = w.move(case, "leader", "list", **terms)
    case = w.move(case, "handler", "answer_listing")
    case = w.move(case, "handler", "ask_more_time", until_date=w.site.day(80))
    case = w.move(case, "leader", "decide_more_time", granted="yes")
    case = w.move(case, "leader", "order_fix")
    case = w.move(case, "verifier", "check_order", complied="yes")
    case = w.move(case, "leader", "stop_work", stopped="桥头人行道")
    case = w.move(case, "verifier", "check_order", complied="yes")
    return w.move(case, "leader", "resume_work")


def team() -> dict[str, str]:
    """Two members who accept the fix."""
    return {
        "passed": "yes", "member_1": "县住建局", "agrees_1": "yes", "member_2": "县交警大队",
        "agrees_2": "yes",
    }  # fmt: skip


def checked(w: World, case: Case) -> Case:
    """Accepted, closed, called unsolved by the reporter, looked at again and reopened."""
    case = w.move(case, "verifier", "verify")
    case = w.move(case, "verifier", "accept", **team())
    case = w.move(case, "verifier", "send_back")
    case = w.move(case, "handler", "submit", photos=[make_photo(seed=7).read()])
    case = w.move(case, "verifier", "verify")
    case = w.move(case, "verifier", "accept", **team())
    case = w.move(case, "handler", "ask_removal")
    case = w.move(case, "verifier", "review_site")
    case = w.move(case, "county head", "close", answer="路灯已修好。")
    case = w.track(case, "rate", solved="no", text="晚上又灭了。")
    case = w.move(case, "county coordinator", "follow_up")
    case = w.move(case, "verifier", "recheck")
    case = w.move(case, "verifier", "reopen")
    child = w.move(case, "coordinator", "add_child", unit=str(w.town.pk), title="先修灯杆")
    assert Case.objects.filter(parent=child).exists()
    return child


def brought_in(w: World) -> None:
    """Closed by a ledger since the town began to work here: confirmed above, or sent back."""
    now = localtime(w.site.now)
    began = now.date() - timedelta(days=40)
    Unit.objects.filter(pk=w.town.pk).update(start_date=began)
    row = LedgerRow(
        title="井盖缺失", place="南街", owner=w.town.pk, origin=w.town.pk,
        reported_at=now - timedelta(days=20), found_date=now.date() - timedelta(days=20),
        closed=True, ended_at=now - timedelta(days=5),
    )  # fmt: skip
    ledger = Ledger(actor=None, now=w.site.now, source="台账.xlsx")
    places = enumerate(("南街", "西街"), start=2)
    ledger.take([ledger.judge(Given(n, row._replace(place=place))) for n, place in places])
    first, second = Case.objects.filter(import_check="waiting").order_by("pk")
    w.move(first, "county coordinator", "confirm_closure")
    w.move(second, "county coordinator", "doubt_closure")


def rejected(w: World) -> None:
    """Reported by an officer and no hazard, so that its duplicate comes back."""
    first, again = reported(w), reported(w)
    again = w.move(again, "coordinator", "reject", reason="duplicate", duplicate_of=first.number)
    w.move(first, "coordinator", "reject", reason="not_a_hazard")
    w.took_effect(again, "come_back")
    mistaken = w.move(reported(w), "reporter", "correct", place="北街东口")
    w.move(mistaken, "reporter", "withdraw", note="看错了")


def reported(w: World) -> Case:
    answer = w.at("reporter").fill(
        "/desk/hazards/report/", title="井盖松动", place="北街", photos=[make_photo().read()]
    )
    assert answer.is_done, answer.told
    case = Case.objects.latest("pk")
    w.made.add((case.kind, "report"))
    return case
