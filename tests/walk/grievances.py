"""The moves of grievances and suggestions in an order in which offices could make them."""

from __future__ import annotations

from bihuan.cases.models import Case
from bihuan.receipts.models import Message, Publication
from tests.factories import make_photo
from tests.walk.world import World

OPINION = {
    "request": "修好路灯。",
    "facts": "灯头烧毁，已核实。",
    "reasons": "属于公共照明。",
    "decision": "support",
    "basis": "《城市照明管理规定》",
}
REVIEWED = {**OPINION, "outcome": "upheld"}


def received(w: World) -> Case:
    """Classified, talked over with its author, and passed to and fro until accepted."""
    case, code = w.report("grievance", call_me="李某")
    w.enter(code)
    case = w.move(case, "coordinator", "classify", way="request")
    case = w.move(case, "duty", "comment")
    case = w.move(case, "coordinator", "attach", uploads=[make_photo().read()])
    case = w.move(case, "coordinator", "record_step")
    case = w.move(case, "coordinator", "ask_reporter", note="哪一天？")
    question = Message.objects.filter(case=case, kind=Message.Kind.QUESTION).latest("pk")
    case = w.answer(case, question, text="上个月。")
    case = w.track(case, "add", text="还有一处。")
    bureau = str(w.realm.bureau.unit.pk)
    case = w.move(case, "coordinator", "transfer", unit=bureau)
    case = w.move(case, "bureau coordinator", "object")
    case = w.move(case, "coordinator", "answer_objection", agreed="yes")
    case = w.move(case, "coordinator", "transfer", unit=bureau)
    case = w.move(case, "bureau coordinator", "take_over")
    case = w.move(case, "bureau coordinator", "transfer", unit=str(w.town.pk))
    case = w.move(case, "coordinator", "take_over")
    return w.move(case, "coordinator", "accept")


def answered(w: World, case: Case) -> Case:
    """Worked on with others' help and more time, answered, served on paper, and closed."""
    case = w.move(case, "coordinator", "assign", post=str(w.post_of("handler").pk))
    case = w.move(case, "head", "set_lead", post=str(w.post_of("head").pk))
    case = w.move(case, "coordinator", "add_assist", unit=str(w.realm.bureau.unit.pk))
    case = w.move(case, "coordinator", "end_assist")
    case = w.move(case, "handler", "ask_extension", days="10")
    case = w.move(case, "head", "decide_extension", granted="yes")
    case = w.move(case, "handler", "draft", **OPINION)
    case = w.move(case, "head", "send_back")
    case = w.move(case, "handler", "draft", **OPINION)
    case = w.move(case, "head", "issue")
    case = w.move(case, "handler", "serve", served_date=w.site.day())
    case = w.track(case, "rate", solved="no", text="没有修。")
    case = w.move(case, "leader", "follow_up")
    return w.move(case, "county coordinator", "close")


def reviewed(w: World, case: Case) -> None:
    """Reviewed at the county, and again at the city with a hearing."""
    case = w.track(case, "review", "ask_review")
    case = w.move(case, "county handler", "draft_review", **REVIEWED)
    case = w.move(case, "county head", "send_back_review")
    case = w.move(case, "county handler", "draft_review", **REVIEWED)
    case = w.move(case, "county head", "issue_review")
    case = w.track(case, "review", "ask_rereview")
    case = w.move(case, "city handler", "begin_hearing")
    case = w.move(case, "city handler", "end_hearing")
    case = w.move(case, "city handler", "draft_rereview", **REVIEWED)
    case = w.move(case, "city head", "send_back_rereview")
    case = w.move(case, "city handler", "draft_rereview", **REVIEWED)
    case = w.move(case, "city head", "issue_rereview")


def aside(w: World) -> None:
    """What goes another way: redirected, a suggestion after all, in parts, withdrawn, revenge."""
    case, _ = w.report("grievance")
    case = w.move(case, "coordinator", "classify", way="court")
    w.move(case, "coordinator", "redirect")
    case, _ = w.report("grievance")
    w.move(case, "coordinator", "as_suggestion")
    case, code = w.report("grievance")
    case = w.move(case, "coordinator", "classify", way="request")
    case = w.move(case, "coordinator", "accept")
    case = w.move(case, "coordinator", "add_child", unit=str(w.realm.bureau.unit.pk))
    case = w.move(case, "reporter", "declare_interest")
    w.enter(code)
    w.retaliation(case)
    w.track(case, "withdraw")


def suggested(w: World) -> None:
    """One suggestion adopted, published and rated, one not adopted, one withdrawn."""
    case, code = w.report("suggestion", may_publish="on")
    w.enter(code)
    case = w.track(case, "add", text="还可以装太阳能灯。")
    case = w.move(case, "coordinator", "consider", post=str(w.post_of("handler").pk))
    case = w.move(case, "duty", "comment")
    case = w.move(case, "handler", "attach", uploads=[make_photo().read()])
    case = w.move(case, "handler", "ask_reporter")
    case = w.move(case, "coordinator", "adopt", partly="no")
    case = w.move(case, "coordinator", "publish")
    assert Publication.objects.get(case=case)
    case = w.track(case, "rate", solved="no")
    case = w.move(case, "county coordinator", "follow_up")
    w.move(case, "coordinator", "unpublish")
    case, code = w.report("suggestion")
    w.move(case, "coordinator", "not_adopt")
    case, code = w.report("suggestion")
    w.enter(code)
    w.track(case, "withdraw")
