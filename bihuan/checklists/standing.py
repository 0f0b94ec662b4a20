"""The state of a checklist and its versions, for `journal verify`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.checklists.models import SUBJECT, Checklist, Version
from bihuan.journal import hooks
from bihuan.journal.parts import Part, RowWitness

LIST = Part("list", Checklist, _("the unit and the title of the checklist"))
VERSIONS = Part("versions", Version, _("the versions of the checklist"))


class ChecklistWitness(RowWitness):
    """Reads lists with all of their versions."""

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        found = {name: dict(parts) for name, parts in super().stands(names).items()}
        lines: dict[str, list[str]] = {}
        for version in Version.objects.filter(checklist__in=list(map(int, found))):
            lines.setdefault(str(version.checklist_id), []).append(VERSIONS.line(version))
        for name, said in lines.items():
            found[name][VERSIONS.name] = hooks.digest(said)
        return found

    def words(self, part: str) -> Promise | str:
        return VERSIONS.words if part == VERSIONS.name else super().words(part)


WITNESS = ChecklistWitness(SUBJECT, LIST)
