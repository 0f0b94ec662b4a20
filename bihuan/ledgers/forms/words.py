"""The meaning of the words in a file: names of units, grades, stages, closures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bihuan import formats
from bihuan.core.powers import Power
from bihuan.ledgers import mapping as mappings
from bihuan.ledgers.forms.answers import no_such_unit
from bihuan.ledgers.models import ImportJob
from bihuan.orgs import choices
from bihuan.orgs.models import Tenure, Unit
from bihuan.sheets.ledger.types import Choices, LedgerType
from bihuan.sheets.ledger.units import Units
from bihuan.sheets.values import SHOWN
from bihuan.web.fields import line


@dataclass(frozen=True)
class WordLine:
    """One unknown word of the file, or one whose meaning was given."""

    field: str
    said: str
    rows: int
    choice: BoundField
    may_be: str = ""


class WordsForm(forms.Form):
    """The meaning of the words in the file: names of units, grades, stages and closures."""

    def __init__(self, *args: Any, job: ImportJob, **options: Any) -> None:
        super().__init__(*args, **options)
        self.job = job
        self.mapping = mappings.from_json(job.mapping, job.name)
        self.words = _words(job, self.mapping)
        for (name, word), (meaning, _rows) in self.words.items():
            self.fields[_word_name(name, word)] = self._field(name, word)
            self.initial[_word_name(name, word)] = meaning

    def _title(self, name: str) -> str:
        return self.mapping.vocabulary.by_name[name].title

    def _field(self, name: str, word: str) -> forms.Field:
        label = _("%(place)s: %(said)s") % {"place": self._title(name), "said": word}
        answers = _answers(self.mapping.ledger).get(name)
        if answers:
            offered = [("", _("— unknown: refuse the row —")), *answers]
            return forms.ChoiceField(label=label, choices=offered, required=False)
        widget = (
            forms.TextInput(attrs={"list": "units"})
            if name in self.mapping.vocabulary.units
            else None
        )
        return line(label, required=False, widget=widget)

    @property
    def lines(self) -> list[WordLine]:
        return [
            WordLine(
                self._title(name),
                word,
                rows,
                self[_word_name(name, word)],
                self._may_be(name, word),
            )
            for (name, word), (_meant, rows) in self.words.items()
        ]

    def _may_be(self, name: str, word: str) -> str:
        """Return the units that a word may mean, in words."""
        if name not in self.mapping.vocabulary.units:
            return ""
        return formats.either(f"“{unit}”" for unit in self._units.suggested(word))

    @cached_property
    def _units(self) -> Units:
        return Units(self.job.unit)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        units = self._units
        words: dict[str, dict[str, str]] = {}
        for name, word in self.words:
            meaning = given.get(_word_name(name, word))
            if meaning and name in self.mapping.vocabulary.units and units.find(meaning) is None:
                self.add_error(_word_name(name, word), no_such_unit(meaning, units))
            elif meaning:
                words.setdefault(name, {})[word] = meaning
        self.mapping = replace(self.mapping, words=words)
        return given


def _words(job: ImportJob, mapping: mappings.Mapping) -> dict[tuple[str, str], tuple[str, int]]:
    """Return each word by field: its given meaning, and in how many rows it is unknown."""
    words = {
        (name, word): (meaning, 0)
        for name, table in mapping.words.items()
        for word, meaning in table.items()
    }
    for name, counted in job.result.get("unknown", {}).items():
        for word, rows in counted.items():
            # A shortened word does not occur in the file in that form.
            if len(word) < SHOWN:
                meaning, _rows = words.get((name, word), ("", 0))
                words[name, word] = (meaning, rows)
    return words


def _word_name(name: str, word: str) -> str:
    return f"word-{name}-{blake2b(word.encode(), digest_size=6).hexdigest()}"


def _answers(ledger: LedgerType[Any]) -> Mapping[str, Choices]:
    """Return the possible meanings of the words in these columns."""
    ended = [("yes", _("Yes, closed")), ("no", _("No, it is still open"))]
    return {"closed": ended, **ledger.answers()}


def officers_named(top: Unit, now: datetime) -> list[tuple[str, str]]:
    """Return the officers who hold a handling post of the unit or below it, each with the post."""
    tenures = Tenure.objects.in_force(localdate(now)).filter(post__unit__path__startswith=top.path)
    found = tenures.select_related("member", "post__unit").order_by("post__unit__path", "pk")
    return [
        (each.member.name, f"{choices.name_of(each.post.unit)} · {each.post}")
        for each in found
        if Power.HANDLE in each.post.powers
    ]


def units_named(top: Unit) -> list[tuple[str, str]]:
    """Return how a unit may be named in a form, and further hints."""
    units = Units(top)
    rows = Unit.objects.within(top).order_by("path").values_list("name", "code")
    return [(code, name) if name in units.ambiguous else (name, code) for name, code in rows]
