"""Whatever shows a due time says that it is provisional: pages, papers, the receipt, interfaces.

In England, because there offices work by working days, so that what a person is promised can be
provisional too; and in China for what a person may do.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from bihuan.cases.models import REPORTER, Case
from bihuan.clocks.actions.ticking import tick
from bihuan.core import rules
from bihuan.core.deadlines import Due
from bihuan.core.powers import Power
from bihuan.core.rules import Party
from bihuan.orgs.models import User
from bihuan.receipts import slips
from bihuan.receipts.actions.public import seen
from bihuan.receipts.first_slips import BadSlip
from bihuan.receipts.queries.promises import promised
from tests.api.calls import answer, publish
from tests.clock import StoppedClock
from tests.factories import make_officer
from tests.portal.answers import replied
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).parents[2] / "bihuan"
MARK, CHIP = "（暂定）", ">暂定</span>"
# A Monday; the bank holidays of 2028 are not loaded. And a Friday; nor are those of China's 2027.
IN_ENGLAND = datetime(2028, 1, 10, 2, 0, tzinfo=UTC)
IN_CHINA = datetime(2027, 1, 8, 2, 0, tzinfo=UTC)


def desk(member: User, name: str, *arguments: object) -> str:
    browser = Client()
    browser.force_login(member)
    return browser.get(reverse(name, args=arguments)).content.decode()


@pytest.fixture
def receipt(county: County, visitor: Visitor, clock: StoppedClock, settings: Settings) -> Page:
    """The receipt of a report whose acknowledgement is due in a year that is not loaded."""
    settings.PROCEDURE = "GB-ENG"
    clock.at = IN_ENGLAND
    return visitor.report("grievance", *county.steps(), now=IN_ENGLAND)


# ----------------------------------------------------------------------- England
def test_the_receipt_and_its_signed_slip_say_it(receipt: Page) -> None:
    slip = re.search(r'class="slip"[^>]*>([^<]+)<', receipt.text)
    assert slip
    proved = slips.read(slip.group(1), {slips.label(): slips.public_key()})

    assert proved.due == Due(date(2028, 1, 17), is_provisional=True)
    assert '"due":"2028-01-17?"' in _payload(slip.group(1))
    assert f"2028年1月17日{MARK}" in receipt.shown


def test_a_slip_whose_question_mark_was_taken_away_is_no_slip(receipt: Page) -> None:
    slip = re.search(r'class="slip"[^>]*>([^<]+)<', receipt.text)
    assert slip

    header, _, signature = slip.group(1).split(".")
    certain = _payload(slip.group(1)).replace("17?", "17").encode()
    changed = f"{header}.{urlsafe_b64encode(certain).decode().rstrip('=')}.{signature}"

    with pytest.raises(BadSlip, match="signature"):
        slips.read(changed, {slips.label(): slips.public_key()})


def _payload(slip: str) -> str:
    payload = slip.split(".")[1]
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()


def test_today_the_ledger_the_case_and_its_clock_say_it(receipt: Page, county: County) -> None:
    case = Case.objects.get()
    clock = case.clocks.get()
    assert case.due == clock.due == Due(clock.due_at, is_provisional=True)

    assert CHIP in desk(county.clerk, "desk:today")
    assert CHIP in desk(county.clerk, "desk:ledger")
    page = desk(county.clerk, "desk:case", case.number)
    assert page.count(CHIP) == 2
    assert MARK in page
    days = desk(county.clerk, "desk:clock", case.number, clock.pk)
    assert MARK in days
    assert "（放假安排未公布）" in days
    assert "近五年最长的连休" in days


def test_the_column_of_deadlines_says_it(receipt: Page, county: County) -> None:
    browser = Client()
    browser.force_login(county.clerk)

    page = browser.get(reverse("desk:ledger"), {"cols": "deadline"}).content.decode()

    assert f"2028年1月17日{MARK}" in page


def test_the_tracking_page_says_it(receipt: Page, visitor: Visitor) -> None:
    page = visitor.track(receipt.code)

    assert CHIP in page.text
    assert f"2028年1月17日{MARK}" in page.shown


def test_a_notice_says_it(receipt: Page, county: County, clock: StoppedClock) -> None:
    clock.at = datetime(2028, 1, 14, 2, 0, tzinfo=UTC)
    tick(now=clock.at)

    assert f"2028年1月17日{MARK}" in desk(county.clerk, "desk:today")


def test_open311_says_it_beside_the_expected_time(receipt: Page) -> None:
    case = Case.objects.get()
    publish(case)

    (row,) = answer(f"requests/{case.number}.json")

    assert row["expected_datetime"].startswith("2028-01-17T23:59:59")
    assert "暂定" in row["service_notice"]
    due = promised(case)
    assert due is not None
    assert due.is_provisional


# ------------------------------------------------------------------------- China
def test_what_a_person_may_do_says_it_on_the_page_the_letter_and_the_desk(
    county: County, head: User, visitor: Visitor, clock: StoppedClock
) -> None:
    clock.at = IN_CHINA
    received = visitor.report("grievance", *county.steps(), now=IN_CHINA)
    case = replied(county, head, now=IN_CHINA)
    seen(case=case, slot=REPORTER, now=IN_CHINA)

    page = visitor.track(received.code).shown

    assert f"2027年2月14日{MARK}" in page
    assert f"2027年2月14日{MARK}" in desk(county.clerk, "grievances:opinion", case.number, "answer")
    assert MARK in desk(county.clerk, "desk:case", case.number)


def test_what_is_certain_says_nothing(
    county: County, visitor: Visitor, clock: StoppedClock
) -> None:
    clock.at = IN_CHINA
    received = visitor.report("grievance", *county.steps(), now=IN_CHINA)

    texts = [received.text, visitor.track(received.code).text, desk(county.clerk, "desk:ledger")]

    assert "2027年1月23日" in received.shown
    assert not any("暂定" in text for text in texts)


# --------------------------------------------------------------------- reminders
@pytest.mark.parametrize(
    ("at", "year"),
    [
        ("2026-10-31T23:59:59+08:00", None),
        ("2026-11-01T00:00:00+08:00", 2027),
        ("2027-01-15T09:00:00+08:00", 2027),
    ],
)
def test_an_administrator_and_readyz_are_reminded_from_november_on(
    county: County, clock: StoppedClock, at: str, year: int | None
) -> None:
    clock.at = datetime.fromisoformat(at)
    administrator = make_officer(county.top, Power.ADMINISTER)

    said = Client().get("/readyz").json()["reminders"]

    told = f"{year}年的放假安排尚未载入"
    assert said == ([f"calendar: CN {year} is not loaded (bihuan load-calendar)"] if year else [])
    assert (told in desk(administrator, "desk:today")) is bool(year)
    assert told not in desk(county.clerk, "desk:today")


def test_in_england_2027_is_loaded_and_2028_is_reminded_of(
    clock: StoppedClock, settings: Settings
) -> None:
    settings.PROCEDURE = "GB-ENG"
    clock.at = datetime(2027, 11, 2, tzinfo=UTC)

    said = Client().get("/readyz").json()["reminders"]

    assert said == ["calendar: GB-ENG 2028 is not loaded (bihuan load-calendar)"]


# --------------------------------------------------------------------- no page forgets
def test_no_template_writes_a_due_time_round_the_mark() -> None:
    """`due_at` is a bare instant; `due` brings its mark along."""
    bare = re.compile(r"\bdue_at\s*\|")
    found = [
        f"{path.relative_to(TEMPLATES)}: {match.group()}"
        for path in TEMPLATES.rglob("*.html")
        for match in bare.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_who_has_a_right_and_who_a_target_is_said_by_every_rule() -> None:
    rights = {rule.id for rule in rules.every_rule() if rule.owed_by is Party.CITIZEN}

    assert {"PET-10", "PET-12", "MED-6"} <= rights
    assert not {"PET-7", "PET-8", "INT-2a"} & rights
