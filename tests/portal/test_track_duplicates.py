"""The reporter what was known already sees how far that has come, and nothing else of it."""

from __future__ import annotations

import pytest

from bihuan.cases.actions.undoing import settle
from bihuan.cases.models import Case, Exclusion
from bihuan.core.hazard import Grade, RejectReason
from bihuan.core.undoing import WITHIN
from bihuan.hazards.actions import reporting
from tests.factories import NOW
from tests.hazards.district import District, make_district
from tests.hazards.test_public import taken
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

TOGETHER = "并案办理，该件目前进度"


def two_reports(d: District) -> tuple[Case, str]:
    """The one that goes on, and the code of the one that was rejected as its duplicate."""
    live = taken(d, "first", title="变压器冒烟", place="粮站后院").case
    second = taken(d, "second")
    reporting.reject(
        case=second.case, actor=d.coordinator, now=NOW, reason=RejectReason.DUPLICATE, note="重复",
        duplicate_of=live,
    )  # fmt: skip
    return live, second.code


def page_of(code: str) -> Page:
    return Visitor(headers={"accept-language": "zh-hans"}).track(code)


def test_the_old_code_shows_the_stage_of_the_case_that_goes_on_and_only_that() -> None:
    d = make_district()
    live, code = two_reports(d)
    reporting.confirm(case=live, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)
    settle(now=NOW + 2 * WITHIN)

    page = page_of(code)

    assert TOGETHER in page.text
    assert "正在确定由谁处理" in page.text.partition(TOGETHER)[2][:80]
    for hidden in (live.number, "变压器冒烟", "粮站后院"):
        assert hidden not in page.text


def test_nothing_is_shown_of_one_that_is_confidential_or_shuts_somebody_out() -> None:
    d = make_district()
    live, code = two_reports(d)
    bar = Exclusion.objects.create(
        case=live, unit=d.village, cause=Exclusion.Cause.COMPLAINED_OF, since_at=NOW, added_at=NOW
    )

    assert TOGETHER not in page_of(code).text
    bar.delete()
    Case.objects.filter(pk=live.pk).update(is_confidential=True)
    assert TOGETHER not in page_of(code).text


def test_the_reporter_of_the_live_one_learns_nothing_of_the_other() -> None:
    d = make_district()
    first = taken(d, "first")
    second = taken(d, "second").case
    reporting.reject(
        case=second, actor=d.coordinator, now=NOW, reason=RejectReason.DUPLICATE, note="重复",
        duplicate_of=first.case,
    )  # fmt: skip

    page = page_of(first.code)

    assert second.number not in page.text
    assert "再次上报" not in page.text
