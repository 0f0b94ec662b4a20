"""While an act can still be undone, every public page says the same: what was before it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bihuan.api import georeport
from bihuan.api import queries as api
from bihuan.api.catalogue import Names
from bihuan.cases.actions import undoing
from bihuan.cases.actions.comments import comment
from bihuan.cases.models import Case, UndoableAct
from bihuan.cases.queries import as_shown
from bihuan.core.hazard import Grade, RejectReason, Stage
from bihuan.core.refusal import WrongStage
from bihuan.core.undoing import WITHIN
from bihuan.hazards.actions import rectification, reporting, verification
from bihuan.portal import story
from bihuan.portal.queries import publications, track
from bihuan.portal.queries.publications import PublicationSearch
from bihuan.portal.templatetags.published import is_fixed
from bihuan.receipts.actions import public
from bihuan.receipts.models import TrackingCode
from tests.api.calls import publish
from tests.cases.public import WHO
from tests.factories import NOW, TODAY
from tests.hazards.district import District, make_district, photo, plan
from tests.hazards.test_public import taken

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SOON, LATER = NOW + 5 * MINUTE, NOW + WITHIN + timedelta(seconds=1)


@pytest.fixture
def d() -> District:
    return make_district()


@pytest.fixture
def case(d: District) -> Case:
    return taken(d, identity=WHO).case


def holder(case: Case) -> track.Holder:
    who = track.holder(TrackingCode.objects.get(case=case).pk)
    assert who is not None
    return who


def page(case: Case, now: Any) -> dict[str, Any]:
    """Return everything on the page that an act could change."""
    who = holder(case)
    shown = track.view(who, now)
    told = story.told(who, shown, now)
    return {
        "lead": told.lead,
        "moves": sorted(track.moves(who, now)),
        "terms": [term.clock.rule_id for term in shown.terms],
        "due": [term.clock.due_at for term in shown.terms],
        "photos": [row.pk for row in shown.photos],
        "entries": [entry.act for entry in shown.entries],
        "letters": len(told.said),
        "office": told.office,
        "next": told.next,
        "is_rated": shown.is_rated,
    }


def reopened(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def assigned(case: Case, d: District) -> Case:
    case = reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    return reporting.assign(case=case, plan=plan(d), actor=d.coordinator, now=NOW)


def submitted(case: Case, d: District) -> Case:
    case = rectification.start(case=case, actor=d.handler, now=NOW)
    return rectification.submit(
        case=case, actor=d.handler, now=NOW, note="已清理", photos=[photo()], is_shown=True
    )


def closed(case: Case, d: District) -> Case:
    case = verification.verify(case=case, actor=d.verifier, now=NOW, note="属实")
    return verification.close(case=case, actor=d.leader, now=NOW, answer="已清理")


def test_the_whole_page_is_as_before_until_nothing_can_be_undone(d: District, case: Case) -> None:
    before = page(case, NOW)

    done = assigned(case, d)
    assert page(case, SOON) == before
    done = submitted(done, d)
    assert page(case, SOON) == before
    done = closed(done, d)
    # Nothing new is offered, and nothing that would be refused.
    assert page(case, SOON) == {**before, "moves": []}

    after = page(done, LATER)
    assert "rate" in after["moves"]
    assert after["photos"]
    assert after["lead"] != before["lead"]
    assert after["letters"] > before["letters"]
    assert len(after["entries"]) == len(before["entries"]) + 6


def test_a_rejected_report_offers_nothing_new_meanwhile(d: District, case: Case) -> None:
    before = page(case, NOW)

    reporting.reject(
        case=case, actor=d.coordinator, now=NOW, reason=RejectReason.NOT_OURS, note="不属我办"
    )

    assert page(case, SOON) == {**before, "moves": []}
    assert page(case, LATER)["terms"] != before["terms"]


def test_an_act_that_changes_no_stage_hides_the_next_one_too(d: District, case: Case) -> None:
    case = reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    before = page(case, NOW + 20 * MINUTE)
    case = rectification.add_control(
        case=case, actor=d.coordinator, now=NOW + 20 * MINUTE, what="围挡", post=d.handler_post,
        expiry_date=TODAY + timedelta(days=5),
    )  # fmt: skip
    case = reporting.assign(
        case=case, plan=plan(d), actor=d.coordinator, now=NOW + 21 * MINUTE
    )  # fmt: skip

    assert page(case, NOW + 25 * MINUTE) == before
    between = page(case, NOW + 30 * MINUTE + timedelta(seconds=30))
    assert between["lead"] == before["lead"]
    assert as_shown.of(case, NOW + 32 * MINUTE).case.stage == Stage.ASSIGNED


def test_nobody_rates_what_the_page_does_not_show_yet(d: District, case: Case) -> None:
    done = closed(submitted(assigned(case, d), d), d)

    with pytest.raises(WrongStage):
        public.rate(case=done, solved=True, now=SOON)

    assert public.rate(case=done, solved=True, now=LATER)


def test_what_a_person_acted_on_since_is_shown(d: District, case: Case) -> None:
    """Nothing before it can be undone any more."""
    done = assigned(case, d)
    comment(case=done, actor=d.coordinator, now=NOW + MINUTE, note="已电话联系")

    assert as_shown.of(reopened(case), SOON).case.stage == Stage.ASSIGNED
    assert "assign" in page(case, SOON)["entries"]


def test_what_was_undone_was_never_shown(d: District, case: Case) -> None:
    before = page(case, NOW)
    done = reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    seq = UndoableAct.objects.get(case=done).seq
    undoing.undo(case=done, seq=seq, actor=d.coordinator, now=NOW + MINUTE)

    assert page(case, SOON) == before


def test_a_photo_has_no_address_before_its_act_is_shown(d: District, case: Case) -> None:
    done = submitted(assigned(case, d), d)
    (pk,) = page(done, LATER)["photos"]

    assert track.photo(holder(done), pk, SOON) is None
    assert track.photo(holder(done), pk, LATER) is not None


def test_a_duplicate_follows_what_the_original_shows(d: District, case: Case) -> None:
    second = taken(d, "form-2", identity=WHO).case
    reporting.reject(
        case=second, actor=d.coordinator, now=NOW, reason=RejectReason.DUPLICATE, note="重复",
        duplicate_of=case,
    )  # fmt: skip
    at = NOW + 20 * MINUTE
    reporting.confirm(case=case, actor=d.coordinator, now=at, grade=Grade.GENERAL)

    assert track.view(holder(second), at + 5 * MINUTE).followed == Stage.REPORTED
    assert track.view(holder(second), at + 11 * MINUTE).followed == Stage.CONFIRMED


# ------------------------------------------------------------------ other systems
def numbers(status: str, now: Any) -> list[str]:
    wanted = api.Wanted(NOW - timedelta(days=1), NOW + timedelta(days=1), statuses={status})
    return [case.number for case in api.published(wanted, Names.now(), now)]


def test_other_systems_learn_no_more_than_the_page_shows(d: District, case: Case) -> None:
    publish(case)
    rows = Case.objects.filter(pk=case.pk)

    def answer(now: Any) -> Any:
        found = api.as_the_public_sees(api.numbered([case.number]), now)
        return georeport.request(found[0], Names.now())

    before = answer(NOW)
    reporting.reject(
        case=rows.get(), actor=d.coordinator, now=NOW, reason=RejectReason.NOT_OURS, note="不属"
    )

    assert answer(SOON) == before
    assert (numbers("open", SOON), numbers("closed", SOON)) == ([case.number], [])
    assert answer(LATER)["status"] == "closed"
    assert (numbers("open", LATER), numbers("closed", LATER)) == ([], [case.number])


def test_a_published_hazard_is_fixed_once_that_can_no_longer_be_undone(
    d: District, case: Case
) -> None:
    publish(case)
    closed(submitted(assigned(case, d), d), d)

    def fixed(now: Any) -> list[bool]:
        return [is_fixed(row) for row in publications.dangers(PublicationSearch(), now).found]

    assert fixed(SOON) == [False]
    assert fixed(LATER) == [True]
