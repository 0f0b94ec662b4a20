"""Every page that acts and is no move of a case: filled in by whoever may, tried by all others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.api.models import ApiKey, Arrival
from bihuan.cases.models import Case, SavedPhrase, SavedView, UndoableAct
from bihuan.core.powers import Power
from bihuan.grievances.models import Category
from bihuan.journal.models import Entry
from bihuan.ledgers.actions.jobs import run_imports
from bihuan.ledgers.models import ExportJob, ImportJob
from bihuan.ledgers.wording import speaking
from bihuan.notices.models import Notice
from bihuan.orgs.models import Post, SignIn, StandInOffer, Tenure, Unit, User
from bihuan.portal.models import Booking, Outlet, Reception
from bihuan.receipts.models import Message, UnsealRequest
from tests.factories import PASSWORD, make_member, make_officer, make_post, make_tenure
from tests.ledgers.workbooks import GOOD, STRANGE_UNIT, workbook
from tests.walk.at_desks import amended, at_desk, intake, kept_back, saved, turned
from tests.walk.hazards import plan
from tests.walk.people import Answer, Person
from tests.walk.world import CODE, World

Seen = Callable[[], object]
TITLES = ("检查日期", "场所", "隐患描述", "是否销号")
HERE = ("2026-03-02", "液化气站东区", "液化气站东区配电箱门损坏", "否")
CORRECTED = (*HERE[:2], f"{HERE[2]}、锁坏", HERE[3])
COMINGS = ("first-step", "sign-in", "sign-out", "idle-out")


def journaled() -> object:
    """How much was done, no matter who came and went meanwhile."""
    return Entry.objects.exclude(act__in=COMINGS).count()


def act(
    w: World, path: str, *, sent_to: str = "", by: str = "administrator", seen: Seen = journaled,
    **given: object,
) -> Answer:  # fmt: skip
    """Fill in the page; what others attempt changes nothing that is seen, and this one does."""
    to = sent_to or path
    before = seen()
    for role in w.others(by):
        tried = w.at(role).post(to, [(name, str(value)) for name, value in given.items()])
        assert tried.status < 500, f"{role}: {tried.told}"
    tried = w.public.post(to)
    assert tried.location.startswith("/sign-in/") or tried.status == 403, tried.told
    assert seen() == before, f"{to} did something for somebody who may not"
    return own(w.at(by), path, sent_to=sent_to, seen=seen, **given)


def own(
    person: Person, path: str, *, sent_to: str = "", seen: Seen = journaled, **given: object
) -> Answer:
    """Fill in a page that everybody has, and see that it did something."""
    before = seen()
    answer = person.fill(path, sent_to=sent_to, **given)  # type: ignore[arg-type]
    assert answer.is_done or (answer.status == 200 and answer.is_fine), answer.told
    assert seen() != before, f"{sent_to or path} did nothing"
    return answer


# ------------------------------------------------------------------ organisation
def organisation(w: World) -> None:
    """Units, posts and officers come, change and go."""
    base = "/desk/organisation"
    act(w, f"{base}/units/{w.town.code}/add/", code="new-1", name="新村", kind="village")
    unit, at = Unit.objects.get(code="new-1"), f"{base}/units/new-1"
    act(w, f"{at}/change/", name="新村村委会")
    act(w, f"{at}/move/", parent=str(w.realm.county.unit.pk))
    act(w, f"{at}/posts/add/", title="网格员", powers=[Power.REPORT.value])
    post = Post.objects.get(unit=unit)
    act(w, f"{base}/posts/{post.pk}/change/", title="专职网格员")
    answer = own(w.at("administrator"), f"{base}/new-member/", username="new.one", name="新来")
    assert "new.one" in w.at("administrator").follow(answer).page
    member, today, later = User.objects.get(username="new.one"), w.site.day(), w.site.day(7)
    act(w, f"{base}/posts/{post.pk}/appoint/", member=str(member.pk), start_date=today)
    _confirmed_by_another(w, make_post(w.town, Power.HANDLE))
    act(w, f"{base}/members/new.one/change/", name="新来的")
    reset = f"{base}/members/new.one/"
    act(w, f"{reset}reset-password/")
    following = make_member(username="next.one", name="接替")
    act(w, f"{base}/posts/{post.pk}/hand-over/", to=str(following.pk), start_date=later)
    tenure = Tenure.objects.filter(post=post).latest("pk")
    act(w, f"{base}/tenures/{tenure.pk}/end/", end_date=later)
    make_tenure(member, make_post(w.town))
    act(w, f"{reset}deactivate/")
    act(w, f"{reset}reactivate/")
    act(w, f"{base}/posts/{post.pk}/end/", end_date=later)
    act(w, f"{at}/close/", end_date=w.site.day(8))


def _confirmed_by_another(w: World, post: Post) -> None:
    """What one administrator grants a second one confirms."""
    base, to = "/desk/organisation", make_member(username="to.confirm")
    act(w, f"{base}/posts/{post.pk}/appoint/", member=str(to.pk), start_date=w.site.day())
    second = w.site.person()
    second.sign_in(make_officer(w.realm.province.unit, Power.ADMINISTER).username, PASSWORD)
    waiting = f"{base}/to-confirm/"
    tenure = Tenure.objects.get(post=post)
    own(second, waiting, sent_to=f"{waiting}appointment/{tenure.pk}/", seen=journaled)


def _stand_in(w: World, holder: Person, tenure: Tenure, colleague: User) -> None:
    """An officer is asked to stand in, is not any more, is asked again, accepts, and it ends."""
    mine = "/desk/account/stand-ins/"
    second = w.site.person()
    second.sign_in(colleague.username, PASSWORD)
    for person, then, said in ((holder, "withdraw/", {}), (second, "", {"answer": "accept"})):
        own(
            holder, f"/desk/account/posts/{tenure.pk}/stand-in/", member=str(colleague.pk),
            start_date=w.site.day(), end_date=w.site.day(1),
        )  # fmt: skip
        asked = f"{mine}asked/{StandInOffer.objects.get().pk}/"
        own(person, asked + then, seen=journaled, **said)
    lent = Tenure.with_stand_ins.get(member=colleague, holder_tenure__isnull=False)
    own(holder, f"{mine}{lent.pk}/end/")


# ----------------------------------------------------------------------- account
def account(w: World) -> None:
    """One's own account, its sessions, and the way out."""
    user = make_officer(w.town, Power.REPORT)
    entries = Entry.objects.count
    here, there, third = (w.site.person() for _ in range(3))
    for person in (here, there, third):
        person.sign_in(user.username, PASSWORD)
    own(here, "/desk/account/", language="en", work_phone="110", seen=journaled)
    first = SignIn.objects.filter(user=user).order_by("started_at", "pk")
    colleague = make_officer(w.town, Power.REPORT)
    _stand_in(w, here, Tenure.objects.get(member=user), colleague)
    handle = next(each.handle for each in first if each.session_key != key_of(here))
    sessions = "/desk/account/sessions/"
    own(here, sessions, sent_to=f"{sessions}{handle}/end/")
    own(here, sessions, sent_to=f"{sessions}end/")
    assert [each.get("/desk/").status for each in (here, there, third)] == [200, 302, 302]
    own(
        here, "/desk/account/password/",
        present=PASSWORD, new="Calm-River-52", again="Calm-River-52",
    )  # fmt: skip
    answer = own(here, "/desk/", sent_to="/language/", language="zh-hans",
                 seen=lambda: here.cookies["bihuan_language"])  # fmt: skip
    assert answer.location == "/desk/"
    own(here, "/desk/", sent_to="/sign-out/", seen=entries)
    assert here.get("/desk/").location == "/sign-in/?next=/desk/"
    here.sign_in(user.username, "Calm-River-52")
    w.site.later(minutes=31)
    assert here.get("/desk/").location == "/sign-in/?next=/desk/"
    here.sign_in(user.username, "Calm-River-52")


