"""Grievances, suggestions and categories in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from bihuan.cases import wording as case_words
from bihuan.core.refusal import Refusal
from bihuan.grievances.actions import category

_SENTENCES: dict[type[Refusal], Callable[[], str]] = {
    category.TooDeep: lambda: _("The tree has three levels, and this would be a fourth."),
    category.NameTaken: lambda: _("Another category at this place has the name already."),
    category.BelowItself: lambda: _("A category cannot hang below itself."),
    category.Retired: lambda: _("The category above is retired. Take it into use again first."),
}


def explain(refusal: Refusal) -> str:
    """Why something may not be done, in a sentence for the person who tried."""
    sentence = _SENTENCES.get(type(refusal))
    return sentence() if sentence else case_words.explain(refusal)
