"""What is done at a desk with a code that somebody brings, and with a document."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.cases.models import Case, Evidence
from bihuan.receipts.actions import desk_codes
from bihuan.receipts.models import Amendment, HeldAct
from bihuan.receipts.queries import amendments
from tests.factories import make_photo
from tests.files.hostile import pdf
from tests.walk.forms import Forms
from tests.walk.world import CODE, World


def at_desk(w: World) -> None:
    """Somebody without a telephone uses a slip at a desk; somebody else has renewed it later."""
    case, code = w.report("grievance")
    desk, base = w.at("handler"), "/desk/with-code/"
    answer = desk.fill(base, code=code, is_present="on")
    assert answer.location == f"{base}case/", answer.told
    desk.fill(f"{base}case/withdraw/", note="不告了")
    given = HeldAct.objects.get(case=case)
    chosen = desk_codes.deciders(given, Case.objects.get(pk=case.pk), w.site.now)[0]
    role = next(role for role, officer in w.officers.items() if officer == chosen)
    decided = f"{case.get_absolute_url()}held/{given.pk}/"
    w.at(role).fill(decided, is_wanted="no", note="电话里说没有")
    assert HeldAct.objects.get(pk=given.pk).is_confirmed is False
    desk.fill(f"{base}case/", sent_to=f"{base}leave/")
    w.enter(code)
    w.at(role).fill(base, code=code, is_present="on")
    replaced = w.at(role).fill(f"{base}replace/", note="带着小票来的")
    assert CODE.search(replaced.page), replaced.told


def saved(w: World) -> None:
    """A document is saved after a warning."""
    case, _ = w.report("hazard")
    document = SimpleUploadedFile("方案.pdf", pdf())
    case = w.move(case, "coordinator", "attach", uploads=[document.read()])
    row = Evidence.objects.latest("pk")
    path = f"{case.get_absolute_url()}files/{row.pk}/"
    assert w.at("coordinator").fill(path).status == 200


def kept_back(w: World) -> None:
    """A photo was shown to the reporter by mistake."""
    case, _ = w.report("hazard")
    photo = make_photo().read()
    case = w.move(case, "coordinator", "attach", uploads=[photo], phase="before", is_shown="on")
    row = Evidence.objects.latest("pk")
    w.at("coordinator").fill(f"{case.get_absolute_url()}files/{row.pk}/keep-back/", note="看错了")
    row.refresh_from_db()
    assert row.shown_to == Evidence.Audience.OFFICE


def turned(w: World) -> None:
    """A photo was taken sideways."""
    case, _ = w.report("hazard")
    case = w.move(case, "coordinator", "attach", uploads=[make_photo().read()], phase="before")
    row = Evidence.objects.latest("pk")
    w.at("coordinator").fill(f"{case.get_absolute_url()}files/{row.pk}/turn/", turns="1")
    row.refresh_from_db()
    assert row.turns == 1


def intake(w: World) -> None:
    """The desk writes down, reads back, changes a word and takes in."""
    clerk = w.at("coordinator")
    request = clerk.follow(clerk.get("/desk/intake/"))
    form = Forms(request.page).to(request.path, request.path, ["title"])
    # As a page does that was opened before forms had addresses of their own.
    old = form.filled({"title": "噪音", "channel": "visit"})
    read_back = clerk.follow(clerk.post("/desk/intake/", old))
    again = clerk.follow(clerk.send(read_back, step="change"))
    read_back = clerk.follow(clerk.send(again, title="噪音扰民"))
    made = clerk.send(read_back, photos=[make_photo().read()], step="make")
    assert CODE.search(clerk.follow(made).page), made.told
    assert Case.objects.latest("pk").title == "噪音扰民"


def amended(w: World) -> None:
    """What somebody told is corrected, erased or left as it is, because they ask for it."""
    case, code = w.report("grievance", description="我叫丁小明。")
    w.enter(code)
    for act, outcome in (("correct-title", "granted"), ("erase-description", "refused")):
        w.public.fill(f"/track/case/{act}/", note="写错了", **_right(act))
        given = Amendment.objects.latest("pk")
        role = _decider(w, given)
        path = f"{case.get_absolute_url()}amendments/{given.pk}/"
        values = {"outcome": outcome, "answer": "仍需要", "basis": "needed", "is_sure": "on"}
        assert w.at(role).fill(path, **values).is_done
        assert Amendment.objects.get(pk=given.pk).outcome == outcome
    w.public.fill("/track/case/erase-place/")
    w.public.fill("/track/case/unask-place/")
    assert Amendment.objects.latest("pk").withdrawn_at is not None


def _right(act: str) -> dict[str, str]:
    return {"text": "桥尾路灯坏了"} if act.startswith("correct") else {}


def _decider(w: World, given: Amendment) -> str:
    case = Case.objects.get(pk=given.case_id)
    chosen = amendments.deciders(case, w.site.now)[0]
    return next(role for role, officer in w.officers.items() if officer == chosen)
