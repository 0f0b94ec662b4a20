"""A case as shown to the holder of its code: messages, events, and their meaning.

Units and acts, but no officer's name, and no internal notes of the office.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from bihuan import languages
from bihuan.cases import kind_wording, kinds
from bihuan.cases import wording as case_words
from bihuan.cases.models import REPORTER, Case, Evidence
from bihuan.core.deadlines import Due
from bihuan.grievances.models import Opinion
from bihuan.grievances.queries import procedure_of, record_of, remedies_of
from bihuan.journal.models import Entry
from bihuan.orgs import choices
from bihuan.portal import wording
from bihuan.portal.queries import kept
from bihuan.portal.queries.terms import Standing, is_told
from bihuan.portal.queries.track import Holder, View
from bihuan.portal.wording import SpokenTerm
from bihuan.receipts import sides
from bihuan.receipts.models import Message, Rating, UnsealRequest
from bihuan.receipts.party_moves import PartyView
from bihuan.receipts.wording import letters
from bihuan.web.forms import DataForm
from bihuan.web.templatetags.bihuan import day

# The details of an act for the public; the rest is internal.
SHOWN = frozenset(
    {
        "owner",
        "deadline",
        "until",
        "granted",
        "danger",
        "rule",
        "was",
        "solved",
        "served",
        "service",
        "act",
        "thing",
        "wants",
        "outcome",
    }
)
# What exists only because of a clock, with the clock and its end.
OF_A_CLOCK = frozenset({"overdue", "lapse", "escalate", "recalculate"})
OF_A_TERM = frozenset({"rule", "until", "was", "deadline"})
OPINION = "opinion/"


@dataclass(frozen=True)
class PublicEntry:
    """One line of the timeline."""

    at: datetime
    act: str
    unit: str
    reason: str
    details: list[tuple[str, str]]
    moved_on: bool


@dataclass(frozen=True)
class Part:
    """One part of a written opinion."""

    label: str
    text: str


@dataclass(frozen=True)
class Remedy:
    """What may be done against an opinion, and until when."""

    name: str
    source: str
    until: Due | None


@dataclass(frozen=True)
class PublicMessage:
    """A message, from the office or from the reporter."""

    message: Message
    heading: str
    unit: str
    words: str
    parts: list[Part]
    ways: list[Remedy]
    final: str
    is_open_question: bool


@dataclass(frozen=True)
class Exchanged:
    """A message, or a rating of the reporter: one of both."""

    at: datetime
    message: PublicMessage | None = None
    rating: Rating | None = None


@dataclass(frozen=True)
class Story:
    """The page of one case."""

    # The current state, in one or two sentences.
    lead: str
    # The last picture of the result that is meant for the public.
    result: Evidence | None
    said: list[PublicMessage]
    exchange: list[Exchanged]
    rates_answer: bool
    terms: list[SpokenTerm]
    happenings: list[PublicEntry]
    photos: list[Evidence]
    # Those that the holder sent.
    documents: list[Evidence]
    ratings: list[Rating]
    openings: list[UnsealRequest]
    is_sealed: bool
    is_erased: bool
    office: str
    next: str
    followed: str
    # For kinds with several parties, and the template that shows it.
    party: PartyView | None
    party_template: str
    account_is_theirs: bool


def told(
    who: Holder, shown: View, now: datetime, tried: Mapping[str, DataForm[object]] | None = None
) -> Story:
    """Return everything on the page; `tried` are forms of a party that were sent and refused."""
    case, seal = shown.case, shown.seal
    side = sides.of(case.kind)
    pages = side.parties
    said = list(_said(case, shown))
    return Story(
        lead=_lead(case, shown, now),
        result=_result(shown.photos),
        said=said,
        exchange=_exchange(said, shown.ratings),
        rates_answer=side.plain.rates_answer,
        terms=list(wording.speak_terms(case.kind, shown.terms)),
        happenings=list(_happenings(case, shown.entries)),
        photos=shown.photos,
        documents=kept.documents(who),
        ratings=shown.ratings,
        openings=shown.openings,
        is_sealed=shown.is_sealed,
        is_erased=bool(seal and seal.erased_at),
        office=choices.name_of(case.owner),
        next=str(side.next_steps(case)) if _has_just_come(case) else "",
        followed=str(side.plain.stages[shown.followed][-1]) if shown.followed else "",
        party=pages.view(case=case, slot=who.slot, now=now, tried=tried) if pages else None,
        party_template=pages.template if pages else "",
        account_is_theirs=pages is None or who.slot == REPORTER,
    )


def _has_just_come(case: Case) -> bool:
    """Later on, messages and events explain the next steps better."""
    table = kinds.of(case).lifecycle
    return case.stage == table.transition(table.birth).target


# ------------------------------------------------------------------- the lead
def _lead(case: Case, shown: View, now: datetime) -> str:
    """Return the current state, and until when the office takes the next step."""
    plain = sides.of(case.kind).plain
    known = _known(case, shown.entries)
    texts = (str(text) for text in plain.stages[case.stage])
    first = next(said for text in texts if (said := _filled(text, known)))
    unsolved, then = _unsolved(shown, now), str(plain.due.get(case.stage, NEXT_STEP))
    if case.ended_at:
        return unsolved or first
    awaited = [term.clock.due for term in shown.terms if term.standing is not Standing.YOURS]
    if unsolved:
        then = unsolved
    elif due := min((due for due in awaited if due), key=lambda due: due.at, default=None):
        then = str(LATE_STEP) % {"due": day(due)} if due.at < now else then % {"due": day(due)}
    else:
        then = ""
    return _("%(first)s %(then)s") % {"first": first, "then": then} if then else first


def _unsolved(shown: View, now: datetime) -> str:
    """Return who checks it until when if the reporter said that it is not solved."""
    last = shown.ratings[-1] if shown.ratings else None
    if last is None or last.solved or last.item is None or last.item.done_at:
        return ""
    dues = (term.clock.due for term in shown.terms if term.clock.pk == last.item.clock_id)
    due, said = next(dues, None), {"day": day(localdate(last.rated_at))}
    if due is None:
        return str(UNSOLVED) % said
    return str(LATE_CHECK if due.at < now else CHECKED) % {**said, "due": day(due)}


def _known(case: Case, entries: Iterable[Entry]) -> dict[str, str]:
    """Return what is known of the changes of stage, the last of each."""
    known = {"office": choices.name_of(case.owner)}
    for entry in sorted(entries, key=lambda entry: entry.seq):
        detail: dict[str, Any] = entry.details
        if "to" not in detail:
            continue
        facts = {"day": day(localdate(entry.at)), "unit": str(detail.get("unit", ""))}
        known |= {f"{detail['to']}_{name}": said for name, said in facts.items()}
        if detail["to"] == case.stage:
            known |= facts
    return known


def _filled(text: str, known: Mapping[str, str]) -> str:
    """Return the sentence, or nothing if it says something that is not known."""
    names = re.findall(r"%\((\w+)\)s", text)
    return text % known if all(known.get(name) for name in names) else ""


NEXT_STEP = gettext_lazy("The next step is due by %(due)s.")
LATE_STEP = gettext_lazy("The next step was due on %(due)s and is late.")
UNSOLVED = gettext_lazy(
    "You said on %(day)s that it is not solved. An officer who did not handle it checks this."
)
CHECKED = gettext_lazy(
    "You said on %(day)s that it is not solved. An officer who did not handle it checks this by "
    "%(due)s."
)
LATE_CHECK = gettext_lazy(
    "You said on %(day)s that it is not solved. An officer who did not handle it was to check "
    "this by %(due)s, and is late."
)


def _result(photos: Iterable[Evidence]) -> Evidence | None:
    phases = (Evidence.Phase.AFTER, Evidence.Phase.CHECK)
    shown = [p for p in photos if p.phase in phases and p.shown_to == Evidence.Audience.CODES]
    return shown[-1] if shown else None


# -------------------------------------------------------------------- timeline
def _happenings(case: Case, entries: Iterable[Entry]) -> Iterator[PublicEntry]:
    kind, side = kinds.of(case), sides.of(case.kind)
    pages, plain = side.parties, side.plain
    special = {**kind.wording.details, **_public_details(case.kind)}
    for entry in entries:
        detail: dict[str, Any] = entry.details
        shown = SHOWN
        if not is_told(str(detail.get("rule", ""))):
            # The law was not verified: the public is not shown its clock (confidence R).
            if entry.act in OF_A_CLOCK:
                continue
            shown = SHOWN - OF_A_TERM
        if pages:
            shown |= pages.details
        told_of = {name: value for name, value in detail.items() if name in shown}
        yield PublicEntry(
            at=entry.at,
            act=str(plain.happened.get(entry.act) or kind_wording.act_words(kind, entry.act)),
            unit=str(detail.get("unit", "")),
            reason=entry.note if entry.act == "open_seal" else "",
            details=list(case_words.details(told_of, kind.wording.stages, special)),
            moved_on="to" in detail,
        )


def _public_details(kind: str) -> case_words.DetailWords:
    """Return details that have other names here than at the desk."""
    names = sides.of(kind).plain.terms
    return {
        "deadline": (_("To be done by"), case_words.day_of),
        "rule": (
            _("Time limit"),
            lambda rule: str(names.get(rule) or case_words.rule_name(rule)),
        ),
    }


# -------------------------------------------------------------------- messages
def _exchange(said: Iterable[PublicMessage], ratings: Iterable[Rating]) -> list[Exchanged]:
    """Return messages and ratings together, latest first."""
    found = [Exchanged(each.message.said_at, message=each) for each in said]
    found += [Exchanged(rating.rated_at, rating=rating) for rating in ratings]
    return sorted(found, key=lambda each: each.at, reverse=True)


_HEADINGS = {
    Message.Kind.QUESTION: lambda: _("Question from the office"),
    Message.Kind.ANSWER: lambda: _("Your answer"),
    Message.Kind.ADDITION: lambda: _("Your addition"),
    Message.Kind.NOTICE: lambda: _("Notice"),
    Message.Kind.LETTER: lambda: _("Letter"),
}


def _said(case: Case, shown: View) -> Iterator[PublicMessage]:
    """Return the messages, latest first; a written opinion with its parts and remedies."""
    opinions = [m for m in shown.messages if m.what.startswith(OPINION)]
    waiting = shown.question
    for message in reversed(shown.messages):
        is_opinion = message.what.startswith(OPINION)
        is_last = bool(opinions) and message.pk == opinions[-1].pk
        ways, final = _against(case, message) if is_last else ([], "")
        yield PublicMessage(
            message=message,
            heading=_opinion_name(case, message)
            if is_opinion
            else _HEADINGS[Message.Kind(message.kind)](),
            unit=choices.name_of(message.unit) if message.unit else "",
            words=letters.letter_words(case.kind, message),
            parts=list(_parts(message)) if is_opinion else [],
            ways=ways,
            final=final,
            is_open_question=waiting is not None and message.pk == waiting.pk,
        )


def _opinion_name(case: Case, message: Message) -> str:
    steps = {"answer": "replied", "review": "reviewed", "rereview": "rereviewed"}
    step = steps[message.what.removeprefix(OPINION)]
    name = procedure_of(record_of(case)).steps.get(step)
    return languages.of(name) if name else _("Written opinion")


def _parts(message: Message) -> Iterator[Part]:
    """PET-25: request, facts, reasons, decision, basis."""
    detail = message.detail
    labels = {
        "request": _("Your request"),
        "facts": pgettext("written opinion", "Findings"),
        "reasons": _("Reasons"),
        "decision": pgettext("written opinion", "Decision"),
        "outcome": _("On the previous opinion"),
        "basis": _("Basis of the opinion"),
    }
    for name, label in labels.items():
        if text := str(detail.get(name, "")):
            yield Part(
                label, _decisions().get(text, text) if name in ("decision", "outcome") else text
            )


def _decisions() -> dict[str, str]:
    return {
        "support": _("Your request is supported."),
        "explain": _(
            "Your request is understandable but has no basis in the rules; this is explained."
        ),
        "not_support": _("Your request is not supported."),
        "upheld": _("Upheld."),
        "changed": _("Changed."),
    }


def _against(case: Case, message: Message) -> tuple[list[Remedy], str]:
    """Return the remedies against the last opinion: verified rights only."""
    opinion = Opinion.objects.filter(letter=message).select_related("letter").first()
    if opinion is None:
        return [], ""
    opinion.case = case
    found = remedies_of(opinion)
    ways = [
        Remedy(
            case_words.in_language(remedy.rule.name),
            case_words.in_language(remedy.rule.source),
            remedy.until,
        )
        for remedy in found
        if remedy.is_right
    ]
    if any(remedy.is_review for remedy in found):
        return ways, ""
    final = procedure_of(record_of(case)).final
    is_last_round = opinion.round != Opinion.Round.ANSWER
    return ways, languages.of(final) if is_last_round else ""
