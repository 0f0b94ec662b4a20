"""Texts for acts and refusals."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.clocks.actions.ticking import OVERDUE
from bihuan.core.deadlines import Cause
from bihuan.core.refusal import Missing, NotAllowed, Refusal, Stale
from bihuan.files import wording as file_words
from bihuan.notices.models import Notice
from bihuan.orgs import wording as org_words
from bihuan.sites import refusals
from bihuan.sites.acts import SiteAct

DONE: Mapping[str, str | Promise] = {
    SiteAct.REGISTER: pgettext_lazy("a site", "Registered"),
    SiteAct.CHANGE: pgettext_lazy("a site", "Changed"),
    SiteAct.MOVE: _("Moved to another unit"),
    SiteAct.CLOSE: pgettext_lazy("a site", "Closed"),
    SiteAct.REOPEN: pgettext_lazy("a site", "Reopened"),
    SiteAct.SET_REGULATORS: _("Regulators set"),
    SiteAct.ADD_PAPER: _("Paper added"),
    SiteAct.RENEW_PAPER: _("Paper renewed"),
    SiteAct.WITHDRAW_PAPER: _("Paper withdrawn"),
    SiteAct.ADD_EQUIPMENT: _("Equipment added"),
    SiteAct.CHANGE_EQUIPMENT: _("Equipment changed"),
    SiteAct.REMOVE_EQUIPMENT: _("Equipment removed"),
    SiteAct.LINK_CASE: _("Case added to the site"),
    SiteAct.UNLINK_CASE: _("Case taken off the site"),
    SiteAct.REFUSE_PLACE: _("A place in cases is not this site"),
    SiteAct.OFFER_PLACE: _("A place in cases may be this site again"),
    OVERDUE: pgettext_lazy("a paper", "Expired"),
    **file_words.ACTS,
}
FIELDS: Mapping[str, str | Promise] = {
    "name": _("Name of the site"),
    "kind": pgettext_lazy("a site", "Kind"),
    "operator": _("Operator"),
    "address": pgettext_lazy("a site", "Address"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "boundary": _("Boundary"),
    "attributes": _("Attributes of the kind"),
}
_NOTICES: Mapping[str, str | Promise] = {
    Cause.WARNING: _("A paper of a site expires soon."),
    Cause.OVERDUE: _("A paper of a site has expired."),
}
_REFUSALS: Mapping[type[Refusal], str | Promise] = {
    NotAllowed: _("Only a coordinator of the unit in charge may change this site."),
    Stale: _("This was changed by another officer after you opened the form. Check it again."),
    Missing: _("A required field is missing."),
    refusals.UnknownKind: _("This kind is not in the list."),
    refusals.WrongAttribute: _("A value does not fit the kind of the site."),
    refusals.SiteClosed: _("The site is closed. Reopen it first."),
    refusals.NotClosed: _("The site is not closed."),
    refusals.RegulatedAlready: _("Each trade has one regulator at a site."),
    refusals.LinkedElsewhere: _("This case is already at a site."),
    refusals.NotLinked: _("This case is not at this site."),
    refusals.PaperEnded: _("This paper was renewed or withdrawn."),
    refusals.ExpiresBeforeIssue: _("The paper would expire before the day of its issue."),
    refusals.EquipmentAlready: _("The site already has equipment with this name."),
    refusals.EquipmentRemoved: _("This equipment was removed."),
}


def explain(refusal: Refusal) -> str:
    sentence = _REFUSALS.get(type(refusal))
    return str(sentence) if sentence else org_words.explain(refusal)


def notice(message: Notice) -> str:
    """The site and the paper, which the notice names, are shown below this text."""
    return str(_NOTICES[message.what])
