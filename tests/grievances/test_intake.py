"""Desk intake: written down, read back, taken in once, and out of the clerk's sight where due."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bihuan.cases import queries as cases
from bihuan.cases.models import Case, Exclusion
from bihuan.core.powers import Power
from bihuan.grievances.actions import category
from bihuan.grievances.actions.intake import kinds_taken
from bihuan.grievances.models import Category
from bihuan.journal.models import Entry
from bihuan.orgs.access import Console
from bihuan.orgs.models import Unit, User
from bihuan.receipts import slips
from bihuan.receipts.models import Seal, TrackingCode
from tests.clock import PRESENT
from tests.factories import NOW, make_officer, make_photo, make_unit

pytestmark = pytest.mark.django_db

URL = "/desk/intake/"
NAME, NUMBER = "欧阳不具名", "13900001111"


def made(client: Client, form: dict[str, object], **changes: object) -> str:
    response = client.post(URL, {**form, **changes, "step": "make"}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_is_kept_before_it_was_read_back(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = client.post(URL, {**form, "name_given": NAME, "step": "check"}, follow=True)

    text = page.content.decode()
    assert "末班车太早，下夜班回不了家。" in text
    assert NAME in text
    assert not Case.objects.exists()
    assert page.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize(
    ("kind", "shown", "hidden"),
    [("grievance", "要求书面", "建议可连同"), ("suggestion", "建议可连同", "要求书面")],
)
def test_only_the_wishes_of_the_chosen_kind_are_read_back(
    client: Client, clerk: User, form: dict[str, object], kind: str, shown: str, hidden: str
) -> None:
    page = client.post(URL, {**form, "kind": kind, "step": "check"}, follow=True)

    read = page.content.decode()
    assert shown in read
    assert hidden not in read


def test_what_was_read_back_can_be_changed(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = client.post(URL, {**form, "step": "change"}, follow=True).content.decode()

    assert "末班车太早，下夜班回不了家。" in page
    assert 'name="title"' in page
    assert not Case.objects.exists()


@pytest.mark.parametrize("channel", ["phone", "letter", "visit"])
def test_it_is_taken_in_with_the_channel_it_came_by(
    client: Client, clerk: User, form: dict[str, object], channel: str
) -> None:
    made(client, form, channel=channel)

    case = Case.objects.get()
    assert (case.channel, case.reported_by, case.kind) == (channel, clerk, "suggestion")


def test_the_slip_is_shown_once_with_code_phrase_picture_and_signed_text(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = made(client, form)

    code = re.search(r'slip-code">([\d ]{19})<', page)
    assert code
    text = re.search(r'class="slip-text">([^<]+)<', page)
    assert text
    slip = slips.read(text[1], {slips.label(): slips.public_key()})
    assert slip.code == code[1].replace(" ", "")
    assert "data:image/png;base64," in page
    assert TrackingCode.objects.count() == 1
    # On no other page, and nowhere in the database in clear.
    case = Case.objects.get()
    assert code[1] not in client.get(case.get_absolute_url()).content.decode()


def test_the_same_form_sent_twice_makes_one_case_with_the_same_slip(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    first, second = made(client, form), made(client, form)

    slip = re.compile(r'<pre class="slip-text">.*?</pre>', re.DOTALL)
    assert Case.objects.count() == 1
    assert slip.search(first)[0] == slip.search(second)[0]  # type: ignore[index]


def test_photos_come_with_the_last_step(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    made(client, form, photos=[make_photo()])

    assert Case.objects.get().evidence.count() == 1


def test_a_bad_photo_loses_nothing_of_what_was_written(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    bad = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")

    page = made(client, form, photos=[bad])

    assert not Case.objects.exists()
    assert "末班车太早，下夜班回不了家。" in page


# -------------------------------------------------------------------- identity
def test_who_told_it_is_sealed_and_stands_nowhere_else(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = made(client, form, name_given=NAME, call_me=NUMBER, may_publish="on")

    case = Case.objects.get()
    seal = Seal.objects.get(case=case)
    assert NAME not in seal.content
    shown = [page, client.get(case.get_absolute_url()).content.decode()]
    shown += [f"{entry.note}{entry.detail}" for entry in Entry.objects.all()]
    assert not any(NAME in text or NUMBER in text for text in shown)
    assert case.suggestion.may_publish


def test_without_a_name_there_is_no_seal(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    made(client, form)

    assert not Seal.objects.exists()


# --------------------------------------------------------------- other kinds
def test_a_hazard_is_told_with_its_place(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = client.post(
        URL, {**form, "kind": "hazard", "step": "check"}, follow=True
    ).content.decode()
    assert "请写明隐患所在地点" in page

    made(client, form, kind="hazard", place="双河镇中学门口")

    assert Case.objects.get().hazard.found_date == timezone.localdate(PRESENT)


def test_a_grievance_is_taken_in_with_its_category_and_wish(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    category.load(actor=Console.CONSOLE, now=NOW)

    made(client, form, kind="grievance", category="040101", wants_paper="on")

    record = Case.objects.get().grievance
    assert record.category == Category.objects.get(code="040101")
    assert record.wants_paper
    assert record.case.category == "拖欠工资"


def test_a_dispute_is_taken_in_for_mediation(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    made(client, form, kind="mediation", title="两户排水纠纷")

    case = Case.objects.get()
    assert (case.kind, case.number[:2]) == ("mediation", "TJ")


def test_every_kind_that_can_be_taken_in_is_offered(client: Client, clerk: User) -> None:
    page = client.get(URL, follow=True).content.decode()

    offered = re.findall(r'name="kind" value="(\w+)"', page)
    assert offered == kinds_taken()
    assert {"hazard", "grievance", "suggestion"} <= set(offered)


# ----------------------------------------------------------------- complained of
def test_a_complaint_about_the_clerks_own_unit_goes_above_and_out_of_sight(
    client: Client, clerk: User, form: dict[str, object], town: Unit
) -> None:
    about = {"kind": "grievance", "about_units": "双河镇"}

    check = client.post(URL, {**form, **about, "step": "check"}, follow=True).content.decode()
    assert "云溪县" in check
    assert "您将看不到该事项" in check
    slip = made(client, form, **about)

    case = Case.objects.get()
    assert (case.owner, case.origin, case.is_confidential) == (town.parent, town.parent, True)
    assert Exclusion.objects.get(case=case).unit == town
    assert case.number not in slip
    assert client.get(case.get_absolute_url()).status_code == 404
    assert not cases.visible_to(clerk, PRESENT).exists()


def test_a_complaint_about_a_colleague_goes_to_those_above(
    client: Client, clerk: User, form: dict[str, object], town: Unit
) -> None:
    accused = make_officer(town, Power.HANDLE, name="吴经办")

    made(client, form, kind="grievance", about_officers="吴经办")

    case = Case.objects.get()
    assert case.owner == town.parent
    assert Exclusion.objects.get(case=case).member == accused
    for who in (accused, clerk):
        assert not cases.visible_to(who, PRESENT).exists()


def test_where_nobody_stands_above_the_clerk_is_told_and_nothing_is_lost(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = made(client, form, kind="grievance", about_units="云溪县")

    assert not Case.objects.exists()
    assert "末班车太早，下夜班回不了家。" in page


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ({"about_units": "没有的镇"}, "没有名为“没有的镇”的单位"),
        ({"about_officers": "无此人"}, "没有名为“无此人”的工作人员"),
        ({"about_units": "甲;乙;丙;丁;戊;己"}, "最多填写五个"),
    ],
)
def test_names_that_stand_for_nobody_are_refused(
    client: Client, clerk: User, form: dict[str, object], about: dict[str, str], text: str
) -> None:
    page = client.post(URL, {**form, "kind": "grievance", **about, "step": "check"}, follow=True)

    assert text in page.content.decode()


def test_only_a_grievance_complains_of_somebody(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    page = client.post(URL, {**form, "about_units": "双河镇", "step": "check"}, follow=True)

    assert "请按“诉求”登记" in page.content.decode()


# --------------------------------------------------------------------------- who
def test_several_people_who_come_hear_of_their_representatives(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    by_phone = client.post(URL, {**form, "step": "check"}, follow=True).content.decode()
    in_person = made(client, form, channel="visit")

    assert "不超过五人" not in by_phone
    assert "不超过五人" in in_person


def test_nobody_without_a_post_that_takes_in_gets_the_form(client: Client) -> None:
    client.force_login(make_officer(make_unit(), Power.AUDIT, Power.VERIFY))

    assert client.get(URL).status_code == 403
    assert client.post(URL, {"step": "make"}).status_code == 403


def test_a_unit_out_of_reach_is_no_choice(
    client: Client, clerk: User, form: dict[str, object]
) -> None:
    elsewhere = make_unit()

    client.post(URL, {**form, "unit": str(elsewhere.pk), "step": "make"})

    assert not Case.objects.exists()
