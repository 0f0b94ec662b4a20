"""Request to correct or erase something that was submitted: by code, one item at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan import languages
from bihuan.core import amending as rules
from bihuan.core.amending import Wants
from bihuan.portal.forms import track as forms
from bihuan.portal.public_act import AnyPublicAct, Doing, PublicAct
from bihuan.portal.queries.track import Holder
from bihuan.receipts.actions import amendments as actions
from bihuan.receipts.models import Amendment
from bihuan.receipts.queries import amendments
from bihuan.receipts.queries.amendments import Thing
from bihuan.receipts.wording import amending

Words = str | Promise

# "erase-photo-7", "correct-title", "unask-message-3".
_NAMES = re.compile(
    r"(?P<verb>correct|erase|unask)-(?P<thing>title|description|place|(message|rating|held|photo)-\d{1,9})"
)
UNASK = "unask"
PAGE = "portal:track-kept"
ASKED = _(
    "Requested. A coordinator of the office who did not work on your matter decides; the answer "
    "appears here."
)
_WHO = _(
    "A coordinator of the office who did not work on your matter decides. With your code you see "
    "the answer, the reason and your options if you do not agree."
)


def named(name: str) -> AnyPublicAct | None:
    """Return the act of that name, if it is about a submitted item."""
    found = _NAMES.fullmatch(name)
    if found is None:
        return None
    verb, key = found["verb"], found["thing"]
    if verb == UNASK:
        return _unask(name, key)
    return _erase(name, key) if verb == Wants.ERASE else _correct(name, key)


def _correct(name: str, key: str) -> AnyPublicAct:
    return PublicAct(
        name=name,
        moves=frozenset(),
        label=_("Request correction"),
        form=forms.CorrectForm,
        act=lambda doing, data: _ask(
            doing, actions.Request(key, Wants.CORRECT, data.text, data.note)
        ),
        done=ASKED,
        consequences=(
            _WHO,
            _("Once corrected, the earlier text is no longer kept anywhere in this system."),
        ),
        weakens=lambda data: True,
        about=lambda who: _open_to(who, key, Wants.CORRECT),
        page=PAGE,
    )


def _erase(name: str, key: str) -> AnyPublicAct:
    return PublicAct(
        name=name,
        moves=frozenset(),
        label=_("Request erasure"),
        form=forms.EraseForm,
        act=lambda doing, data: _ask(doing, actions.Request(key, Wants.ERASE, "", data.note)),
        done=ASKED,
        consequences=(
            _WHO,
            _(
                "Erased information cannot be restored, and the office may be able to do less "
                "for you."
            ),
        ),
        danger=True,
        weakens=lambda data: True,
        about=lambda who: _open_to(who, key, Wants.ERASE),
        page=PAGE,
    )


def _unask(name: str, key: str) -> AnyPublicAct:
    return PublicAct(
        name=name,
        moves=frozenset(),
        label=_("Withdraw the request"),
        form=forms.ConfirmForm,
        act=lambda doing, data: actions.take_back(
            case=doing.holder.case, slot=doing.holder.slot, thing=key, now=doing.now
        ),
        done=_("Request withdrawn. Nothing changes."),
        consequences=(_("Nothing changes. You can ask again at any time."),),
        about=lambda who: (
            amendments.thing(who.case, who.slot, key)
            if amendments.open_on(who.case, who.slot, key)
            else None
        ),
        page=PAGE,
    )


def _ask(doing: Doing, request: actions.Request) -> None:
    actions.ask(
        case=doing.holder.case,
        slot=doing.holder.slot,
        request=request,
        form_key=doing.form_key,
        now=doing.now,
    )


def _open_to(who: Holder, key: str, wants: Wants) -> Thing | None:
    found = amendments.thing(who.case, who.slot, key)
    return found if found and wants in found.wants else None


# -------------------------------------------------------------------- its page
@dataclass(frozen=True)
class AmendmentStatus:
    """One request, and the decision, for the reporter."""

    row: Amendment
    asked_for: Words
    outcome: str
    law: str


@dataclass(frozen=True)
class StatedItem:
    """One submitted item, what may be done about it, and earlier requests."""

    label: str
    # Only the requests remain of an erased item.
    thing: Thing | None
    requests: list[AmendmentStatus]
    acts: list[tuple[str, Words]]

    @property
    def photo(self) -> int:
        """Return the photo to be shown, or None."""
        thing = self.thing
        is_photo = thing and thing.what is amendments.What.PHOTO and not thing.is_document
        return thing.row if thing and is_photo else 0

    @property
    def erased_at(self) -> datetime | None:
        """Return when it was erased, if nothing remains of it."""
        if self.thing is not None:
            return None
        return next((each.row.decided_at for each in self.requests if each.row.is_erasure), None)

    @property
    def at(self) -> datetime:
        return self.thing.told_at if self.thing else self.requests[0].row.told_at


_ASKED_FOR: dict[str, Words] = {
    Wants.CORRECT: pgettext_lazy("you asked", "a correction"),
    Wants.ERASE: pgettext_lazy("you asked", "erasure"),
}


def told(who: Holder) -> list[StatedItem]:
    """Return everything with the code that can be requested, and the results of earlier
    requests.
    """
    things = {thing.key: thing for thing in amendments.told(who.case, who.slot)}
    asked: dict[str, list[Amendment]] = {key: [] for key in things}
    for row in amendments.asked(who.case, who.slot):
        asked.setdefault(row.thing, []).append(row)
    return [
        StatedItem(
            _named(key, things.get(key)),
            things.get(key),
            [_asked(row) for row in rows],
            list(_acts(things.get(key), rows)),
        )
        for key, rows in asked.items()
    ]


def _named(key: str, thing: Thing | None) -> str:
    if thing and thing.is_document:
        return thing.name or str(_("Document"))
    return str(amending.thing_words(key))


def _acts(thing: Thing | None, rows: list[Amendment]) -> Iterator[tuple[str, Words]]:
    if any(row.is_open for row in rows):
        yield f"{UNASK}-{rows[0].thing}", _("Withdraw the request")
    elif thing is not None:
        for wants, label in (
            (Wants.CORRECT, _("Request correction")),
            (Wants.ERASE, _("Request erasure")),
        ):
            if wants in thing.wants:
                yield f"{wants}-{thing.key}", label


def _asked(row: Amendment) -> AmendmentStatus:
    law = languages.of(rules.LAW[rules.Basis(row.basis)]) if row.basis else ""
    return AmendmentStatus(row, _ASKED_FOR[row.wants], str(row.get_outcome_display()), law)


def against() -> str:
    """Return the article of law by which a refusal may be brought before a court."""
    return languages.of(rules.AGAINST)
