"""Today: what waits for an officer. Each app registers its sections, in `AppConfig.ready`.

All sections are rendered by one template, `web/agenda.html` (docs/decisions/0112-agenda.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from bihuan.core.deadlines import Due
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.store.existing import which_exist
from bihuan.web import subjects
from bihuan.web.templatetags.bihuan import instant

AT_MOST = 20
# How many items of others are shown.
WATCHED = 5
# The order of sections that ask the officer something: they are above everything else.
ASKED = 0
# They are counted up to this number.
COUNTED = 200
NEVER = datetime.max.replace(tzinfo=UTC)
PRESSING = _("Overdue and due today")


class Urgency(Enum):
    ORDINARY = auto()
    URGENT = auto()


class Duty(Enum):
    """Whose next step the items of a section are."""

    OWN = auto()
    # Overdue work of others, for those who follow it.
    WATCHED = auto()
    # What the officer reported, also if others work on it.
    REPORTED = auto()


@dataclass(frozen=True)
class AgendaItem:
    """One thing to do. Without `step_url` the step is only named: its page has the button."""

    title: str
    url: str
    number: str = ""
    place: str = ""
    unit: str = ""
    # What sets it apart from the others, such as that it was sent back.
    mark: str | Promise = ""
    note: str = ""
    due: Due | None = None
    step_label: str | Promise = ""
    step_url: str = ""
    urgency: Urgency = Urgency.ORDINARY
    # As in the journal; an item whose subject is hidden from the officer is left out.
    subject: str = ""
    # The post that has the work, and its holder if the officer is the stand-in.
    post: int | None = None
    stands_in_for: str = ""

    @property
    def is_urgent(self) -> bool:
        return self.urgency is Urgency.URGENT


@dataclass(frozen=True)
class AgendaSection:
    """Items of one type; `more` is the URL of all of them.

    Sections are sorted by `order`, then in the order of registration.
    """

    title: str | Promise
    items: list[AgendaItem]
    more: str = ""
    is_cut: bool = False
    # Whether the query behind the items has excluded what is hidden from the officer.
    is_checked: bool = False
    order: int = 5
    duty: Duty = Duty.OWN
    # How many there are, up to `COUNTED`, where it is known although not all are shown.
    total: int | None = None
    # What the officer can do here, where the steps do not say it.
    hint: str | Promise = ""

    @property
    def count(self) -> str:
        """Return how many there are; of the last few of a long list nothing."""
        if self.duty is Duty.REPORTED and self.is_cut:
            return ""
        known = len(self.items) if self.total is None else self.total
        is_exact = known < COUNTED if self.total is not None else not self.is_cut
        return f"{known}" if is_exact else f"{known}+"

    @classmethod
    def of(
        cls,
        title: str | Promise,
        found: Iterable[AgendaItem],
        more: str = "",
        *,
        is_checked: bool = False,
        order: int = 5,
        duty: Duty = Duty.OWN,
        most: int = AT_MOST,
    ) -> AgendaSection:
        """Return the first items found; one more than are shown is enough."""
        items = list(found)
        return cls(title, items[:most], more, len(items) > most, is_checked, order, duty)


@dataclass(frozen=True)
class SectionIfAny:
    """A section made of the rows of each of these questions, which are read only if it has any.

    One statement asks that for all parts: for most officers, most parts have nothing.
    """

    section: Callable[..., AgendaSection]
    questions: tuple[QuerySet[Any, Any], ...]


# Takes the officer and the time.
Sections = Callable[[User, datetime], Iterable[AgendaSection | SectionIfAny]]
_registered: dict[str, Sections] = {}


def register(name: str, found: Sections) -> None:
    """Register sections of Today."""
    _registered[name] = found


def sections(user: User, now: datetime) -> list[AgendaSection]:
    """Return everything that waits for this officer, the most urgent first, without empty
    sections.
    """
    given = [section for registered in _registered.values() for section in registered(user, now)]
    found = sorted(_answered(given), key=lambda section: section.order)
    known = known_to(user, found, now)
    return in_order(_naming_holders(known, user, localdate(now)), _tomorrow(now))


def _answered(given: Iterable[AgendaSection | SectionIfAny]) -> Iterator[AgendaSection]:
    """Read the rows of what has any, in the order given."""
    given = list(given)
    asked = (each for each in given if isinstance(each, SectionIfAny))
    answers = iter(which_exist([question for each in asked for question in each.questions]))
    for each in given:
        if isinstance(each, AgendaSection):
            yield each
            continue
        rows = [list(question) if next(answers) else [] for question in each.questions]
        if any(rows):
            yield each.section(*rows)


def _naming_holders(found: list[AgendaSection], user: User, on: date) -> Iterable[AgendaSection]:
    """Name the holder in the work of posts for which the officer is the stand-in."""
    seats = access.seats(user, on)
    holders = {seat.post.pk: seat.stands_in_for.name for seat in seats if seat.stands_in_for}
    if not holders:
        return found
    return (
        replace(
            section,
            items=[
                replace(item, stands_in_for=holders.get(item.post or 0, ""))
                for item in section.items
            ],
        )
        for section in found
    )


def _tomorrow(now: datetime) -> datetime:
    return datetime.combine(localdate(now) + timedelta(days=1), time(), get_default_timezone())


# ----------------------------------------------------------------------- order
def in_order(found: Iterable[AgendaSection], tomorrow: datetime) -> list[AgendaSection]:
    """Return what is urgent, overdue or due today as the first section, whatever it is; then what
    others have let run out; then each type of work, the earliest due first.
    """
    given = list(found)
    own = [section for section in given if section.duty is Duty.OWN]
    first, rest = _parted([each for each in own if each.order > ASKED], tomorrow)
    named = {item.subject for section in own for item in section.items}
    watched = (_without(each, named) for each in given if each.duty is Duty.WATCHED)
    return [
        *(section for section in own if section.order == ASKED),
        *first,
        *(section for section in watched if section.items),
        *sorted(rest, key=lambda section: min(map(_end, section.items), default=NEVER)),
        *(section for section in given if section.duty is Duty.REPORTED),
    ]


def _parted(
    sections: list[AgendaSection], tomorrow: datetime
) -> tuple[list[AgendaSection], list[AgendaSection]]:
    """Return a section of what presses, if anything does, and the sections without it."""
    items = [(item, section) for section in sections for item in section.items]
    urgent = {item.subject for item, _section in items if item.is_urgent}
    pressing = [
        (item, section)
        for item, section in items
        if item.is_urgent or item.subject in urgent - {""} or _end(item) < tomorrow
    ]
    pressing.sort(key=lambda each: (each[0].subject not in urgent, _end(each[0])))
    groups = _joined(
        replace(item, note=item.note or str(section.title)) for item, section in pressing
    )
    shown = [_one(group) for group in groups[:AT_MOST]]
    if not shown:
        return [], sections
    is_cut = len(groups) > AT_MOST
    taken = {(item.url, item.step_url) for group in groups[:AT_MOST] for item in group}
    rest = [
        replace(each, items=[i for i in each.items if (i.url, i.step_url) not in taken])
        for each in sections
    ]
    first = AgendaSection(PRESSING, shown, is_cut=is_cut, is_checked=True)
    return [first], [each for each in rest if each.items or (each.is_cut and each.more)]


def _joined(items: Iterable[AgendaItem]) -> list[list[AgendaItem]]:
    """Group those about the same subject that name no different steps, in their order."""
    groups: list[list[AgendaItem]] = []
    about: dict[str, list[list[AgendaItem]]] = defaultdict(list)
    for item in items:
        same = about[item.subject] if item.subject else []
        group = next((each for each in same if len(_steps(*each, item)) < 2), None)
        if group is None:
            group = []
            groups.append(group)
            same.append(group)
        group.append(item)
    return groups


def _steps(*items: AgendaItem) -> set[str]:
    return {item.step_url for item in items} - {""}


def _one(group: list[AgendaItem]) -> AgendaItem:
    """Return the one of these that has a step; urgent if any of them is."""
    named = next((item for item in group if item.step_url), group[0])
    is_urgent = any(item.is_urgent for item in group)
    return replace(named, urgency=Urgency.URGENT) if is_urgent else named


def _without(section: AgendaSection, named: set[str]) -> AgendaSection:
    """Return the section without what others name already, and only the first of it: it must not
    hide the officer's own work.
    """
    items = [item for item in section.items if item.subject not in named]
    is_cut = section.is_cut or len(items) > WATCHED
    total = section.total
    if total is not None and total < COUNTED:
        total -= len(section.items) - len(items)
    return replace(section, items=items[:WATCHED], is_cut=is_cut, total=total)


def _end(item: AgendaItem) -> datetime:
    return NEVER if item.due is None else instant(item.due)


def known_to(user: User, found: Iterable[AgendaSection], now: datetime) -> list[AgendaSection]:
    """Return these sections without what is hidden from the officer, and without empty ones."""
    given = [section for section in found if section.items]
    subject_names = [item.subject for each in given if not each.is_checked for item in each.items]
    hidden = subjects.hidden_from(user, filter(None, subject_names), now)
    if not hidden:
        return given
    known = [
        replace(each, items=[item for item in each.items if item.subject not in hidden])
        for each in given
    ]
    return [section for section in known if section.items]
