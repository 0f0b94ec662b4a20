"""A code that an officer has seen: good for one entry, and never enough to end anything alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bihuan.cases.models import Case
from bihuan.core import grants
from bihuan.core.codes import written
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.grievances.actions import registration
from bihuan.journal.models import Entry
from bihuan.journal.queries import verify
from bihuan.orgs.models import Unit, User
from bihuan.portal.models import Outlet
from bihuan.receipts.accounts import Account, Identity, Intake, IntakeResult
from bihuan.receipts.actions import desk_codes, intake
from bihuan.receipts.models import HeldAct, Seal, SpentCode, TrackingCode
from tests.clock import PRESENT
from tests.factories import make_officer
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db


def told_at_desk(county: County, *, about: Unit | None = None) -> IntakeResult:
    """Taken down by the clerk of the town, who sees the code on the slip."""
    account = Account(
        title="窗口故意拖延",
        unit=county.town,
        channel=Case.Channel.VISIT,
        identity=Identity(name="孙某甲", phone="13800000000"),
        about_units=(about,) if about else (),
    )
    return registration.receive(
        Intake(
            account=account,
            is_accusation=about is not None,
            form_key=f"slip about {about}",
            actor=county.clerk,
            now=PRESENT,
        )
    )


@pytest.fixture
def accusation(county: County) -> IntakeResult:
    return told_at_desk(county, about=county.town)


@pytest.fixture
def request_(county: County) -> IntakeResult:
    return told_at_desk(county)


def renewed(who: Visitor, code: str) -> str:
    """Enter the code of the slip and take one of one's own."""
    page = Page(who.client.post("/track/", {"code": code}, follow=True))
    who.send("/track/renew/", page, last=page.code[-4:])
    return page.code


def acts(case: Case) -> list[str]:
    rows = Entry.objects.filter(chain__subject=case.subject).order_by("seq")
    return list(rows.values_list("act", flat=True))


# --------------------------------------------------------------------- renewal
def test_the_first_entry_with_a_slip_shows_nothing_but_a_new_code(
    request_: IntakeResult, visitor: Visitor
) -> None:
    page = visitor.track(request_.code)

    assert page.code
    assert page.code != written(request_.code)
    assert "窗口故意拖延" not in page.text
    for path in ("/track/case/", "/track/case/withdraw/", "/track/case/add/"):
        assert "窗口故意拖延" not in visitor.get(path).text
    visitor.client.post("/track/case/withdraw/", {"note": "不告了"})
    assert Case.objects.get().ended_at is None


def test_the_new_code_opens_the_case_and_the_old_one_nothing(
    county: County, request_: IntakeResult, visitor: Visitor
) -> None:
    Outlet.objects.create(unit=county.top, name="县信访接待中心", number="0537-1234567")

    own = renewed(visitor, request_.code)
    second = Visitor()
    page = Page(second.client.post("/track/", {"code": request_.code}, follow=True))

    assert "窗口故意拖延" in Visitor().track(own).text
    assert "0537-1234567" in page.text
    for result in ("窗口故意拖延", request_.case.number, county.town.name):
        assert result not in page.text
    assert holding_cookie(second) == ""
    assert "renew_code" in acts(request_.case)
    assert verify().ok


def holding_cookie(who: Visitor) -> str:
    stored = who.client.cookies.get("bihuan_track")
    return stored.value if stored else ""


@pytest.mark.parametrize("last", ["", "0", "一二三四", "12345"])
def test_until_the_last_group_was_typed_the_old_code_goes_on(
    request_: IntakeResult, visitor: Visitor, last: str
) -> None:
    page = visitor.track(request_.code)

    again = visitor.send("/track/renew/", page, last=last)

    assert again.is_told
    assert again.code == page.code  # it may have been written down
    assert not SpentCode.objects.exists()
    assert Visitor().track(request_.code).code
    visitor.send("/track/renew/", again, last=page.code[-4:])
    assert "窗口故意拖延" in Visitor().track(page.code).text


def test_of_two_tabs_the_first_counts_and_the_second_is_told(
    request_: IntakeResult, visitor: Visitor
) -> None:
    one, other = visitor.track(request_.code), visitor.get("/track/renew/")
    assert one.code != other.code

    visitor.send("/track/renew/", one, last=one.code[-4:])
    twice = visitor.client.post("/track/renew/", {**one.values, "last": one.code[-4:]})
    late = visitor.client.post("/track/renew/", {**other.values, "last": other.code[-4:]})

    assert twice["Location"].endswith("?done=renew")
    assert late["Location"].endswith("?done=renewed")
    assert Visitor().track(other.code).is_told
    assert "窗口故意拖延" in Visitor().track(one.code).text
    assert SpentCode.objects.count() == 1


