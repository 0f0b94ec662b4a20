"""The moves of a mediation as its pages know them: their buttons, forms and actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases import shared_moves
from bihuan.cases.kinds import MovePage
from bihuan.core.mediation import Move
from bihuan.mediations import forms
from bihuan.mediations.actions import bringing, mediating, noticing, performing
from bihuan.receipts.actions import public

MOVES: dict[str, MovePage] = {
    Move.ASK: MovePage(
        pgettext_lazy("move", "A party requests mediation"),
        forms.ApplicantForm,
        noticing.ask,
        pgettext_lazy("happened", "Mediation requested by a party"),
        consequences=(
            _("From now on it is a mediation, and every party is asked whether it agrees."),
            _("Next, print the slip with the party's own code: the party consents with that code."),
        ),
    ),
    Move.SETTLE: MovePage(
        pgettext_lazy("move", "Dispute settled"),
        forms.SettleForm,
        noticing.settle,
        pgettext_lazy("happened", "Settled without a mediation"),
        consequences=(_("No party requested mediation; no further action."),),
    ),
    Move.ADD_PARTY: MovePage(
        pgettext_lazy("move", "Add party"),
        forms.AddPartyForm,
        bringing.add_party,
        pgettext_lazy("happened", "Party added"),
    ),
    Move.NAME_MEDIATOR: MovePage(
        pgettext_lazy("move", "Name mediator"),
        forms.MediatorForm,
        mediating.name_mediator,
        pgettext_lazy("happened", "Mediator named"),
        consequences=(_("Every party is informed who it is, and may accept or refuse."),),
    ),
    Move.BEGIN: MovePage(
        pgettext_lazy("move", "Begin mediation"),
        forms.BeginForm,
        mediating.begin_talks,
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
        mediating.meet,
        pgettext_lazy("happened", "Meeting announced"),
        consequences=(_("Every party is informed of the time and place, with its code."),),
    ),
    Move.HOLD: MovePage(
        pgettext_lazy("move", "Record meeting"),
        forms.HoldForm,
        mediating.hold,
        pgettext_lazy("happened", "Meeting recorded"),
    ),
    Move.DRAFT: MovePage(
        pgettext_lazy("move", "Send draft agreement"),
        forms.DraftForm,
        mediating.draft,
        pgettext_lazy("happened", "Draft agreement sent to the parties"),
        consequences=(_("Every party must confirm this exact text with its own code."),),
    ),
    Move.TAKE_BACK: MovePage(
        pgettext_lazy("move", "Withdraw draft agreement"),
        forms.TakeBackForm,
        mediating.take_back,
        pgettext_lazy("happened", "Draft agreement withdrawn"),
        consequences=(_("All earlier confirmations of it become void."),),
        danger=True,
    ),
    Move.CONCLUDE: MovePage(
        pgettext_lazy("move", "Conclude agreement"),
        forms.ConcludeForm,
        mediating.conclude,
        pgettext_lazy("happened", "Agreement concluded"),
        consequences=(
            _("The agreement binds every party. Give each party a signed copy."),
            _("The parties have 30 days to jointly ask the court to confirm it."),
        ),
    ),
    Move.NOTE_PERFORMANCE: MovePage(
        pgettext_lazy("move", "Follow up obligation"),
        forms.PerformanceForm,
        performing.note_performance,
        pgettext_lazy("happened", "Obligation followed up"),
    ),
    Move.FINISH: MovePage(
        pgettext_lazy("move", "Close mediation"),
        forms.FinishForm,
        performing.finish_case,
        pgettext_lazy("happened", "Mediation closed"),
    ),
    Move.FAIL: MovePage(
        pgettext_lazy("move", "End without agreement"),
        forms.FailForm,
        mediating.fail,
        pgettext_lazy("happened", "Ended without agreement"),
        consequences=(
            _("The mediation ends here. Every party is informed which other options are open."),
        ),
        danger=True,
    ),
    Move.ALERT: MovePage(
        pgettext_lazy("move", "Record report to the police"),
        forms.AlertForm,
        mediating.alert,
        pgettext_lazy("happened", "Police informed"),
        danger=True,
    ),
    Move.DECLARE_INTEREST: MovePage(
        pgettext_lazy("move", "Declare conflict of interest"),
        forms.InterestForm,
        mediating.declare_interest,
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
        public.ask_reporter,
        pgettext_lazy("happened", "Asked a party"),
    ),
    **shared_moves.MOVES,
}
