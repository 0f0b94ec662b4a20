"""The moves of the chain of a major hazard for its pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.hazard import Move
from bihuan.desk.move_pages import AnyMovePage, MovePage, noted
from bihuan.hazards.actions import acceptance, listing, orders, planning
from bihuan.hazards.forms import chain as forms

_OF_LISTING: dict[str, AnyMovePage] = {
    Move.LIST: MovePage(
        pgettext_lazy("move", "List for supervision"),
        forms.ListForm,
        lambda request, data: listing.list_(**request, terms=data.terms, note=data.note),
        pgettext_lazy("happened", "Listed for supervision"),
        consequences=(
            _("From now on only your level can close this case, and not the officer who lists it."),
            _("The owner makes a plan, and answers at the rhythm that you set."),
            _("The listing is shown on the timeline to every unit involved."),
        ),
        danger=True,
    ),
    Move.UNLIST: MovePage(
        pgettext_lazy("move", "End a mistaken listing"),
        forms.UnlistForm,
        noted(listing.unlist),
        pgettext_lazy("happened", "Mistaken listing ended"),
        consequences=(_("The level of the owner may close the case again."),),
        danger=True,
    ),
    Move.ANSWER_LISTING: MovePage(
        pgettext_lazy("move", "Answer the listing"),
        forms.AnswerForm,
        noted(listing.answer),
        pgettext_lazy("happened", "Listing answered"),
        decides=False,
    ),
    Move.ASK_MORE_TIME: MovePage(
        pgettext_lazy("move", "Request a later deadline of the listing"),
        forms.MoreTimeForm,
        lambda request, data: listing.ask_more_time(
            **request, until_date=data.until_date, note=data.note
        ),
        pgettext_lazy("happened", "Later deadline of the listing requested"),
    ),
    Move.DECIDE_MORE_TIME: MovePage(
        pgettext_lazy("move", "Decide on the deadline of the listing"),
        forms.DecideMoreTimeForm,
        lambda request, data: listing.decide_more_time(
            **request, granted=data.granted, note=data.note
        ),
        pgettext_lazy("happened", "Deadline of the listing decided"),
    ),
    Move.ASK_REMOVAL: MovePage(
        pgettext_lazy("move", "Apply to be taken off the list"),
        forms.RemovalForm,
        noted(listing.ask_removal),
        pgettext_lazy("happened", "Removal from the list applied for"),
    ),
    Move.REVIEW_SITE: MovePage(
        pgettext_lazy("move", "Review the site: passed"),
        forms.ReviewForm,
        noted(listing.review_site),
        pgettext_lazy("happened", "Site reviewed: passed"),
        consequences=(_("The case can be closed by your level."),),
    ),
}
_OF_ORDERS: dict[str, AnyMovePage] = {
    Move.ORDER_FIX: MovePage(
        pgettext_lazy("move", "Order to rectify by a day"),
        forms.OrderFixForm,
        lambda request, data: orders.order_fix(
            **request, note=data.note, until_date=data.until_date, basis=data.basis
        ),
        pgettext_lazy("happened", "Ordered to rectify by a day"),
        consequences=(_("The order gets a number, and can be printed and handed over."),),
        danger=True,
    ),
    Move.STOP_WORK: MovePage(
        pgettext_lazy("move", "Order work to stop"),
        forms.StopWorkForm,
        lambda request, data: orders.stop_work(
            **request,
            note=data.note,
            place=data.place,
            stopped=data.stopped,
            basis=data.basis,
        ),
        pgettext_lazy("happened", "Work ordered to stop"),
        consequences=(
            _("Work stops and people leave the place until the order is lifted after a review."),
            _("The case cannot be closed while the order is in force."),
        ),
        danger=True,
    ),
    Move.CHECK_ORDER: MovePage(
        pgettext_lazy("move", "Re-check an order"),
        forms.CheckOrderForm,
        lambda request, data: orders.check_order(
            **request, order=data.order, complied=data.complied, note=data.note
        ),
        pgettext_lazy("happened", "Order re-checked"),
        consequences=(_("A stop-work order stays in force until another officer lifts it."),),
    ),
    Move.RESUME_WORK: MovePage(
        pgettext_lazy("move", "Lift stop-work order"),
        forms.LiftForm,
        noted(orders.resume_work),
        pgettext_lazy("happened", "Stop-work order lifted"),
        consequences=(_("People return to work at this place."),),
        danger=True,
    ),
}
MOVES: dict[str, AnyMovePage] = {
    Move.PLAN: MovePage(
        pgettext_lazy("move", "Plan of rectification"),
        forms.PlanForm,
        lambda request, data: planning.plan(**request, remedy=data.remedy),
        pgettext_lazy("happened", "Plan of rectification made"),
        decides=False,
    ),
    Move.REPORT_UP: MovePage(
        pgettext_lazy("move", "Report to the level above"),
        forms.ReportUpForm,
        lambda request, data: planning.report_up(
            **request, state=data.state, harm=data.harm, plan=data.plan
        ),
        pgettext_lazy("happened", "Reported to the level above"),
        decides=False,
    ),
    **_OF_LISTING,
    **_OF_ORDERS,
    Move.ACCEPT: MovePage(
        pgettext_lazy("move", "Acceptance by a team"),
        forms.AcceptForm,
        lambda request, data: acceptance.accept(
            **request, voices=data.voices, passed=data.passed, note=data.note
        ),
        pgettext_lazy("happened", "Acceptance by a team recorded"),
    ),
    Move.SEND_BACK: MovePage(
        pgettext_lazy("move", "Send the verified fix back"),
        forms.SendBackForm,
        noted(acceptance.send_back),
        pgettext_lazy("happened", "Verified fix sent back"),
        danger=True,
    ),
}