def key_of(person: Person) -> str:
    return person.cookies["bihuan_session"]


# ------------------------------------------------------------------------ portal
def portal(w: World) -> None:
    """What offices tell of themselves, and reception days with their visitors."""
    act(w, "/desk/outlets/add/", by="coordinator", name="接待大厅")
    outlet = Outlet.objects.latest("pk")
    act(w, f"/desk/outlets/{outlet.pk}/", by="coordinator", hours="每天")
    town = Unit.objects.filter(kind=Unit.Kind.TOWN).earliest("pk")
    act(w, f"/desk/places/{town.pk}/", by="coordinator", names="阳光小区")
    later = w.site.day(7)
    act(w, "/desk/receptions/plan/", by="coordinator", first=later, times="2")
    first, second = Reception.objects.order_by("-pk")[:2]
    address = re.search(rf'href="(/reception/{first.pk}/\d+/)"', w.public.get("/reception/").page)
    assert address
    slip = own(w.public, address[1], seen=Booking.objects.count)
    code = CODE.search(w.public.follow(slip).page)
    assert code
    mine = w.public.follow(w.public.fill("/reception/mine/", code=code[1]))
    back = w.public.send(mine, sent_to="/reception/mine/", go="give-back")
    answer = w.public.follow(back)
    assert answer.status == 200
    assert not Booking.objects.filter(given_back_at=None).exists()
    act(w, f"/desk/receptions/{second.pk}/cancel/", by="coordinator")
    w.report("hazard", by=w.site.person(keeps_cookies=False))
    _case, code_of_case = w.report("hazard")
    w.enter(code_of_case)
    assert w.public.fill("/track/case/", sent_to="/track/leave/").location == "/track/"
    assert w.public.get("/track/case/").location == "/track/"


