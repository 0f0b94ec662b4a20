"""Which column of a file is which field, and values that are the same for every row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan import formats
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.forms.answers import EmptyCellsField, no_such_unit
from bihuan.ledgers.look import Look, Seen, from_json
from bihuan.ledgers.models import ImportJob
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.ledger.vocabulary import Field, Vocabulary
from bihuan.sheets.personal import Personal
from bihuan.sheets.titles import name_key
from bihuan.sheets.wording import why_left_out
from bihuan.web.fields import day, line

NOT_READ = gettext_lazy("— not read —")
MASK = "••••••"
MOST_TEXT = 200


@dataclass(frozen=True)
class ColumnLine:
    """One column of the file on the page, with the select for its field."""

    seen: Seen
    samples: list[str]
    choice: BoundField | None
    guess: str
    candidates: list[str]
    checked_as: str

    @property
    def is_as_checked(self) -> bool:
        """Whether the column is still read as the field that its first values were checked for."""
        return self.choice is not None and self.choice.value() == self.seen.checked_as != ""

    @property
    def does_not_fit(self) -> bool:
        return self.is_as_checked and self.seen.is_doubtful

    @property
    def misfits(self) -> str:
        """Return the first values that do not fit, in words."""
        return formats.names(f"“{shown}”" for shown in self.seen.misfits)

    @property
    def may_be(self) -> str:
        """Return the possible fields, in words."""
        return formats.either(f"“{title}”" for title in self.candidates)

    @property
    def why_left_out(self) -> str:
        return why_left_out(Personal(self.seen.personal))


@dataclass(frozen=True)
class Lacking:
    """A required field, or one of several, without a value; and the input that can supply it."""

    titles: str
    name: str
    target: str
    is_constant: bool


class ColumnsForm(forms.Form):
    """Which column is which field, and values that are the same for every row."""

    dates = forms.ChoiceField(
        label=gettext_lazy("Dates such as 03/04/2025"),
        required=False,
        choices=[
            (
                "",
                gettext_lazy(
                    "like the other dates of their column; if that is unclear, return the row"
                ),
            ),
            ("day", gettext_lazy("mean 3 April: the day comes first")),
            ("month", gettext_lazy("mean March 4: the month comes first")),
        ],
        widget=forms.RadioSelect,
    )
    zone = line(
        gettext_lazy("Time zone of the times in the file"),
        length=40,
        required=False,
        help_text=gettext_lazy("For example Asia/Urumqi. Leave empty for the local time zone."),
    )
    money = forms.ChoiceField(
        label=gettext_lazy("Amounts of money without a unit"),
        choices=[
            ("", gettext_lazy("as in the file; yuan if not stated")),
            ("元", gettext_lazy("are yuan")),
            ("千元", gettext_lazy("are thousands of yuan")),
            ("万元", gettext_lazy("are ten thousands of yuan")),
        ],
        required=False,
    )
    keep_as = line(
        gettext_lazy("Save these settings as"),
        length=60,
        required=False,
        help_text=gettext_lazy("A name to choose these settings for the next file."),
    )

    def __init__(self, *args: Any, job: ImportJob, **options: Any) -> None:
        super().__init__(*args, **options)
        self.job, self.seen = job, from_json(job.look)
        self.mapping = mappings.from_json(job.mapping, job.name)
        dates = self.mapping.dates.partition(" ")[0]
        money = self.mapping.money
        self.initial = {"dates": dates, "zone": self.mapping.zone, "money": money}
        self.fields["empty_clears"] = EmptyCellsField()
        self.initial["empty_clears"] = job.empty_clears
        self._add_columns()
        self._add_constants()

    def _add_columns(self) -> None:
        fields = [("", NOT_READ), *((each.name, each.title) for each in self.vocabulary.fields)]
        meaning = {name_key(title): name for name, title in self.mapping.columns.items()}
        for column in _choosable(self.seen):
            name = _column_name(column)
            self.fields[name] = forms.ChoiceField(
                label=column.title, choices=fields, required=False
            )
            self.initial[name] = meaning.get(name_key(column.title), "")

    def _add_constants(self) -> None:
        for name in self.vocabulary.constants:
            self.fields[f"all-{name}"] = self._constant(self.vocabulary.by_name[name])
            self.initial[f"all-{name}"] = self.mapping.constants.get(name, "")

    def _constant(self, field: Field) -> forms.Field:
        answers = self.mapping.ledger.answers().get(field.name)
        if answers:
            offered = [("", _("— as in the row —")), *answers]
            return forms.ChoiceField(label=field.title, choices=offered, required=False)
        if field.name in self.vocabulary.days:
            return day(field.title, required=False)
        listed = {"unit": "units", "officer": "officers"}.get(field.holds)
        widget = forms.TextInput(attrs={"list": listed}) if listed else None
        length = min(field.most or MOST_TEXT, MOST_TEXT)
        return line(field.title, length=length, required=False, widget=widget)

    @property
    def vocabulary(self) -> Vocabulary:
        return self.mapping.vocabulary

    # -------------------------------------------------------------- for the page
    @property
    def lines(self) -> Iterator[ColumnLine]:
        for column in self.seen.columns:
            name = _column_name(column)
            choice = self[name] if name in self.fields else None
            known = self.vocabulary.by_name
            may_be = [known[each].title for each in column.candidates if each in known]
            samples = self.seen.samples(column)
            if not column.title and not samples:
                continue
            checked_as = self.vocabulary.title_of(column.checked_as)
            yield ColumnLine(column, samples, choice, _guess(column), may_be, checked_as)

    @property
    def asked(self) -> list[ColumnLine]:
        """Return the columns whose field the officer must choose."""
        return [line for line in self.lines if line.candidates]

    @property
    def doubtful(self) -> list[ColumnLine]:
        """Return the columns whose first values do not fit the field that they are read as."""
        return [line for line in self.lines if line.does_not_fit]

    @property
    def constants(self) -> list[BoundField]:
        return [self[f"all-{name}"] for name in self.vocabulary.constants]

    @property
    def lacking(self) -> list[Lacking]:
        """Return what a file lacks before anything is chosen; then the errors say it."""
        if self.is_bound:
            return []
        return list(self._lacking({*self.mapping.columns, *self.mapping.constants}))

    @property
    def has_constant_errors(self) -> bool:
        return any(field.errors for field in self.constants)

    @property
    def preview(self) -> list[list[str]]:
        """Return the first rows, each as wide as the header; personal data of the public is
        masked.
        """
        personal = {column.index for column in self.seen.columns if column.is_personal}
        return [
            [
                MASK if column.index in personal else "".join(row[column.index : column.index + 1])
                for column in self.seen.columns
            ]
            for row in self.seen.rows
        ]

    # ------------------------------------------------------------------- answers
    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone and zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        columns = self._chosen(given)
        constants = dict(self.mapping.constants)
        for name in self.vocabulary.constants:
            constants.pop(name, None)
            if value := given.get(f"all-{name}"):
                constants[name] = value.isoformat() if isinstance(value, date) else value
        self._require_units(given)
        self._require_enough({*columns, *constants})
        self.mapping = replace(
            self.mapping,
            columns=columns,
            month_first=given.get("dates") == "month",
            day_first=given.get("dates") == "day",
            zone=given.get("zone", ""),
            money=given.get("money", ""),
            constants=constants,
        )
        return given

    def _chosen(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Return the header of each field; if two columns claim a field, both get an error."""
        columns: dict[str, str] = {}
        for column in _choosable(self.seen):
            name = given.get(_column_name(column))
            if not name:
                continue
            if name in columns:
                details = {"field": self.vocabulary.by_name[name].title, "other": columns[name]}
                self.add_error(
                    _column_name(column),
                    _("“%(field)s” is already assigned to “%(other)s”.") % details,
                )
            columns.setdefault(name, column.title)
        return columns

    def _require_units(self, given: Mapping[str, Any]) -> None:
        units = Units(self.job.unit)
        for name in self.vocabulary.units & {*self.vocabulary.constants}:
            text = given.get(f"all-{name}")
            if text and units.find(text) is None:
                self.add_error(f"all-{name}", no_such_unit(text, units))

    def _require_enough(self, known: set[str]) -> None:
        """Refuse a file without a required field, at the input that can supply it."""
        for lacking in self._lacking(known):
            if lacking.is_constant:
                text = _(
                    "No column is read as %(titles)s. Choose it above, or give one value here."
                )
            else:
                text = _("No column is read as %(titles)s. Choose the column that contains it.")
            self.add_error(lacking.name or None, text % {"titles": lacking.titles})

    def _lacking(self, known: Collection[str]) -> Iterator[Lacking]:
        """Return the required fields without a value, each with the input that can supply it."""
        by_name = self.vocabulary.by_name
        for names in self.vocabulary.hints.needed:
            if not any(name in known for name in names):
                titles = formats.either(f"“{by_name[name].title}”" for name in names)
                constant = next((each for each in names if each in self.vocabulary.constants), "")
                name = f"all-{constant}" if constant else self._first_unread()
                yield Lacking(titles, name, f"id_{name}", bool(constant))

    def _first_unread(self) -> str:
        """Return the first column that is not read, which may be the missing one."""
        read = {name_key(title) for title in self.mapping.columns.values()}
        unread = (
            _column_name(column)
            for column in _choosable(self.seen)
            if name_key(column.title) not in read and not column.is_serial
        )
        return next(unread, "")


def _choosable(seen: Look) -> Iterator[Seen]:
    """Return the columns that may be read; of several with one header only the first can be
    chosen.
    """
    titles: set[str] = set()
    for column in seen.columns:
        if column.title and not column.is_personal and name_key(column.title) not in titles:
            titles.add(name_key(column.title))
            yield column


def _column_name(column: Seen) -> str:
    return f"column-{column.index}"


def _guess(column: Seen) -> str:
    """Return the confidence of the guess, in words."""
    if not column.sure:
        return ""
    return _("recognised") if column.sure == 1 else _("guessed: please check")


def left_out(seen: Look) -> list[tuple[str, str]]:
    """Return the columns that are never read, each with the reason."""
    return [
        (column.title, why_left_out(Personal(column.personal)))
        for column in seen.columns
        if column.is_personal
    ]
