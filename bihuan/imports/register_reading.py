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

    def row(self, said: dict[str, Any], notes: list[Note]) -> RegisterRow:
        self.set_number(said)
        received = said.get("reported_at")
        if not isinstance(received, datetime):
            raise RowRefused([Fault(NoDate(), "reported_at")])
        said["reported_at"] = self.local(received)
        self._set_over(said)
        self.set_deadline(said, received.date())
        self.set_words(said)
        self.set_units(said, notes)
        self.set_remark(said, notes)
        told = {name: value for name, value in said.items() if name in RegisterRow._fields}
        return RegisterRow(**{name: value for name, value in told.items() if value is not None})

    def _set_over(self, said: dict[str, Any]) -> None:
        """A day of ending without a status means that it has ended."""
        ended = said.pop("ended_at", None)
        said["ended_at"] = self.local(ended) if isinstance(ended, datetime) else None
        if said["ended_at"] and said.get("closed") is None and not said.get("stage"):
            said["closed"] = True
        if isinstance(ended, datetime) and ended.time() == time():
            # A day without a time lasts to its end, so that receipt and end on the same day are no
            # fault.
            said["ended_at"] = max(said["ended_at"], said["reported_at"])
