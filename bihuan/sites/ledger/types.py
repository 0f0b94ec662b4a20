"""The ledger of sites (场所台账) as a type of ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.core.history import RowFault
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.types import LedgerType, LedgerWords, Value
from bihuan.sheets.ledger.vocabulary import read
from bihuan.sites.actions.ledger_rows import KIND, SiteIntake, beside, told
from bihuan.sites.ledger import words
from bihuan.sites.ledger.assembly import SiteAssembly, cells
from bihuan.sites.models import Site
from bihuan.sites.rows import SiteRow

FOLDER = Path(__file__).parent
AT_ONCE = 2_000

WORDS = LedgerWords(
    name=_("Sites"),
    looks_like=_("This looks like a ledger of sites."),
    same=_("the same site"),
    another=_("another site"),
    rows={
        RowFault.NOTHING_FOUND: _("The row does not name the site."),
        RowFault.NO_PLACE: _("The row has one coordinate without the other."),
        RowFault.NO_DATE: _("Only a coordinator of the unit registers its sites."),
        RowFault.TWICE_IN_THE_FILE: _("The same site is in the file twice."),
        RowFault.OF_ANOTHER_UNIT: _("The site belongs to another unit; it is moved on its page."),
        RowFault.STAGE_NOT_TOLD_BY_ROWS: _("No site has this code."),
        RowFault.LINKED: _("Several sites of the unit have this name; give the code of the site."),
        RowFault.ENDED: _("The site is closed; reopen it on its page first."),
        RowFault.STAGE_CONTRADICTED: _("A site is closed and reopened on its page."),
        RowFault.WORKED_ON: _(
            "The attributes do not fit the kind of site. Write each as its name, a colon and its "
            "value, with semicolons between them."
        ),
    },
    unknown={
        "kind": _("“%(shown)s” is no kind of site: %(known)s."),
        "regulators": _("“%(shown)s” is neither a trade nor a unit."),
        "latitude": _("“%(shown)s” is not a latitude in degrees."),
        "longitude": _("“%(shown)s” is not a longitude in degrees."),
        "permit_expires": _("“%(shown)s” is not a day."),
        "papers": _("“%(shown)s” is not readable as a paper."),
    },
)


def _records(unit: Unit | None, stage: str) -> QuerySet[Site]:
    sites = Site.objects.select_related("operator_unit")
    return sites if unit is None else sites.filter(unit__in=Unit.objects.within(unit))


def _lines(records: QuerySet[Any], units: Mapping[int, str]) -> Iterator[Sequence[Value]]:
    found = records.order_by("pk").iterator(chunk_size=AT_ONCE)
    while sites := list(islice(found, AT_ONCE)):
        regulators, papers = beside({site.pk for site in sites})
        for site in sites:
            yield cells(told(site, regulators[site.pk], papers[site.pk]), units)


LEDGER: LedgerType[SiteRow] = LedgerType(
    vocabulary=read(KIND, FOLDER / "columns.toml"),
    sheet="场所台账",
    words=WORDS,
    assembly=SiteAssembly,
    intake=SiteIntake,
    records=_records,
    lines=_lines,
    sample=FOLDER / "sample.toml",
    page=lambda unit: reverse("sites:sites"),
    order=8,
    converters={
        "code": words.code,
        "name": words.name,
        "kind": words.kind,
        "operator": words.operator,
        "regulators": words.regulators,
        "latitude": words.latitude,
        "longitude": words.longitude,
        "permit": words.permit,
        "permit_number": words.number,
        "permit_expires": words.expires,
        "papers": words.papers,
        "state": words.state,
    },
)
