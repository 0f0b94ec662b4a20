"""The moves of hazards that can be made for many at once."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.core.hazard import Grade, Move
from bihuan.desk.forms import MoveForm
from bihuan.desk.move_pages import MovePage
from bihuan.desk.pages import BatchMove
from bihuan.hazards import forms
from bihuan.hazards.actions import notification, reporting
from bihuan.hazards.moves import MOVES
from bihuan.orgs.choices import name_of


def _is_major(case: Case) -> Words:
    is_major = case.hazard.grade == Grade.MAJOR
    return _("A major hazard: only on its own page.") if is_major else ""


def _takes_more(case: Case) -> Words:
    """A reporter receives the result in words of its own, and a fix without a photo is decided by
    what else is known.
    """
    if notification.is_from_public(case):
        return _("The reporter receives an answer: close it on its own page.")
    if not case.has_after_evidence:
        return _("The fix has no photo: close it on its own page.")
    return _is_major(case)


def _is_elsewhere(case: Case, form: MoveForm[object]) -> Words:
    """Warn if the post's unit does not contain the unit or the place of the case."""
    unit = form.cleaned_data["post"].unit
    if any(each.path.startswith(unit.path) for each in (case.owner, case.origin)):
        return ""
    return _("%(unit)s is not above this case's unit, %(own)s.") % {
        "unit": name_of(unit),
        "own": name_of(case.owner),
    }


BATCH: Mapping[str, BatchMove] = {
    "confirm": BatchMove(
        Move.CONFIRM,
        MovePage(
            pgettext_lazy("move", "Confirm"),
            forms.ConfirmManyForm,
            lambda request, data: reporting.confirm(**request, grade=Grade.GENERAL, note=data.note),
            pgettext_lazy("happened", "Confirmed"),
            consequences=(
                _("Each is confirmed as a general hazard. Confirm major hazards one at a time."),
                _("Reporters are informed that their report was confirmed."),
            ),
        ),
        bar=_is_major,
    ),
    "assign": BatchMove(Move.ASSIGN, MOVES[Move.ASSIGN], bar=_is_major, warn=_is_elsewhere),
    "close": BatchMove(Move.CLOSE, MOVES[Move.CLOSE], bar=_takes_more, shows_fix=True),
}
