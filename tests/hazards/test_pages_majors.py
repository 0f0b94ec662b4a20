"""The pages of major hazards: the register, the papers, the proposals, and Today."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, Stage
from bihuan.core.powers import Power
from bihuan.hazards.actions import listing, orders, planning, rectification, verification
from bihuan.hazards.models import Acceptance, CriterionHint, Listing, Order
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.conftest import CountQueries
from tests.factories import Cast, make_case, make_cast, make_officer, make_photo, make_unit
from tests.hazards.majors import accepted, listed, planned

pytestmark = pytest.mark.django_db
LIST = reverse("hazards:majors")


@pytest.fixture
def cast() -> Cast:
    return make_cast(make_unit(make_unit()))


def a_major(cast: Cast, stage: Stage = Stage.RECTIFYING) -> Case:
    return make_case(cast.post.unit, stage=stage, cast=cast, grade=Grade.MAJOR, now=PRESENT)


def page(client: Client, user: User, url: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def finished(cast: Cast) -> Case:
    """A listed hazard whose stop-work order was lifted, and whose fix a team accepted."""
    case = planned(listed(a_major(cast), cast.leader, PRESENT), cast.handler, PRESENT)
    case = planning.report_up(
        case=case, actor=cast.coordinator, now=PRESENT, state="堵塞", harm="无法疏散", plan="拆除"
    )
    case = orders.stop_work(case=case, actor=cast.leader, now=PRESENT, note="危险", stopped="三楼")
    case = orders.check_order(
        case=case, actor=cast.verifier, now=PRESENT, complied=True, note="已停用"
    )
    case = orders.resume_work(case=case, actor=cast.leader, now=PRESENT, note="可以恢复")
    photos = [make_photo()]
    case = rectification.submit(
        case=case, actor=cast.handler, now=PRESENT, note="好", photos=photos
    )
    case = verification.verify(case=case, actor=cast.verifier, now=PRESENT, note="属实")
    return accepted(case, cast.verifier, PRESENT)


def test_the_register_shows_major_hazards_of_the_reach_alone(client: Client, cast: Cast) -> None:
    case, general = a_major(cast), make_case(cast.post.unit, stage=Stage.ASSIGNED, cast=cast)
    other = make_officer(make_unit(), Power.HANDLE)

    shown = page(client, cast.handler, LIST)

    assert case.number in shown
    assert general.number not in shown
    assert case.number not in page(client, other, LIST)


@pytest.mark.parametrize("state", ["open", "listed", "stopped", "ended", "nonsense", "%00"])
def test_each_filter_opens(client: Client, cast: Cast, state: str) -> None:
    case = listed(a_major(cast), cast.leader, PRESENT)

    shown = page(client, cast.leader, f"{LIST}?state={state}&older=x")

    assert (case.number in shown) is (state not in ("stopped", "ended"))


def test_the_register_makes_the_same_queries_whatever_the_rows(
    client: Client, cast: Cast, count_queries: CountQueries
) -> None:
    listed(a_major(cast), cast.leader, PRESENT)
    client.force_login(cast.leader)
    client.get(LIST)
    with count_queries() as few:
        client.get(LIST)
    for _ in range(4):
        listed(a_major(cast), cast.leader, PRESENT)

    with count_queries() as many:
        client.get(LIST)

    assert len(many) == len(few)


def test_every_paper_prints_with_its_number_for_those_who_see_the_case(
    client: Client, cast: Cast
) -> None:
    case = finished(cast)
    order, found, team = Order.objects.get(), Listing.objects.get(), Acceptance.objects.get()
    papers = {
        ("listing", found.pk): found.number,
        ("stop-work", order.pk): order.number,
        ("re-check", order.pk): order.number,
        ("lifting", order.pk): order.number,
        ("acceptance", team.pk): team.number,
        ("plan", case.remedy_plans.get().pk): "80,000",
        ("report", case.upward_reports.get().pk): "无法疏散",
    }
    other = make_officer(make_unit(), Power.HANDLE)
    whole = page(client, cast.handler, case.get_absolute_url())

    for (kind, pk), said in papers.items():
        url = reverse("hazards:paper", args=[kind, pk])
        assert url in whole
        shown = page(client, cast.handler, url)
        assert said in shown
        assert case.title in shown
        page(client, other, url, 404)
    for kind, pk in (("rectify", order.pk), ("nonsense", 1), ("listing", 99999)):
        page(client, cast.handler, reverse("hazards:paper", args=[kind, pk]), 404)


def test_the_case_says_what_comes_before_its_closure(client: Client, cast: Cast) -> None:
    case = planned(listed(a_major(cast), cast.leader, PRESENT), cast.handler, PRESENT)
    case = rectification.submit(
        case=case, actor=cast.handler, now=PRESENT, note="好", photos=[make_photo()]
    )
    case = verification.verify(case=case, actor=cast.verifier, now=PRESENT, note="属实")

    owed = page(client, cast.leader, case.get_absolute_url())
    accepted(case, cast.verifier, PRESENT)
    after = page(client, cast.leader, case.get_absolute_url())
    plain = make_case(cast.post.unit, stage=Stage.VERIFIED, cast=cast, now=PRESENT)

    assert "待组织验收" in owed
    assert "销号之前" in after
    assert "待组织验收" not in after
    assert "销号之前" not in page(client, cast.leader, plain.get_absolute_url())


def test_a_dissent_is_on_the_paper_and_on_the_page(client: Client, cast: Cast) -> None:
    case = finished(cast)
    one = Acceptance.objects.get().opinions.get(rank=2)
    one.agrees, one.opinion = False, "=指示不足<b>"
    one.save()

    paper = reverse("hazards:paper", args=["acceptance", one.acceptance_id])

    for url in (paper, case.get_absolute_url()):
        assert "=指示不足&lt;b&gt;" in page(client, cast.handler, url)


def test_a_proposal_says_why_and_chooses_nothing(client: Client, cast: Cast) -> None:
    case = make_case(
        cast.post.unit, stage=Stage.REPORTED, cast=cast, now=PRESENT, title="安全出口被锁"
    )
    CriterionHint.objects.create(case=case, criterion="CRI-8/3.6")
    CriterionHint.objects.create(case=case, criterion="CRI-1/14")
    url = reverse("desk:move", args=[case.number, "confirm"])

    client.force_login(cast.coordinator)
    form = client.get(url).context["form"]

    told = str(form.fields["criterion"].help_text)
    assert told.index("CRI-8/3.6") < told.index("CRI-8/3.8")
    assert "“安全出口”" in told
    assert "CRI-1/14" not in told
    assert not form.initial.get("criterion")


def test_today_names_what_the_chain_owes(client: Client, cast: Cast) -> None:
    case = finished(cast)
    case = listing.ask_removal(case=case, actor=cast.handler, now=PRESENT, note="已满足")

    shown = page(client, cast.verifier, reverse("desk:today"))

    assert reverse("desk:move", args=[case.number, "review_site"]) in shown


def test_an_answer_that_is_owed_soon_is_on_today_of_the_owner(client: Client, cast: Cast) -> None:
    case = listed(a_major(cast), cast.leader, PRESENT - timedelta(days=6))

    shown = page(client, cast.handler, reverse("desk:today"))

    assert reverse("desk:move", args=[case.number, "answer_listing"]) in shown
