"""The acts of this app that the journal records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeskAct(TextChoices):
    """What happened to the phrases that an office keeps for everyone."""

    KEEP_PHRASE = "keep-phrase", _("Phrase of an office saved")
    DROP_PHRASE = "drop-phrase", _("Phrase of an office deleted")
