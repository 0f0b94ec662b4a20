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
    "overdue": gettext_lazy("“%(rule)s” ran out on %(day)s."),
    "moved": gettext_lazy("“%(rule)s” ends earlier than was said: on %(day)s."),
    "escalation": gettext_lazy("“%(rule)s” ran out on %(day)s and nothing was done since."),
    LIFT: gettext_lazy(
        "Everybody below who could take this case up is shut out of it: it is your unit's now."
    ),
    PUT_BACK: gettext_lazy("The holder of its post is shut out of it. Give it to another post."),
    "added": gettext_lazy("The reporter has answered or added something."),
    "unsolved": gettext_lazy("The reporter says: not solved. Somebody has to look into it."),
    "ask_opening": gettext_lazy("Somebody asks to open the seal; a second person has to allow it."),
    "ask_in_danger": gettext_lazy(
        "A life is said to be in danger: a colleague asks to open the seal. Allow or refuse it now."
    ),
    "held": gettext_lazy(
        "Something that ends or weakens the matter came by a code from a desk. Make sure that the "
        "person wants it, and confirm it or not."
    ),
    "amendment": amending_wording.NOTICE,
    "rejected": gettext_lazy(
        "%(unit)s rejected this report itself. Check the reason; a hazard that was wrongly "
        "rejected is reported again."
    ),
    "downgraded": gettext_lazy(
        "%(unit)s, not a level above, changed this major hazard to a general one. Check the reason."
    ),
    "reworded": gettext_lazy(
        "%(unit)s, not a level above, changed the words of this case after the work was given "
        "out. What they were is on the timeline."
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
        "%(unit)s: %(who)s opened a seal and %(second)s allowed it, because a life was said to be "
        "in danger. Ask both for the reason."
    )
    return str(said % message.detail)
