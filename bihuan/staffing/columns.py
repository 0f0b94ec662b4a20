"""The sheets of the workbook and their columns, with the keys of a district file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Column:
    """A column: its title, its key in a district file (empty: for readers only), and its width."""

    title: str | Promise
    key: str = ""
    width: float = 18


@dataclass(frozen=True)
class TableSheet:
    """A sheet: its title, and the table of a district file that it holds."""

    title: str | Promise
    table: str
    columns: tuple[Column, ...]

    def column_of(self, key: str) -> Column | None:
        return next((each for each in self.columns if each.key == key), None)


SHEETS = (
    TableSheet(
        _("Units"),
        "units",
        (
            Column(_("Unit code"), "code"),
            Column(_("Name"), "name", 26),
            Column(_("English name"), "name_en", 26),
            Column(pgettext_lazy("unit", "Kind"), "kind", 12),
            Column(_("Code of the unit above"), "parent"),
            Column(_("Unit above"), "", 26),
            Column(_("Division code"), "division_code"),
        ),
    ),
    TableSheet(
        _("Posts"),
        "posts",
        (
            Column(_("Unit code"), "unit"),
            Column(_("Unit"), "", 26),
            Column(pgettext_lazy("post", "Title"), "title"),
            Column(_("English title"), "title_en"),
            Column(_("Powers"), "powers", 40),
        ),
    ),
    TableSheet(
        _("Officers"),
        "officers",
        (
            Column(_("User name"), "username"),
            Column(pgettext_lazy("officer", "Name"), "name"),
            Column(_("Work telephone"), "phone"),
        ),
    ),
    TableSheet(
        _("Appointments"),
        "tenures",
        (
            Column(_("User name"), "officer"),
            Column(pgettext_lazy("officer", "Name")),
            Column(_("Unit code"), "unit"),
            Column(_("Unit"), "", 26),
            Column(_("Post"), "post"),
            Column(_("First day"), "start_date"),
            Column(_("Last day"), "end_date"),
        ),
    ),
)


def in_every_language(words: str | Promise) -> frozenset[str]:
    """Return the text in each language, in lower case: a workbook may come from either."""
    found = set()
    for language in LANGUAGES:
        with override(language):
            found.add(str(words).strip().lower())
    return frozenset(found)


def by_words(labels: Mapping[str, str | Promise]) -> dict[str, str]:
    """Map each label in each language, and each key, to its key."""
    found = {key.lower(): key for key in labels}
    for key, label in labels.items():
        found |= dict.fromkeys(in_every_language(label), key)
    return found
