"""The grievance as the shared pages know it: its buttons, forms and words."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import public_moves, shared_moves
from bihuan.cases.actions import comments
from bihuan.cases.kinds import Kind, MovePage
from bihuan.cases.models import Case
from bihuan.cases.wording import day_of, in_language
from bihuan.core import procedure
from bihuan.core.grievance import GRIEVANCE, Move, Stage
from bihuan.grievances import categories, grievance_forms, wording, written
from bihuan.grievances.actions import (
    answering,
    classifying,
    extending,
    handling,
    receiving,
    reviewing,
    transferring,
)
from bihuan.grievances.grievance_agenda import waiting
from bihuan.grievances.letters import LETTERS
from bihuan.grievances.models import Handover
from bihuan.grievances.queries import Round, procedure_of, record_of, way_of

Words = str | Promise

STAGES: dict[str, Words] = {
    Stage.RECEIVED: pgettext_lazy("stage of a grievance", "Received"),
    Stage.TRANSFERRED: pgettext_lazy("stage of a grievance", "On its way to another unit"),
    Stage.ACCEPTED: pgettext_lazy("stage of a grievance", "Accepted"),
    Stage.HANDLING: pgettext_lazy("stage of a grievance", "Being worked on"),
    Stage.DRAFTED: pgettext_lazy("stage of a grievance", "Answer drafted"),
    Stage.REPLIED: pgettext_lazy("stage of a grievance", "Answered"),
    Stage.REVIEWING: pgettext_lazy("stage of a grievance", "Under review"),
    Stage.REVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Review drafted"),
    Stage.REVIEWED: pgettext_lazy("stage of a grievance", "Reviewed"),
    Stage.REREVIEWING: pgettext_lazy("stage of a grievance", "Under re-review"),
    Stage.REREVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Re-review drafted"),
    Stage.REREVIEWED: pgettext_lazy("stage of a grievance", "Re-reviewed"),
    Stage.REDIRECTED: pgettext_lazy("stage of a grievance", "Shown the open route"),
    Stage.WITHDRAWN: pgettext_lazy("stage of a grievance", "Taken back"),
    Stage.CLOSED: pgettext_lazy("stage of a grievance", "Closed"),
}
_LETTER = _("The person who brought it is told so, with what happens next.")
_ISSUED = (
    _("The opinion goes to the person who brought it, in exactly these words."),
    _("From the day on which they have it, the time for a review counts."),
)
DRAFTED = pgettext_lazy("happened", "Opinion drafted")
ISSUED = pgettext_lazy("happened", "Opinion issued")
SENT_BACK = pgettext_lazy("happened", "Draft sent back")


def _opinion(
    round: Round, form: type[grievance_forms.OpinionForm], labels: tuple[Words, Words]
) -> dict[str, MovePage]:
    """The three moves of one round: drafted, sent back, issued."""
    write, put_in_force = labels
    return {
        answering.DRAFTS[round]: MovePage(
            write, form, partial(answering.draft, round=round), DRAFTED
        ),
        answering.SENDS_BACK[round]: MovePage(
            _("Send the draft back"),
            grievance_forms.ReasonForm,
            partial(answering.send_back, round=round),
            SENT_BACK,
        ),
        answering.ISSUES[round]: MovePage(
            put_in_force,
            grievance_forms.RemarkForm,
            partial(answering.issue, round=round),
            ISSUED,
            consequences=_ISSUED,
        ),
    }


MOVES: dict[str, MovePage] = {
    Move.CLASSIFY: MovePage(
        _("Classify"),
        grievance_forms.ClassifyForm,
        classifying.classify,
        pgettext_lazy("happened", "Classified"),
    ),
    Move.ACCEPT: MovePage(
        pgettext_lazy("move of a grievance", "Accept"),
        grievance_forms.AcceptForm,
        classifying.accept,
        pgettext_lazy("happened", "Accepted"),
        consequences=(_LETTER,),
    ),
    Move.REDIRECT: MovePage(
        _("Show the open route"),
        grievance_forms.RedirectForm,
        classifying.redirect,
        pgettext_lazy("happened", "Shown the open route"),
        consequences=(_("The case ends here. The letter says which body and remedy are open."),),
        danger=True,
    ),
    Move.AS_SUGGESTION: MovePage(
        _("It is a suggestion"),
        grievance_forms.RemarkForm,
        classifying.as_suggestion,
        pgettext_lazy("happened", "Goes on as a suggestion"),
        consequences=(_LETTER,),
    ),
    Move.TRANSFER: MovePage(
        _("Pass it to another unit"),
        grievance_forms.TransferForm,
        transferring.transfer,
        pgettext_lazy("happened", "Passed to another unit"),
        consequences=(_("Until that unit takes it over, you answer for it."),),
    ),
    Move.TAKE_OVER: MovePage(
        _("Take it over"),
        grievance_forms.RemarkForm,
        transferring.take_over,
        pgettext_lazy("happened", "Taken over"),
        consequences=(_("From now on your unit answers for it."),),
    ),
    Move.OBJECT: MovePage(
        _("Object to the transfer"),
        grievance_forms.ObjectForm,
        transferring.object_,
        pgettext_lazy("happened", "Objected to the transfer"),
    ),
    Move.ANSWER_OBJECTION: MovePage(
        _("Answer the objection"),
        grievance_forms.AnswerObjectionForm,
        transferring.answer_objection,
        pgettext_lazy("happened", "Objection answered"),
    ),
    Move.ASSIGN: MovePage(
        pgettext_lazy("move of a grievance", "Assign"),
        grievance_forms.AssignForm,
        handling.assign,
        pgettext_lazy("happened", "Assigned"),
    ),
    **_opinion(
        Round.ANSWER,
        grievance_forms.OpinionForm,
        (_("Draft the opinion"), _("Issue the opinion")),
    ),
    **_opinion(
        Round.REVIEW,
        grievance_forms.ReviewForm,
        (_("Draft the review"), _("Issue the review")),
    ),
    **_opinion(
        Round.REREVIEW,
        grievance_forms.RereviewForm,
        (_("Draft the re-review"), _("Issue the re-review")),
    ),
    Move.SERVE: MovePage(
        _("Record its service on paper"),
        grievance_forms.ServeForm,
        reviewing.serve,
        pgettext_lazy("happened", "Answer served on paper"),
        consequences=(
            _("Where there is a review, the time to ask for it counts from the day of service."),
            _("The person who brought it is told what you record. It is recorded once."),
        ),
    ),
    Move.CLOSE: MovePage(
        pgettext_lazy("move of a grievance", "Close"),
        grievance_forms.RemarkForm,
        reviewing.close,
        pgettext_lazy("happened", "Closed"),
        consequences=(_("A review can be asked for all the same, and the answer be rated."),),
    ),
    Move.ASK_EXTENSION: MovePage(
        _("Ask for more time"),
        grievance_forms.ExtensionForm,
        extending.ask_extension,
        pgettext_lazy("happened", "Extension asked for"),
    ),
    Move.DECIDE_EXTENSION: MovePage(
        _("Decide the extension"),
        grievance_forms.DecideExtensionForm,
        extending.decide_extension,
        pgettext_lazy("happened", "Extension decided"),
    ),
    Move.BEGIN_HEARING: MovePage(
        _("Begin a hearing"),
        grievance_forms.ReasonForm,
        reviewing.begin_hearing,
        pgettext_lazy("happened", "Hearing begun"),
        consequences=(_("Until it ends, the time of the re-review stands still."),),
    ),
    Move.END_HEARING: MovePage(
        _("End the hearing"),
        grievance_forms.ReasonForm,
        reviewing.end_hearing,
        pgettext_lazy("happened", "Hearing ended"),
    ),
    Move.RECORD_STEP: MovePage(
        _("Record a step"),
        grievance_forms.StepForm,
        comments.record_step,
        pgettext_lazy("happened", "Step recorded"),
    ),
    Move.SET_LEAD: MovePage(
        _("Name the lead officer"),
        grievance_forms.LeadForm,
        handling.set_lead,
        pgettext_lazy("happened", "Lead officer named"),
    ),
    Move.ADD_CHILD: MovePage(
        _("Give a part to another body"),
        grievance_forms.AddChildForm,
        handling.add_child,
        pgettext_lazy("happened", "Part given to another body"),
        consequences=(_("Nothing is answered before every part is closed."),),
    ),
    Move.ADD_ASSIST: MovePage(
        _("Add a unit that helps"),
        grievance_forms.AddAssistForm,
        handling.add_assist,
        pgettext_lazy("happened", "Unit that helps added"),
    ),
    Move.END_ASSIST: MovePage(
        _("End the help of a unit"),
        grievance_forms.EndHelpForm,
        handling.end_assist,
        pgettext_lazy("happened", "Help of a unit ended"),
    ),
    Move.DECLARE_INTEREST: MovePage(
        _("I have an interest: withdraw"),
        grievance_forms.InterestForm,
        handling.declare_interest,
        pgettext_lazy("happened", "Withdrew because of an interest"),
        consequences=(
            _("The case is shut to you from now on, on every page."),
            _("What you have in hand is given to somebody else."),
        ),
        danger=True,
    ),
    **shared_moves.MOVES,
    Move.ASK_REPORTER: public_moves.MOVES["ask_reporter"],
    Move.FOLLOW_UP: public_moves.MOVES["follow_up"],
}
# Made by the holder of the code, with no button here.
HAPPENED: dict[str, Words] = {
    Move.WITHDRAW: pgettext_lazy("happened", "Taken back by the person who brought it"),
    Move.ASK_REVIEW: pgettext_lazy("happened", "Review asked for"),
    Move.ASK_REREVIEW: pgettext_lazy("happened", "Re-review asked for"),
    "letter_seen": pgettext_lazy("happened", "The opinion was received"),
}


# ----------------------------------------------------------------- on the page
def context(case: Case, now: datetime) -> dict[str, Any]:
    """Class, path and procedure, the transfer under way, the opinions and the remedies."""
    record = record_of(case)
    way = way_of(record)
    opinions = written.opinions(case) if record.has_opinions else []
    return {
        "grievance": record,
        "procedure": in_language(procedure_of(record).name),
        "way": in_language(way.name) if way else "",
        "subject": categories.name_of(record.category) if record.category else "",
        "handover": _handover(case) if record.receiver else None,
        "opinions": opinions,
        "hearing_since": case.stopped_at,
    }


def _handover(case: Case) -> Handover:
    beside = ("from_unit", "to_unit", "objected_by")
    return Handover.objects.select_related(*beside).get(case=case, ended_at=None)


def _way_name(value: Any) -> str:
    """A path by its name, whichever procedure has it."""
    ways = (each.ways.get(str(value)) for each in procedure.every())
    return next((in_language(way.name) for way in ways if way), str(value))


def _yes_no(value: Any) -> str:
    return str(_("yes") if value else _("no"))


KIND = Kind(
    lifecycle=GRIEVANCE,
    stages=STAGES,
    moves=MOVES,
    reported=pgettext_lazy("happened", "Grievance received"),
    main_line=(
        Move.TAKE_OVER,
        Move.ANSWER_OBJECTION,
        Move.DECIDE_EXTENSION,
        Move.ACCEPT,
        Move.REDIRECT,
        Move.ASSIGN,
        Move.DRAFT,
        Move.ISSUE,
        Move.DRAFT_REVIEW,
        Move.ISSUE_REVIEW,
        Move.DRAFT_REREVIEW,
        Move.ISSUE_REREVIEW,
        Move.CLOSE,
    ),
    beside=frozenset(
        {
            Move.CLASSIFY,
            Move.TRANSFER,
            Move.OBJECT,
            Move.SEND_BACK,
            Move.SEND_BACK_REVIEW,
            Move.SEND_BACK_REREVIEW,
            Move.DECIDE_EXTENSION,
            Move.FOLLOW_UP,
            Move.RECORD_STEP,
            Move.ASK_REPORTER,
            Move.SERVE,
        }
    ),
    brought=frozenset(),
    explain=wording.explain,
    detail_words={
        "way": (_("Class and route"), _way_name),
        "simple": (_("Simple procedure"), _yes_no),
        "receiver": (_("Passed to"), str),
        "agreed": (_("Objection agreed to"), _yes_no),
        "late": (_("After its time"), _yes_no),
        "served": (_("Served on"), day_of),
        "service": (_("How it was served"), lambda way: str(wording.SERVICES.get(way, way))),
        "decision": (
            pgettext_lazy("written opinion", "Decision"),
            lambda value: str(wording.DECISIONS.get(value, value)),
        ),
    },
    facts="grievances/facts.html",
    sheet="grievances/sheet.html",
    context=context,
    agenda=waiting,
    receive=receiving.receive,
    letters=LETTERS,
    happened={**HAPPENED, **wording.PASSED_ON},
)
