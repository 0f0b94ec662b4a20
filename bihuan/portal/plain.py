"""The law and the figures in plain language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bihuan import formats
from bihuan.calendars.wording import CONFIDENCES, START_EVENTS, amount
from bihuan.cases.wording import in_language
from bihuan.core import rights
from bihuan.core.figures import Line, Mark, Shown
from bihuan.core.procedure import Procedure
from bihuan.core.rules import Party, Rule

Words = str | Promise

# PET-18, PET-20, PET-21 and this project's further promises.
REPORTER_RIGHTS: tuple[Words, ...] = (
    gettext_lazy(
        "You need no account and do not have to say who you are: the time limits are the same."
    ),
    gettext_lazy(
        "If you leave your name and contact, they are sealed. An officer who unseals them must "
        "give a reason, and you see who it was, when and why."
    ),
    gettext_lazy(
        "The person or office you complain of never sees the complaint and never decides on it: "
        "it goes to the office above."
    ),
    gettext_lazy("You receive a written answer, with reasons and your next options."),
    gettext_lazy(
        "You may rate the answer. If you answer “not solved”, another person follows it up."
    ),
    gettext_lazy(
        "If you do not agree, you may ask for a review by another office. Going higher is your "
        "right and does not count against anyone."
    ),
    gettext_lazy(
        "No one may retaliate against you. You can report retaliation from the page of your "
        "report, and another office deals with it as a priority."
    ),
    gettext_lazy("You may withdraw your report at any time, and have your contact details erased."),
)
NEVER: tuple[Words, ...] = (
    gettext_lazy("keep a list, a score or a forecast of people who complain"),
    gettext_lazy("track people: no place, travel, face, telephone or account data"),
    gettext_lazy("plan or record stopping, fetching back or “persuading” people"),
    gettext_lazy("monitor or suppress what people say"),
    gettext_lazy("measure an office by how many people complained or how high they went"),
    gettext_lazy("pass a complaint to those it is about"),
)  # fmt: skip


# ---------------------------------------------------------------------- the law
@dataclass(frozen=True)
class SpokenWay:
    """One pathway that a submission may take."""

    name: str
    advice: str
    source: str


def ways(procedure: Procedure, on: date) -> Iterator[SpokenWay]:
    """Return each pathway with its advice and its source: the rule itself if it is a right or a
    default of this system, else the procedure.
    """
    for way in procedure.ways.values():
        known = (rights.source, rights.default)
        rule = next((rule for find in known if (rule := find(way.source, procedure, on))), None)
        source = in_language(rule.source) if rule else in_language(procedure.name)
        yield SpokenWay(in_language(way.name), in_language(way.advice), source)


@dataclass(frozen=True)
class SpokenRight:
    """One right: what, how long and from when, and by which law."""

    name: str
    length: str
    is_yours: bool
    source: str
    confidence: Words


def spoken(rule: Rule) -> SpokenRight:
    return SpokenRight(
        in_language(rule.name),
        _length(rule),
        rule.owed_by is Party.CITIZEN,
        in_language(rule.source),
        CONFIDENCES[rule.confidence],
    )


def _length(rule: Rule) -> str:
    said = _("%(length)s from: %(event)s") % {
        "length": amount(rule.unit, rule.length),
        "event": START_EVENTS.get(rule.start_event, rule.start_event),
    }
    more = rule.extension.length if rule.extension else None
    if more:
        longer = amount(rule.unit, more)
        said += _("; may be extended by up to %(length)s") % {"length": longer}
    return said


# What starts a time limit, where the desk has a term of its own for it.
EVENTS: Mapping[str, Words] = {
    "assigned": pgettext_lazy("to the public", "Given to the office"),
    "closed": pgettext_lazy("to the public", "Closed"),
    "contested": pgettext_lazy("to the public", "The office disagreed that it is responsible"),
    "submitted": pgettext_lazy("to the public", "Fixed; to be checked"),
    "transferred_in": pgettext_lazy("to the public", "Received from the other office"),
    "verified": pgettext_lazy("to the public", "Checked and in order"),
}


# ------------------------------------------------------------------ the figures
COLUMNS: tuple[Words, ...] = (
    gettext_lazy("Answered or overdue"),
    gettext_lazy("Answered in time"),
    pgettext_lazy("figures", "Answered"),
    gettext_lazy("Days to the answer (median)"),
    gettext_lazy("Rated whether it is solved"),
    gettext_lazy("Ratings"),
    gettext_lazy("Rated as solved"),
)
# The columns that say how it went; the others are the sizes of the samples.
OUTCOMES = (1, 3, 4, 6)
NOTHING = "–"
SMALL = "<5"


def cells(line: Line, days: float | None) -> tuple[str, ...]:
    """Return the figures of one row, in the order of the columns."""
    return (
        number(line.settled),
        percent(line.in_time),
        number(line.answered),
        NOTHING if days is None else f"{days:g}",
        percent(line.response),
        number(line.rated),
        percent(line.solved),
    )


def number(shown: Shown) -> str:
    if isinstance(shown, Mark):
        return SMALL if shown is Mark.SMALL else NOTHING
    return str(shown)


def percent(share: int | None) -> str:
    return NOTHING if share is None else f"{share}%"


def me_too(count: int) -> str:
    return ngettext("%(count)d person says: me too", "%(count)d people say: me too", count) % {
        "count": count
    }


def month(on: date) -> str:
    """Return the month only, which is all that is shown of publications."""
    return formats.month(on)