# -------------------------------------------------------------------------- desk
def desk(w: World) -> None:
    """Notices, saved views, many cases at once, seals and messages."""
    case, code = w.report("hazard", call_me="13900000001")
    other, _ = w.report("hazard")
    for each in (case, other):
        w.move(each, "coordinator", "confirm", grade="general")
    _undo(w, other)
    coordinator = w.at("coordinator")
    views = SavedView.objects
    own(coordinator, "/desk/cases/", sent_to="/desk/cases/views/", name="我的", seen=views.count)
    view = views.latest("pk")
    at = f"/desk/cases/views/{view.pk}"
    names = views.values_list("name")
    act(w, "/desk/cases/views/", sent_to=f"{at}/rename/", by="coordinator", name="你的",
        seen=lambda: list(names.all()))  # fmt: skip
    act(w, "/desk/cases/views/", sent_to=f"{at}/delete/", by="coordinator", seen=views.count)
    toured = User.objects.exclude(tour_ended_at=None)
    own(coordinator, "/desk/", sent_to="/desk/tour/end/", seen=toured.count)
    _phrases(w)
    many = "/desk/cases/many/assign/"
    page = coordinator.get(f"{many}?case={case.number}&case={other.number}")
    answer = coordinator.send(page, sent_to=many, **plan(w))
    assert answer.location, answer.told
    stages = Case.objects.filter(kind="hazard").values_list("stage", flat=True)
    assert set(stages) == {"assigned"}
    own(coordinator, answer.location, sent_to=f"{answer.location}undo/",
        seen=lambda: set(stages.all()))  # fmt: skip
    coordinator.send(coordinator.get(f"{many}?case={case.number}&case={other.number}"),
                     sent_to=many, **plan(w))  # fmt: skip
    assert set(stages.all()) == {"assigned"}
    w.enter(code)
    case.refresh_from_db()
    w.track(case, "add", text="请尽快。")
    unread = Notice.objects.filter(read_at=None)
    own(w.at("handler"), "/desk/", sent_to="/desk/notices/read/", seen=unread.count)
    unseen = Message.objects.filter(seen_at=None)
    path = case.get_absolute_url()
    own(w.at("handler"), path, sent_to=f"{path}messages/read/", seen=unseen.count)
    shown = w.at("handler").fill(f"{path}seals/reporter/open/")
    assert "13900000001" in shown.page, shown.told


def _undo(w: World, other: Case) -> None:
    made = UndoableAct.objects.get(case=other)
    undone = UndoableAct.objects.filter(undone_at__isnull=False)
    path = other.get_absolute_url()
    act(w, path, sent_to=f"{path}undo/{made.seq}/", by="coordinator", seen=undone.count)
    other.refresh_from_db()
    w.move(other, "coordinator", "confirm", grade="general")


