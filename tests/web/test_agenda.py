"""Today as registered data: order, what is hidden, what is empty."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from django.utils.timezone import localdate

from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import Unit, User
from bihuan.web import agenda, subjects
from bihuan.web.agenda import AgendaItem, AgendaSection, SectionIfAny
from tests.conftest import CountQueries
from tests.factories import NOW, make_officer, make_unit

pytestmark = pytest.mark.django_db
KEPT: list[Collection[str]] = []


def hide_b(member: User, keys: Collection[str], now: datetime) -> Collection[str]:
    KEPT.append(keys)
    return [key for key in keys if key == "b"]


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    KEPT.clear()
    monkeypatch.setattr(agenda, "_registered", {})
    monkeypatch.setattr(subjects, "_types", {})
    subjects.register("umbrella", subjects.SubjectType("/umbrellas/{}/".format, hidden_from=hide_b))


@dataclass(frozen=True)
class Found:
    section: AgendaSection

    def __call__(self, user: User, now: datetime) -> list[AgendaSection]:
        return [self.section]


@dataclass(frozen=True)
class Asking:
    asked: SectionIfAny

    def __call__(self, user: User, now: datetime) -> list[SectionIfAny]:
        return [self.asked]


def items(*keys: str) -> list[AgendaItem]:
    return [AgendaItem(key, "/", subject=f"umbrella/{key}") for key in keys]


def shown(*sections: AgendaSection) -> list[tuple[str, list[str]]]:
    for n, section in enumerate(sections):
        agenda.register(str(n), Found(replace(section, order=9 - n)))
    officer = make_officer(make_unit(), Power.HANDLE)
    found = agenda.sections(officer, NOW)
    return [(str(each.title), [item.title for item in each.items]) for each in found]


def test_sections_stand_in_their_order_and_empty_ones_are_left_out() -> None:
    found = shown(
        AgendaSection.of("last", items("a")),
        AgendaSection.of("none", []),
        AgendaSection.of("first", items("c")),
    )

    assert found == [("first", ["c"]), ("last", ["a"])]


def test_one_query_asks_which_sections_have_rows_and_only_those_are_read(
    count_queries: CountQueries,
) -> None:
    unit = make_unit()
    officer = make_officer(unit, Power.HANDLE)
    here, none = Unit.objects.filter(pk=unit.pk), Unit.objects.filter(pk=0)
    read: list[list[list[Unit]]] = []

    def section(*rows: list[Unit]) -> AgendaSection:
        read.append([*rows])
        return AgendaSection.of("units", items("a"))

    for n, questions in enumerate(((none,), (none, here[:1]), (none, none.none()))):
        agenda.register(str(n), Asking(SectionIfAny(section, questions)))
    access.seats(officer, localdate(NOW))

    with count_queries() as queries:
        found = agenda.sections(officer, NOW)

    assert [each.title for each in found] == ["units"]
    assert read == [[[], [unit]]]
    assert len(queries) == 2


def test_what_is_hidden_from_the_officer_is_left_out_with_one_question_for_all() -> None:
    found = shown(AgendaSection.of("two", items("b")), AgendaSection.of("one", items("a", "b")))

    assert found == [("one", ["a"])]
    assert KEPT == [["a", "b"]]


def test_a_section_that_has_left_it_out_itself_is_not_asked_about() -> None:
    assert shown(AgendaSection.of("one", items("a"), is_checked=True)) == [("one", ["a"])]
    assert KEPT == []


def test_a_section_shows_the_first_of_many_and_says_that_there_are_more() -> None:
    section = AgendaSection.of("many", items(*map(str, range(agenda.AT_MOST + 1))))

    assert len(section.items) == agenda.AT_MOST
    assert section.is_cut


def test_a_subject_is_named_and_linked_by_its_type() -> None:
    assert subjects.name("umbrella/a") == "a"
    assert subjects.url("umbrella/a") == "/umbrellas/a/"
