"""Texts for cases: stages of the loop, timeline entries, and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from bihuan import formats, languages
from bihuan.calendars import wording as clock_words
from bihuan.cases.actions.evidence import NotNew, NotOfTheFix, NotSeen
from bihuan.cases.actions.extensions import NotLater
from bihuan.cases.actions.lifting import LIFT, PUT_BACK
from bihuan.cases.actions.succession import FOLLOW, LEAVE, PASS_ON
from bihuan.cases.actions.unopened import NOBODY, SOMEBODY
from bihuan.cases.models import Case, Evidence
from bihuan.core import lifecycle, rules
from bihuan.core.deadlines import UNCERTAIN, Due
from bihuan.core.eyes import HeldPost
from bihuan.core.grants import StillWaits
from bihuan.core.lifecycle import Fact, NotTheAuthor, SharedFact
from bihuan.core.postponing import OwnDeadline
from bihuan.core.refusal import (
    Missing,
    NamedInLedger,
    NotAllowed,
    OwnAnswer,
    Refusal,
    SamePerson,
    SameUnit,
    Stale,
    WrongStage,
)
from bihuan.core.routing import ShutOut
from bihuan.core.rules import Bilingual
from bihuan.core.undoing import ActedSince, AlreadyUndone, UndoTooLate
from bihuan.files import wording as file_words
from bihuan.files.refusals import FileRefused
from bihuan.journal.models import STANDS
from bihuan.orgs import wording as org_words
from bihuan.orgs.refusals import PostEnded, UnitClosed
from bihuan.web.templatetags.bihuan import day

Words = str | Promise
# The names and formats of the values in an entry's detail.
DetailWord = tuple[Words, Callable[[Any], str]]
DetailWords = Mapping[str, DetailWord]

_MISSING: dict[Fact, Words] = {
    SharedFact.ASSISTED: gettext_lazy("No other unit is assisting."),
    SharedFact.UNVERIFIED: gettext_lazy("There is nothing to confirm."),
    SharedFact.CONTESTED: gettext_lazy("No assignment is in dispute."),
    SharedFact.EXTENSION_ASKED: gettext_lazy("No extension has been requested."),
    SharedFact.AFTER_EVIDENCE: gettext_lazy("Add at least one photo that shows the finished work."),
    SharedFact.FROM_PUBLIC: gettext_lazy("This applies only to reports from the public."),
}
_FORBIDDING: dict[Fact, Words] = {
    SharedFact.OPEN_CHILDREN: gettext_lazy("Some sub-cases are still open. Close them first."),
    SharedFact.CONTESTED: gettext_lazy("A disputed assignment is awaiting a decision."),
    SharedFact.EXTENSION_ASKED: gettext_lazy("A requested extension is awaiting a decision."),
    SharedFact.FIX_EXTENSION_ASKED: gettext_lazy("A requested extension is awaiting a decision."),
    SharedFact.FROM_PUBLIC: gettext_lazy("A member of the public reported it."),
    SharedFact.UNVERIFIED: gettext_lazy(
        "Recorded only in a ledger: a unit above must confirm it first."
    ),
}
_REQUIRED: dict[str, Words] = {
    "title": gettext_lazy("what the problem is"),
    "place": gettext_lazy("the place"),
    "note": gettext_lazy("the reason"),
    "unit": gettext_lazy("the unit"),
    "post": gettext_lazy("the responsible post"),
    "measures": gettext_lazy("the measures"),
    "contingency": gettext_lazy("the contingency plan"),
    "duplicate_of": gettext_lazy("the other case"),
    "what": gettext_lazy("the measures of the control"),
    "control": gettext_lazy("the interim control"),
    "answer": gettext_lazy("the reason"),
}
_DEADLINES: dict[type[Refusal], Words] = {
    NotLater: gettext_lazy("The new deadline must be later than %(day)s."),
    OwnDeadline: gettext_lazy(
        "This deadline applies to your own unit, so you cannot set a date after %(day)s. Request "
        "an extension: the level above decides."
    ),
}
_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    NotOfTheFix: lambda: _(
        "Photos of the fix come from the officers assigned to it, during the fix. Add what you "
        "saw to your verification."
    ),
    NotNew: lambda: _(
        "The photo was on the case before, so it does not show the work as it is now. Add one "
        "that was taken since."
    ),
    NotSeen: lambda: _(
        "The photos of the fix are not those that this form showed: some were added or replaced "
        "meanwhile. All of them are shown now, and your text is kept. View them, then submit "
        "again."
    ),
    NotAllowed: lambda: _("None of your posts allows this action on this case."),
    WrongStage: lambda: _(
        "The case has moved to another stage, so this action is no longer possible."
    ),
    SamePerson: lambda: _(
        "This must be done by a different officer: a person who worked on the fix or made the "
        "request may not verify or decide it."
    ),
    NamedInLedger: lambda: _(
        "The ledger from which this case was imported names an officer with your name as the "
        "person who did the work. A different officer must verify it."
    ),
    OwnAnswer: lambda: _(
        "A different officer must follow this up: you took part in the work that did not solve "
        "it, or in its review."
    ),
    SameUnit: lambda: _(
        "This must be done by an officer of another unit: a unit may not verify its own fix."
    ),
    ShutOut: lambda: _(
        "That unit or officer is complained of in this case, or has a conflict of interest, and "
        "is excluded from it. Choose another."
    ),
    NotTheAuthor: lambda: _("Only the officer who reported it can do this."),
    UndoTooLate: lambda: _("This can no longer be undone: ten minutes have passed."),
    AlreadyUndone: lambda: _("This was already undone."),
    ActedSince: lambda: _(
        "This can no longer be undone: the case has been worked on since. Use the actions of the "
        "case to correct it."
    ),
    Stale: lambda: _(
        "This case was changed after you opened it. Check the changes; your text is kept. Submit "
        "it again if it is still correct, and choose the photos again."
    ),
}


_NAMING: dict[type[Refusal], Callable[[Any], str]] = {
    HeldPost: lambda said: (
        _(
            "A different officer must verify this: on %(day)s, during the work, you held the "
            "post “%(post)s” in the unit that did it or below it."
        )
        % {"post": said.name, "day": day(said.day)}
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the reader."""
    match refusal:
        case lifecycle.FactMissing(fact=fact):
            return str(_MISSING.get(fact, fact))
        case lifecycle.FactForbids(fact=fact):
            return str(_FORBIDDING.get(fact, fact))
        case Missing(what=what):
            named = [str(_REQUIRED.get(each, each)) for each in what]
            return _("Still missing: %(what)s.") % {"what": formats.clauses(named)}
        case NotLater(deadline=deadline) | OwnDeadline(deadline=deadline):
            return str(_DEADLINES[type(refusal)]) % {"day": day(deadline)}
        case FileRefused():
            return file_words.explain(refusal)
        case UnitClosed() | PostEnded() | StillWaits():
            return org_words.explain(refusal)
    if naming := _NAMING.get(type(refusal)):
        return naming(refusal)
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else clock_words.explain(refusal)


