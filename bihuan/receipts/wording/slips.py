"""Texts that explain why a slip is not genuine, and what remains uncertain."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

BAD_SLIPS: Mapping[str, str | Promise] = {
    "form": gettext_lazy("This is not the text of a receipt, or part of it is missing."),
    "key": gettext_lazy("None of the given keys is the one named in the receipt."),
    "signature": gettext_lazy("The receipt was changed, or was not signed by this system."),
}

PROVISIONAL = gettext_lazy("The due date was provisional: the holidays before it were not known.")