def _phrases(w: World) -> None:
    kept = SavedPhrase.objects
    own(w.at("coordinator"), "/desk/phrases/", use="measures", text="更换灯具。", seen=kept.count)
    at = f"/desk/phrases/{kept.latest('pk').pk}/"
    texts = kept.values_list("text")
    act(w, at, by="coordinator", text="更换灯管。", seen=lambda: list(texts.all()))
    act(w, "/desk/phrases/", sent_to=f"{at}delete/", by="coordinator", seen=kept.count)


def sealed(w: World) -> None:
    """An accusation: an officer who works on it asks for the seal, and another allows it."""
    case, _ = w.report("accusation", about=str(w.town.pk), my_name="钱某")
    path = case.get_absolute_url()
    holder = next(role for role in w.browsers if w.at(role).get(path).status == 200)
    own(w.at(holder), f"{path}seals/reporter/open/", seen=UnsealRequest.objects.count)
    opening = UnsealRequest.objects.latest("pk")
    others = [role for role in w.browsers if role != holder and w.at(role).get(path).status == 200]
    allowed = f"{path}openings/{opening.pk}/allow/"
    own(w.at(others[0]), path, sent_to=allowed, seen=journaled)
    looked = w.at(holder).fill(path, sent_to=f"{path}openings/{opening.pk}/look/")
    assert "钱某" in looked.page, looked.told


# -------------------------------------------------------------- subjects, ledgers
def categories(w: World) -> None:
    """The subject tree."""
    base = "/desk/categories"
    act(w, f"{base}/load/")
    act(w, f"{base}/add/", name="水利", seen=Category.objects.count)
    top = Category.objects.latest("pk").code
    act(w, f"{base}/{top}/add/", name="水渠", seen=Category.objects.count)
    below = Category.objects.latest("pk").code
    act(w, f"{base}/{below}/change/", name="灌溉水渠")
    act(w, f"{base}/{below}/move/", parent="")
    act(w, f"{base}/{below}/retire/")
    act(w, f"{base}/{below}/restore/")


def ledgers(w: World) -> None:
    """A ledger comes in, another is thrown away, and the whole goes out."""
    coordinator, jobs = w.at("coordinator"), ImportJob.objects
    asked_about(w)
    at = uploaded(w, workbook([GOOD, STRANGE_UNIT], sheets=["台账", "二季度"]))
    own(coordinator, f"{at}/columns/", sent_to=f"{at}/read-again/", sheet="二季度",
        seen=lambda: list(jobs.values_list("look")))  # fmt: skip
    own(coordinator, f"{at}/columns/", seen=imports)
    w.site.later(seconds=1)
    own(coordinator, f"{at}/", sent_to=f"{at}/words/", seen=imports)
    own(coordinator, f"{at}/", sent_to=f"{at}/next-sheet/", sheet="台账", seen=jobs.count)
    own(coordinator, f"{at}/", sent_to=f"{at}/go/", seen=imports)
    at = uploaded(w, workbook([GOOD]))
    own(coordinator, f"{at}/columns/", sent_to=f"{at}/delete/", seen=jobs.count)
    answer = coordinator.post("/desk/cases/export/")
    assert answer.is_done
    assert ExportJob.objects.exists()


def asked_about(w: World) -> None:
    """A row that may be a case that is here: answered by itself, then with all like it."""
    coordinator = w.at("coordinator")
    at = uploaded(w, workbook([HERE], header=TITLES))
    own(coordinator, f"{at}/columns/", seen=imports)
    own(coordinator, f"{at}/", sent_to=f"{at}/go/", seen=imports)
    run_imports(now=w.site.now, speaking=speaking)
    at = uploaded(w, workbook([CORRECTED], header=TITLES))
    own(coordinator, f"{at}/columns/", seen=imports)
    asked = coordinator.get(f"{at}/questions/")
    answer = re.search(r'name="(answer-[^"]+)" value="(\w+)"', asked.page)
    assert answer, asked.told
    own(coordinator, f"{at}/questions/", seen=imports, **{answer[1]: answer[2]})
    own(coordinator, f"{at}/questions/", seen=imports, every="new")
    w.site.later(seconds=1)
    own(coordinator, f"{at}/", sent_to=f"{at}/again/", seen=imports)


