"""Combine the cells of one row of a register."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from bihuan.imports.register import RegisterRow
from bihuan.sheets.ledger.reading.assembly import Assembly
from bihuan.sheets.ledger.reading.faults import Fault, NoDate, RowRefused
from bihuan.sheets.ledger.reading.notes import Note


class RegisterAssembly(Assembly):
    """Builds rows of a register from parsed cells."""

    def row(self, values: dict[str, Any], notes: list[Note]) -> RegisterRow:
        self.set_number(values)
        received = values.get("reported_at")
        if not isinstance(received, datetime):
            raise RowRefused([Fault(NoDate(), "reported_at")])
        values["reported_at"] = self.local(received)
        self._set_over(values)
        self.set_deadline(values, received.date())
        self.set_words(values)
        self.set_units(values, notes)
        self.set_remark(values, notes)
        fields = {name: value for name, value in values.items() if name in RegisterRow._fields}
        return RegisterRow(**{name: value for name, value in fields.items() if value is not None})

    def _set_over(self, values: dict[str, Any]) -> None:
        """A day of ending without a status means that it has ended."""
        ended = values.pop("ended_at", None)
        values["ended_at"] = self.local(ended) if isinstance(ended, datetime) else None
        if values["ended_at"] and values.get("closed") is None and not values.get("stage"):
            values["closed"] = True
        if isinstance(ended, datetime) and ended.time() == time():
            # A day without a time lasts to its end, so that receipt and end on the same day are no
            # fault.
            values["ended_at"] = max(values["ended_at"], values["reported_at"])
