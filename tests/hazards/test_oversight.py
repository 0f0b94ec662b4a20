"""What a unit decides in its own favour is told to those who supervise it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, RejectReason
from bihuan.core.lifecycle import FactForbids
from bihuan.core.powers import Power
from bihuan.desk import timeline
from bihuan.hazards.actions import reporting
from bihuan.hazards.actions.found import Finding
from bihuan.notices import voices
from bihuan.notices.models import Notice
from bihuan.orgs.models import User
from tests.factories import NOW, make_officer, make_post
from tests.hazards.district import District, assigned, plan, report, submitted
from tests.hazards.majors import listed

pytestmark = pytest.mark.django_db
WORDS = {"title": "通道有少量杂物", "place": "石桥村仓库"}


@pytest.fixture
def village(district: District) -> User:
    """Who coordinates in the unit where it was found."""
    return make_officer(district.village, Power.COORDINATE)


def told(what: str) -> list[User]:
    return [each.member for each in Notice.objects.filter(what=what).order_by("pk")]


def lower(case: Case, actor: User, grade: Grade = Grade.GENERAL) -> Case:
    return reporting.grade_anew(
        case=case, actor=actor, now=NOW, grade=grade, standard="判定标准第三条", note="核实后调整"
    )


def major(d: District) -> Case:
    return lower(assigned(d), d.coordinator, Grade.MAJOR)


def reject(case: Case, actor: User, **said: Any) -> Case:
    said = {"reason": RejectReason.NOT_A_HAZARD, "note": "现场未发现", **said}
    return reporting.reject(case=case, actor=actor, now=NOW, **said)


def reword(case: Case, actor: User, **said: Any) -> Case:
    words: dict[str, Any] = {**WORDS, "description": case.description, **said}
    return reporting.amend(case=case, actor=actor, now=NOW, note="笔误", **words)


@pytest.mark.parametrize("as_duplicate", [False, True])
def test_a_unit_that_rejects_what_was_found_in_it_is_seen_from_above(
    district: District, village: User, as_duplicate: bool
) -> None:
    d, said = district, {}
    if as_duplicate:
        said = {"reason": RejectReason.DUPLICATE, "duplicate_of": report(d, title="另一件")}

    reject(report(d), village, **said)

    assert told("rejected") == [d.town_leader]


def test_what_the_level_above_rejects_is_its_own_judgement(district: District) -> None:
    reject(report(district), district.coordinator)

    assert told("rejected") == []


def test_where_nobody_supervises_next_above_the_next_level_is_told(
    district: District, village: User
) -> None:
    d = district
    d.town_leader.is_active = False
    d.town_leader.save(update_fields=["is_active"])

    reject(report(d), village)

    assert told("rejected") == [d.leader]


def test_at_the_top_its_own_supervising_officers_are_told_but_for_who_acts(
    district: District,
) -> None:
    d = district
    both = make_officer(d.county, Power.COORDINATE, Power.SUPERVISE)

    found = Finding(title="护栏松动", place="县政府", unit=d.county, found_date=NOW.date())
    reject(reporting.report(finding=found, actor=both, now=NOW), both)

    assert told("rejected") == [d.leader]


def test_a_unit_that_makes_its_major_hazard_a_general_one_is_seen_from_above(
    district: District, own: User
) -> None:
    d = district

    lower(major(d), own)

    assert told("downgraded") == [d.leader]


def test_the_level_that_listed_it_learns_of_it_too(district: District) -> None:
    d = district
    case = listed(major(d), d.leader, NOW)
    below = plan(d, unit=d.village, post=make_post(d.village, Power.HANDLE))
    case = reporting.assign(case=case, plan=below, actor=d.coordinator, now=NOW)
    own = make_officer(d.village, Power.COORDINATE)

    reporting.amend(case=case, actor=own, now=NOW, title="改过", place="别处", note="写错了")

    assert told("reworded") == [d.leader, d.town_leader]


def test_a_listed_hazard_is_not_made_a_general_one(district: District, own: User) -> None:
    case = listed(major(district), district.leader, NOW)

    for officer in (own, district.coordinator):
        with pytest.raises(FactForbids):
            lower(case, officer)

    assert Case.objects.get(pk=case.pk).hazard.grade == Grade.MAJOR


def test_a_grade_that_is_raised_or_changed_above_tells_nobody(
    district: District, own: User
) -> None:
    case = lower(assigned(district), own, Grade.MAJOR)
    lower(case, own, Grade.MAJOR)
    lower(case, district.coordinator)

    assert told("downgraded") == []


def test_words_that_the_fixing_unit_changes_are_told_above_and_kept(
    district: District, own: User
) -> None:
    d = district
    case = submitted(d)

    reword(case, own)

    assert told("reworded") == [d.leader]
    last = timeline.timeline(case, d.leader, NOW)[0].entries[0]
    assert isinstance(last, timeline.CaseEntry)
    assert [(each.old, each.new) for each in last.replaced] == [
        ("石桥村文化活动中心", "石桥村仓库"),
        ("三楼疏散通道堆放杂物", "通道有少量杂物"),
    ]


def test_words_that_are_corrected_before_the_work_is_given_or_from_above_tell_nobody(
    district: District, village: User
) -> None:
    d = district
    reword(report(d), village)
    reword(assigned(d), d.coordinator)
    same = assigned(d)
    reword(same, make_officer(d.town, Power.COORDINATE), title=same.title, place=same.place)

    assert told("reworded") == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "作为本单位驳回"), ("en", "rejected this report itself")],
)
def test_today_says_what_happened_and_leads_to_the_case(
    client: Client, district: District, village: User, language: str, words: str
) -> None:
    case = reject(report(district), village)
    client.force_login(district.town_leader)

    with translation.override(language):
        (said,) = voices.say(district.town_leader, Notice.objects.filter(what="rejected"), NOW)

    assert "石桥村" in said.words
    assert words in said.words
    assert client.get(reverse("desk:case", args=[case.number])).status_code == 200
    assert said.url == reverse("desk:case", args=[case.number])
