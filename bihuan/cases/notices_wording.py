"""What notices say about cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.cases import amending_wording
from bihuan.cases.actions.lifting import LIFT, PUT_BACK
from bihuan.cases.wording import day_of, rule_name
from bihuan.notices.models import Notice

Words = str | Promise

_NOTICES: dict[str, Words] = {
    "warning": gettext_lazy("“%(rule)s” ends on %(day)s."),
    "overdue": gettext_lazy("“%(rule)s” expired on %(day)s."),
    "moved": gettext_lazy("“%(rule)s” ends earlier than stated before: on %(day)s."),
    "escalation": gettext_lazy("“%(rule)s” expired on %(day)s and no action was taken."),
    LIFT: gettext_lazy(
        "All officers below who could take this case are excluded: it now belongs to your unit."
    ),
    PUT_BACK: gettext_lazy("The holder of its post is excluded. Give it to another post."),
    "added": gettext_lazy("The reporter has answered or added information."),
    "unsolved": gettext_lazy("The reporter answered “not solved”. It must be followed up."),
    "ask_opening": gettext_lazy("An officer requests unsealing; a second officer must approve it."),
    "ask_in_danger": gettext_lazy(
        "Reported danger to life: a colleague requests unsealing. Approve or refuse it now."
    ),
    "held": gettext_lazy(
        "A request that ends or weakens the matter was made with a code from a desk. Confirm "
        "with the person whether they want it, then decide."
    ),
    "amendment": amending_wording.NOTICE,
    "rejected": gettext_lazy(
        "%(unit)s rejected this report itself. Check the reason; a hazard rejected by mistake "
        "must be reported again."
    ),
    "downgraded": gettext_lazy(
        "%(unit)s, not a level above, changed this major hazard to a general one. Check the reason."
    ),
    "reworded": gettext_lazy(
        "%(unit)s, not a level above, changed the text of this case after assignment. The "
        "earlier text is on the timeline."
    ),
}


def notice(message: Notice) -> str:
    """What a notice says about its case."""
    said = _NOTICES.get(message.what)
    if said is None:
        return message.what
    detail = message.detail
    return str(said) % {
        "rule": rule_name(str(detail.get("rule", ""))),
        "day": day_of(detail.get("due_at", "")),
        "unit": detail.get("unit", ""),
    }


def opened_in_danger(message: Notice) -> str:
    """What an auditor hears of a seal that two opened because a life was in danger."""
    said = _(
        "%(unit)s: %(who)s unsealed an identity and %(second)s approved it, because of a "
        "reported danger to life. Ask both for the reason."
    )
    return str(said % message.detail)