def test_a_browser_that_entered_the_slip_before_is_out_once_it_was_renewed(
    request_: IntakeResult, visitor: Visitor
) -> None:
    """The clerk who entered the code a minute earlier holds a cookie for half an hour."""
    clerk = Visitor()
    clerk.track(request_.code)

    renewed(visitor, request_.code)

    assert clerk.client.get("/track/case/")["Location"] == "/track/"


@pytest.mark.parametrize("is_hardened", [False, True])
def test_codes_stay_hashed_whenever_they_are_renewed(
    request_: IntakeResult, visitor: Visitor, is_hardened: bool
) -> None:
    if is_hardened:
        intake.harden()

    own = renewed(visitor, request_.code)
    intake.harden()

    row = TrackingCode.objects.get()
    assert row.code_hash is not None
    assert not row.sealed_code
    assert "窗口故意拖延" in Visitor().track(own).text
    assert Page(Visitor().client.post("/track/", {"code": request_.code})).code == ""


def test_what_a_person_reported_alone_is_not_renewed(code: str, visitor: Visitor) -> None:
    assert "桥头路灯坏了" in visitor.track(code).text


# ------------------------------------------------------------------- at a desk
def desk_of(officer: User, code: str) -> Client:
    client = Client()
    client.force_login(officer)
    client.post("/desk/with-code/", {"code": code, "is_present": "on"})
    return client


def enter(client: Client, name: str, **text: str) -> None:
    page = Page(client.get(f"/desk/with-code/case/{name}/"))
    client.post(f"/desk/with-code/case/{name}/", {**page.values, **text})


def test_the_desk_complained_of_can_do_nothing_with_the_code(
    county: County, accusation: IntakeResult
) -> None:
    client = desk_of(county.clerk, accusation.code)

    assert client.get("/desk/with-code/case/")["Location"] == "/desk/with-code/"
    enter(client, "withdraw", note="不告了")
    assert not HeldAct.objects.exists()
    assert (
        accusation.case.number
        not in client.post(
            "/desk/with-code/", {"code": accusation.code, "is_present": "on"}
        ).content.decode()
    )
    code = TrackingCode.objects.get().pk
    with pytest.raises(NotAllowed):
        desk_codes.enter_at_desk(code=code, actor=county.clerk, now=PRESENT)


def test_at_any_other_desk_words_count_and_the_record_names_it(
    accusation: IntakeResult, neighbour: User
) -> None:
    client = desk_of(neighbour, accusation.code)

    enter(client, "add", text="又拖了一周")

    assert accusation.case.messages.get(kind="addition").text == "又拖了一周"
    entered = Entry.objects.get(act="act_at_desk")
    assert entered.actor == neighbour
    assert entered.details["unit"] == "南川镇"
    assert entered.details["desk_code"] is True
    assert "enter_at_desk" in acts(accusation.case)


def test_only_in_the_presence_of_the_person(accusation: IntakeResult, neighbour: User) -> None:
    client = Client()
    client.force_login(neighbour)

    client.post("/desk/with-code/", {"code": accusation.code})

    assert client.get("/desk/with-code/case/")["Location"] == "/desk/with-code/"


def test_a_withdrawal_by_a_code_from_a_desk_counts_once_the_unit_above_confirms_it(
    county: County, accusation: IntakeResult, neighbour: User
) -> None:
    enter(desk_of(neighbour, accusation.code), "withdraw", note="不告了")

    case, held = Case.objects.get(), HeldAct.objects.get()
    assert case.ended_at is None
    assert "hold_act" in acts(case)
    for nobody in (neighbour, county.clerk):
        with pytest.raises(NotAllowed):
            desk_codes.decide(
                given=held, actor=nobody, is_wanted=True, note="本人来过", now=PRESENT
            )
    above = Client()
    above.force_login(county.leader)
    assert "不告了" in above.get(f"/desk/cases/{case.number}/held/{held.pk}/").content.decode()
    assert f"/held/{held.pk}/" in above.get(f"/desk/cases/{case.number}/").content.decode()
    answer = above.post(
        f"/desk/cases/{case.number}/held/{held.pk}/",
        {"is_wanted": "yes", "note": "当面问过本人"},
        follow=True,
    )
    assert f"{case.number}：已作出决定，本人凭查询码可以看到。" in answer.content.decode()

    case.refresh_from_db()
    assert case.stage == "withdrawn"
    assert acts(case)[-2:] == ["confirm_held", "withdraw"]
    assert verify().ok


def test_what_the_person_does_not_want_does_not_count(
    county: County, request_: IntakeResult, neighbour: User
) -> None:
    enter(desk_of(neighbour, request_.code), "withdraw")
    held = HeldAct.objects.get()

    desk_codes.decide(
        given=held, actor=county.coordinator, is_wanted=False, note="电话里说没有", now=PRESENT
    )

    assert Case.objects.get().ended_at is None
    with pytest.raises(desk_codes.AlreadyDecided):
        desk_codes.decide(
            given=held, actor=county.coordinator, is_wanted=True, note="再问一次", now=PRESENT
        )


