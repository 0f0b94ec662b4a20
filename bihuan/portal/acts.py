"""The acts of this app that the journal records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PortalAct(TextChoices):
    """What happened to what the portal publishes."""

    ADD_OUTLET = "add-outlet", _("Channel added")
    CHANGE_OUTLET = "change-outlet", _("Channel changed")
    PLAN = "plan-reception", _("Reception day planned")
    CANCEL = "cancel-reception", _("Reception day cancelled")
    BOOK = "book-slot", _("Slot booked")
    GIVE_BACK = "give-back-slot", _("Slot released")
    NAME_PLACES = "name-places", _("Names of places changed")