# -------------------------------------------------------------------- timeline
PHASES: dict[str, Words] = dict(Evidence.Phase.choices)
ACTS: dict[str, Words] = {
    "overdue": gettext_lazy("Overdue"),
    "lapse": gettext_lazy("The person's time limit has ended"),
    "escalate": gettext_lazy("Escalated"),
    "recalculate": gettext_lazy("Time limit recalculated: holidays loaded"),
    "turn_photo": gettext_lazy("Photo turned"),
    "keep_back": gettext_lazy("Stopped showing a photo to tracking code holders"),
    "erase_values": gettext_lazy("Erased the stored old values of earlier changes"),
    PASS_ON: gettext_lazy("Transferred: unit closed"),
    LEAVE: gettext_lazy("Transferred: post ended"),
    FOLLOW: gettext_lazy("The unit stays excluded"),
    LIFT: gettext_lazy(
        "Transferred to the unit above: all officers who could take it are excluded"
    ),
    PUT_BACK: gettext_lazy("Removed from its post: the holder is excluded"),
    NOBODY: gettext_lazy("No officer may open the case: administrators are notified"),
    SOMEBODY: gettext_lazy("Officers may open the case again"),
    STANDS: gettext_lazy("Current state recorded for the journal"),
}


# What notices say about additions by apps above.
NOTICES: dict[str, Words] = {}


def details(
    detail: Mapping[str, Any], stages: Mapping[str, Words], special: DetailWords
) -> Iterator[tuple[str, str]]:
    """Return the details of an act on the timeline: name and value, in the reader's language."""
    for name, (label, write) in {**_DETAILS, **special}.items():
        value = detail.get(name)
        if value not in (None, "", []):
            yield str(label), write(value)
    if "from" in detail and "to" in detail:
        steps = [str(stages.get(detail[end], detail[end])) for end in ("from", "to")]
        yield _("Stage"), " → ".join(steps)


