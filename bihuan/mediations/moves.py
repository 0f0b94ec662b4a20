"""The moves of a mediation for its pages: buttons, forms and actions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.models import Case
from bihuan.core.mediation import Move
from bihuan.desk import results, shared_moves
from bihuan.desk.move_pages import AnyMovePage, MovePage, noted
from bihuan.mediations import forms, queries
from bihuan.mediations.actions import applications, dispute_notices, performance, proceedings
from bihuan.receipts.actions import public
from bihuan.web.templatetags.bihuan import moment


def _meeting_announced(case: Case, now: datetime) -> str:
    meeting = queries.sessions(case).latest("pk")
    said = {"at": moment(meeting.meets_at), "place": meeting.place}
    return _("Meeting announced: %(at)s, %(place)s") % said


MOVES: dict[str, AnyMovePage] = {
    Move.ASK: MovePage(
        pgettext_lazy("move", "A party requests mediation"),
        forms.ApplicantForm,
        lambda request, identity: dispute_notices.ask(**request, identity=identity),
        pgettext_lazy("happened", "Mediation requested by a party"),
        consequences=(
            _("From now on it is a mediation, and every party is asked whether it agrees."),
            _("Next, print the slip with the party's own code: the party consents with that code."),
        ),
    ),
    Move.SETTLE: MovePage(
        pgettext_lazy("move", "Dispute settled"),
        forms.SettleForm,
        noted(dispute_notices.settle),
        pgettext_lazy("happened", "Settled without a mediation"),
        consequences=(_("No party requested mediation; no further action."),),
    ),
    Move.ADD_PARTY: MovePage(
        pgettext_lazy("move", "Add party"),
        forms.AddPartyForm,
        lambda request, identity: applications.add_party(**request, identity=identity),
        pgettext_lazy("happened", "Party added"),
        decides=False,
    ),
    Move.NAME_MEDIATOR: MovePage(
        pgettext_lazy("move", "Name mediator"),
        forms.MediatorForm,
        lambda request, data: proceedings.name_mediator(**request, post=data.post, note=data.note),
        pgettext_lazy("happened", "Mediator named"),
        consequences=(_("Every party is informed who it is, and may accept or refuse."),),
        result=results.to_post(pgettext_lazy("happened", "Mediator named")),
    ),
    Move.BEGIN: MovePage(
        pgettext_lazy("move", "Begin mediation"),
        forms.BeginForm,
        lambda request, data: proceedings.begin_talks(
            **request, is_open=data.is_open, note=data.note
        ),
        pgettext_lazy("happened", "Mediation begun"),
        consequences=(
            _(
                "The usual month begins. After it, the mediation continues only if every party "
                "agrees."
            ),
        ),
    ),
    Move.MEET: MovePage(
        pgettext_lazy("move", "Announce meeting"),
        forms.MeetForm,
        lambda request, data: proceedings.meet(**request, meets_at=data.meets_at, place=data.place),
        pgettext_lazy("happened", "Meeting announced"),
        result=_meeting_announced,
        consequences=(_("Every party is informed of the time and place, with its code."),),
        decides=False,
    ),
    Move.HOLD: MovePage(
        pgettext_lazy("move", "Record meeting"),
        forms.HoldForm,
        lambda request, data: proceedings.hold(**request, session=data.session, record=data.record),
        pgettext_lazy("happened", "Meeting recorded"),
    ),
    Move.DRAFT: MovePage(
        pgettext_lazy("move", "Send draft agreement"),
        forms.DraftForm,
        lambda request, data: proceedings.draft(
            **request, terms=data.terms, is_oral=data.is_oral, promised=data.promised
        ),
        pgettext_lazy("happened", "Draft agreement sent to the parties"),
        consequences=(_("Every party must confirm this exact text with its own code."),),
    ),
    Move.TAKE_BACK: MovePage(
        pgettext_lazy("move", "Withdraw draft agreement"),
        forms.TakeBackForm,
        noted(proceedings.take_back),
        pgettext_lazy("happened", "Draft agreement withdrawn"),
        consequences=(_("All earlier confirmations of it become void."),),
        danger=True,
    ),
    Move.CONCLUDE: MovePage(
        pgettext_lazy("move", "Conclude agreement"),
        forms.ConcludeForm,
        lambda request, data: proceedings.conclude(
            **request, effective_date=data.effective_date, note=data.note
        ),
        pgettext_lazy("happened", "Agreement concluded"),
        consequences=(
            _("The agreement binds every party. Give each party a signed copy."),
            _("The parties have 30 days to jointly ask the court to confirm it."),
        ),
    ),
    Move.NOTE_PERFORMANCE: MovePage(
        pgettext_lazy("move", "Follow up obligation"),
        forms.PerformanceForm,
        lambda request, data: performance.note_performance(
            **request,
            item=data.item,
            outcome=data.outcome,
            again_date=data.again_date,
            record=data.record,
        ),
        pgettext_lazy("happened", "Obligation followed up"),
    ),
    Move.FINISH: MovePage(
        pgettext_lazy("move", "Close mediation"),
        forms.FinishForm,
        noted(performance.finish_case),
        pgettext_lazy("happened", "Mediation closed"),
    ),
    Move.FAIL: MovePage(
        pgettext_lazy("move", "End without agreement"),
        forms.FailForm,
        noted(proceedings.fail),
        pgettext_lazy("happened", "Ended without agreement"),
        consequences=(
            _("The mediation ends here. Every party is informed which other options are open."),
        ),
        danger=True,
    ),
    Move.ALERT: MovePage(
        pgettext_lazy("move", "Record report to the police"),
        forms.AlertForm,
        noted(proceedings.alert),
        pgettext_lazy("happened", "Police informed"),
        danger=True,
        decides=False,
    ),
    Move.DECLARE_INTEREST: MovePage(
        pgettext_lazy("move", "Declare conflict of interest"),
        forms.InterestForm,
        noted(proceedings.declare_interest),
        pgettext_lazy("happened", "Conflict of interest declared"),
        consequences=(
            _("From now on you can no longer see this case."),
            _("If you are the mediator, another person is named."),
        ),
        danger=True,
    ),
    Move.ASK_REPORTER: MovePage(
        pgettext_lazy("move", "Ask a party"),
        forms.AskForm,
        lambda request, data: public.ask_reporter(**request, slot=data.slot, note=data.note),
        pgettext_lazy("happened", "Asked a party"),
        decides=False,
    ),
    **shared_moves.MOVES,
}
