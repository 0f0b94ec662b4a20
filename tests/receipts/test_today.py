"""What the public's side of cases puts on Today."""

import pytest

from bihuan.receipts.actions import seals
from bihuan.receipts.agenda import waiting
from tests.cases.public import accused, make_office, seal_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_request_because_of_danger_is_urgent_on_today_and_comes_first() -> None:
    office = make_office()
    first, second = (accused(office.village, title=title).case for title in ("欠薪", "欠租"))
    for case, is_danger in ((first, False), (second, True)):
        seals.ask_opening(
            row=seal_of(case),
            actor=office.clerk,
            reason="电话里说有人威胁",
            now=NOW,
            is_danger=is_danger,
        )

    found = waiting.agenda(office.head, NOW)
    (request,) = (each.items for each in found if str(each.title) == "待同意的启封申请")

    assert [(item.number, item.is_urgent) for item in request] == [
        (second.number, True),
        (first.number, False),
    ]
