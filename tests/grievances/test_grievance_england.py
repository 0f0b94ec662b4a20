"""Another rule set as data: England's two stages, walked by the same code in English (INT-2)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from pytest_django import Settings

from bihuan.calendars.queries import calendar
from bihuan.clocks.actions.running import local_date
from bihuan.core.deadlines import Due
from bihuan.core.grievance import Stage
from bihuan.core.lifecycle import FactMissing
from bihuan.grievances import written
from bihuan.grievances.actions import deadline_extension, handling, opinions, reviews
from bihuan.grievances.actions.opinions import Parts
from bihuan.grievances.queries import remedies
from bihuan.receipts.wording import letters
from tests.grievances.offices import DAY, Realm, bring, read, review, running, take

pytestmark = pytest.mark.django_db
# A Monday in December: Christmas, Boxing Day's substitute and New Year lie ahead.
MONDAY = datetime(2026, 12, 7, 10, tzinfo=UTC)
# The code asks for no legal basis.
PLAIN = Parts(
    request="Put the damp right.",
    facts="The gutter above the window is broken.",
    reasons="Repairs are ours.",
    decision="support",
)


@pytest.fixture(autouse=True)
def _england(settings: Settings) -> None:
    settings.PROCEDURE = "GB-ENG"
    settings.TIME_ZONE = "Europe/London"


def test_stage_1_and_stage_2_run_on_the_codes_working_days(realm: Realm) -> None:
    taken = take(realm.town.unit, now=MONDAY, title="Damp in the bedroom")
    assert {rule: local_date(c.due_at) for rule, c in running(taken.case).items()} == {
        "INT-2a": date(2026, 12, 14)
    }
    assert taken.due == Due(date(2026, 12, 14))

    case = bring(realm.town, Stage.ACCEPTED, case=taken.case, now=MONDAY + 3 * DAY)
    assert {rule: local_date(c.due_at) for rule, c in running(case).items()} == {
        "INT-2b": date(2026, 12, 24)
    }
    town = realm.town
    case = handling.assign(case=case, actor=town.coordinator, now=MONDAY + 3 * DAY, post=town.post)
    case = opinions.draft(case=case, parts=PLAIN, actor=town.handler, now=MONDAY + 8 * DAY)
    case = opinions.issue(case=case, actor=town.head, now=MONDAY + 8 * DAY)
    read(case, MONDAY + 9 * DAY)
    assert running(case) == {}
    assert remedies(case) == []

    case = review(case, realm.county, now=MONDAY + 14 * DAY)
    clock = case.clocks.get(rule_id="INT-2c")
    # 20 working days from 21 December, without Christmas, Boxing Day's substitute and New Year.
    assert local_date(clock.due_at) == date(2027, 1, 21)
    with pytest.raises(FactMissing):
        reviews.ask_review(case=case, note="I still disagree.", now=MONDAY + 20 * DAY)


def test_stage_2_may_be_extended_once(realm: Realm) -> None:
    case = bring(realm.town, Stage.REPLIED, now=MONDAY)
    case = reviews.ask_review(case=case, note="I disagree.", now=MONDAY)
    case = deadline_extension.ask_extension(
        case=case, actor=realm.county.handler, now=MONDAY, days=20, note="A survey is needed."
    )

    case = deadline_extension.decide_extension(
        case=case, actor=realm.county.head, now=MONDAY, granted=True, note="A survey is needed."
    )

    # 40 working days from 7 December.
    (clock,) = running(case).values()
    assert (clock.rule_id, local_date(clock.due_at)) == ("INT-2c", date(2027, 2, 4))


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Stage 1 response"), ("zh-hans", "第一阶段答复")]
)
def test_what_the_person_reads_is_in_the_words_of_the_code(
    realm: Realm, language: str, name: str
) -> None:
    case = bring(realm.town, Stage.REPLIED, now=MONDAY)
    accepted = case.messages.earliest("pk")

    with translation.override(language):
        (opinion,) = written.opinions(case)
        words = letters.letter_words(case.kind, accepted)

    assert opinion.name == name
    assert ("5 working days" in words) is (language == "en")


def test_the_bank_holidays_of_england_are_there_and_none_is_worked() -> None:
    england = calendar("GB-ENG")

    assert not england.makeup_days
    assert not england.is_workday(date(2026, 12, 28))
    assert england.is_workday(date(2026, 12, 29))
    assert {day.year for day in england.off_days} == {2024, 2025, 2026, 2027}
