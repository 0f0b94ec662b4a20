"""What an officer and the person read at a desk where a code is used."""

from __future__ import annotations

import pytest

from bihuan.mediations.actions import applications, parties, proceedings
from bihuan.orgs.models import User
from bihuan.portal import moves
from bihuan.receipts.models import SpentCode
from tests.clock import PRESENT
from tests.mediations import table
from tests.portal.conftest import County
from tests.portal.test_desk_codes import desk_of, enter, told_at_desk
from tests.portal.visitor import Visitor

pytestmark = pytest.mark.django_db


def test_the_page_says_before_that_an_office_above_asks_first(
    county: County, neighbour: User
) -> None:
    client = desk_of(neighbour, told_at_desk(county, about=county.town).code)

    def says_so(name: str) -> bool:
        page = client.get(f"/desk/with-code/case/{name}/").content.decode()
        return "须经上级单位向本人核实后才生效" in page

    assert says_so("withdraw")
    assert says_so("erase")
    assert not says_so("add")


def test_the_desk_sees_what_waits_to_be_confirmed(county: County, neighbour: User) -> None:
    client = desk_of(neighbour, told_at_desk(county).code)
    waits = "已记下，尚未生效： 撤回"
    assert waits not in client.get("/desk/with-code/case/").content.decode()

    enter(client, "withdraw")

    assert waits in client.get("/desk/with-code/case/").content.decode()


def test_a_party_that_told_nothing_is_offered_nothing_to_correct() -> None:
    office = table.make_office(PRESENT)
    code = applications.invite(
        case=table.named(office), slot=table.B, actor=office.mediator, now=PRESENT, form_key="slip"
    ).code

    page = desk_of(office.coordinator, code).get("/desk/with-code/case/").content.decode()

    assert 'id="acts"' in page
    assert 'id="told"' not in page


@pytest.mark.parametrize(("name", "shown"), [("confirm", 1), ("refuse_terms", 1), ("end", 0)])
def test_a_party_hears_the_text_where_it_says_yes_or_no_to_it(name: str, shown: int) -> None:
    office = table.make_office(PRESENT)
    case = table.named(office)
    code = applications.invite(
        case=case, slot=table.B, actor=office.mediator, now=PRESENT, form_key="slip"
    ).code
    for slot in table.BOTH:
        parties.consent(case=case, slot=slot, now=PRESENT)
    case = proceedings.begin_talks(case=case, actor=office.mediator, now=PRESENT)
    table.drafted(office, case)

    page = desk_of(office.coordinator, code).get(f"/desk/with-code/case/party-{name}/")

    assert page.content.decode().count("乙方承担一半费用。") == shown


def test_another_language_shows_the_same_new_code(county: County, visitor: Visitor) -> None:
    page = visitor.track(told_at_desk(county).code)
    assert "language=" not in page.text  # a link would show another code

    again = visitor.send("/track/renew/", page, language="en")

    assert 'lang="en"' in again.text
    assert again.code == page.code
    assert not again.is_told
    assert not SpentCode.objects.exists()
    visitor.send("/track/renew/", again, last=page.code[-4:])
    assert "窗口故意拖延" in Visitor().track(page.code).text


@pytest.mark.parametrize(("answer", "is_held"), [("yes", True), ("no", False)])
def test_of_ratings_only_that_it_is_solved_is_held(answer: str, is_held: bool) -> None:
    filled = moves.RATE.fill_in(None, {"solved": answer})

    assert filled.form.is_valid()
    assert filled.weakens() is is_held