def test_the_unit_that_answers_confirms_nothing_in_its_own_favour(
    county: County, request_: IntakeResult, neighbour: User
) -> None:
    own = make_officer(county.town, Power.APPROVE, name="赵镇长")
    enter(desk_of(neighbour, request_.code), "withdraw")

    with pytest.raises(NotAllowed):
        desk_codes.decide(
            given=HeldAct.objects.get(), actor=own, is_wanted=True, note="都好", now=PRESENT
        )


def test_a_post_or_a_password_that_is_new_confirms_nothing(
    county: County, request_: IntakeResult, neighbour: User
) -> None:
    enter(desk_of(neighbour, request_.code), "withdraw")
    User.objects.filter(pk=county.leader.pk).update(granted_at=PRESENT, granted_by=neighbour)
    fresh = User.objects.get(pk=county.leader.pk)
    values: dict[str, Any] = {"actor": fresh, "is_wanted": True, "note": "当面问过"}

    with pytest.raises(NotAllowed):
        desk_codes.decide(given=HeldAct.objects.get(), now=PRESENT, **values)

    later = PRESENT + grants.WAITS
    assert desk_codes.decide(given=HeldAct.objects.get(), now=later, **values).is_confirmed


def test_erasing_the_contact_is_held_too(request_: IntakeResult, neighbour: User) -> None:
    enter(desk_of(neighbour, request_.code), "erase")

    assert HeldAct.objects.get().act == "erase"
    assert Seal.objects.get().erased_at is None


def test_what_waits_stands_on_today_of_those_who_may_confirm_it(
    county: County, accusation: IntakeResult, request_: IntakeResult, neighbour: User
) -> None:
    leader_of_town = make_officer(county.town, Power.APPROVE, name="赵镇长")
    for taken in (accusation, request_):
        enter(desk_of(neighbour, taken.code), "withdraw", note="不告了")

    assert held_on_today(county.leader) == {accusation.case.number, request_.case.number}
    for member in (county.leader, county.coordinator, county.clerk, leader_of_town, neighbour):
        may = {
            held.case.number
            for held in HeldAct.objects.select_related("case", "code", "unit")
            if desk_codes.may_decide(held, held.case, member, PRESENT)
        }
        assert held_on_today(member) == may

    held = HeldAct.objects.get(case=request_.case)
    desk_codes.decide(given=held, actor=county.leader, is_wanted=False, note="没有", now=PRESENT)
    assert held_on_today(county.leader) == {accusation.case.number}


def held_on_today(member: User) -> set[str]:
    client = Client()
    client.force_login(member)
    sections = client.get("/desk/").context["sections"]
    title = "凭窗口查询码提出、待核实的事项"
    return {item.number for section in sections if section.title == title for item in section.items}


def test_a_clerk_who_renews_first_still_withdraws_no_accusation_alone(
    accusation: IntakeResult, visitor: Visitor
) -> None:
    """Nobody can tell the clerk from the person, so above it is asked all the same."""
    renewed(visitor, accusation.code)

    page = visitor.act("withdraw", note="不告了")

    assert page.status == 200
    assert Case.objects.get().ended_at is None
    assert HeldAct.objects.get().member is None


def test_an_ordinary_request_is_withdrawn_with_a_code_of_ones_own(
    request_: IntakeResult, visitor: Visitor
) -> None:
    renewed(visitor, request_.code)

    visitor.act("withdraw", note="解决了")

    assert Case.objects.get().stage == "withdrawn"


def test_a_code_that_was_used_at_a_desk_is_renewed_again(
    request_: IntakeResult, visitor: Visitor, neighbour: User
) -> None:
    own = renewed(visitor, request_.code)

    desk_of(neighbour, own)

    page = Visitor().track(own)
    assert page.code not in ("", own)
    assert visitor.get("/track/case/").status == 302


def test_whose_code_somebody_else_renewed_is_given_another_above(
    county: County, accusation: IntakeResult, neighbour: User
) -> None:
    thief = Visitor()
    stolen = renewed(thief, accusation.code)
    for officer in (neighbour, county.clerk):
        client = desk_of(officer, accusation.code)
        assert client.get("/desk/with-code/replace/")["Location"] == "/desk/with-code/"
    client = desk_of(county.leader, accusation.code)
    page = Page(client.get("/desk/with-code/replace/"))

    given = client.post("/desk/with-code/replace/", {**page.values, "note": "带着小票来的"})

    assert thief.client.get("/track/case/")["Location"] == "/track/"
    assert Visitor().track(stolen).code == ""
    another = Page(given).code
    assert "窗口故意拖延" in Visitor().track(renewed(Visitor(), another)).text
    assert "replace_code" in acts(accusation.case)
