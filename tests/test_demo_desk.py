"""The demo has work for everybody: a hazard with pictures at each stage."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case, Evidence
from bihuan.core.hazard import Stage
from bihuan.core.shapes import read_area
from bihuan.plans.models import Kind, Planned, Review
from bihuan.sites import catalogue
from bihuan.sites.models import Site, SiteCase, SitePaper
from tests.clock import PRESENT
from tests.factories import make_case, make_checklist
from tools import demo, demo_desk, demo_outlines, demo_plans, demo_sites
from tools.demo_district import COUNTY, TOWN, District

pytestmark = pytest.mark.django_db

# A hazard that was closed long ago, or rejected, is in the demo's ledger; nobody has work with it.
SHOWN = set(Stage) - {Stage.REJECTED, Stage.CLOSED}


def test_the_demo_shows_a_hazard_with_pictures_at_each_stage() -> None:
    call_command("load_district", str(demo.DISTRICT))
    demo_desk.act_out(District(PRESENT))
    cases = Case.objects.all()
    demo_desk.act_out(District(PRESENT))

    fixed = cases.filter(stage__in=(Stage.SUBMITTED, Stage.VERIFIED, Stage.RECHECKED))
    pictures = Evidence.objects.values_list("case__stage", "phase")
    assert cases.count() == len(demo_desk.STORIES)
    assert set(cases.values_list("stage", flat=True)) == SHOWN
    assert {stage for stage, phase in pictures if phase == "before"} == SHOWN
    assert {stage for stage, phase in pictures if phase == "after"} >= set(
        fixed.values_list("stage", flat=True)
    )


def test_the_demo_has_sites_of_every_kind_once() -> None:
    call_command("load_district", str(demo.DISTRICT))
    for _ in range(2):
        demo_sites.act_out(District(PRESENT))

    kinds = set(Site.objects.values_list("kind", flat=True))
    papers = SitePaper.objects.exclude(expires_date=None)
    expiries = {paper.expires_date for paper in papers if paper.expires_date}
    assert kinds == set(catalogue.kinds())
    assert Site.objects.count() == len(demo_sites.PLACES) >= 30
    assert min(expiries) < PRESENT.date() < max(expiries)
    assert SiteCase.objects.exists()


def test_every_site_of_the_demo_is_on_the_ground_of_its_town(tmp_path: Path) -> None:
    call_command("load_district", str(demo.DISTRICT))
    demo_sites.act_out(District(PRESENT))
    demo_outlines.write(tmp_path / "outlines.json")
    drawn = json.loads((tmp_path / "outlines.json").read_text())["features"]
    grounds = {each["properties"]["code"]: read_area(each["geometry"]) for each in drawn}

    sites = [site for site in Site.objects.select_related("unit") if site.unit.code in grounds]

    assert len(sites) > 30
    assert not [s for s in sites if s.point and not grounds[s.unit.code].contains(s.point)]


def test_looking_back_in_the_demo_finds_one_that_holds_and_one_that_has_come_back() -> None:
    call_command("load_district", str(demo.DISTRICT))
    district = District(PRESENT)
    demo_sites.act_out(district)
    make_checklist(district.unit(COUNTY))
    for _ in range(20):
        make_case(district.unit(TOWN), stage=Stage.CLOSED, now=district.ago(30))

    for _ in range(2):
        demo_plans.act_out(district)

    verdicts = dict(Review.objects.values_list("verdict", "case_number"))
    assert set(verdicts) == {"holds", "rebound"}
    assert Case.objects.get(number=verdicts["rebound"]).hazard.rebounds == 1
    assert Planned.objects.filter(round__kind=Kind.SELF_CHECK).exists()
