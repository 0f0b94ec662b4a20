"""A row of a ledger of sites, and attributes as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.core.history import RowFault, RowRefused
from bihuan.sites import catalogue
from bihuan.sites.catalogue import Attribute, AttributeType, SiteKind

YES, NO = "是", "否"
OPEN, CLOSED = "open", "closed"
PAIR, END = "：", "；"


@dataclass(frozen=True)
class PaperRow:
    """What a workbook says of a paper; its title only if its kind does not say it."""

    kind: str
    title: str = ""
    number: str = ""
    expires_date: date | None = None
    count: int | None = None

    @property
    def name(self) -> str:
        return self.title or catalogue.paper_kind(self.kind).words.zh


@dataclass(frozen=True)
class SiteRow:
    """What a row says of a site; what is empty is not said."""

    unit: int
    name: str
    code: str = ""
    kind: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    operator: str = ""
    # A trade, and the id of the unit that regulates in it.
    regulators: tuple[tuple[str, int], ...] = ()
    papers: tuple[PaperRow, ...] = ()
    attributes: str = ""
    state: str = ""


# ------------------------------------------------------------------- attributes
def written_attributes(kind: SiteKind, stated: Mapping[str, object]) -> str:
    """Return the attributes as text, in the order of the kind."""
    return END.join(
        f"{each.words.zh}{PAIR}{_written(each, stated[each.key])}"
        for each in kind.attributes
        if each.key in stated
    )


def _written(attribute: Attribute, value: object) -> str:
    match attribute.type:
        case AttributeType.YES_NO:
            return YES if value else NO
        case AttributeType.CHOICE:
            named = {each.key: each.words.zh for each in attribute.choices}
            return named.get(str(value), str(value))
    return str(value).replace(END, "，").replace("\n", " ")


def read_attributes(kind: SiteKind, text: str) -> dict[str, object]:
    """Return the attributes that the text states; refuse what the kind does not have."""
    named = {each.words.zh: each for each in kind.attributes}
    found: dict[str, object] = {}
    for part in text.replace(";", END).replace("\n", END).split(END):
        label, colon, value = part.strip().replace(":", PAIR, 1).partition(PAIR)
        if not label and not colon:
            continue
        attribute = named.get(label.strip())
        if attribute is None or not value.strip():
            raise RowRefused(RowFault.WORKED_ON, "attributes")
        found[attribute.key] = _read(attribute, value.strip())
    return found


def _read(attribute: Attribute, value: str) -> object:
    try:
        match attribute.type:
            case AttributeType.NUMBER:
                return float(value)
            case AttributeType.YES_NO:
                return {YES: True, NO: False}[value]
            case AttributeType.CHOICE:
                return {each.words.zh: each.key for each in attribute.choices}[value]
            case AttributeType.DATE:
                return date.fromisoformat(value)
    except (KeyError, ValueError) as error:
        raise RowRefused(RowFault.WORKED_ON, "attributes") from error
    return value
