"""Values of the organisation as the workbook's pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan import formats
from bihuan.orgs.models import Unit
from bihuan.orgs.wording import POWERS
from bihuan.staffing.columns import SHEETS

# What has another key in an action than in the workbook, or no column.
_NAMED: Mapping[str, str | Promise] = {
    "leaves": _("Leaves the post"),
    "work_phone": _("Work telephone"),
    "parent": _("Unit above"),
}


def title_of(table: str, key: str) -> str:
    """Return the title of a value, as in the workbook."""
    sheet = next(sheet for sheet in SHEETS if sheet.table == table)
    column = sheet.column_of(key)
    return str(_NAMED.get(key) or (column.title if column else key))


def value(key: str, found: object) -> str:
    """Return a value in the reader's language."""
    if isinstance(found, date):
        return formats.day(found)
    if key == "kind" and found:
        return str(Unit.Kind(str(found)).label)
    if isinstance(found, list):
        return formats.names(str(label) for power, label in POWERS.items() if power in found)
    return str(found or "")
