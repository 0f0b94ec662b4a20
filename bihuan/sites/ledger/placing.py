"""Rows about a site, which they name by its code, or by a name that only one site has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from bihuan.core.history import RowFault, RowRefused
from bihuan.sheets.ledger.records import RowIntake
from bihuan.sheets.ledger.rows import ImportResult, Judged
from bihuan.sites.models import Site

M = TypeVar("M", bound=Model)


class PlacedIntake(RowIntake[Any, M]):
    """Finds the sites of rows without a code by their names, before the rows are taken in."""

    def named(self) -> QuerySet[Site, Site]:
        """Return the sites that a row may name."""
        raise NotImplementedError

    def take(
        self, rows: Sequence[Judged[Any]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        found, refused = [], []
        for each in rows:
            try:
                found.append(self._placed(each))
            except RowRefused as refusal:
                refused.append((each.given.row, refusal))
        taken = super().take(found, dry_run=dry_run, last=last)
        taken.refused += refused
        return taken

    def _placed(self, judged: Judged[Any]) -> Judged[Any]:
        row = judged.given.content
        if row.site_code:
            return judged
        codes = list(self.named().filter(name=row.site_name).values_list("code", flat=True)[:2])
        if len(codes) != 1:
            raise RowRefused(RowFault.NO_PLACE, "site_name")
        placed = replace(row, site_code=codes[0])
        given = judged.given._replace(content=placed)
        return judged._replace(given=given, key=self.key_of(placed))
