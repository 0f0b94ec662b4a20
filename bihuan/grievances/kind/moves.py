"""The moves of a grievance for its pages: buttons, forms and actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.actions import comments
from bihuan.cases.kinds import Words
from bihuan.core.grievance import Move
from bihuan.desk import results, shared_moves
from bihuan.desk.move_pages import AnyMovePage, MovePage, noted, with_photos
from bihuan.grievances import grievance_forms
from bihuan.grievances.actions import (
    classification,
    deadline_extension,
    handling,
    opinions,
    reviews,
    transfers,
)
from bihuan.grievances.classify_form import ClassifyForm
from bihuan.grievances.queries import Round
from bihuan.receipts import public_moves

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
) -> dict[str, AnyMovePage]:
    """Return the three moves of one round: draft, return, issue."""
    write, put_in_force = labels
    return {
        opinions.DRAFTS[round]: MovePage(
            write,
            form,
            lambda request, parts: opinions.draft(**request, parts=parts, round=round),
            DRAFTED,
        ),
        opinions.SENDS_BACK[round]: MovePage(
            _("Send draft back"),
            grievance_forms.ReasonForm,
            lambda request, data: opinions.send_back(**request, note=data.note, round=round),
            SENT_BACK,
        ),
        opinions.ISSUES[round]: MovePage(
            put_in_force,
            grievance_forms.RemarkForm,
            lambda request, data: opinions.issue(**request, note=data.note, round=round),
            ISSUED,
            consequences=_ISSUED,
        ),
    }


MOVES: dict[str, AnyMovePage] = {
    Move.CLASSIFY: MovePage(
        _("Classify"),
        ClassifyForm,
        lambda request, data: classification.classify(
            **request,
            way=data.way,
            simple=data.simple,
            exclusions=data.exclusions,
            about=data.about,
            note=data.note,
        ),
        pgettext_lazy("happened", "Classified"),
    ),
    Move.ACCEPT: MovePage(
        pgettext_lazy("move of a grievance", "Accept"),
        grievance_forms.AcceptForm,
        noted(classification.accept),
        pgettext_lazy("happened", "Accepted"),
        consequences=(_LETTER,),
    ),
    Move.REDIRECT: MovePage(
        _("Refer elsewhere"),
        grievance_forms.RedirectForm,
        noted(classification.redirect),
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
        noted(classification.as_suggestion),
        pgettext_lazy("happened", "Treated as suggestion"),
        consequences=(_LETTER,),
    ),
    Move.TRANSFER: MovePage(
        _("Transfer to another unit"),
        grievance_forms.TransferForm,
        lambda request, data: transfers.transfer(**request, unit=data.unit, note=data.note),
        pgettext_lazy("happened", "Transferred to another unit"),
        consequences=(_("Until that unit takes it over, your unit is responsible."),),
        tells=True,
    ),
    Move.TAKE_OVER: MovePage(
        _("Take over"),
        grievance_forms.RemarkForm,
        noted(transfers.take_over),
        pgettext_lazy("happened", "Taken over"),
        consequences=(_("From now on your unit is responsible."),),
        tells=True,
        result=results.to_unit(pgettext_lazy("happened", "Taken over")),
    ),
    Move.OBJECT: MovePage(
        _("Object to the transfer"),
        grievance_forms.ObjectForm,
        noted(transfers.object_),
        pgettext_lazy("happened", "Objected to the transfer"),
    ),
    Move.ANSWER_OBJECTION: MovePage(
        _("Answer the objection"),
        grievance_forms.AnswerObjectionForm,
        lambda request, data: transfers.answer_objection(
            **request, agreed=data.agreed, note=data.note
        ),
        pgettext_lazy("happened", "Objection answered"),
    ),
    Move.ASSIGN: MovePage(
        pgettext_lazy("move of a grievance", "Assign"),
        grievance_forms.AssignForm,
        lambda request, data: handling.assign(**request, post=data.post, note=data.note),
        pgettext_lazy("happened", "Assigned"),
        result=results.to_post(pgettext_lazy("happened", "Assigned")),
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
        lambda request, data: reviews.serve(
            **request,
            served_date=data.served_date,
            service=data.service,
            receipt=data.receipt,
            note=data.note,
        ),
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
        noted(reviews.close),
        pgettext_lazy("happened", "Closed"),
        consequences=(_("The reporter can still ask for a review and rate the answer."),),
    ),
    Move.ASK_EXTENSION: MovePage(
        _("Request extension"),
        grievance_forms.ExtensionForm,
        lambda request, data: deadline_extension.ask_extension(
            **request, days=data.days, note=data.note
        ),
        pgettext_lazy("happened", "Extension requested"),
    ),
    Move.DECIDE_EXTENSION: MovePage(
        _("Decide extension"),
        grievance_forms.DecideExtensionForm,
        lambda request, data: deadline_extension.decide_extension(
            **request, granted=data.granted, note=data.note
        ),
        pgettext_lazy("happened", "Extension decided"),
    ),
    Move.BEGIN_HEARING: MovePage(
        _("Begin hearing"),
        grievance_forms.ReasonForm,
        noted(reviews.begin_hearing),
        pgettext_lazy("happened", "Hearing begun"),
        consequences=(_("The time limit of the re-review is suspended until the hearing ends."),),
    ),
    Move.END_HEARING: MovePage(
        _("End hearing"),
        grievance_forms.ReasonForm,
        noted(reviews.end_hearing),
        pgettext_lazy("happened", "Hearing ended"),
    ),
    Move.RECORD_STEP: MovePage(
        _("Record progress"),
        grievance_forms.StepForm,
        with_photos(comments.record_step),
        pgettext_lazy("happened", "Progress recorded"),
        decides=False,
    ),
    Move.SET_LEAD: MovePage(
        _("Name lead officer"),
        grievance_forms.LeadForm,
        lambda request, data: handling.set_lead(**request, post=data.post, note=data.note),
        pgettext_lazy("happened", "Lead officer named"),
        decides=False,
    ),
    Move.ADD_CHILD: MovePage(
        _("Assign a part to another body"),
        grievance_forms.AddChildForm,
        lambda request, data: handling.add_child(
            **request, unit=data.unit, title=data.title, note=data.note
        ),
        pgettext_lazy("happened", "Part assigned to another body"),
        consequences=(_("The case cannot be answered until all parts are closed."),),
    ),
    Move.ADD_ASSIST: MovePage(
        _("Add assisting unit"),
        grievance_forms.AddAssistForm,
        lambda request, data: handling.add_assist(**request, unit=data.unit, note=data.note),
        pgettext_lazy("happened", "Assisting unit added"),
        decides=False,
    ),
    Move.END_ASSIST: MovePage(
        _("End assistance of a unit"),
        grievance_forms.EndHelpForm,
        lambda request, data: handling.end_assist(**request, unit=data.unit),
        pgettext_lazy("happened", "Assistance of a unit ended"),
        decides=False,
    ),
    Move.DECLARE_INTEREST: MovePage(
        _("Declare conflict of interest"),
        grievance_forms.InterestForm,
        noted(handling.declare_interest),
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
