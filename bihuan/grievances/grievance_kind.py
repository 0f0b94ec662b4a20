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
    Stage.TRANSFERRED: pgettext_lazy("stage of a grievance", "In transfer"),
    Stage.ACCEPTED: pgettext_lazy("stage of a grievance", "Accepted"),
    Stage.HANDLING: pgettext_lazy("stage of a grievance", "In progress"),
    Stage.DRAFTED: pgettext_lazy("stage of a grievance", "Answer drafted"),
    Stage.REPLIED: pgettext_lazy("stage of a grievance", "Answered"),
    Stage.REVIEWING: pgettext_lazy("stage of a grievance", "Under review"),
    Stage.REVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Review drafted"),
    Stage.REVIEWED: pgettext_lazy("stage of a grievance", "Reviewed"),
    Stage.REREVIEWING: pgettext_lazy("stage of a grievance", "Under re-review"),
    Stage.REREVIEW_DRAFTED: pgettext_lazy("stage of a grievance", "Re-review drafted"),
    Stage.REREVIEWED: pgettext_lazy("stage of a grievance", "Re-reviewed"),
    Stage.REDIRECTED: pgettext_lazy("stage of a grievance", "Referred elsewhere"),
    Stage.WITHDRAWN: pgettext_lazy("stage of a grievance", "Withdrawn"),
    Stage.CLOSED: pgettext_lazy("stage of a grievance", "Closed"),
}
_LETTER = _("The reporter is informed in writing, with the next step.")
_ISSUED = (
    _("The opinion is sent to the reporter in exactly these words."),
    _("The time limit for a review runs from the day they receive it."),
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
            _("Send draft back"),
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
        _("Refer elsewhere"),
        grievance_forms.RedirectForm,
        classifying.redirect,
        pgettext_lazy("happened", "Referred elsewhere"),
        consequences=(
            _(
                "The case ends here. The letter says which body to contact and which remedies are "
                "available."
            ),
        ),
        danger=True,
    ),
    Move.AS_SUGGESTION: MovePage(
        _("Treat as suggestion"),
        grievance_forms.RemarkForm,
        classifying.as_suggestion,
        pgettext_lazy("happened", "Treated as suggestion"),
        consequences=(_LETTER,),
    ),
    Move.TRANSFER: MovePage(
        _("Transfer to another unit"),
        grievance_forms.TransferForm,
        transferring.transfer,
        pgettext_lazy("happened", "Transferred to another unit"),
        consequences=(_("Until that unit takes it over, your unit is responsible."),),
    ),
    Move.TAKE_OVER: MovePage(
        _("Take over"),
        grievance_forms.RemarkForm,
        transferring.take_over,
        pgettext_lazy("happened", "Taken over"),
        consequences=(_("From now on your unit is responsible."),),
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
        (_("Draft opinion"), _("Issue opinion")),
    ),
    **_opinion(
        Round.REVIEW,
        grievance_forms.ReviewForm,
        (_("Draft review"), _("Issue review")),
    ),
    **_opinion(
        Round.REREVIEW,
        grievance_forms.RereviewForm,
        (_("Draft re-review"), _("Issue re-review")),
    ),
    Move.SERVE: MovePage(
        _("Record service on paper"),
        grievance_forms.ServeForm,
        reviewing.serve,
        pgettext_lazy("happened", "Answer served on paper"),
        consequences=(
            _(
                "If a review is possible, the time limit to ask for it runs from the day of "
                "service."
            ),
            _("The reporter is informed of what you record. It can be recorded only once."),
        ),
    ),
    Move.CLOSE: MovePage(
        pgettext_lazy("move of a grievance", "Close"),
        grievance_forms.RemarkForm,
        reviewing.close,
        pgettext_lazy("happened", "Closed"),
        consequences=(_("The reporter can still ask for a review and rate the answer."),),
    ),
    Move.ASK_EXTENSION: MovePage(
        _("Request extension"),
        grievance_forms.ExtensionForm,
        extending.ask_extension,
        pgettext_lazy("happened", "Extension requested"),
    ),
    Move.DECIDE_EXTENSION: MovePage(
        _("Decide extension"),
        grievance_forms.DecideExtensionForm,
        extending.decide_extension,
        pgettext_lazy("happened", "Extension decided"),
    ),
    Move.BEGIN_HEARING: MovePage(
        _("Begin hearing"),
        grievance_forms.ReasonForm,
        reviewing.begin_hearing,
        pgettext_lazy("happened", "Hearing begun"),
        consequences=(_("The time limit of the re-review is suspended until the hearing ends."),),
    ),
    Move.END_HEARING: MovePage(
        _("End hearing"),
        grievance_forms.ReasonForm,
        reviewing.end_hearing,
        pgettext_lazy("happened", "Hearing ended"),
    ),
    Move.RECORD_STEP: MovePage(
        _("Record progress"),
        grievance_forms.StepForm,
        comments.record_step,
        pgettext_lazy("happened", "Progress recorded"),
    ),
    Move.SET_LEAD: MovePage(
        _("Name lead officer"),
        grievance_forms.LeadForm,
        handling.set_lead,
        pgettext_lazy("happened", "Lead officer named"),
    ),
    Move.ADD_CHILD: MovePage(
        _("Assign a part to another body"),
        grievance_forms.AddChildForm,
        handling.add_child,
        pgettext_lazy("happened", "Part assigned to another body"),
        consequences=(_("The case cannot be answered until all parts are closed."),),
    ),
    Move.ADD_ASSIST: MovePage(
        _("Add assisting unit"),
        grievance_forms.AddAssistForm,
        handling.add_assist,
        pgettext_lazy("happened", "Assisting unit added"),
    ),
    Move.END_ASSIST: MovePage(
        _("End assistance of a unit"),
        grievance_forms.EndHelpForm,
        handling.end_assist,
        pgettext_lazy("happened", "Assistance of a unit ended"),
    ),
    Move.DECLARE_INTEREST: MovePage(
        _("Declare conflict of interest"),
        grievance_forms.InterestForm,
        handling.declare_interest,
        pgettext_lazy("happened", "Withdrew because of a conflict of interest"),
        consequences=(
            _("From now on you cannot see this case on any page."),
            _("Your work on it is given to another officer."),
        ),
        danger=True,
    ),
    **shared_moves.MOVES,
    Move.ASK_REPORTER: public_moves.MOVES["ask_reporter"],
    Move.FOLLOW_UP: public_moves.MOVES["follow_up"],
}
# Made by the holder of the code, with no button here.
HAPPENED: dict[str, Words] = {
    Move.WITHDRAW: pgettext_lazy("happened", "Withdrawn by the reporter"),
    Move.ASK_REVIEW: pgettext_lazy("happened", "Review requested"),
    Move.ASK_REREVIEW: pgettext_lazy("happened", "Re-review requested"),
    "letter_seen": pgettext_lazy("happened", "Opinion received by the reporter"),
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
        "receiver": (_("Transferred to"), str),
        "agreed": (_("Return agreed"), _yes_no),
        "late": (_("After the time limit"), _yes_no),
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
