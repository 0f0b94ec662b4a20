"""A risk is graded by the matrix in use; a lower colour counts after a second officer."""

from __future__ import annotations

from uuid import UUID

import pytest

from bihuan.core import risk as core
from bihuan.core.refusal import Missing, NotAllowed, SamePerson
from bihuan.journal.queries import page
from bihuan.risks import panels, queries
from bihuan.risks.actions import registration, regrading
from bihuan.risks.actions.registration import Levels
from bihuan.risks.models import Regrading, RiskPoint
from bihuan.risks.refusals import (
    AlreadyDecided,
    GradeMoved,
    LowerGradeWaits,
    NotInForce,
    SameGrade,
    SameTitle,
)
from tests.factories import NOW
from tests.risks.register import Town, a_risk

WHY = "已更换设备。"


def _asked(town: Town, risk: RiskPoint, levels: tuple[int, int] = (1, 1)) -> Regrading:
    asked = regrading.regrade(
        risk=risk, levels=Levels(*levels), reason=WHY, actor=town.coordinator, now=NOW
    )
    assert asked is not None
    return asked


def test_a_risk_keeps_its_colour_with_the_version_that_graded_it(town: Town) -> None:
    risk = a_risk(town, levels=(5, 4))

    assert (risk.colour, risk.matrix) == ("red", core.current(NOW.date()).key)


def test_only_an_officer_in_charge_of_the_site_registers_a_risk(town: Town) -> None:
    for other in (town.stranger, town.checker, town.leader):
        with pytest.raises(NotAllowed):
            a_risk(town, actor=other)


def test_the_same_form_registers_one_risk(town: Town) -> None:
    key = UUID(int=1)

    assert a_risk(town, form_key=key) == a_risk(town, form_key=key)
    assert RiskPoint.objects.count() == 1


def test_a_site_has_one_risk_with_a_title(town: Town) -> None:
    a_risk(town)

    with pytest.raises(SameTitle):
        a_risk(town)


def test_numbers_of_people_are_masked_in_what_can_happen(town: Town) -> None:
    risk = registration.register(
        site=town.site,
        words=registration.RiskWords("楼梯", "联系 13900000001。"),
        levels=Levels(1, 1),
        actor=town.coordinator,
        now=NOW,
    )

    assert "13900000001" not in risk.harm


def test_a_higher_grade_counts_at_once(town: Town) -> None:
    risk = a_risk(town, levels=(3, 3))

    asked = regrading.regrade(
        risk=risk, levels=Levels(5, 5), reason=WHY, actor=town.coordinator, now=NOW
    )

    risk.refresh_from_db()
    assert asked is None
    assert (risk.colour, risk.likelihood) == ("red", 5)


def test_other_levels_of_the_same_colour_need_no_second_officer(town: Town) -> None:
    risk = a_risk(town, levels=(4, 5))

    assert (
        regrading.regrade(
            risk=risk, levels=Levels(5, 4), reason=WHY, actor=town.coordinator, now=NOW
        )
        is None
    )


def test_a_lower_grade_waits_for_a_second_officer(town: Town) -> None:
    risk = a_risk(town)

    asked = _asked(town, risk)

    risk.refresh_from_db()
    assert (risk.colour, asked.colour) == ("orange", "blue")
    regrading.confirm_lower(regrading=asked, note="", actor=town.leader, now=NOW)
    risk.refresh_from_db()
    assert (risk.colour, risk.likelihood) == ("blue", 1)
    assert queries.open_regrading(risk) is None


def test_who_proposed_a_lower_grade_does_not_confirm_it(town: Town) -> None:
    asked = _asked(town, a_risk(town))

    with pytest.raises(SamePerson):
        regrading.confirm_lower(regrading=asked, note="", actor=town.coordinator, now=NOW)
    with pytest.raises(NotAllowed):
        regrading.confirm_lower(regrading=asked, note="", actor=town.stranger, now=NOW)
    with pytest.raises(NotAllowed):
        regrading.refuse_lower(regrading=asked, note="不同意。", actor=town.stranger, now=NOW)


def test_a_refusal_says_why_and_leaves_the_grade(town: Town) -> None:
    risk = a_risk(town)
    asked = _asked(town, risk)

    with pytest.raises(Missing):
        regrading.refuse_lower(regrading=asked, note=" ", actor=town.second, now=NOW)
    regrading.refuse_lower(regrading=asked, note="设备仍旧。", actor=town.second, now=NOW)

    risk.refresh_from_db()
    assert risk.colour == "orange"
    with pytest.raises(AlreadyDecided):
        regrading.confirm_lower(regrading=asked, note="", actor=town.second, now=NOW)


def test_who_proposed_a_lower_grade_can_withdraw_it(town: Town) -> None:
    risk = a_risk(town)
    asked = _asked(town, risk)

    regrading.refuse_lower(regrading=asked, note="填错。", actor=town.coordinator, now=NOW)

    assert page(risk.subject)[0].act == "withdraw_lower"


def test_one_lower_grade_waits_at_a_time(town: Town) -> None:
    risk = a_risk(town)
    _asked(town, risk)

    with pytest.raises(LowerGradeWaits):
        _asked(town, risk, (1, 2))


def test_a_higher_grade_ends_a_lower_one_that_waits(town: Town) -> None:
    risk = a_risk(town)
    asked = _asked(town, risk)

    regrading.regrade(risk=risk, levels=Levels(5, 5), reason=WHY, actor=town.coordinator, now=NOW)

    asked.refresh_from_db()
    assert asked.is_granted is False


def test_a_lower_grade_that_is_no_longer_lower_is_not_confirmed(town: Town) -> None:
    risk = a_risk(town)
    asked = _asked(town, risk)
    RiskPoint.objects.filter(pk=risk.pk).update(colour="blue", likelihood=1, consequence=1)

    with pytest.raises(GradeMoved):
        regrading.confirm_lower(regrading=asked, note="", actor=town.second, now=NOW)


def test_the_same_grade_is_refused(town: Town) -> None:
    with pytest.raises(SameGrade):
        regrading.regrade(
            risk=a_risk(town), levels=Levels(4, 4), reason=WHY, actor=town.coordinator, now=NOW
        )


def test_a_retired_risk_is_put_back_before_it_changes(town: Town) -> None:
    risk = a_risk(town, levels=(1, 1))
    registration.retire(risk=risk, reason="锅炉已拆除。", actor=town.coordinator, now=NOW)

    with pytest.raises(NotInForce):
        regrading.regrade(
            risk=risk, levels=Levels(5, 5), reason=WHY, actor=town.coordinator, now=NOW
        )
    registration.reopen(risk=risk, reason="重新启用。", actor=town.coordinator, now=NOW)
    risk.refresh_from_db()
    assert (risk.stage, risk.colour) == ("in_force", "blue")


def test_risks_are_seen_by_those_who_see_the_site(town: Town) -> None:
    risk = a_risk(town)

    for officer in (town.coordinator, town.second, town.leader):
        assert [*queries.visible_to(officer, NOW)] == [risk]
    assert not queries.visible_to(town.stranger, NOW).exists()
    shown = panels.section(town.site, town.coordinator, NOW)
    assert shown is not None
    assert shown.context["worst"] == core.Colour.ORANGE
