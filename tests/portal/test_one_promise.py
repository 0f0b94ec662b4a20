"""What is promised of a suggestion is one text, wherever a person reads it."""

from __future__ import annotations

import pytest

from bihuan.core import procedure
from bihuan.core.rules import Confidence, every_rule
from tests.portal.conftest import County
from tests.portal.visitor import Page, Visitor

pytestmark = pytest.mark.django_db

PROMISE = procedure.named("CN").ways["suggestion"].advice.zh
SOURCE = next(rule for rule in every_rule() if rule.id == "PET-1").source.zh


def suggest(county: County, visitor: Visitor) -> Page:
    given = {"unit": county.town.pk}
    words = {"title": "校门口设临时停车位", "description": "接送时太挤。"}
    return visitor.report("suggestion", words, given, {})


def test_every_page_promises_the_same_answer_to_a_suggestion(
    county: County, visitor: Visitor
) -> None:
    receipt = suggest(county, visitor)
    pages = {
        "choice": visitor.get("/report/"),
        "receipt": receipt,
        "tracking": visitor.track(receipt.code),
        "where": visitor.get("/where/", show="paths"),
    }

    assert "不论是否采纳" in PROMISE
    for name, page in pages.items():
        assert PROMISE in page.shown, name
        # No page says it in other words, which would be another promise.
        others = page.shown.replace(PROMISE, "").replace(SOURCE, "")
        assert "采纳" not in others, name


def test_an_answer_that_only_this_system_promises_is_told_as_such(
    county: County, visitor: Visitor
) -> None:
    rule = next(rule for rule in every_rule() if rule.id == "PET-1")
    assert rule.confidence is Confidence.PROJECT_DEFAULT

    assert SOURCE in visitor.get("/where/", show="paths").shown
    assert "非法定期限" in suggest(county, visitor).shown
