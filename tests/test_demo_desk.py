"""The demo has work for everybody: a hazard with pictures at each stage."""

import pytest
from django.core.management import call_command

from bihuan.cases.models import Case, Evidence
from bihuan.core.hazard import Stage
from bihuan.sites import catalogue
from bihuan.sites.models import Site, SiteCase, SitePaper
from tests.clock import PRESENT
from tools import demo, demo_desk, demo_sites
from tools.demo_district import District

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
