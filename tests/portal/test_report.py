"""Reporting: three steps and a look, one receipt for one form, and nothing typed is ever lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from PIL import Image

from bihuan.cases.models import Case, Evidence
from bihuan.grievances.categories import shipped
from bihuan.grievances.models import Category
from bihuan.journal.queries import verify
from bihuan.orgs.models import Unit
from bihuan.portal import tokens
from bihuan.receipts import codes
from bihuan.receipts.actions.seals import unsealed
from bihuan.receipts.models import Seal
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import make_photo, make_unit
from tests.files.hostile import encoded, upload
from tests.portal.conftest import County
from tests.portal.visitor import Visitor, opened

pytestmark = pytest.mark.django_db

HAZARD = "/report/hazard/"
MATTERS = {
    "hazard": "hazard",
    "grievance": "grievance",
    "suggestion": "suggestion",
    "dispute": "mediation",
}


# -------------------------------------------------------------- the three steps
@pytest.mark.parametrize("matter", MATTERS)
def test_three_steps_make_a_case_and_give_a_receipt(
    county: County, visitor: Visitor, matter: str
) -> None:
    page = visitor.report(matter, *county.steps())

    case = Case.objects.get()
    assert case.kind == MATTERS[matter]
    assert (case.title, case.owner, case.channel) == ("桥头路灯坏了", county.town, "portal")
    assert case.description == "晚上看不见。\n已经一周。"
    assert case.reported_by is None
    assert codes.understood(page.code)
    assert case.number in page.text
    assert verify().ok


def test_a_step_that_is_not_whole_is_asked_again_with_what_was_typed(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", {}, {"place": "桥头"})

    assert page.is_told
    assert page.values["step"] == ["place"]
    assert page.values["place"] == ["桥头"]
    assert not Case.objects.exists()


def test_going_back_and_forth_keeps_everything(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", *county.steps())
    for button in ("back", "back", "back", "words", "photo", "next", "next", "next"):
        page = visitor.send(HAZARD, page, go=button)

    assert page.values["step"] == ["check"]
    page = visitor.send_off("hazard", page)

    assert Case.objects.get().place == "双河桥头"
    assert Case.objects.get().description == "晚上看不见。\n已经一周。"


def test_another_language_keeps_what_was_typed_on_every_step(
    county: County, visitor: Visitor
) -> None:
    steps = county.steps()
    page = visitor.get(HAZARD)
    for n, step in enumerate(steps):
        page = visitor.send(HAZARD, page, language="en", **step)
        assert 'lang="en"' in page.text
        assert page.values["step"] == [("photo", "place", "words")[n]]
        page = visitor.send(HAZARD, page, go="next")
    page = visitor.send(HAZARD, page, language="zh-hans")

    assert 'lang="zh-Hans"' in page.text
    assert page.values["title"] == ["桥头路灯坏了"]
    page = visitor.send_off("hazard", page)
    code = page.code
    page = visitor.get("/receipt/", language="en")
    assert page.code == code
    assert "Your report has been received" in page.text


def test_offices_are_found_by_name_and_firms_are_not_offered(
    county: County, visitor: Visitor
) -> None:
    make_unit(county.town, name="双河化工厂", kind=Unit.Kind.ENTERPRISE)
    page = visitor.fill("hazard", {})
    assert "云溪县人民政府" in page.text

    page = visitor.send(HAZARD, page, go="next", find="双河")

    assert "双河镇" in page.text
    assert "双河化工厂" not in page.text
    assert page.values["step"] == ["place"]
    assert not page.is_told


def test_a_unit_that_is_none_is_not_taken(county: County, visitor: Visitor) -> None:
    firm = make_unit(county.town, kind=Unit.Kind.ENTERPRISE)

    for unit in (firm.pk, 999_999_999, "x", "１", "9" * 40, ""):
        page = visitor.fill("hazard", {}, {"unit": unit, "place": "桥头"})
        assert (page.status, page.is_told) == (200, True), unit


def test_a_category_of_the_kind_may_be_chosen(county: County, visitor: Visitor) -> None:
    node = next(row for row in shipped() if row.kind == "hazard")
    Category.objects.create(code=node.code, name="消防通道", kind="hazard")
    Category.objects.create(code="zz", name="工资", kind="grievance")

    page = visitor.fill("hazard", {}, county.steps()[1])
    assert "消防通道" in page.text
    assert "工资" not in page.text
    visitor.report("hazard", *county.steps(category=node.code))

    assert Case.objects.get().category == "消防通道"


# --------------------------------------------------------------------- photos
def test_photos_of_the_first_step_arrive_stripped_with_the_report(
    county: County, visitor: Visitor
) -> None:
    _, *rest = county.steps()
    page = visitor.report("hazard", {"photos": make_photo()}, *rest)

    assert page.code
    row = Evidence.objects.get()
    assert (row.phase, row.added_by, row.file.capture_place) == ("before", None, "no_place")


def test_a_photo_may_be_left_out_again_and_another_added(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", {"photos": make_photo("a.jpg")})
    page = visitor.send(HAZARD, page, go="photo")
    [drop] = re.findall(r'name="drop" value="([^"]+)"', page.text)

    page = visitor.send(
        HAZARD,
        page,
        go="next",
        drop=drop,
        photos=upload(encoded(Image.new("RGB", (32, 20), "red"), "JPEG")),
    )
    for step in county.steps()[1:]:
        page = visitor.send(HAZARD, page, go="next", **step)
    visitor.send_off("hazard", page)

    second = Evidence.objects.get().file
    assert (second.width, second.height) == (32, 20)


def test_a_photo_sent_with_the_last_step_counts_as_well(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", *county.steps())

    visitor.send_off("hazard", page, photos=make_photo())

    assert Evidence.objects.count() == 1


def test_a_photo_that_another_form_did_not_get_cannot_be_named(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())

    page = visitor.send_off("hazard", page, kept=["../../etc/passwd", "forged:photo:name"])

    assert page.is_told
    assert not Case.objects.exists()


# ---------------------------------------------------- once, whatever happens
def test_the_same_form_sent_twice_is_one_case_and_one_receipt(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())
    key = opened()

    first = visitor.send_off("hazard", page, form=key)
    second = visitor.send_off("hazard", page, form=key, title="改过的标题")

    assert first.code == second.code
    assert Case.objects.get().title == "桥头路灯坏了"
    assert 'role="status"' in second.text


def test_a_reloaded_receipt_costs_no_place_in_the_tally(
    county: County, visitor: Visitor, settings: object
) -> None:
    page = visitor.fill("hazard", *county.steps())
    key = opened()
    codes_ = {visitor.send_off("hazard", page, form=key).code for _ in range(30)}

    assert len(codes_) == 1


@pytest.mark.parametrize("token", ["", "forged", "WyJ4IiwxXQ:1abc:def"])
def test_a_form_that_is_not_ours_any_more_is_shown_again_whole(
    county: County, visitor: Visitor, token: str
) -> None:
    page = visitor.fill("hazard", *county.steps())

    page = visitor.send_off("hazard", page, form=token)

    assert page.is_told
    assert page.values["step"] == ["check"]
    assert page.values["title"] == ["桥头路灯坏了"]
    assert not Case.objects.exists()
    assert visitor.send_off("hazard", page).code


def test_an_expired_form_is_shown_again_with_everything_typed(
    county: County, visitor: Visitor
) -> None:
    page = visitor.fill("hazard", *county.steps())
    old = tokens.new(PRESENT - timedelta(days=2))

    page = visitor.send_off("hazard", page, form=old)

    assert page.is_told
    assert page.values["form"] != [old]
    assert page.values["place"] == ["双河桥头"]


def test_the_receipt_is_not_shown_again_after_a_day(county: County, visitor: Visitor) -> None:
    page = visitor.fill("hazard", *county.steps())
    then = PRESENT - timedelta(hours=23)
    key = opened(then)
    assert visitor.send_off("hazard", page, form=key).code

    old = tokens.read(key)
    assert old is not None
    stale = signing.dumps([old.key, int((then - timedelta(days=1)).timestamp())], salt=tokens.SALT)
    page = visitor.send_off("hazard", page, form=stale)

    assert page.code == ""
    assert Case.objects.count() == 1


# --------------------------------------------------------------------- identity
def test_name_and_contact_go_under_seal_and_nowhere_else(county: County, visitor: Visitor) -> None:
    found = {
        "my_name": "植小明",
        "call_me": "139 0000 1111",
        "write_me": "zhi@example.org",
        "post_to": "石桥村 7 号",
    }
    page = visitor.report("hazard", *county.steps(**found))

    identity = unsealed(Seal.objects.get())
    assert (identity.name, identity.phone) == ("植小明", "139 0000 1111")
    assert (identity.email, identity.address) == ("zhi@example.org", "石桥村 7 号")
    assert "植小明" not in page.text
    assert not any(word in str(Case.objects.values()) for word in found.values())


def test_without_a_name_there_is_no_seal(county: County, visitor: Visitor) -> None:
    visitor.report("hazard", *county.steps())

    assert not Seal.objects.exists()


def test_a_suggestion_is_published_only_with_consent(county: County, visitor: Visitor) -> None:
    visitor.report("suggestion", *county.steps())
    visitor.report("suggestion", *county.steps(may_publish="on"))

    may = [case.suggestion.may_publish for case in Case.objects.order_by("pk")]
    assert may == [False, True]


def test_answers_on_paper_need_a_name_and_an_address(county: County, visitor: Visitor) -> None:
    page = visitor.fill("grievance", *county.steps(wants_paper="on"))
    assert page.is_told

    page = visitor.send(
        "/report/grievance/", page, go="next", my_name="植小明", post_to="石桥村 7 号"
    )
    visitor.send_off("grievance", page)

    assert Case.objects.get().grievance.wants_paper


def test_the_other_side_of_a_dispute_lies_under_a_seal_of_its_own(
    county: County, visitor: Visitor
) -> None:
    visitor.report("dispute", *county.steps(other_name="某邻居", my_name="植小明"))

    names = {row.slot: unsealed(row).name for row in Seal.objects.all()}
    assert names == {"reporter": "植小明", "party-2": "某邻居"}


# ------------------------------------------------------------------------ pages
def test_the_pages_are_small_and_need_no_script(county: County, visitor: Visitor) -> None:
    from bihuan.settings import BASE

    static = BASE / "bihuan" / "portal" / "static" / "portal"
    related = sum((static / name).stat().st_size for name in ("portal.css", "portal.js"))
    pages = [
        visitor.get("/"),
        visitor.get("/report/"),
        *(visitor.fill("hazard", *county.steps()[:n]) for n in range(4)),
        visitor.report("hazard", *county.steps()),
        visitor.get("/track/"),
    ]

    sizes = [len(page.text.encode()) + related for page in pages]
    assert max(sizes) < 100_000, sizes


def test_an_unknown_matter_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/report/person/").status == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_finished_report_asks_postgresql_six_questions(
    county: County, visitor: Visitor, count_queries: CountQueries
) -> None:
    """Did it come before, where does it go, how many came, the next number, whom to notify, and
    all that is new.
    """
    page = visitor.fill("grievance", *county.steps())
    visitor.send_off("grievance", page)

    with count_queries() as queries:
        visitor.client.post(
            "/report/grievance/", {**page.values, "go": "send", "form": opened()}, follow=False
        )

    assert len(queries) == 6, [query["sql"][:80] for query in queries]
    assert Case.objects.count() == 2
