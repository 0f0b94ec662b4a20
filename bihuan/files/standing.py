"""The attachments of subjects, for `journal verify`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import Attachment
from bihuan.journal import hooks
from bihuan.journal.parts import Part, length_first

ATTACHMENTS = Part("attachments", Attachment, _("the attachments"))


class WithAttachments(hooks.Witness):
    """Adds the attachments of each subject to the parts that another witness reads."""

    def __init__(self, prefix: str, witness: hooks.Witness) -> None:
        self._prefix, self._witness = prefix, witness

    def stands(self, names: Collection[str]) -> Mapping[str, hooks.Parts]:
        found = self._witness.stands(names)
        named = {f"{self._prefix}/{name}": name for name in found}
        lines: dict[str, list[str]] = {}
        for row in Attachment.objects.filter(subject__in=sorted(named)).select_related("file"):
            lines.setdefault(named[row.subject], []).append(_line(row))
        attached = {
            name: {ATTACHMENTS.name: hooks.digest(of_name)} for name, of_name in lines.items()
        }
        return {name: {**parts, **attached.get(name, {})} for name, parts in found.items()}

    def words(self, part: str) -> Promise | str:
        return ATTACHMENTS.words if part == ATTACHMENTS.name else self._witness.words(part)

    def unwitnessed(self) -> Iterable[str]:
        return self._witness.unwitnessed()


def _line(row: Attachment) -> str:
    """Return the columns of the row, and which bytes it means."""
    return length_first(row.file.sha256) + ATTACHMENTS.line(row)
