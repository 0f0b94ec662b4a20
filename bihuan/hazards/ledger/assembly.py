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

    def row(self, said: dict[str, Any], notes: list[Note]) -> LedgerRow:
        self.set_number(said)
        self._set_times(said)
        self._set_end(said, notes)
        self.set_deadline(said, said["found_date"])
        self.set_words(said)
        self._set_point(said)
        self.set_units(said, notes)
        self.set_remark(said, notes)
        return LedgerRow(**{name: value for name, value in said.items() if value is not None})

    def _set_times(self, said: dict[str, Any]) -> None:
        found, reported = said.get("found_date"), said.get("reported_at")
        if not isinstance(found, date):
            found = reported.date() if isinstance(reported, datetime) else None
        if found is None:
            raise RowRefused([Fault(NoDate(), "found_date")])
        if not isinstance(reported, datetime):
            reported = datetime.combine(found, time())
        said["found_date"], said["reported_at"] = found, self.local(reported)
        verified = said.get("verified_date")
        said["verified_date"] = verified if isinstance(verified, date) else None

    def _set_end(self, said: dict[str, Any], notes: list[Note]) -> None:
        verified = said["verified_date"]
        closing, stage = said.get("closed"), said.get("stage")
        if closing is not None:
            if not may_stand(closing, verified=bool(verified and said.get("verifier_name"))):
                both = (Fault(NotFixedYetVerified(), name) for name in ("closed", "verifier_name"))
                raise RowRefused(list(both))
            said["closed"] = closing.is_closed
        ended = said.pop("ended_at", None)
        if not isinstance(ended, datetime):
            ended = None
        over = said.get("closed") or stage in _OVER
        if self._ends_the_fix and ended and (verified or not over):
            notes.append(Note(NoteKind.IN_REMARK, "ended_at", ended.date().isoformat()))
            ended = None
        elif closing is None and stage is None and ended:
            said["closed"] = over = True
        if over and ended is None and verified:
            ended = datetime.combine(verified, time())
        said["ended_at"] = self.local(ended) if ended else None

    def _set_point(self, said: dict[str, Any]) -> None:
        """Coordinates that were rounded or are nowhere are worse than none."""
        latitude, longitude = said.pop("latitude", None), said.pop("longitude", None)
        if latitude is None or longitude is None:
            self.without_place_on_map += 1
            return
        on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
        if not on_earth or places.is_rounded(latitude, longitude):
            self.without_place_on_map += 1
            return
        said["latitude"] = round(latitude, DEGREE_DIGITS)
        said["longitude"] = round(longitude, DEGREE_DIGITS)
