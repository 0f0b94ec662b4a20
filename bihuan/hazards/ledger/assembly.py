"""Combine the cells of one row into one hazard."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from bihuan.core import places
from bihuan.core.closing import may_stand
from bihuan.core.hazard import Stage
from bihuan.hazards.ledger import words
from bihuan.hazards.rows import DEGREE_DIGITS, LedgerRow, NotFixedYetVerified
from bihuan.sheets.ledger.reading.assembly import Assembly, FileFacts
from bihuan.sheets.ledger.reading.faults import Fault, NoDate, RowRefused
from bihuan.sheets.ledger.reading.notes import Note, NoteKind
from bihuan.sheets.ledger.types import LedgerType

_OVER = (Stage.CLOSED, Stage.RECHECKED, Stage.REJECTED)


class HazardAssembly(Assembly):
    """Builds rows of a hazard ledger from parsed cells."""

    def __init__(self, ledger: LedgerType[Any], file: FileFacts) -> None:
        super().__init__(ledger, file)
        # The day of the fix is not yet the day of closure.
        self._ends_the_fix = words.asks_for_the_fix(file.titles.get("ended_at", ""))

    def row(self, values: dict[str, Any], notes: list[Note]) -> LedgerRow:
        self.set_number(values)
        self._set_times(values)
        self._set_end(values, notes)
        self.set_deadline(values, values["found_date"])
        self.set_words(values)
        self._set_point(values)
        self.set_units(values, notes)
        self.set_remark(values, notes)
        return LedgerRow(**{name: value for name, value in values.items() if value is not None})

    def _set_times(self, values: dict[str, Any]) -> None:
        found, reported = values.get("found_date"), values.get("reported_at")
        if not isinstance(found, date):
            found = reported.date() if isinstance(reported, datetime) else None
        if found is None:
            raise RowRefused([Fault(NoDate(), "found_date")])
        if not isinstance(reported, datetime):
            reported = datetime.combine(found, time())
        values["found_date"], values["reported_at"] = found, self.local(reported)
        verified = values.get("verified_date")
        values["verified_date"] = verified if isinstance(verified, date) else None

    def _set_end(self, values: dict[str, Any], notes: list[Note]) -> None:
        verified = values["verified_date"]
        closing, stage = values.get("closed"), values.get("stage")
        if closing is not None:
            if not may_stand(closing, verified=bool(verified and values.get("verifier_name"))):
                both = (Fault(NotFixedYetVerified(), name) for name in ("closed", "verifier_name"))
                raise RowRefused(list(both))
            values["closed"] = closing.is_closed
        ended = values.pop("ended_at", None)
        if not isinstance(ended, datetime):
            ended = None
        over = values.get("closed") or stage in _OVER
        if self._ends_the_fix and ended and (verified or not over):
            notes.append(Note(NoteKind.IN_REMARK, "ended_at", ended.date().isoformat()))
            ended = None
        elif closing is None and stage is None and ended:
            values["closed"] = over = True
        if over and ended is None and verified:
            ended = datetime.combine(verified, time())
        values["ended_at"] = self.local(ended) if ended else None

    def _set_point(self, values: dict[str, Any]) -> None:
        """Coordinates that were rounded or are nowhere are worse than none."""
        latitude, longitude = values.pop("latitude", None), values.pop("longitude", None)
        point = places.on_ground(latitude, longitude)
        if point is None or point.is_whole:
            self.without_place_on_map += 1
            return
        point = point.rounded(DEGREE_DIGITS)
        values["latitude"], values["longitude"] = point.latitude, point.longitude
