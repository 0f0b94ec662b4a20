"""The moves of a hazard for its pages: buttons, forms and actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.actions import comments, extensions, handover
from bihuan.cases.models import Case
from bihuan.core.hazard import Move
from bihuan.desk import forms as shared
from bihuan.desk import results, shared_moves
from bihuan.desk.move_pages import AnyMovePage, MovePage, MoveRequest, noted, with_photos
from bihuan.hazards import forms
from bihuan.hazards.actions import (
    confirmation,
    deadline_extension,
    own_reports,
    rectification,
    reporting,
    verification,
)
from bihuan.hazards.form_data import Correction
from bihuan.hazards.moves import chain
from bihuan.orgs.models import User
from bihuan.receipts import public_moves


class _CorrectingAction(Protocol):
    """An action that takes the text of a case in addition to its `MoveRequest`."""

    def __call__(
        self,
        *,
        case: Case,
        actor: User,
        now: datetime,
        title: str,
        place: str,
        note: str,
        description: str,
        category: str,
        version: int | None,
    ) -> Case: ...


def _correcting(action: _CorrectingAction) -> Callable[[MoveRequest, Correction], Case]:
    """Adapt an action to a page whose form has the text of the case."""
    return lambda request, data: action(
        **request,
        title=data.title,
        place=data.place,
        note=data.note,
        description=data.description,
        category=data.category,
    )


MOVES: dict[str, AnyMovePage] = {
    Move.CONFIRM: MovePage(
        pgettext_lazy("move", "Confirm"),
        forms.ConfirmForm,
        lambda request, data: reporting.confirm(
            **request,
            grade=data.grade,
            standard=data.standard,
            criterion=data.criterion,
            note=data.note,
        ),
        pgettext_lazy("happened", "Confirmed"),
        tells=True,
    ),
    Move.REJECT: MovePage(
        pgettext_lazy("move", "Reject"),
        forms.RejectForm,
        lambda request, data: reporting.reject(
            **request, reason=data.reason, note=data.note, duplicate_of=data.duplicate_of
        ),
        pgettext_lazy("happened", "Rejected"),
        consequences=(
            _("The case ends here and its clocks stop. The reason is shown on the timeline."),
            _(
                "The supervising officers of the level above are notified, unless you act from "
                "there."
            ),
        ),
        danger=True,
        tells=True,
    ),
    Move.ASSIGN: MovePage(
        pgettext_lazy("move", "Assign"),
        forms.AssignForm,
        lambda request, data: reporting.assign(**request, plan=data.plan, note=data.note),
        pgettext_lazy("happened", "Assigned"),
        result=results.to_post(pgettext_lazy("happened", "Assigned")),
    ),
    Move.CONTEST: MovePage(
        pgettext_lazy("move", "Dispute assignment"),
        shared.ContestForm,
        noted(handover.contest),
        pgettext_lazy("happened", "Assignment disputed"),
    ),
    Move.DECIDE_CONTEST: MovePage(
        pgettext_lazy("move", "Decide the dispute"),
        shared.DecideContestForm,
        lambda request, data: handover.decide_contest(
            **request, upheld=data.upheld, note=data.note, unit=data.unit, post=data.post
        ),
        pgettext_lazy("happened", "Dispute over assignment decided"),
        result=results.to_post(pgettext_lazy("happened", "Dispute over assignment decided")),
    ),
    Move.START: MovePage(
        pgettext_lazy("move", "Start fix"),
        forms.StartForm,
        noted(rectification.start),
        pgettext_lazy("happened", "Fix started"),
    ),
    Move.RECORD_STEP: MovePage(
        pgettext_lazy("move", "Record progress"),
        forms.StepForm,
        with_photos(comments.record_step),
        pgettext_lazy("happened", "Progress recorded"),
        decides=False,
    ),
    Move.SUBMIT: MovePage(
        pgettext_lazy("move", "Submit for verification"),
        forms.SubmitForm,
        with_photos(rectification.submit),
        pgettext_lazy("happened", "Submitted for verification"),
    ),
    Move.VERIFY: MovePage(
        pgettext_lazy("move", "Verify"),
        forms.VerifyForm,
        lambda request, data: verification.verify(
            **request,
            note=data.note,
            photos=data.photos,
            is_shown=data.is_shown,
            seen=data.seen,
        ),
        pgettext_lazy("happened", "Fix verified"),
        submit=pgettext_lazy("move", "Verify fix"),
    ),
    Move.RETURN: MovePage(
        pgettext_lazy("move", "Send back"),
        forms.ReturnForm,
        noted(verification.return_),
        pgettext_lazy("happened", "Sent back"),
    ),
    Move.CLOSE: MovePage(
        pgettext_lazy("move", "Close case"),
        forms.CloseForm,
        lambda request, data: verification.close(
            **request, note=data.note, answer=data.answer, seen=data.seen
        ),
        pgettext_lazy("happened", "Case closed"),
        consequences=(
            _("The case is removed from the ledger of open cases."),
            _("All interim controls end."),
            _("After 30 days it is re-checked whether the fix is lasting."),
        ),
        tells=True,
    ),
    Move.RECHECK: MovePage(
        pgettext_lazy("move", "Re-check passed"),
        forms.RecheckForm,
        with_photos(verification.recheck),
        pgettext_lazy("happened", "Re-check passed"),
    ),
    Move.REOPEN: MovePage(
        pgettext_lazy("move", "Reopen (recurred)"),
        forms.ReopenForm,
        noted(reporting.reopen),
        pgettext_lazy("happened", "Reopened (recurred)"),
        consequences=(
            _("The case restarts from stage “Confirmed”, and the recurrence is counted."),
        ),
        danger=True,
        tells=True,
    ),
    Move.CONFIRM_CLOSURE: MovePage(
        pgettext_lazy("move", "Confirm imported closure"),
        forms.ReasonForm,
        noted(confirmation.confirm_closure),
        pgettext_lazy("happened", "Imported closure confirmed"),
        consequences=(_("You confirm that you inspected the fix, or proof of it."),),
    ),
    Move.DOUBT_CLOSURE: MovePage(
        pgettext_lazy("move", "Send imported closure back"),
        forms.ReasonForm,
        noted(confirmation.doubt_closure),
        pgettext_lazy("happened", "Imported closure sent back"),
        consequences=(_("The hazard is open again, and a coordinator plans the work."),),
        danger=True,
    ),
    Move.ASK_EXTENSION: MovePage(
        pgettext_lazy("move", "Request extension"),
        shared.AskExtensionForm,
        lambda request, data: extensions.ask_extension(
            **request, until_date=data.until_date, note=data.note
        ),
        pgettext_lazy("happened", "Extension requested"),
    ),
    Move.ASK_LATER_CONCLUSION: MovePage(
        pgettext_lazy("move", "Request more time to conclude"),
        forms.AskLaterConclusionForm,
        lambda request, data: deadline_extension.ask_later_conclusion(
            **request, until_date=data.until_date, note=data.note
        ),
        pgettext_lazy("happened", "More time to conclude requested"),
        consequences=(
            _("The deadline of the fix does not change."),
            _("If it is granted, the reporter is informed of the new date and the reason."),
        ),
    ),
    Move.DECIDE_EXTENSION: MovePage(
        pgettext_lazy("move", "Decide extension"),
        forms.DecideExtensionForm,
        lambda request, data: deadline_extension.decide_extension(
            **request, granted=data.granted, note=data.note
        ),
        pgettext_lazy("happened", "Extension decided"),
    ),
    Move.ADD_CONTROL: MovePage(
        pgettext_lazy("move", "Add interim control"),
        forms.ControlForm,
        lambda request, data: rectification.add_control(
            **request, what=data.what, post=data.post, expiry_date=data.expiry_date, note=data.note
        ),
        pgettext_lazy("happened", "Interim control added"),
        decides=False,
    ),
    Move.END_CONTROL: MovePage(
        pgettext_lazy("move", "End interim control"),
        forms.EndControlForm,
        lambda request, data: rectification.end_control(
            **request, control=data.control, note=data.note
        ),
        pgettext_lazy("happened", "Interim control ended"),
    ),
    Move.GRADE: MovePage(
        pgettext_lazy("move", "Change grade"),
        forms.GradeForm,
        lambda request, data: reporting.grade_anew(
            **request,
            grade=data.grade,
            note=data.note,
            standard=data.standard,
            criterion=data.criterion,
        ),
        pgettext_lazy("happened", "Grade changed"),
        consequences=(
            _(
                "If a major hazard becomes a general one, the supervising officers of the level "
                "above are notified, unless you act from there."
            ),
        ),
    ),
    **chain.MOVES,
    Move.ADD_CHILD: MovePage(
        pgettext_lazy("move", "Create sub-case"),
        forms.AddChildForm,
        lambda request, data: reporting.add_child(
            **request, unit=data.unit, title=data.title, note=data.note
        ),
        pgettext_lazy("happened", "Sub-case created"),
        decides=False,
    ),
    Move.ADD_ASSIST: MovePage(
        pgettext_lazy("move", "Add assisting unit"),
        shared.AddAssistForm,
        lambda request, data: handover.add_assist(**request, unit=data.unit, note=data.note),
        pgettext_lazy("happened", "Assisting unit added"),
        decides=False,
    ),
    Move.END_ASSIST: MovePage(
        pgettext_lazy("move", "End assistance of a unit"),
        shared.EndAssistForm,
        lambda request, data: handover.end_assist(**request, unit=data.unit),
        pgettext_lazy("happened", "Assistance of a unit ended"),
        decides=False,
    ),
    Move.AMEND: MovePage(
        pgettext_lazy("move", "Correct text"),
        forms.AmendForm,
        _correcting(reporting.amend),
        pgettext_lazy("happened", "Corrected"),
        consequences=(
            _(
                "After assignment, the supervising officers of the level above are notified of "
                "the change and can read the earlier text, unless you act from there."
            ),
        ),
        decides=False,
    ),
    Move.CORRECT: MovePage(
        pgettext_lazy("move", "Correct my report"),
        forms.CorrectForm,
        _correcting(own_reports.correct),
        pgettext_lazy("happened", "Report corrected by its author"),
        decides=False,
    ),
    Move.WITHDRAW: MovePage(
        pgettext_lazy("move", "Withdraw my report"),
        forms.ReasonForm,
        noted(own_reports.withdraw),
        pgettext_lazy("happened", "Report withdrawn by its author"),
        consequences=(_("The report ends without a decision. The record of it remains."),),
        danger=True,
        decides=False,
    ),
    **shared_moves.MOVES,
    **public_moves.MOVES,
}
