"""The state of sites and their papers, for `journal verify`."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.files.standing import WithAttachments
from bihuan.journal import hooks
from bihuan.journal.diagnosis import FINDINGS
from bihuan.journal.models import Chain
from bihuan.journal.parts import Part, RowWitness, length_first
from bihuan.sites.models import (
    PAPER_SUBJECT,
    SUBJECT,
    RefusedPlace,
    Site,
    SiteCase,
    SiteEquipment,
    SitePaper,
    SiteRegulator,
)

REGISTER = Part("register", Site, _("what is stated about the site"), without=("version",))
# Each with the field that leads to the site.
BESIDE = (
    Part("regulators", SiteRegulator, _("who regulates the site")),
    Part("cases", SiteCase, _("the cases at the site")),
    Part("places", RefusedPlace, _("the places in cases that are not the site")),
    Part("equipment", SiteEquipment, _("the equipment"), without=("version",)),
)
PAPER = Part("paper", SitePaper, _("the paper"))


class SiteWitness(hooks.Witness):
    """Reads sites, and the rows of other tables that belong to each."""

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        keys = [int(name) for name in names if name.isdecimal()]
        found = {
            str(row.pk): {REGISTER.name: hooks.digest([_line(row)])}
            for row in Site.objects.filter(pk__in=keys)
        }
        for part in BESIDE:
            for site, lines in _lines(part, keys).items():
                found[str(site)][part.name] = hooks.digest(lines)
        return found

    def words(self, part: str) -> Promise | str:
        return next(each.words for each in (REGISTER, *BESIDE) if each.name == part)

    def unwitnessed(self) -> Iterator[str]:
        subject = Concat(Value(f"{SUBJECT}/"), Cast(OuterRef("pk"), CharField()))
        unrecorded = Site.objects.filter(~Exists(Chain.objects.filter(subject=subject)))
        for pk in unrecorded.order_by("pk").values_list("pk", flat=True)[:FINDINGS]:
            yield str(pk)


def _line(site: Site) -> str:
    """Return the columns of the row, and its structured data in one form for each engine."""
    data = json.dumps([site.attributes, site.boundary], ensure_ascii=False, sort_keys=True)
    return REGISTER.line(site) + length_first(data)


def _lines(part: Part, keys: Iterable[int]) -> dict[int, list[str]]:
    lines: dict[int, list[str]] = {}
    rows: models.QuerySet[models.Model] = part.model._base_manager.filter(site__in=list(keys))
    for row in rows:
        lines.setdefault(row.site_id, []).append(part.line(row))  # type: ignore[attr-defined]
    return lines


SITES = WithAttachments(SUBJECT, SiteWitness())
PAPERS = WithAttachments(PAPER_SUBJECT, RowWitness(PAPER_SUBJECT, PAPER))
