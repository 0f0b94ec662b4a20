"""An act of the holder of a code: its form, its texts, and its effect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from bihuan.files.actions import Checked
from bihuan.portal.forms.fields import PhotosField
from bihuan.portal.forms.track import ActForm
from bihuan.portal.queries.track import Holder
from bihuan.receipts import sides
from bihuan.receipts.accounts import IntakeResult
from bihuan.receipts.models import Message
from bihuan.receipts.queries.amendments import Thing

Words = str | Promise
Files = MultiValueDict[str, UploadedFile[bytes]]
D = TypeVar("D")


@dataclass(frozen=True)
class Doing:
    """Who does it and when, and what came with the form in addition to its data."""

    holder: Holder
    now: datetime
    form_key: str
    photos: Sequence[Checked] = ()
    question: Message | None = None


@dataclass(frozen=True)
class FilledAct:
    """The form of an act, and what its data means."""

    form: ActForm[object]
    do: Callable[[Doing], IntakeResult | None]
    # Whether it ends the case or weakens the reporter's position, as filled in.
    weakens: Callable[[], bool]
    # What is stored of it until it is confirmed.
    said: Callable[[], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class AnyPublicAct(ABC):
    """One possible act, for any type of form data: the moves of the lifecycle that allow it, and
    its appearance.
    """

    name: str
    moves: frozenset[str]
    label: Words
    # What its button says, if that is not the label.
    submit: Words = ""
    done: Words
    consequences: tuple[Words, ...] = ()
    danger: bool = False
    # The label for a person who did it before.
    again: Words = ""
    # The submitted item that it is about, if any; it is offered while the item exists.
    about: Callable[[Holder], Thing | None] | None = None
    # The page from which it was chosen, and to which it returns.
    page: str = "portal:track-case"

    @property
    @abstractmethod
    def may_weaken(self) -> bool:
        """Whether some answers would weaken the reporter's position."""

    @abstractmethod
    def fill_in(
        self,
        who: Holder | None,
        data: Mapping[str, Any] | None = None,
        files: Files | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> FilledAct:
        """Return the form, bound if it was sent."""

    @abstractmethod
    def carry_out(self, doing: Doing, said: Mapping[str, Any]) -> IntakeResult | None:
        """Do it with what was stored."""

    def filled(self, who: Holder) -> dict[str, Any]:
        """Return the initial values of the form."""
        thing = self.about(who) if self.about else None
        return {"text": thing.words} if thing else {}


@dataclass(frozen=True, kw_only=True)
class PublicAct(AnyPublicAct, Generic[D]):
    """The form of one act, and its effect, which takes the form's data."""

    form: type[ActForm[D]]
    # For kinds of case with several parties.
    party_form: type[ActForm[D]] | None = None
    act: Callable[[Doing, D], IntakeResult | None]
    weakens: Callable[[D], bool] | None = None

    @property
    def may_weaken(self) -> bool:
        return self.weakens is not None

    def fill_in(
        self,
        who: Holder | None,
        data: Mapping[str, Any] | None = None,
        files: Files | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
    ) -> FilledAct:
        form = self._form_of(who)(data, files, initial=dict(initial or {}))
        photos = form.fields.get("photos")
        # Whose code it is may be asked later: what does not fit is left out then.
        if isinstance(photos, PhotosField) and (who is None or sides.takes_documents(who.case)):
            photos.take_documents()
        return FilledAct(
            form,
            lambda doing: self.act(doing, form.given()),
            lambda: self.weakens is not None and self.weakens(form.given()),
            lambda: _stored(form.given()),
        )

    def carry_out(self, doing: Doing, said: Mapping[str, Any]) -> IntakeResult | None:
        return self.act(doing, self.form.gives(**said))

    def _form_of(self, who: Holder | None) -> type[ActForm[D]]:
        if self.party_form and who is not None and sides.parties_of(who.case.kind):
            return self.party_form
        return self.form


def _stored(data: Any) -> dict[str, Any]:
    return asdict(data)
