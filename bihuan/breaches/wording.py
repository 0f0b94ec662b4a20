"""Texts for data breaches: details, next steps, notices and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from bihuan import languages
from bihuan.breaches.actions.statements import NotToStrike, TooNew
from bihuan.breaches.models import Breach, Step
from bihuan.clocks import subjects
from bihuan.clocks.models import Clock
from bihuan.core import breach as core
from bihuan.core import rules
from bihuan.core.breach import BreachAct, Data, Known, Lack
from bihuan.core.powers import Power
from bihuan.core.refusal import NotAllowed, Refusal, SamePerson
from bihuan.core.rules import Confidence, RuleNotInForce
from bihuan.files import wording as file_words
from bihuan.notices.models import Notice

Words = str | Promise

KINDS: Mapping[Data, Words] = {
    Data.SEALED: gettext_lazy("Sealed names and contact details"),
    Data.WORDS: gettext_lazy("What people wrote"),
    Data.PHOTOS: gettext_lazy("Photos"),
    Data.ACCOUNTS: gettext_lazy("Accounts of officers"),
    Data.CODES: gettext_lazy("Tracking codes"),
    Data.OTHER: gettext_lazy("Other data"),
}
# The label of a button, and the heading of its page.
DO: Mapping[BreachAct, Words] = {
    BreachAct.CORRECT: gettext_lazy("Complete or correct the details"),
    BreachAct.CONTAIN: gettext_lazy("Record remedial measures"),
    BreachAct.GRADE: gettext_lazy("Change grade"),
    BreachAct.TELL: gettext_lazy("Record a report to an authority"),
    BreachAct.TELL_PERSONS: gettext_lazy("Record that the people affected were notified"),
    BreachAct.SPARE_PERSONS: gettext_lazy("Explain why the people affected are not notified"),
    BreachAct.ADD: gettext_lazy("Add a note"),
    BreachAct.ASK_CHECK: gettext_lazy("Submit for check"),
    BreachAct.SEND_BACK: gettext_lazy("Send back"),
    BreachAct.CLOSE: gettext_lazy("Check and close"),
    BreachAct.REOPEN: gettext_lazy("Reopen"),
}
# What the journal says was done.
ACTS: Mapping[str, Words] = {
    BreachAct.RECORD: pgettext_lazy("a breach", "Recorded"),
    BreachAct.CORRECT: gettext_lazy("Details corrected"),
    **{act.value: act.label for act in Step.Act},
    **file_words.ACTS,
}
TO_DO: Mapping[Lack, tuple[Words, BreachAct]] = {
    Lack.REMEDY: (gettext_lazy("Stop the leak and record how"), BreachAct.CONTAIN),
    Lack.REPORT: (gettext_lazy("Notify the authority and record it"), BreachAct.TELL),
    Lack.PERSONS: (
        gettext_lazy("Notify the people affected, or explain why not"),
        BreachAct.TELL_PERSONS,
    ),
    Lack.GRADE: (gettext_lazy("Set grade"), BreachAct.GRADE),
}
# What will happen, if it is more than an entry in the record.
CONSEQUENCES: Mapping[BreachAct, tuple[Words, ...]] = {
    BreachAct.GRADE: (
        gettext_lazy(
            "A higher grade has the shorter time limit, counted from the same time: it may "
            "already have passed."
        ),
        gettext_lazy(
            "A grade below serious ends the time limit. A report that was already overdue stays "
            "overdue, and a department in charge must still be notified."
        ),
        gettext_lazy("“Not a breach” also needs a check by a second officer before it is closed."),
    ),
    BreachAct.TELL: (
        gettext_lazy(
            "The time limit counts until the time of the report that you enter. Late entries and "
            "late reports remain visible."
        ),
    ),
    BreachAct.ASK_CHECK: (
        gettext_lazy("A second officer checks it, then closes it or sends it back."),
        gettext_lazy("Until then nothing can be changed; notes can be added."),
    ),
    BreachAct.SPARE_PERSONS: (
        gettext_lazy(
            "The report to the authority shows that they are not notified, and your reason."
        ),
    ),
    BreachAct.SEND_BACK: (
        gettext_lazy("It can be changed again. Its page shows what is missing."),
    ),
    BreachAct.REOPEN: (
        gettext_lazy("It is open again and can be closed only after another check."),
    ),
    BreachAct.CLOSE: (gettext_lazy("There are no further tasks. The record stays as it is."),),
}


def kinds(values: Iterable[str]) -> str:
    """List the categories of data."""
    between = pgettext("between items of a list", ", ")
    return between.join(str(KINDS[Data(value)]) for value in values)


def people(count: int | None) -> str:
    """Describe the approximate number of people."""
    if count is None:
        return _("not known yet")
    return ngettext("about %(count)d person", "about %(count)d people", count) % {"count": count}


def number(breach: Breach) -> str:
    return _("Data breach %(number)s") % {"number": breach.number}


# ------------------------------------------------------------------------ clocks
OUTCOMES: Mapping[str, Promise | str] = {
    Clock.Outcome.RUNNING: pgettext_lazy("clock of a breach", "Running"),
    Clock.Outcome.MET: pgettext_lazy("clock of a breach", "Reported in time"),
    Clock.Outcome.LATE: pgettext_lazy("clock of a breach", "Reported late"),
    Clock.Outcome.MISSED: pgettext_lazy("clock of a breach", "Overdue, then replaced"),
    Clock.Outcome.CANCELLED: pgettext_lazy("clock of a breach", "Ended by a change of grade"),
}


def span(seconds: int) -> str:
    """Format a duration in hours and minutes: on a clock of four hours each minute counts."""
    hours, minutes = divmod(seconds // 60, 60)
    text = _("%(hours)d h %(minutes)d min") if hours else _("%(minutes)d min")
    return text % {"hours": hours, "minutes": minutes}


def countdown(clock: Clock, now: datetime) -> str:
    """Say how long is left, how late it is, or how it ended."""
    if clock.outcome == Clock.Outcome.LATE and clock.stopped_at:
        late = int((clock.stopped_at - clock.due_at).total_seconds())
        return _("Reported %(span)s late") % {"span": span(late)}
    if clock.stopped_at is not None:
        return subjects.outcome(clock)
    seconds = int((clock.due_at - now).total_seconds())
    text = _("%(span)s left") if seconds > 0 else _("%(span)s late")
    return text % {"span": span(abs(seconds))}


def tone(clock: Clock, now: datetime) -> str:
    """Return the colour class; colour is never the only signal, since the text says the same."""
    if clock.outcome in (Clock.Outcome.LATE, Clock.Outcome.MISSED):
        return "bad"
    if clock.stopped_at is not None:
        return "good" if clock.outcome == Clock.Outcome.MET else ""
    return "bad" if now > clock.due_at else "warn"


def rule_of(clock: Clock) -> dict[str, str]:
    """Return the name of the legal rule, its source, and how certain its text is."""
    rule = rules.pinned(clock.rule_id, clock.rule_version)
    known = _("Known from a reprint; compare with the official text.")
    return {
        "name": languages.of(rule.name),
        "source": languages.of(rule.source),
        "doubt": "" if rule.confidence is Confidence.READ else known,
    }


def untold(known: Known) -> list[str]:
    """Name the authorities that have not been notified yet."""
    return [str(Step.Authority(each).label) for each in known.untold]


# ----------------------------------------------------------------------- notices
_NOTICES: Mapping[str, Words] = {
    "recorded": gettext_lazy(
        "%(unit)s: a data breach was recorded. The time limit for the report is running."
    ),
    "warning": gettext_lazy("%(unit)s: half of the time to report a data breach has passed."),
    "overdue": gettext_lazy("%(unit)s: the report of a data breach is overdue."),
    "escalation": gettext_lazy("%(unit)s: the report of a data breach is still overdue."),
    "check": gettext_lazy("%(unit)s: a data breach is waiting to be checked by a second officer."),
    "closed_by_another": gettext_lazy(
        "%(unit)s: a data breach was checked and closed by an auditor or a leader, because there "
        "is no second administrator."
    ),
}


# Who reviews what was submitted.
CHECKED_BY: Mapping[Power | None, Words] = {
    Power.ADMINISTER: gettext_lazy("A different administrator checks it."),
    Power.AUDIT: gettext_lazy("There is no other administrator, so an auditor checks it."),
    Power.APPROVE: gettext_lazy(
        "There is no other administrator and no auditor, so an approving leader checks it."
    ),
    None: gettext_lazy(
        "No other officer may check it: there is no other administrator, auditor or approving "
        "leader. It stays open until one is appointed."
    ),
}


def notice(message: Notice) -> str:
    text = _NOTICES.get(message.what)
    return str(text) % {"unit": message.detail.get("unit", "")} if text else message.what


def notice_to_leader(message: Notice) -> str:
    """Word the notice for an officer who does not see the register."""
    ask = _("Ask the administrators about it today.")
    return pgettext("two sentences", "%(first)s %(second)s") % {
        "first": notice(message),
        "second": ask,
    }


# ---------------------------------------------------------------------- refusals
_LACKS: Mapping[Lack, Words] = {
    Lack.GRADE: gettext_lazy("No grade has been set."),
    Lack.REMEDY: gettext_lazy("No remedial measures recorded."),
    Lack.REPORT: gettext_lazy("No report to the competent authority has been recorded."),
    Lack.PERSONS: gettext_lazy(
        "Not yet recorded: whether the people affected were notified, or why not."
    ),
}
_SENTENCES: Mapping[type[Refusal], Callable[[], str]] = {
    NotAllowed: lambda: _("None of your posts allows this action on this breach."),
    TooNew: lambda: _(
        "Your post or password is newer than 72 hours and not confirmed by a second "
        "administrator. Another officer must check it, or it waits until then."
    ),
    SamePerson: lambda: _(
        "It must be checked by an officer other than the administrator who submitted it; the "
        "page says who."
    ),
    core.NotNow: lambda: _(
        "This cannot be recorded in the current state of the breach. Reload the page."
    ),
    core.BeforeFound: lambda: _("This time is before the breach was found."),
    core.StillToCome: lambda: _("This time is in the future."),
    core.FoundLater: lambda: _(
        "The time of discovery can only be corrected to an earlier time: a correction never "
        "extends the time limit. Explain a later time in a note."
    ),
    NotToStrike: lambda: _("This entry is already void, or has been replaced by a later one."),
    RuleNotInForce: lambda: _(
        "The Measures on reporting cybersecurity incidents came into force on 1 November 2025; "
        "breaches found earlier are not kept in this register."
    ),
}


def explain(refusal: Refusal) -> str:
    """Explain a refusal in a sentence for the officer."""
    if isinstance(refusal, core.NotYet):
        return str(_LACKS[refusal.lack])
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else _("The rules do not allow this.")


# ------------------------------------------------------------- people affected
MISSING = pgettext_lazy("in a letter", "(not entered yet)")
