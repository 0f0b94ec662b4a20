"""The suggestion as a kind of case: its table, words, pages, and who is responsible for its
clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bihuan.cases.kinds import Kind, Look, Wording, Words
from bihuan.cases.models import Case
from bihuan.cases.wording import slot_words
from bihuan.core.powers import Power
from bihuan.core.suggestion import SUGGESTION, Move, Stage, SuggestionFact
from bihuan.desk import results, shared_moves
from bihuan.desk.agenda import SHOWN, by_due, item_of
from bihuan.desk.context import NOTHING, AgendaContext, sift, within
from bihuan.desk.move_pages import AnyMovePage, MovePage, names_when_done, noted
from bihuan.desk.pages import Pages
from bihuan.grievances import categories, plain, suggestion_forms, wording
from bihuan.grievances.actions import suggestion
from bihuan.grievances.filing import OF_SUGGESTIONS
from bihuan.orgs.models import User
from bihuan.receipts import public_moves
from bihuan.receipts.queries import publications
from bihuan.receipts.sides import PublicSide
from bihuan.web.agenda import AT_MOST, AgendaSection

STAGES: dict[str, Words] = {
    Stage.RECEIVED: pgettext_lazy("stage of a suggestion", "Received"),
    Stage.CONSIDERING: pgettext_lazy("stage of a suggestion", "Being considered"),
    Stage.ADOPTED: pgettext_lazy("stage of a suggestion", "Adopted"),
    Stage.NOT_ADOPTED: pgettext_lazy("stage of a suggestion", "Not adopted"),
    Stage.PUBLISHED: pgettext_lazy("stage of a suggestion", "Published with the answer"),
    Stage.WITHDRAWN: pgettext_lazy("stage of a suggestion", "Withdrawn"),
}
LETTERS: dict[str, Words] = {
    **public_moves.LETTERS,
    "considering": _("Your suggestion is being considered."),
    "adopted": _("Thank you. Your suggestion is adopted:"),
    "adopted_partly": _("Thank you. Your suggestion is partly adopted:"),
    "not_adopted": _("Thank you. Your suggestion was considered and is not adopted. Reasons:"),
}
MOVES: dict[str, AnyMovePage] = {
    Move.CONSIDER: MovePage(
        _("Assign for consideration"),
        suggestion_forms.ConsiderForm,
        lambda request, data: suggestion.consider(**request, post=data.post, note=data.note),
        pgettext_lazy("happened", "Assigned for consideration"),
        tells=True,
        result=results.to_post(pgettext_lazy("happened", "Assigned for consideration")),
    ),
    Move.ADOPT: MovePage(
        _("Adopt"),
        suggestion_forms.AdoptForm,
        lambda request, data: suggestion.adopt(**request, partly=data.partly, note=data.note),
        pgettext_lazy("happened", "Adopted"),
        consequences=(_("The author receives your text as the answer."),),
    ),
    Move.NOT_ADOPT: MovePage(
        _("Do not adopt"),
        suggestion_forms.NotAdoptForm,
        noted(suggestion.not_adopt),
        pgettext_lazy("happened", "Not adopted"),
        consequences=(_("The author receives your reasons as the answer."),),
        danger=True,
    ),
    **shared_moves.MOVES,
    **public_moves.MOVES,
}
# Made by the holder of the code, without a button here.
HAPPENED: dict[str, Words] = {Move.WITHDRAW: pgettext_lazy("happened", "Withdrawn by the author")}


def look(case: Case) -> Look:
    """Return whether the reporter agreed to the publication."""
    agreed = case.suggestion.may_publish
    return Look(facts=frozenset({SuggestionFact.MAY_PUBLISH}) if agreed else frozenset())


def context(case: Case, now: datetime) -> dict[str, Any]:
    """Return the suggestion's own part, and what is public of it."""
    about = case.suggestion.category
    return {
        "suggestion": case.suggestion,
        "subject": categories.name_of(about) if about else "",
        "publication": publications.shown(case),
    }


# ------------------------------------------------------------------- today
def waiting(user: User, now: datetime) -> Iterator[AgendaSection]:
    """Return suggestions to assign, and to answer."""
    rows = AgendaContext.by(user, now).rows(_waiting)
    found = [(row["stage"], item_of(row, _NEXT[row["stage"]])) for row in rows]
    for stage, title in ((Stage.RECEIVED, _("New suggestions")), (Stage.CONSIDERING, _ANSWER)):
        tasks = [task for at, task in found if at == stage]
        yield AgendaSection.of(title, tasks, f"{reverse('desk:ledger')}?stage={stage}", order=8)


_ANSWER = _("Suggestions to answer")
_NEXT = {Stage.RECEIVED: Move.CONSIDER, Stage.CONSIDERING: Move.ADOPT}


def _waiting(context: AgendaContext) -> QuerySet[Case, dict[str, Any]]:
    cases = Case.objects.open().filter(_wanted(context), context.open_to(), kind=SUGGESTION.kind)
    shown: QuerySet[Case, dict[str, Any]] = by_due(cases).values(*SHOWN)
    return shown[: 2 * AT_MOST]


def _wanted(context: AgendaContext) -> Q:
    wanted = NOTHING
    received, considering = sift(Q(stage=Stage.RECEIVED)), sift(Q(stage=Stage.CONSIDERING))
    for scope in context.scopes:
        here = within([scope])
        if Power.COORDINATE in scope.powers:
            wanted |= here & received
        if scope.powers & {Power.COORDINATE, Power.APPROVE}:
            wanted |= here & considering
        elif Power.HANDLE in scope.powers:
            wanted |= Q(post=scope.post) & considering
    return wanted


def _adopted(value: Any) -> str:
    return gettext("adopted") if value == "True" else gettext("not adopted")


KIND = Kind(
    lifecycle=SUGGESTION,
    series="JY",
    order=3,
    wording=Wording(
        label=_("Suggestion"),
        stages=STAGES,
        reported=pgettext_lazy("happened", "Suggestion received"),
        origin=_("First received by"),
        reported_at=pgettext_lazy("a grievance", "Received"),
        explain=wording.explain,
        slots=slot_words,
        details={"adopted": (pgettext_lazy("suggestion", "Decision"), _adopted)},
        told=wording.TOLD_OF_SUGGESTIONS,
        happened={**HAPPENED, **names_when_done(MOVES)},
    ),
    look=look,
    filing=OF_SUGGESTIONS,
    answerable={
        "PET-1": (frozenset({Power.COORDINATE, Power.APPROVE}), "owner"),
        "LOC-14": (frozenset({Power.COORDINATE, Power.APPROVE}), "owner"),
    },
)
PAGES = Pages(
    SUGGESTION.kind,
    moves=MOVES,
    primary_moves=(Move.CONSIDER, Move.ADOPT, Move.PUBLISH),
    secondary_moves=frozenset(
        {Move.ADOPT, Move.NOT_ADOPT, Move.FOLLOW_UP, Move.ASK_REPORTER, Move.COMMENT}
    ),
    facts="grievances/suggestion_facts.html",
    sheet="grievances/suggestion_sheet.html",
    context=context,
)
SIDE = PublicSide(
    SUGGESTION.kind,
    letters=LETTERS,
    receive=suggestion.receive,
    plain=plain.OF_SUGGESTIONS,
    next_steps=wording.after_suggestion,
    withdraw=suggestion.withdraw,
    category="suggestion__category",
)
