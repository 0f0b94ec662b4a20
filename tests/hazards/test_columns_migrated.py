"""What cases kept of hazards and hearings comes through the migration and back, and the journal
still holds: its digests are of lines as they were before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bihuan.cases.models import CASE_SUBJECT, Case
from bihuan.core.grievance import Stage
from bihuan.core.hazard import Grade
from bihuan.grievances.actions import reviews
from bihuan.grievances.models import Grievance
from bihuan.hazards.actions import orders, reporting
from bihuan.hazards.models import Hazard
from bihuan.journal import hooks
from bihuan.journal.models import STATE, Entry
from bihuan.journal.parts import cell
from bihuan.journal.queries import verify
from tests.factories import NOW
from tests.going_back import Migrate, go_on, going_back
from tests.grievances.offices import Realm, bring, make_realm, review
from tests.hazards.district import District, closed, make_district, plan, report
from tests.hazards.majors import listed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE = [
    ("cases", "0038_standard_names"),
    ("hazards", "0003_clocks_of_their_own_app"),
    ("grievances", "0002_opinions_served_on_paper"),
]
KEPT = ("case", "grade", "listed_by", "stopped_at", "rebounds")
# The lines of a case as its own columns made them, in their order.
LINES = {
    "stage": (
        "stage", "resolved_by", "resolved_unit", "verified_by", "verified_unit", "closed_by",
        "resolver_name", "verifier_name", "parent", "duplicate_of", "import_check", "import_by",
        "import_checked_by", "ended_at", "stopped_at", "rebounds",
    ),
    "offices": (
        "owner", "origin", "sender", "post", "lister", "bound", "reported_by", "channel",
        "is_confidential", "is_urgent",
    ),
    "words": (
        "kind", "grade", "title", "description", "category", "place", "latitude", "longitude",
        "source_ref",
    ),
}  # fmt: skip


@pytest.fixture
def go_back() -> Iterator[Migrate]:
    with going_back(BEFORE) as back:
        yield back


def kept() -> list[tuple[Any, ...]]:
    hearings = Grievance.objects.order_by("pk").values_list("pk", "hearing_began_at")
    return [*Hazard.objects.order_by("pk").values_list(*KEPT), *hearings]


def said(subject: str) -> dict[str, str]:
    """How the last entry of the case says that it stands."""
    entry = Entry.objects.filter(chain__subject=subject).order_by("seq").last()
    assert entry is not None
    parts: dict[str, str] = json.loads(entry.detail)[STATE]
    return parts


def hearing(realm: Realm) -> Case:
    case = review(bring(realm.town, Stage.REPLIED), realm.county, now=NOW)
    case = reviews.ask_review(case=case, note="仍然不服", now=NOW)
    return reviews.begin_hearing(case=case, actor=realm.city.handler, now=NOW, note="听证")


def a_major_one(district: District) -> Case:
    case = reporting.confirm(
        case=report(district), actor=district.coordinator, now=NOW, grade=Grade.MAJOR,
        standard="判定标准第三条",
    )  # fmt: skip
    case = reporting.assign(case=case, plan=plan(district), actor=district.coordinator, now=NOW)
    case = listed(case, district.leader, NOW, note="挂牌")
    return orders.stop_work(case=case, actor=district.leader, now=NOW, note="停产")


def test_columns_come_through_the_migration_and_back(go_back: Migrate) -> None:
    district, realm = make_district(), make_realm()
    case = a_major_one(district)
    again = closed(district)
    reporting.reopen(case=again, actor=district.coordinator, now=NOW, note="反弹")
    report(district)
    received = hearing(realm)
    before = kept()

    apps = go_back()

    cases = apps.get_model("cases", "Case").objects.order_by("pk")
    old = cases.get(pk=case.pk)
    assert (old.grade, old.lister_id) == ("major", case.hazard.listed_by_id)
    assert old.stopped_at == NOW
    assert cases.get(pk=received.pk).stopped_at == NOW
    assert cases.get(pk=again.pk).rebounds == 1
    for row in cases:
        fields = {field.name: field for field in row._meta.concrete_fields}
        stands = said(f"{CASE_SUBJECT}{row.number}")
        for part, names in LINES.items():
            line = "".join(cell(fields[name], row) for name in names)
            assert stands[part] == hooks.digest([line]), (row.number, part)
    go_on()
    assert kept() == before
    # Tables of listings and orders are newer: to go back loses their rows, and the journal says it.
    assert {found.subject for found in verify().findings} == {case.subject}
