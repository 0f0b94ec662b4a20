"""The acts of this app that the journal records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ApiAct(TextChoices):
    """What happened to an API key."""

    MAKE_KEY = "make-key", _("API key created")
    END_KEY = "end-key", _("API key revoked")
    MOVE_KEY = "move-key", _("Key given to the successor unit")
