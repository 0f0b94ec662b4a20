"""Reception days: a slot needs only a code, goes to one visitor, and comes back by its code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from re import findall, search

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from bihuan.core.codes import normal
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed
from bihuan.core.slots import NoSlots
from bihuan.journal.models import Entry
from bihuan.orgs.models import Unit
from bihuan.portal import guard
from bihuan.portal.actions import receptions
from bihuan.portal.actions.receptions import Hours
from bihuan.portal.forms.receptions import PlanForm
from bihuan.portal.models import Booking, Reception
from bihuan.portal.refusals import (
    AlreadyPlanned,
    DayPast,
    FormUsed,
    ReceptionCancelled,
    SlotTaken,
)
from bihuan.receipts import codes
from tests.at_once import at_once
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import NOW, TODAY, make_officer, make_post, make_unit
from tests.portal.published import make_reception

pytestmark = pytest.mark.django_db
NINE = time(9)
HOURS = Hours(time(9), time(11, 30), 30, "县信访接待大厅", "教育")
AT_MOST = 5  # queries of the public list


@pytest.fixture
def county() -> Unit:
    return make_unit(name="云溪县", code="yx")


@pytest.fixture
def soon(county: Unit) -> Reception:
    """A day to come by the real clock, which pages read."""
    return make_reception(county, on=timezone.localdate(PRESENT) + timedelta(days=3))


def book(reception: Reception, form: str = "form", *, at: time = NINE, now: datetime = NOW) -> str:
    return receptions.book(reception=reception, starts_at=at, form_key=form, now=now).code


# ---------------------------------------------------------------------- booking
def test_a_slot_is_booked_with_nothing_but_a_code_of_which_a_slow_hash_is_kept(
    county: Unit,
) -> None:
    code = book(make_reception(county))

    row = Booking.objects.get()
    assert normal(code) == code
    assert bytes(row.code_hash) == codes.slow(code)
    assert {field.name for field in Booking._meta.concrete_fields} == {
        "id", "reception", "starts_at", "code_hash", "booked_at", "given_back_at",
    }  # fmt: skip
    assert code not in str(list(Entry.objects.values()))


def test_a_taken_slot_is_not_booked_again(county: Unit) -> None:
    reception = make_reception(county)
    book(reception)

    with pytest.raises(SlotTaken):
        book(reception, "another")

    assert Booking.objects.count() == 1


def test_the_same_form_sent_twice_gives_the_same_code(county: Unit) -> None:
    reception = make_reception(county)

    assert book(reception) == book(reception)
    assert Booking.objects.count() == 1


def test_a_slot_given_back_goes_to_somebody_else(county: Unit) -> None:
    reception = make_reception(county)
    book(reception)
    receptions.give_back(booking=Booking.objects.get(), now=NOW)

    book(reception, "another")

    assert Booking.objects.filter(given_back_at=None).count() == 1
    with pytest.raises(FormUsed):
        book(reception)


def test_given_back_twice_it_is_given_back_once(county: Unit) -> None:
    book(make_reception(county))
    booking = Booking.objects.get()

    receptions.give_back(booking=booking, now=NOW)
    receptions.give_back(booking=booking, now=NOW + timedelta(hours=1))

    assert Booking.objects.get().given_back_at == NOW
    assert Entry.objects.filter(act="give-back-slot").count() == 1


@pytest.mark.parametrize("at", [time(9, 10), time(11), time(8, 30)])
def test_only_slots_of_the_day_are_booked(county: Unit, at: time) -> None:
    with pytest.raises(SlotTaken):
        book(make_reception(county), at=at)


def test_a_slot_that_has_begun_is_not_booked(county: Unit) -> None:
    reception = make_reception(county, on=TODAY)  # it is ten in the morning

    with pytest.raises(SlotTaken):
        book(reception, at=time(10))
    book(reception, at=time(10, 30))


def test_nothing_is_booked_on_a_cancelled_day(county: Unit) -> None:
    with pytest.raises(ReceptionCancelled):
        book(make_reception(county, cancelled_at=NOW))


def test_the_database_gives_a_slot_to_one_visitor_only(county: Unit) -> None:
    reception = make_reception(county)
    book(reception)

    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.create(
            reception=reception, starts_at=NINE, code_hash=b"x" * 32, booked_at=NOW
        )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_exactly_one_gets_the_slot() -> None:
    reception = make_reception(make_unit())

    outcomes = at_once(*(partial(book, reception, f"form{n}") for n in range(6)))

    assert Counter(map(type, outcomes)) == {str: 1, SlotTaken: 5}
    assert Booking.objects.count() == 1


# --------------------------------------------------------------------- planning
def test_a_row_of_days_is_planned_at_once(county: Unit) -> None:
    officer = make_officer(county, Power.COORDINATE)
    post = make_post(county, Power.APPROVE)

    made = receptions.plan(
        post=post, dates=receptions.weekly(TODAY, 3, 2), hours=HOURS, actor=officer, now=NOW
    )

    assert [row.date for row in made] == [TODAY + timedelta(days=14 * n) for n in range(3)]
    assert Entry.objects.filter(act="plan-reception", actor=officer).count() == 3


@pytest.mark.parametrize(
    ("on", "hours", "refusal"),
    [
        (TODAY - timedelta(days=1), HOURS, DayPast),
        (TODAY + timedelta(days=3), HOURS, AlreadyPlanned),
        (TODAY, Hours(time(9), time(9, 10), 30, "大厅"), NoSlots),
    ],
)
def test_a_day_that_cannot_be_is_not_planned_and_neither_is_its_row(
    county: Unit, on: date, hours: Hours, refusal: type[Exception]
) -> None:
    post = make_post(county, Power.APPROVE)
    make_reception(county, post=post)

    with pytest.raises(refusal):
        receptions.plan(
            post=post,
            dates=[TODAY + timedelta(days=9), on],
            hours=hours,
            actor=make_officer(county, Power.COORDINATE),
            now=NOW,
        )

    assert Reception.objects.count() == 1


def test_a_row_of_days_begins_where_the_calendar_does_not_end() -> None:
    form = PlanForm({"first": "9999-12-31", "times": "2", "every_weeks": "1"}, holdings=[])

    assert "first" in form.errors


def test_only_who_coordinates_there_plans_and_cancels(county: Unit) -> None:
    post, elsewhere = make_post(county, Power.APPROVE), make_officer(make_unit(), Power.COORDINATE)

    with pytest.raises(NotAllowed):
        receptions.plan(post=post, dates=[TODAY], hours=HOURS, actor=elsewhere, now=NOW)
    with pytest.raises(NotAllowed):
        receptions.cancel(reception=make_reception(county), reason="x", actor=elsewhere, now=NOW)


def test_a_cancelled_day_is_journaled_and_cancelled_once(county: Unit) -> None:
    officer, reception = make_officer(county, Power.COORDINATE), make_reception(county)

    receptions.cancel(reception=reception, reason="出差", actor=officer, now=NOW)

    assert Entry.objects.get(act="cancel-reception").note == "出差"
    with pytest.raises(ReceptionCancelled):
        receptions.cancel(reception=reception, reason="再次", actor=officer, now=NOW)


# -------------------------------------------------------------- the public pages
def pressed(client: Client, reception: Reception, at: str = "0900") -> str:
    """Open the page of a slot and press the button."""
    path = f"/reception/{reception.pk}/{at}/"
    page = client.get(path).content.decode()
    found = search(r'name="form" value="([^"]+)"', page)
    return client.post(path, {"form": found[1] if found else ""}).content.decode()


def code_in(page: str) -> str:
    found = search(r'class="code">([\d ]+)<', page)
    return found[1] if found else ""


def test_a_visitor_books_looks_and_gives_back(client: Client, soon: Reception) -> None:
    code = code_in(pressed(client, soon))
    assert len(normal(code)) == 16
    assert f"/reception/{soon.pk}/0900/" not in client.get("/reception/").content.decode()

    wide = code.translate({ord("0") + n: ord("０") + n for n in range(10)})
    page = client.post("/reception/mine/", {"code": wide}).content.decode()
    assert "如期举行" in page

    client.post("/reception/mine/", {"code": code, "go": "give-back"})
    assert f"/reception/{soon.pk}/0900/" in client.get("/reception/").content.decode()
    assert not client.cookies


def test_a_code_that_is_none_is_told_so_and_guessing_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, guard.Tried.GUESS: 2})

    pages = [client.post("/reception/mine/", {"code": "1234 5678 1234 567" + n}) for n in "123"]

    assert [page.status_code for page in pages] == [200, 200, 429]
    assert "没有使用该编码的预约" in pages[0].content.decode()


def test_nobody_books_a_whole_day(
    client: Client, soon: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST", {**guard.MOST, guard.Tried.BOOK: 2})

    pages = [pressed(client, soon, at) for at in ("0900", "0930", "1000")]

    assert [bool(code_in(page)) for page in pages] == [True, True, False]
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    "given", [{}, {"form": "x"}, {"website": "https://spam.example"}], ids=["none", "bad", "trap"]
)
def test_a_robot_books_nothing(client: Client, soon: Reception, given: dict[str, str]) -> None:
    page = client.post(f"/reception/{soon.pk}/0900/", given).content.decode()

    assert "error-summary" in page
    assert not Booking.objects.exists()


def test_a_cancelled_day_says_so_on_the_page_and_to_every_code(
    client: Client, soon: Reception
) -> None:
    code = code_in(pressed(client, soon))
    Reception.objects.update(cancelled_at=PRESENT)

    for page in (client.get("/reception/"), client.post("/reception/mine/", {"code": code})):
        assert "已取消" in page.content.decode()


def test_past_days_are_hidden(client: Client, county: Unit) -> None:
    past = make_reception(county, on=timezone.localdate(PRESENT) - timedelta(days=1))

    assert f"day-{past.pk}" not in client.get("/reception/").content.decode()
    assert client.get(f"/reception/{past.pk}/0900/").status_code == 404


@pytest.mark.parametrize("at", ["0910", "9", "x", "25-61"])
def test_a_slot_that_does_not_exist_is_not_found(client: Client, soon: Reception, at: str) -> None:
    assert client.get(f"/reception/{soon.pk}/{at}/").status_code == 404


def test_the_list_costs_the_same_for_many_days(
    client: Client, county: Unit, count_queries: CountQueries
) -> None:
    for days in range(25):
        on = timezone.localdate(PRESENT) + timedelta(days=days + 1)
        book(make_reception(county, on=on), now=PRESENT)

    with count_queries() as queries:
        page = client.get("/reception/")

    assert len(queries) <= AT_MOST
    assert len(findall(r'id="day-', page.content.decode())) == 25


# ------------------------------------------------------------------- the office
Open = Callable[[], Client]


@pytest.fixture
def desk(county: Unit) -> Client:
    client = Client()
    client.force_login(make_officer(county, Power.COORDINATE))
    return client


def test_staff_plan_see_how_much_is_taken_and_print(desk: Client, county: Unit) -> None:
    post = make_post(county, Power.APPROVE, title="县长")
    first = timezone.localdate(PRESENT) + timedelta(days=2)
    answer = desk.post(
        "/desk/receptions/plan/",
        {
            "post": post.pk, "first": first.isoformat(), "starts_at": "09:00", "ends_at": "11:00",
            "slot_minutes": 30, "place": "接待大厅", "times": 2, "every_weeks": 1,
        },
    )  # fmt: skip
    assert answer.status_code == 302
    reception = Reception.objects.earliest("date")
    code = book(reception, now=PRESENT)

    listed = desk.get("/desk/receptions/").content.decode()
    sheet = desk.get(f"/desk/receptions/{reception.pk}/sheet/").content.decode()

    assert "1/4" in listed
    assert "已预约" in sheet
    assert code not in listed + sheet


def test_staff_of_other_units_see_nothing_of_it(county: Unit, client: Client) -> None:
    reception = make_reception(county)
    client.force_login(make_officer(make_unit(), Power.COORDINATE))

    assert str(reception.place) not in client.get("/desk/receptions/").content.decode()
    assert client.get(f"/desk/receptions/{reception.pk}/sheet/").status_code == 404
    assert client.post(f"/desk/receptions/{reception.pk}/cancel/").status_code == 404


def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_lost(desk: Client, county: Unit) -> None:
    post = make_post(county, Power.APPROVE)
    given = {
        "post": post.pk, "first": "2020-01-01", "starts_at": "09:00", "ends_at": "11:00",
        "slot_minutes": 30, "place": "接待大厅", "times": 1, "every_weeks": 1,
    }  # fmt: skip

    page = desk.post("/desk/receptions/plan/", given).content.decode()

    assert "请安排今天或以后的日期" in page
    assert "接待大厅" in page
