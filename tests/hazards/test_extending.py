"""More time to conclude what the public reported: asked once, decided above, and told (HAZ-11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.cases.actions import extensions
from bihuan.cases.actions.extensions import NotLater
from bihuan.cases.models import Case
from bihuan.clocks.actions.running import local_date
from bihuan.core.clocks import ExtensionTooLong, NotExtendable
from bihuan.core.hazard import Grade, HazardFact, Stage
from bihuan.core.lifecycle import FactForbids, FactMissing, SharedFact
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, SamePerson, WrongStage
from bihuan.hazards.actions import deadline_extension, rectification, reporting, verification
from bihuan.journal.models import Entry
from bihuan.orgs.models import User
from bihuan.receipts.accounts import Account, Intake
from bihuan.receipts.models import Message
from bihuan.receipts.wording import letters
from tests.factories import NOW, make_officer
from tests.hazards.district import DAY, DEADLINE, District, assigned, photo, plan, running

pytestmark = pytest.mark.django_db
# 60 days from Tuesday 15 September 2026, and the last day of the 30 more.
PROMISED, LAST = date(2026, 11, 14), date(2026, 12, 14)


def confirmed(d: District) -> Case:
    """Reported by somebody of the public, and promised a conclusion."""
    told = Account(title="配电箱外露", unit=d.village, place="石桥村小学门口")
    case = reporting.receive(Intake(account=told, form_key="form-1", now=NOW)).case
    return reporting.confirm(case=case, actor=d.coordinator, now=NOW, grade=Grade.GENERAL)


def at_work(d: District) -> Case:
    case = reporting.assign(case=confirmed(d), plan=plan(d), actor=d.coordinator, now=NOW)
    return rectification.start(case=case, actor=d.handler, now=NOW)


def ask(case: Case, actor: User, until: date = LAST) -> Case:
    return deadline_extension.ask_later_conclusion(
        case=case, actor=actor, now=NOW + DAY, until_date=until, note="需要第三方检测"
    )


def decide(case: Case, actor: User, *, granted: bool = True) -> Case:
    return deadline_extension.decide_extension(
        case=case, actor=actor, now=NOW + 2 * DAY, granted=granted, note="检测需要时间"
    )


def promised_until(case: Case) -> date:
    return local_date(case.clocks.get(rule_id="HAZ-11a").due_at)


@pytest.mark.parametrize("bring", [confirmed, at_work])
def test_it_is_extended_by_thirty_days_at_most_and_the_fix_stays_as_it_is(
    district: District, bring: object
) -> None:
    case = ask(bring(district), district.coordinator)  # type: ignore[operator]
    assert promised_until(case) == PROMISED
    assert "LOC-6" in running(case)

    case = decide(case, district.leader)

    assert promised_until(case) == LAST
    assert "LOC-6" not in running(case)
    fixes = [local_date(clock.due_at) for clock in case.clocks.filter(rule_id="HAZ-5")]
    assert set(fixes) <= {DEADLINE}


@pytest.mark.parametrize(
    ("until", "refusal"),
    [
        (LAST + DAY, ExtensionTooLong),
        (PROMISED, NotLater),
        (PROMISED - timedelta(30), NotLater),
    ],
)
def test_no_more_is_asked_for_than_the_rule_gives(
    district: District, until: date, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(confirmed(district), district.coordinator, until)


def test_it_is_extended_once(district: District) -> None:
    case = ask(confirmed(district), district.coordinator, PROMISED + 10 * DAY)
    case = decide(case, district.leader)

    with pytest.raises(NotExtendable):
        ask(case, district.coordinator)


def test_refused_it_changes_nothing_and_nobody_is_told(district: District) -> None:
    case = decide(ask(confirmed(district), district.coordinator), district.leader, granted=False)

    assert promised_until(case) == PROMISED
    assert not Message.objects.filter(case=case, what="extended").exists()
    assert ask(case, district.coordinator).stage == Stage.CONFIRMED


# ---------------------------------------------------------------------- who may
def test_whoever_asked_does_not_decide_and_nobody_below_the_level_above(
    district: District,
) -> None:
    d = district
    both = make_officer(d.county, Power.COORDINATE, Power.APPROVE)
    case = ask(at_work(d), both)

    with pytest.raises(SamePerson):
        decide(case, both)
    with pytest.raises(NotAllowed):
        decide(case, d.town_leader)
    assert promised_until(decide(case, d.leader)) == LAST


def test_whoever_fixes_does_not_ask_for_the_office_that_promised(district: District) -> None:
    with pytest.raises(NotAllowed):
        ask(at_work(district), district.handler)


def test_of_an_officers_own_finding_nobody_was_promised_anything(district: District) -> None:
    with pytest.raises(FactMissing) as refused:
        ask(assigned(district), district.coordinator)

    assert refused.value.fact is HazardFact.PROMISED


def test_nothing_is_promised_before_the_confirmation(district: District) -> None:
    told = Account(title="配电箱外露", unit=district.village, place="石桥村小学门口")
    case = reporting.receive(Intake(account=told, form_key="form-1", now=NOW)).case

    with pytest.raises(WrongStage):
        ask(case, district.coordinator)


# ------------------------------------------------------------- beside the fix
def test_the_work_goes_on_while_it_waits_and_the_closure_waits_for_it(district: District) -> None:
    d = district
    case = ask(at_work(d), d.coordinator)

    case = rectification.submit(
        case=case, actor=d.handler, now=NOW + DAY, note="已加锁", photos=[photo()]
    )
    case = verification.verify(case=case, actor=d.verifier, now=NOW + DAY, note="属实")
    with pytest.raises(FactForbids) as refused:
        verification.close(case=case, actor=d.leader, now=NOW + DAY)

    assert refused.value.fact is SharedFact.EXTENSION_ASKED
    assert promised_until(decide(case, d.leader)) == LAST


def test_more_time_for_the_fix_is_not_more_time_to_conclude(district: District) -> None:
    d = district
    case = extensions.ask_extension(
        case=at_work(d), actor=d.handler, now=NOW, until_date=DEADLINE + 7 * DAY, note="等件"
    )
    with pytest.raises(FactForbids):
        ask(case, d.coordinator)
    with pytest.raises(FactForbids):
        rectification.submit(case=case, actor=d.handler, now=NOW, note="已加锁", photos=[photo()])

    case = decide(case, d.leader)

    assert case.hazard.deadline_date == DEADLINE + 7 * DAY
    assert promised_until(case) == PROMISED
    assert not Message.objects.filter(case=case, what="extended").exists()


# ------------------------------------------------------------------------ told
@pytest.mark.parametrize(
    ("language", "day"), [("en", "14 Dec 2026"), ("zh-hans", "2026年12月14日")]
)
def test_whoever_reported_it_is_told_until_when_and_why(
    district: District, language: str, day: str
) -> None:
    case = decide(ask(confirmed(district), district.coordinator), district.leader)

    letter = Message.objects.get(case=case, what="extended")
    with translation.override(language):
        assert day in letters.letter_words(case.kind, letter)
    assert letter.text == "检测需要时间"
    acts = Entry.objects.filter(chain__subject=case.subject, act__endswith="conclusion")
    assert [entry.details["rule"] for entry in acts] == ["HAZ-11a"]


def test_the_forms_ask_and_decide_and_the_page_says_what_is_asked_for(
    client: Client, district: District
) -> None:
    case = confirmed(district)
    client.cookies["bihuan_language"] = "en"
    steps = [
        (district.coordinator, "ask_later_conclusion", {"until_date": "2026-12-14"}),
        (district.leader, "decide_extension", {"granted": "yes"}),
    ]

    for actor, move, sent in steps:
        client.force_login(actor)
        case.refresh_from_db()
        if move == "decide_extension":
            page = client.get(case.get_absolute_url()).content.decode()
            assert "Extension of conclusion requested until 14 Dec 2026" in page
        address = reverse("desk:move", args=[case.number, move])
        form = client.get(address)
        assert form.status_code == 200
        if move == "ask_later_conclusion":
            assert "The reporter was promised 14 Nov 2026." in form.content.decode()
        response = client.post(address, {"version": case.version, "note": "检测", **sent})
        assert response.status_code == 302, response.content.decode()

    assert promised_until(case) == LAST
