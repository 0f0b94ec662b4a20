"""The register of sites: a site from its registration to its closing, with all that it has."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from tempfile import NamedTemporaryFile
from urllib.parse import parse_qs, urlencode, urlsplit

from django.core.management import call_command

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.orgs.models import Unit
from bihuan.sites.models import Site, SiteCase, SiteEquipment, SitePaper
from tests.clock import PRESENT
from tests.factories import make_case, make_cast, make_unit
from tests.ledgers.workbooks import GOOD, workbook
from tests.walk.pages import act
from tests.walk.world import World

BY = "coordinator"


def _registered(w: World) -> Site:
    act(
        w, "/desk/sites/new/school/", by=BY, unit=str(w.town.pk), name="青溪小学",
        address="学府路 12 号", attribute_pupils="420",
    )  # fmt: skip
    return Site.objects.latest("pk")


def kept(w: World) -> None:
    """Registered, changed, given regulators, moved, closed and reopened."""
    site = _registered(w)
    at = f"/desk/sites/{site.pk}/"
    act(w, f"{at}change/", by=BY, name="青溪中心小学")
    act(w, f"{at}regulators/", by=BY, trade_education=str(_office(w).pk))
    act(w, f"{at}close/", by=BY, reason="暑假停用")
    act(w, f"{at}reopen/", by=BY, reason="开学")
    village = make_unit(w.town, name="上村")
    act(w, f"{at}move/", by=BY, unit=str(village.pk), reason="由村管理")
    site.refresh_from_db()
    assert (site.name, site.unit, site.closed_at) == ("青溪中心小学", village, None)


def equipped(w: World) -> None:
    """Papers, equipment and cases come, change and go."""
    site = _registered(w)
    at, later = f"/desk/sites/{site.pk}/", w.site.day(30)
    act(w, f"{at}papers/add/", by=BY, kind="food_permit", expires_date=later)
    paper = SitePaper.objects.get()
    act(w, f"{at}papers/{paper.pk}/renew/", by=BY, expires_date=w.site.day(90))
    renewed = SitePaper.objects.latest("pk")
    act(w, f"{at}papers/{renewed.pk}/withdraw/", by=BY, reason="登记有误")
    act(w, f"{at}equipment/add/", by=BY, name="灭火器", count="2", norm="4")
    item = SiteEquipment.objects.get()
    act(w, f"{at}equipment/{item.pk}/", by=BY, count="4")
    act(w, f"{at}equipment/{item.pk}/remove/", by=BY, reason="报废")
    case = make_case(w.town, stage=Stage.REPORTED, cast=make_cast(w.town), now=PRESENT)
    act(w, f"{at}cases/add/", by=BY, number=case.number)
    act(w, f"{at}cases/{case.number}/remove/", by=BY, reason="不在此处")


def _office(w: World) -> Unit:
    assert w.town.parent is not None
    return make_unit(w.town.parent, name="教育局", kind=Unit.Kind.DEPARTMENT)


def matched(w: World) -> None:
    """Places of imported cases are matched with a site in bulk, and that is taken back."""
    site = _registered(w)
    with NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(workbook([(*GOOD[:2], "青溪小学门口", *GOOD[3:5], "", *GOOD[6:])]).read())
        file.flush()
        call_command("import", file.name, kind="hazard", unit=w.town.code, stdout=StringIO())
    case = Case.objects.get(place="青溪小学门口")
    at, choice = "/desk/sites/places/", str(site.pk)
    done = act(w, at, by=BY, step="match", place=case.place, choice=choice)
    assert SiteCase.objects.filter(site=site, case=case, ended_at=None).exists()
    token = parse_qs(urlsplit(done.location).query)["undo"][0]
    at = f"/desk/sites/places/?{urlencode({'undo': token})}"
    act(w, at, sent_to="/desk/sites/places/undo/", by=BY, undo=token)
    assert not SiteCase.objects.filter(site=site, ended_at=None).exists()


EVERYTHING: dict[Callable[[World], None], set[str]] = {
    kept: {
        "sites:register-site", "sites:change", "sites:regulators", "sites:close", "sites:reopen",
        "sites:move",
    },
    matched: {"sites:places", "sites:undo-places"},
    equipped: {
        "sites:add-paper", "sites:renew-paper", "sites:withdraw-paper", "sites:add-equipment",
        "sites:change-equipment", "sites:remove-equipment", "sites:add-case", "sites:remove-case",
    },
}  # fmt: skip
