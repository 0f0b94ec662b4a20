"""The acts of this app that the journal records, in the chain of the officer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FactorAct(TextChoices):
    """What happened to an officer's second factor."""

    SET_UP_APP = "set-up-code-app", _("Code app set up")
    REMOVE_APP = "remove-code-app", _("Code app removed")
    ADD_PASSKEY = "add-passkey", _("Passkey added")
    REMOVE_PASSKEY = "remove-passkey", _("Passkey removed")
    MAKE_CODES = "make-recovery-codes", _("Recovery codes created")
    USE_CODE = "use-recovery-code", _("Recovery code used")
    FAILED = "second-step-failed", _("Second step of a sign-in failed")
    ENTER_SUBJECT = "enter-provider-subject", _("Subject of the sign-in service entered")
    REMOVE_SUBJECT = "remove-provider-subject", _("Subject of the sign-in service removed")
    END_SESSION = "end-session-without-factor", _("Session ended: second step missing")
    ASK_REMOVAL = "ask-factor-removal", _("Removal of the second factor requested")
    WITHDRAW_REMOVAL = "withdraw-factor-removal", _("Request to remove the second factor withdrawn")
    REMOVE_ALL = "remove-second-factor", _("Second factor removed")
