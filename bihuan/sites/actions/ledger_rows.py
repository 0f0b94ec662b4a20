"""Import the rows of a ledger of sites: each registers a site, or changes the one it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from itertools import chain
from typing import TypeVar

from django.db import transaction

from bihuan.core.history import RowFault, RowRefused
from bihuan.core.places import Point
from bihuan.core.refusal import Refusal
from bihuan.core.shapes import DIGITS
from bihuan.orgs import access
from bihuan.orgs.models import Unit
from bihuan.sheets.ledger.rows import Given, ImportResult, Judged, RowChange, RowOutcome
from bihuan.sheets.ledger.types import ImportRun
from bihuan.sites import catalogue
from bihuan.sites.actions import entering, papers, registering, regulators
from bihuan.sites.actions.entering import NewSite
from bihuan.sites.actions.papers import PaperFacts
from bihuan.sites.actions.registering import SiteFacts
from bihuan.sites.models import Site, SitePaper, SiteRegulator
from bihuan.sites.queries import KEEPER
from bihuan.sites.rows import CLOSED, OPEN, PaperRow, SiteRow, read_attributes, written_attributes

KIND = "site"
M = TypeVar("M")
# What identifies a site, and what a row cannot change.
FIXED = ("unit", "code", "state")
# Fields of `SiteFacts`; the others have actions of their own.
STATED = ("name", "kind", "address", "latitude", "longitude", "operator", "attributes")


class SiteIntake:
    """Registers a site for each new row, and changes the site of a row that differs from it.

    A site is found by its code, or else by its name in the unit. What a row leaves empty stays.
    """

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._seen: set[object] = set()
        self._may_keep: dict[int, bool] = {}
        self._new: list[NewSite] = []

    def judge(self, given: Given[SiteRow]) -> Judged[SiteRow]:
        row = given.content
        return Judged(given, stage="", key=row.code or f"{row.unit}\x1f{row.name}", digest="")

    def further_faults(self, row: SiteRow, unread: Collection[str]) -> list[RowRefused]:
        return []

    def take(
        self, rows: Sequence[Judged[SiteRow]], *, dry_run: bool = False, last: bool = True
    ) -> ImportResult:
        taken = ImportResult()
        with transaction.atomic():
            known, self._new = KnownSites([each.given.content for each in rows]), []
            for each in rows:
                try:
                    outcome = self._take(each.given, known, taken)
                except RowRefused as refusal:
                    taken.refused.append((each.given.row, refusal))
                else:
                    taken.counts[outcome] += 1
            entering.enter_many(new=self._new, actor=self._run.actor, now=self._run.now)
            if dry_run:
                transaction.set_rollback(True)
        return taken

    def _take(self, given: Given[SiteRow], known: KnownSites, taken: ImportResult) -> RowOutcome:
        row = given.content
        self._require_keeper(row)
        site = known.site(row)
        self._require_first(row, site)
        if site is not None:
            return self._compare(given, site, known, taken)
        if row.state == CLOSED:
            raise RowRefused(RowFault.STAGE_CONTRADICTED, "state")
        self._run.units.require_open("unit", row.unit)
        self._register(row)
        taken.created.append(given.row)
        return RowOutcome.CREATED

    def _require_keeper(self, row: SiteRow) -> None:
        """Also administrators import workbooks; the register is kept by coordinators."""
        actor = self._run.actor
        if actor is None:
            return
        if row.unit not in self._may_keep:
            unit = Unit.objects.get(pk=row.unit)
            self._may_keep[row.unit] = access.has(actor, KEEPER, unit=unit, now=self._run.now)
        if not self._may_keep[row.unit]:
            raise RowRefused(RowFault.NO_DATE, "unit")

    def _require_first(self, row: SiteRow, site: Site | None) -> None:
        key: object = site.pk if site else (row.unit, row.name)
        if key in self._seen or (row.unit, row.name) in self._seen:
            raise RowRefused(RowFault.TWICE_IN_THE_FILE, "name")
        self._seen |= {key, (row.unit, row.name)}

    # ----------------------------------------------------------------- a new site
    def _register(self, row: SiteRow) -> None:
        """Check a new site; all of a batch are entered together."""
        kind = row.kind or catalogue.OTHER
        made = _refused_as_row(
            lambda: entering.checked(
                unit=self._units[row.unit],
                kind=kind,
                facts=_facts(row, kind, self._operator(row.operator), {}),
                regulated=self._regulators(row),
                stated=[_paper_facts(paper, None) for paper in row.papers],
                now=self._run.now,
            ),
            "attributes",
        )
        self._new.append(made)

    def _regulators(self, row: SiteRow) -> dict[str, Unit]:
        return {trade: self._units[unit] for trade, unit in row.regulators}

    def _set_regulators(self, site: Site, row: SiteRow) -> None:
        chosen, run = self._regulators(row), self._run
        regulators.put(site=site, regulators=chosen, actor=run.actor, now=run.now)

    def _enter_paper(self, site: Site, row: PaperRow, old: SitePaper | None) -> None:
        facts, run = _paper_facts(row, old), self._run
        if old is None:
            papers.enter(site=site, facts=facts, actor=run.actor, now=run.now)
        else:
            papers.put_in_place(old=old, site=site, facts=facts, actor=run.actor, now=run.now)

    # --------------------------------------------------------------- a known site
    def _compare(
        self, given: Given[SiteRow], site: Site, known: KnownSites, taken: ImportResult
    ) -> RowOutcome:
        row, old = given.content, known.told(site)
        if row.unit != site.unit_id and _says(given, "unit"):
            raise RowRefused(RowFault.OF_ANOTHER_UNIT, "unit")
        if row.state and row.state != old.state:
            raise RowRefused(RowFault.STAGE_CONTRADICTED, "state")
        new = _merged(old, row, given)
        renewed = list(_differing(row.papers, known.papers[site.pk]))
        changes = list(self._changes(given.row, site, old, new, renewed))
        if not changes:
            return RowOutcome.UNCHANGED
        if site.closed_at is not None:
            raise RowRefused(RowFault.ENDED, "name")
        self._change(site, old, new)
        for paper, held in renewed:
            self._enter_paper(site, paper, held)
        taken.changes += changes
        return RowOutcome.UPDATED

    def _change(self, site: Site, old: SiteRow, new: SiteRow) -> None:
        run = self._run
        if any(getattr(old, name) != getattr(new, name) for name in STATED):
            kept = {} if new.attributes else site.attributes
            facts = _facts(new, new.kind, self._operator(new.operator), kept, site.boundary)
            _refused_as_row(
                lambda: registering.amend(
                    site=site, kind=new.kind, facts=facts, note=run.source, actor=run.actor,
                    now=run.now,
                ),
                "attributes",
            )  # fmt: skip
        if old.regulators != new.regulators:
            self._set_regulators(site, new)

    def _changes(
        self,
        row: int,
        site: Site,
        old: SiteRow,
        new: SiteRow,
        renewed: Sequence[tuple[PaperRow, SitePaper | None]],
    ) -> Iterator[RowChange]:
        for field in fields(SiteRow):
            before, after = getattr(old, field.name), getattr(new, field.name)
            if field.name in FIXED or field.name == "papers" or before == after:
                continue
            yield RowChange(
                row, KIND, site.code, field.name, self._words(before), self._words(after)
            )
        for paper, held in renewed:
            was = _written(_row_of(held)) if held else ""
            yield RowChange(row, KIND, site.code, "papers", was, _written(paper))

    def _words(self, value: object) -> str:
        if isinstance(value, tuple):
            return "；".join(
                f"{catalogue.trade(trade)}：{self._units[unit].name}" for trade, unit in value
            )
        return "" if value is None else str(value)

    # ---------------------------------------------------------------------- units
    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.all()}

    @cached_property
    def _operators(self) -> dict[str, Unit | None]:
        """Return the units by their names; None for a name of several."""
        found: dict[str, Unit | None] = {}
        for unit in self._units.values():
            if unit.end_date is None:
                found[unit.name] = None if unit.name in found else unit
        return found

    def _operator(self, name: str) -> Unit | None:
        return self._operators.get(name)


class KnownSites:
    """The sites that the rows of a batch name, locked, with their papers and regulators."""

    def __init__(self, rows: Sequence[SiteRow]) -> None:
        locked = Site.objects.select_for_update(of=("self",)).order_by("pk")
        found = locked.select_related("unit", "operator_unit")
        by_code = found.filter(code__in={row.code for row in rows if row.code})
        self._by_code = {site.code: site for site in by_code}
        self._by_name: dict[tuple[int, str], list[Site]] = defaultdict(list)
        units, names = {row.unit for row in rows}, {row.name for row in rows}
        for site in found.filter(unit__in=units, name__in=names):
            self._by_name[site.unit_id, site.name].append(site)
        by_name = chain.from_iterable(self._by_name.values())
        self.regulators, self.papers = beside({site.pk for site in chain(by_code, by_name)})

    def site(self, row: SiteRow) -> Site | None:
        """Return the site of a row; refuse an unknown code, and a name of several."""
        if row.code:
            if row.code not in self._by_code:
                raise RowRefused(RowFault.STAGE_NOT_TOLD_BY_ROWS, "code")
            return self._by_code[row.code]
        named = self._by_name.get((row.unit, row.name), [])
        if len(named) > 1:
            raise RowRefused(RowFault.LINKED, "name")
        return named[0] if named else None

    def told(self, site: Site) -> SiteRow:
        return told(site, self.regulators[site.pk], self.papers[site.pk])


def beside(
    sites: Collection[int],
) -> tuple[Mapping[int, list[SiteRegulator]], Mapping[int, list[SitePaper]]]:
    """Return the regulators and the papers that hold of these sites."""
    regulators_of: dict[int, list[SiteRegulator]] = defaultdict(list)
    for regulator in SiteRegulator.objects.filter(site__in=sites).order_by("pk"):
        regulators_of[regulator.site_id].append(regulator)
    papers_of: dict[int, list[SitePaper]] = defaultdict(list)
    for paper in SitePaper.objects.filter(site__in=sites, ended_at=None).order_by("pk"):
        papers_of[paper.site_id].append(paper)
    return regulators_of, papers_of


def told(
    site: Site, regulators_of: Sequence[SiteRegulator], papers_of: Sequence[SitePaper]
) -> SiteRow:
    """Return the site as a row."""
    return SiteRow(
        unit=site.unit_id,
        name=site.name,
        code=site.code,
        kind=site.kind,
        address=site.address,
        latitude=None if site.latitude is None else round(site.latitude, DIGITS),
        longitude=None if site.longitude is None else round(site.longitude, DIGITS),
        operator=site.operator_unit.name if site.operator_unit else site.operator_name,
        regulators=tuple((each.trade, each.unit_id) for each in regulators_of),
        papers=tuple(map(_row_of, papers_of)),
        attributes=written_attributes(site.site_kind, site.attributes),
        state=CLOSED if site.closed_at else OPEN,
    )


def _row_of(paper: SitePaper) -> PaperRow:
    is_other = paper.kind == catalogue.OTHER
    return PaperRow(
        kind=paper.kind,
        title=paper.title if is_other else "",
        number=paper.number,
        expires_date=paper.expires_date,
        count=paper.count,
    )


def _written(paper: PaperRow) -> str:
    until = paper.expires_date.isoformat() if paper.expires_date else ""
    return " ".join(filter(None, (paper.name, paper.number, until)))


def _says(given: Given[SiteRow], name: str) -> bool:
    return given.names is None or name in given.names


def _merged(old: SiteRow, row: SiteRow, given: Given[SiteRow]) -> SiteRow:
    """Return the site as the row states it: what it leaves empty stays, unless emptied cells clear
    it; a regulator that it names takes the place of that trade alone.
    """
    said: dict[str, object] = {}
    for field in fields(SiteRow):
        value = getattr(row, field.name)
        is_said = value not in (None, "", ()) or field.name in given.emptied
        said[field.name] = value if is_said else getattr(old, field.name)
    trades = {**dict(old.regulators), **dict(row.regulators)}
    fixed = {name: getattr(old, name) for name in (*FIXED, "papers")}
    return SiteRow(**{**said, "regulators": tuple(trades.items()), **fixed})


def _differing(
    rows: Sequence[PaperRow], held: Sequence[SitePaper]
) -> Iterator[tuple[PaperRow, SitePaper | None]]:
    """Return the papers that are new or differ, with the one whose place they take: of the same
    kind and number, or the only one of the kind.
    """
    for row in rows:
        same = [paper for paper in held if _row_of(paper).name == row.name]
        numbered = [paper for paper in same if row.number and paper.number == row.number]
        likely = numbered or (same if len(same) == 1 else [])
        old = likely[0] if likely else None
        if old is None or _adds(row, _row_of(old)):
            yield row, old


def _adds(row: PaperRow, old: PaperRow) -> bool:
    """Whether the row says something else of the paper; what it leaves empty says nothing."""
    return any(
        getattr(row, name) not in (None, "", getattr(old, name))
        for name in ("number", "expires_date", "count")
    )


def _facts(
    row: SiteRow,
    kind: str,
    operator: Unit | None,
    kept: Mapping[str, object],
    boundary: Mapping[str, object] | None = None,
) -> SiteFacts:
    is_placed = row.latitude is not None and row.longitude is not None
    return SiteFacts(
        name=row.name,
        address=row.address,
        operator_unit=operator,
        operator_name="" if operator else row.operator,
        point=Point(row.latitude or 0.0, row.longitude or 0.0) if is_placed else None,
        boundary=boundary,
        attributes=read_attributes(catalogue.kind(kind), row.attributes) or kept,
    )


def _paper_facts(row: PaperRow, old: SitePaper | None) -> PaperFacts:
    """Return what a row says of a paper; one that takes the place of another keeps who issued
    it.
    """
    return PaperFacts(
        kind=row.kind,
        title=row.title or (old.title if old else ""),
        number=row.number or (old.number if old else ""),
        issuer=old.issuer if old else "",
        expires_date=row.expires_date or (old.expires_date if old else None),
        count=row.count if row.count is not None else (old.count if old else None),
    )


def _refused_as_row(act: Callable[[], M], field: str) -> M:
    """Return what the action returns; what it refuses is refused in this field of the row."""
    try:
        return act()
    except Refusal as refusal:
        raise RowRefused(RowFault.WORKED_ON, field) from refusal
