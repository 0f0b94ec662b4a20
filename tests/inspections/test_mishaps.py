"""What goes wrong during an inspection: the list, the site or the line changes; and whose a finding
is that the operator does not answer for.
"""

from __future__ import annotations

import json
from io import BytesIO
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from bihuan.checklists.actions import versions
from bihuan.core.checklist import HazardHint
from bihuan.core.inspection import Outcome
from bihuan.core.rules import Bilingual, Confidence
from bihuan.inspections import queries
from bihuan.inspections.models import Inspection, Photo
from bihuan.orgs.access import Console
from bihuan.orgs.models import Unit
from bihuan.sites.models import Site, SiteRegulator
from tests.clock import PRESENT
from tests.factories import (
    NOW,
    make_checklist,
    make_content,
    make_inspection,
    make_items,
    make_photo,
    make_unit,
)
from tests.inspections.acts import answer_all, decide, end, photograph, save
from tests.inspections.conftest import Place, item

pytestmark = pytest.mark.django_db


def _page(client: Client, place: Place, name: str, made: Inspection) -> HttpResponse:
    client.force_login(place.inspector)
    return client.get(reverse(f"inspections:{name}", args=[made.pk]))  # type: ignore[return-value]


def test_a_list_that_changes_while_somebody_answers_is_answered_to_its_end(
    client: Client, place: Place
) -> None:
    made = place.begun(now=PRESENT)
    save(made, "exits", "yes", place.inspector)
    draft = versions.begin_draft(
        checklist=place.version.checklist,
        content=make_content(make_items(2)),
        actor=Console.CONSOLE,
        now=NOW,
    )
    versions.put_to_use(version=draft, revision=1, actor=Console.CONSOLE, now=NOW)

    save(made, "canteen", "not_applicable", place.inspector)
    save(made, "alarm", "works", place.inspector)
    walked = _page(client, place, "walk", made).content.decode()

    assert 'id="item-alarm"' in walked
    assert 'id="item-i1"' not in walked
    ended = end(made, place.inspector, now=PRESENT)
    assert (ended.stage, ended.version) == ("done", place.version)


def test_a_site_that_moves_meanwhile_is_inspected_to_the_end_by_the_unit_that_began(
    client: Client, place: Place
) -> None:
    made = place.begun(now=PRESENT)
    Site.objects.filter(pk=place.site.pk).update(unit=make_unit(place.county))

    made = Inspection.objects.get(pk=made.pk)
    answer_all(made, place.inspector, exits="no")
    photograph(made, "exits", place.inspector)
    assert _page(client, place, "failed", made).status_code == 200
    decide(made, place.inspector, "exits", Outcome.HAZARD, unit=place.town)
    ended = end(made, place.inspector, now=PRESENT)

    assert (ended.stage, ended.unit) == ("done", place.town)


def test_a_photo_that_is_lost_half_way_is_not_kept_and_can_be_sent_again(
    client: Client, place: Place
) -> None:
    made, whole = place.begun(now=PRESENT), make_photo().read()
    url, key = reverse("inspections:add-photo", args=[made.pk]), uuid4()
    client.force_login(place.inspector)

    def sent(data: bytes) -> HttpResponse:
        photo = BytesIO(data)
        photo.name = "a.jpg"
        form = {"key": key, "item": "exits", "purpose": "found", "photo": photo}
        return client.post(url, form)  # type: ignore[return-value]

    lost = sent(whole[: len(whole) // 2])
    assert lost.status_code == 422
    assert json.loads(lost.content)["message"]
    assert not Photo.objects.exists()

    assert [sent(whole).status_code for _ in range(2)] == [200, 200]
    assert Photo.objects.count() == 1


# --------------------------------------------------------- what is not sure to be law
RECALLED = (
    item("lamp", basis=Bilingual("照明规范第3条", ""), confidence=Confidence.RECALLED),
    item("hose", confidence=Confidence.PROJECT_DEFAULT),
)


def test_a_basis_from_memory_is_shown_as_one_to_the_inspector_and_on_the_hazard(
    client: Client, place: Place
) -> None:
    version = make_checklist(place.county, items=RECALLED, title="照明", now=PRESENT)
    made = make_inspection(place.site, version, posts=(place.post,), now=PRESENT)
    for key in ("lamp", "hose"):
        save(made, key, "no", place.inspector)

    walked = _page(client, place, "walk", made).content.decode()
    assert walked.count("依据待核实") == 1
    assert walked.count("系统默认") == 1
    assert _begun_with(client, place, made)["lamp"][1] == "依据：照明规范第3条（依据待核实）"

    form = {
        "lamp-outcome": "hazard", "lamp-title": "灯坏", "lamp-place": "楼梯",
        "lamp-unit": str(place.town.pk), "hose-outcome": "reason", "hose-reason": "已改",
    }  # fmt: skip
    client.post(reverse("inspections:failed", args=[made.pk]), form)
    basis = made.settlements.get(outcome="hazard").basis
    assert basis == "照明规范第3条（依据待核实）"


# ------------------------------------------------------------------ whose it is
STALL = (item("stall", hazard=HazardHint("食品安全", days=3, trade="market")), item("gate"))


def _around(place: Place, unit: Unit | None) -> Inspection:
    """An inspection of what is around the school, in which a stall was found."""
    if unit is not None:
        SiteRegulator.objects.create(site=place.site, trade="market", unit=unit)
    version = make_checklist(place.county, items=STALL, title="校园周边", now=PRESENT)
    made = make_inspection(place.site, version, posts=(place.post,), now=PRESENT)
    save(made, "stall", "no", place.inspector)
    save(made, "gate", "no", place.inspector)
    return made


def _begun_with(client: Client, place: Place, made: Inspection) -> dict[str, tuple[str, str]]:
    rows = _page(client, place, "failed", made).context["rows"]  # type: ignore[attr-defined]
    return {form.item.key: (form.initial["unit"], form.initial["description"]) for form, *_ in rows}


def test_a_finding_of_a_trade_begins_with_its_regulator_and_others_with_the_operator(
    client: Client, place: Place
) -> None:
    market = make_unit(place.town, name="云河镇市场监管所")

    found = _begun_with(client, place, _around(place, market))

    assert found["stall"] == (str(market.pk), "主管：市场监管 · 云河镇市场监管所")
    assert found["gate"] == (str(place.school.pk), "")


def test_a_regulator_out_of_reach_is_named_to_the_unit_in_charge(
    client: Client, place: Place
) -> None:
    market = make_unit(place.county, name="青屿县市场监管局")

    found = _begun_with(client, place, _around(place, market))

    assert found["stall"] == (str(place.town.pk), "主管：市场监管 · 青屿县市场监管局")


def test_a_trade_without_a_regulator_begins_with_the_unit_in_charge(
    client: Client, place: Place
) -> None:
    found = _begun_with(client, place, _around(place, None))

    assert found["stall"] == (str(place.town.pk), "主管：市场监管")
    assert queries.record_of(Inspection.objects.get()).unsettled
