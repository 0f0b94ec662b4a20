"""What nobody has read in the law is shown to the public nowhere: no name, no source, no day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from bihuan.cases.actions import clocks, loop
from bihuan.cases.models import Case
from bihuan.clocks.actions.ticking import tick
from bihuan.clocks.models import Clock
from bihuan.core import rules
from bihuan.core.rules import Confidence, Rule
from bihuan.journal.actions import record
from tests.clock import PRESENT, StoppedClock
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

RECALLED = [rule for rule in rules.every_rule() if rule.confidence is Confidence.RECALLED]
OF_CASES = [rule for rule in RECALLED if rule.id.startswith(("PET", "HAZ"))]
PAGES = (
    "/",
    "/where/",
    "/where/?show=paths",
    "/where/?show=limits",
    "/where/?show=yours",
    "/report/",
    "/open/",
    "/open/figures/",
    "/near/",
    "/reception/",
)


def words_of(rule: Rule) -> tuple[str, ...]:
    return (rule.name.zh, rule.name.en, rule.source.zh, rule.source.en, f"{rule.id} ")


def none_of_it(page: Page) -> bool:
    return not any(word in page.shown for rule in RECALLED for word in words_of(rule))


def running(case: Case, rule: Rule) -> Clock:
    """The clock of this rule on the case, as the table of its kind would start it."""
    with transaction.atomic():
        clock = clocks.start(loop.locked(case), rule.id, PRESENT)
    detail = {"rule": rule.id, "until": "2035-09-20", "was": "2035-09-18", "granted": True}
    record(case.subject, "decide_extension", by=None, at=PRESENT, detail=detail)
    return clock


@pytest.mark.parametrize("rule", OF_CASES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_of_a_report_says_nothing_of_it(
    county: County, visitor: Visitor, rule: Rule, language: str, clock: StoppedClock
) -> None:
    matter = "hazard" if rule.id.startswith("HAZ") else "grievance"
    code = visitor.report(matter, *county.steps()).code
    Clock.objects.all().delete()
    due = running(Case.objects.get(), rule).due_at
    clock.wait(due - PRESENT + timedelta(days=3))
    tick(now=clock.at)
    visitor.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = visitor.track(code)

    assert Clock.objects.get().overdue_at is not None
    assert none_of_it(page)
    assert not any(word in page.shown for word in ("2035", "逾期", "Overdue", "已报上级"))


def test_no_page_for_everybody_and_no_receipt_says_anything_of_it(
    county: County, visitor: Visitor
) -> None:
    receipt = visitor.report("grievance", *county.steps())

    assert all(none_of_it(visitor.get(page)) for page in PAGES)
    assert none_of_it(receipt)
