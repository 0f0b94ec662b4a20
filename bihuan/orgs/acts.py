"""The acts of this app that the journal records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrgAct(TextChoices):
    """What happened to a unit, a post or an officer's account."""

    ADD_UNIT = "add-unit", _("Unit added")
    CHANGE_UNIT = "change-unit", _("Unit changed")
    MOVE_UNIT = "move-unit", _("Unit moved")
    CLOSE_UNIT = "close-unit", _("Unit closed")
    ADD_POST = "add-post", _("Post added")
    CHANGE_POST = "change-post", _("Post changed")
    END_POST = "end-post", _("Post ended")
    MOVE_POST = "move-post", _("Post moved to another unit")
    APPOINT = "appoint", _("Officer appointed")
    HAND_OVER = "hand-over", _("Post handed over")
    END_TENURE = "end-tenure", _("Officer left the post")
    WITHDRAW = "withdraw-appointment", _("Appointment withdrawn")
    ANNUL = "annul-appointment", _("Appointment annulled")
    NAME_STAND_IN = "name-stand-in", _("Stand-in named")
    ACCEPT_STAND_IN = "accept-stand-in", _("Stand-in accepted")
    DECLINE_STAND_IN = "decline-stand-in", _("Stand-in declined")
    WITHDRAW_STAND_IN = "withdraw-stand-in", _("Question to a stand-in withdrawn")
    END_STAND_IN = "end-stand-in", _("Stand-in ended")
    ADD_MEMBER = "add-member", _("Officer added")
    CHANGE_MEMBER = "change-member", _("Officer changed")
    DEACTIVATE = "deactivate-member", _("Account closed")
    REACTIVATE = "reactivate-member", _("Account reopened")
    RESET_PASSWORD = "reset-password", _("Password reset by an administrator")
    CHANGE_PASSWORD = "change-password", _("Password changed")
    FIRST_STEP = "first-step", _("Password correct, second step required")
    UNLOCK = "unlock", _("Account unlocked at the command line")
    CONFIRM = "confirm-grant", _("Confirmed by a second administrator")
    SIGN_IN = "sign-in", _("Signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("Sign-in failed")
    LOCK = "lock", _("Account locked after failed sign-ins")
    SIGN_OUT = "sign-out", _("Signed out")
    IDLE_OUT = "idle-out", _("Signed out after inactivity")
    END_SESSIONS = "end-sessions", _("Sessions ended at the command line")
    IMPORT = "import-organisation", _("Workbook of the organisation imported")
    CARRY_OUT = "carry-out-form", _("Form of an administrator carried out")
    END_SESSION = "end-session", _("Session ended from another device")


# What officers do to their own account, whatever posts they hold.
OF_THE_ACCOUNT = frozenset(
    {
        OrgAct.CHANGE_MEMBER.value,
        OrgAct.CHANGE_PASSWORD.value,
        OrgAct.FIRST_STEP.value,
        OrgAct.SIGN_IN.value,
        OrgAct.SIGN_IN_FAILED.value,
        OrgAct.SIGN_OUT.value,
        OrgAct.IDLE_OUT.value,
        OrgAct.END_SESSION.value,
    }
)
