"""The course of an inspection: its stages, who may act in it, and when it may end.

An answer says which revision it was based on. A change that was made elsewhere meanwhile is shown,
and never overwritten; the clock of a device decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from bihuan.core.powers import Power
from bihuan.core.refusal import Refusal, WrongStage

# Whose posts may inspect, over the unit for which they do.
INSPECTORS = frozenset(
    {
        Power.REPORT,
        Power.HANDLE,
        Power.VERIFY,
        Power.APPROVE,
        Power.COORDINATE,
        Power.SUPERVISE,
        Power.DUTY,
    }
)

SIGNATURE_KEPT_YEARS = 3


class Kind(StrEnum):
    """Why and by whom a site is inspected."""

    ORDINARY = "ordinary"
    JOINT = "joint"  # by posts of several units, each of which sees it
    UNANNOUNCED = "unannounced"  # hidden from the operator until it has begun
    SELF_CHECK = "self_check"  # by the operator itself
    LOOK_BACK = "look_back"  # of what was closed in a period


class Stage(StrEnum):
    PLANNED = "planned"
    BEGUN = "begun"
    DONE = "done"
    ABANDONED = "abandoned"


OPEN = frozenset({Stage.PLANNED, Stage.BEGUN})


class Act(StrEnum):
    PLAN = "plan"
    BEGIN = "begin"
    ANSWER = "answer"
    PHOTOGRAPH = "photograph"
    SETTLE = "settle"  # what follows from a failed item
    END = "end"
    ABANDON = "abandon"
    TAKE_IN = "take_in"  # a record on paper, from an office's register
    ERASE = "erase_signature"  # on its retention date


class Outcome(StrEnum):
    """What followed from a failed item."""

    HAZARD = "hazard"
    FIXED = "fixed"  # on the spot, shown by a photo
    REASON = "reason"  # neither of the two, for a stated reason


class Side(StrEnum):
    """Who signs the record."""

    INSPECTOR = "inspector"
    SITE = "site"


class Method(StrEnum):
    """How a side signed; a refusal names a witness."""

    DRAWN = "drawn"  # on the screen
    ON_PAPER = "on_paper"
    REFUSED = "refused"


# The stage that each act leads to; None: it stays as it is.
TRANSITIONS: Mapping[Act, tuple[frozenset[Stage], Stage | None]] = {
    Act.BEGIN: (frozenset({Stage.PLANNED}), Stage.BEGUN),
    Act.ANSWER: (frozenset({Stage.BEGUN}), None),
    Act.PHOTOGRAPH: (frozenset({Stage.BEGUN}), None),
    Act.SETTLE: (frozenset({Stage.BEGUN}), None),
    Act.END: (frozenset({Stage.BEGUN}), Stage.DONE),
    Act.ABANDON: (OPEN, Stage.ABANDONED),
}


class NoInspector(Refusal):
    """Someone must inspect."""


class OneUnit(Refusal):
    """A joint inspection has posts of several units."""


class SiteClosed(Refusal):
    """The site was closed and is not inspected any more."""


class InTheFuture(Refusal):
    """A record of an inspection is of a day that has come."""


class NotTheOperator(Refusal):
    """Only the unit that operates the site checks itself."""


class ChangedElsewhere(Refusal):
    """The item was answered elsewhere since this answer was begun."""


class NotInTheList(Refusal):
    """The checklist has no such item, or the item takes no such answer."""


class TooManyPhotos(Refusal):
    """The inspection has as many photos as one may have."""


class NotFailed(Refusal):
    """Nothing has to follow from the item: its answer does not fail."""


class AlreadySettled(Refusal):
    """What followed from the failed item is recorded, so that its answer stays."""


class PhotoUsed(Refusal):
    """The photo is in another inspection, or would show what was found as what was fixed."""


class WitnessInspects(Refusal):
    """Who witnesses a refusal to sign is another officer than those who inspect."""


class MustBeReported(Refusal):
    """A failed item that points to a major hazard is decided by others: it is reported."""


class PlannedByOthers(Refusal):
    """What is planned is called off by a coordinator who does not inspect."""


class NotFinished(Refusal):
    """Something is missing before the inspection may end."""

    def __init__(self, what: Mapping[str, Collection[str]]) -> None:
        super().__init__(what)
        self.what = what


def after(stage: Stage, act: Act) -> Stage:
    """Return the stage that the act leads to; refuse an act that does not start from this one."""
    sources, target = TRANSITIONS[act]
    if stage not in sources:
        raise WrongStage(act, stage)
    return target or stage


def may_inspect(kind: Kind, powers: Collection[Power]) -> bool:
    """Whether a post with these powers may inspect; operators of sites check themselves."""
    operates = kind is Kind.SELF_CHECK and Power.OPERATE in powers
    return operates or not INSPECTORS.isdisjoint(powers)


def erase_date(done: date) -> date:
    """Return the day on which the name and the signature of the site's side are erased: years are
    counted from the first of January after the one in which the inspection ended.
    """
    return date(done.year + 1 + SIGNATURE_KEPT_YEARS, 1, 1)


def require_units(kind: Kind, units: Collection[int]) -> None:
    """Require someone who inspects, and posts of several units for a joint inspection."""
    if not units:
        raise NoInspector
    if kind is Kind.JOINT and len(set(units)) < 2:
        raise OneUnit


def is_hidden_from_operator(kind: Kind, stage: Stage) -> bool:
    """Whether the operator of the site must not know of it yet."""
    return kind is Kind.UNANNOUNCED and stage is Stage.PLANNED


def require_finished(missing: Mapping[str, Collection[str]]) -> None:
    """Refuse to end while something is missing: an answer, a photo that a failed item needs, or
    what follows from a failed item.
    """
    if found := {name: tuple(items) for name, items in missing.items() if items}:
        raise NotFinished(found)


def revised(stored: int, based_on: int) -> int:
    """Return the next revision of an answer; refuse if it changed since the one it is based on."""
    if stored != based_on:
        raise ChangedElsewhere
    return stored + 1
