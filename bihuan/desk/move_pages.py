"""A move on the page: its button, its form, and the action that takes the form's data."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypedDict, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from bihuan.cases.actions.evidence import Upload
from bihuan.cases.kinds import Words
from bihuan.cases.models import Case
from bihuan.desk.form_data import Note, WithPhotos
from bihuan.desk.forms import MoveForm
from bihuan.orgs.models import User

D = TypeVar("D")


class MoveRequest(TypedDict):
    """Who makes a move, on which version of which case, and when: the arguments of every action."""

    case: Case
    actor: User
    now: datetime
    version: int | None


class NotedAction(Protocol):
    """An action that takes a text in addition to its `MoveRequest`."""

    def __call__(
        self, *, case: Case, actor: User, now: datetime, note: str, version: int | None
    ) -> Case: ...


def noted(action: NotedAction) -> Callable[[MoveRequest, Note], Case]:
    """Adapt an action to a page whose form has a text only."""
    return lambda request, data: action(**request, note=data.note)


class PhotoAction(Protocol):
    """An action that takes a text and photos in addition to its `MoveRequest`."""

    def __call__(
        self,
        *,
        case: Case,
        actor: User,
        now: datetime,
        note: str,
        photos: Sequence[Upload],
        is_shown: bool,
        version: int | None,
    ) -> Case: ...


def with_photos(action: PhotoAction) -> Callable[[MoveRequest, WithPhotos], Case]:
    """Adapt an action to a page whose form has a text and photos."""
    return lambda request, data: action(
        **request, note=data.note, photos=data.photos, is_shown=data.is_shown
    )


@dataclass(frozen=True)
class FilledIn:
    """The bound form of a move, and the move that its data makes."""

    form: MoveForm[object]
    make: Callable[[MoveRequest], Case]


class AnyMovePage(ABC):
    """One move on the page, for any type of form data."""

    label: Words
    done: Words
    consequences: tuple[Words, ...]
    danger: bool
    icon: str
    # Whether the form shows the whole problem, as decisions do.
    decides: bool
    # Whether a reporter is informed of it.
    tells: bool
    result: Callable[[Case, datetime], str] | None
    # The button of the form, where it says more than the label.
    submit: Words

    @property
    @abstractmethod
    def asks_day(self) -> bool:
        """Whether the form has a day to set, such as a deadline."""

    @abstractmethod
    def fill_in(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        case: Case | None,
        user: User,
        now: datetime,
    ) -> FilledIn:
        """Return the form, bound if it was sent."""


def names_when_done(moves: Mapping[str, AnyMovePage]) -> dict[str, Words]:
    """Return what these moves are called once they are made, for the wording of the kind."""
    return {move: page.done for move, page in moves.items()}


@dataclass(frozen=True)
class MovePage(AnyMovePage, Generic[D]):
    """The button of one move, its form, and the action that takes the form's data."""

    label: Words
    form: type[MoveForm[D]]
    act: Callable[[MoveRequest, D], Case]
    done: Words
    consequences: tuple[Words, ...] = ()
    danger: bool = False
    icon: str = ""
    decides: bool = True
    tells: bool = False
    # What it did, in more words than `done`: to whom, and until when.
    result: Callable[[Case, datetime], str] | None = None
    submit: Words = ""

    @property
    def asks_day(self) -> bool:
        fields = self.form.base_fields.values()
        return any(isinstance(field, forms.DateField) for field in fields)

    def fill_in(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        case: Case | None,
        user: User,
        now: datetime,
    ) -> FilledIn:
        form = self.form(data, files, case=case, user=user, now=now)
        return FilledIn(form, lambda request: self.act(request, form.given()))