def uploaded(w: World, file: SimpleUploadedFile) -> str:
    """The address of the import of this file."""
    own(w.at("coordinator"), "/desk/import/", file=[file.read()], unit=str(w.town.pk),
        seen=ImportJob.objects.count)  # fmt: skip
    return f"/desk/import/{ImportJob.objects.latest('pk').pk}"


def imports() -> object:
    """How every import stands, and since when."""
    stands = ("state", "result", "answers", "started_at")
    return list(ImportJob.objects.order_by("pk").values_list(*stands))


# ----------------------------------------------------------------- other systems
def other_systems(w: World) -> None:
    """A key for another system, a report by it, and its end."""
    made = w.at("administrator").fill("/desk/api-keys/make/", name="市民应用", unit=str(w.town.pk))
    said = re.search(r"<code>(\S{43})</code>", made.page)
    assert said, made.told
    services = json.loads(w.public.get("/open311/v2/services.json").page)
    sent = {
        "api_key": said[1], "service_code": services[0]["service_code"], "description": "井盖松动",
        "address_string": "北街", "jurisdiction_id": "",
    }  # fmt: skip
    answer = w.public.post("/open311/v2/requests.json", list(sent.items()))
    assert answer.status in (200, 201), answer.page
    tried = w.public.post("/open311/test/v2/requests.json", list(sent.items()))
    assert tried.status == 200, tried.page
    assert Arrival.objects.count() == 1
    key = ApiKey.objects.latest("pk")
    act(w, f"/desk/api-keys/{key.pk}/end/")


# Each walk, and the names of the pages that it sends something to.
EVERYTHING: dict[Callable[[World], None], set[str]] = {
    organisation: {
        "orgs:add-unit", "orgs:change-unit", "orgs:move-unit", "orgs:close-unit", "orgs:add-post",
        "orgs:change-post", "orgs:end-post", "orgs:appoint", "orgs:hand-over", "orgs:end-tenure",
        "orgs:add-member", "orgs:change-member", "orgs:deactivate-member", "orgs:reactivate-member",
        "orgs:reset-password", "orgs:confirm-grant",
    },
    account: {
        "orgs:sign-in", "orgs:sign-out", "orgs:account", "orgs:account-password",
        "orgs:end-session", "orgs:end-other-sessions", "web:set_language",
        "orgs:name-stand-in", "orgs:end-stand-in", "orgs:answer-stand-in", "orgs:withdraw-stand-in",
    },
    portal: {
        "portal:add-outlet", "portal:change-outlet", "portal:change-places",
        "portal:plan-receptions",
        "portal:cancel-reception", "portal:book-slot", "portal:my-slot", "portal:report-form",
        "portal:track-leave",
    },
    desk: {
        "desk:read-notices", "desk:undo", "desk:views", "desk:rename-view", "desk:delete-view",
        "desk:phrases", "desk:change-phrase", "desk:delete-phrase",
        "desk:batch", "desk:undo-batch", "receipts:read-messages", "receipts:open-seal",
        "web:end-tour",
    },
    sealed: {"receipts:open-seal", "receipts:allow-opening", "receipts:look-into-seal"},
    intake: {"grievances:intake", "grievances:intake-page"},
    at_desk: {
        "portal:with-code", "portal:with-code-act", "portal:with-code-leave",
        "portal:with-code-replace", "receipts:decide-held", "portal:track-renew",
    },
    amended: {"receipts:decide-amendment", "portal:track-act"},
    saved: {"desk:evidence"},
    kept_back: {"desk:keep-back"},
    turned: {"desk:turn-photo"},
    categories: {
        "grievances:load-categories", "grievances:add-category", "grievances:add-category-below",
        "grievances:change-category", "grievances:move-category", "grievances:retire-category",
        "grievances:restore-category",
    },
    ledgers: {
        "ledgers:import", "ledgers:import-columns", "ledgers:import-read-again",
        "ledgers:import-words", "ledgers:import-go", "ledgers:import-next-sheet",
        "ledgers:import-delete", "ledgers:import-questions", "ledgers:import-again",
        "ledgers:export",
    },
    other_systems: {
        "api:make-api-key", "api:open311-requests", "api:open311-test-requests", "api:end-api-key",
    },
}  # fmt: skip