def rule_name(rule_id: str) -> str:
    """Return the name of a clock, for any version of its rule."""
    known = (in_language(rule.name) for rule in rules.every_rule() if rule.id == rule_id)
    return next(known, rule_id)


def in_language(name: Bilingual) -> str:
    return languages.of(name)


def day_of(value: Any) -> str:
    """Format a stored day, 2026-11-22, for the page; other values are returned unchanged.

    A question mark at the end means that it is provisional: see `core.deadlines.Due`.
    """
    text = str(value)
    try:
        on = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return day(Due(on, text.endswith(UNCERTAIN)))


def moment_of(value: Any) -> str:
    """Format a stored local time, 2026-11-22 15:00, for the page."""
    written = str(value)
    return day_of(written[:10]) + written[10:]


def yes_no(value: Any) -> str:
    return _("yes") if value else _("no")


def _files(value: Any) -> str:
    return ngettext("%(n)d file", "%(n)d files", len(value)) % {"n": len(value)}


_DETAILS: dict[str, DetailWord] = {
    "owner": (gettext_lazy("Unit"), str),
    "post": (gettext_lazy("Post"), str),
    "deadline": (gettext_lazy("Deadline"), day_of),
    "was": (gettext_lazy("Previously"), day_of),
    "until": (gettext_lazy("Until"), day_of),
    "granted": (gettext_lazy("Granted"), yes_no),
    "danger": (gettext_lazy("Danger to life"), yes_no),
    "upheld": (gettext_lazy("Objection upheld"), yes_no),
    "what": (gettext_lazy("What"), str),
    "assisting": (gettext_lazy("Assisting unit"), str),
    "closed": (gettext_lazy("Closed unit"), str),
    "child": (gettext_lazy("Sub-case"), str),
    "part_of": (gettext_lazy("Part of"), str),
    "duplicate_of": (gettext_lazy("Duplicate of"), str),
    "seen_again": (gettext_lazy("Recurred in"), str),
    "phase": (gettext_lazy("Photo shows"), lambda phase: str(PHASES.get(phase, phase))),
    "files": (gettext_lazy("Evidence"), _files),
    "shown": (gettext_lazy("Shown to tracking code holders"), yes_no),
    "rule": (gettext_lazy("Clock"), rule_name),
    "since": (gettext_lazy("Since"), day_of),
    "slot": (pgettext_lazy("timeline", "Whom it concerns"), lambda slot: slot_words(str(slot))),
}


def masked_words() -> str:
    """Explain to an officer whose text named a member of the public that it was masked."""
    return _(
        "The text contained a person's name, telephone or identity card number, now shown as ×××."
    )


def about(case: Case, said: Words) -> str:
    """Return what was done or refused, after the number of its case."""
    return str(case.number) + _(": ") + str(said)


def slot_words(slot: str) -> str:
    """Return who is behind a seal or a message, without identifying the person."""
    kind, _dash, number = slot.partition("-")
    if kind == "party":
        letters = pgettext("parties, the first first", "ABCDEFGHIJ")
        return _("Party %(letter)s") % {"letter": letters[int(number) - 1]}
    return _("The reporter")


def open_cases(count: int) -> str:
    """Say how many open cases a unit or a post has."""
    return ngettext("%(n)d open case", "%(n)d open cases", count) % {"n": count}


# ------------------------------------------------------------- words of apps above
@dataclass(frozen=True)
class Vocabulary:
    """The texts of an app above for what it adds to cases."""

    # For the timeline: acts and their details.
    acts: Mapping[str, Words] = field(default_factory=dict)
    details: DetailWords = field(default_factory=dict)
    notices: Mapping[str, Words] = field(default_factory=dict)
    # For refusals: fixed texts, or texts with the refusal's values.
    sentences: Mapping[type[Refusal], Callable[[], str]] = field(default_factory=dict)
    refusals: Mapping[type[Refusal], Callable[[Any], str]] = field(default_factory=dict)
    # For missing facts and form values.
    facts: Mapping[Fact, Words] = field(default_factory=dict)
    entries: Mapping[str, Words] = field(default_factory=dict)


def register(words: Vocabulary) -> None:
    """Register these texts. For `AppConfig.ready`."""
    ACTS.update(words.acts)
    NOTICES.update(words.notices)
    _DETAILS.update(words.details)
    _SENTENCES.update(words.sentences)
    _NAMING.update(words.refusals)
    _MISSING.update(words.facts)
    _REQUIRED.update(words.entries)
