"""The acts of this app that the journal records."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BindingAct(TextChoices):
    """What happened to a binding."""

    BIND = "bind", _("Bound to a post")
    UNBIND = "unbind", _("Binding ended")
    UNDO = "undo-binding", _("Binding undone")


class GroupAct(TextChoices):
    """What happened to a group of posts."""

    FORM = "form-group", _("Group formed")
    CHANGE = "change-group", _("Group changed")
    DISSOLVE = "dissolve-group", _("Group dissolved")


class VisitAct(TextChoices):
    """What happened to a visit."""

    RECORD = "record-visit", _("Visit recorded")
    WITHDRAW = "withdraw-visit", _("Visit withdrawn")


class SubmissionAct(TextChoices):
    """What happened to a paper that an operator submitted."""

    SUBMIT = "submit-paper", _("Paper submitted")
    WITHDRAW = "withdraw-submission", _("Paper taken back")
    ACCEPT = "accept-submission", _("Paper accepted")
    REFUSE = "refuse-submission", _("Paper refused")
