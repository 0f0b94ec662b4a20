"""Moves that each holder of a code makes for itself, in kinds of case with several parties."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypedDict, TypeVar

from django.utils.functional import Promise

from bihuan.cases.models import Case
from bihuan.web.forms import DataForm

Words = str | Promise
D = TypeVar("D")


@dataclass(frozen=True)
class Nothing:
    """The data of a form without values of its own."""


class PartyRequest(TypedDict):
    """Which party makes a move, in which case, and when: the arguments of every such action."""

    case: Case
    slot: str
    now: datetime


@dataclass(frozen=True)
class FilledIn:
    """The form of a move, and the move that its data makes; `said` is what is stored of it until
    it is confirmed.
    """

    form: DataForm[object]
    make: Callable[[PartyRequest], Case]
    said: Callable[[], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class AnyPartyMove(ABC):
    """One move of a party, for any type of form data."""

    move: str
    label: Words
    done: Words
    what: Words = ""
    danger: bool = False
    # A consent or an ending: by a code from a desk it takes effect once it is confirmed.
    is_binding: bool = False
    # About the text that all parties see, which an officer reads out before.
    is_about_text: bool = False

    @abstractmethod
    def fill_in(
        self, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> FilledIn:
        """Return the form, bound if it was sent."""

    @abstractmethod
    def carry_out(self, request: PartyRequest, values: Mapping[str, Any]) -> Case:
        """Make the move with what was stored."""


@dataclass(frozen=True, kw_only=True)
class PartyMove(AnyPartyMove, Generic[D]):
    """The form of one move, and the action that takes its data."""

    form: type[DataForm[D]]
    act: Callable[[PartyRequest, D], Case]

    def fill_in(
        self, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> FilledIn:
        form = self.form(data, prefix=self.move, initial=dict(initial or {}))
        return FilledIn(
            form,
            lambda request: self.act(request, form.given()),
            lambda: _stored(form.given()),
        )

    def carry_out(self, request: PartyRequest, values: Mapping[str, Any]) -> Case:
        return self.act(request, self.form.gives(**values))


def _stored(data: Any) -> dict[str, Any]:
    return asdict(data)


@dataclass(frozen=True)
class Offer:
    """A move that the party may make now, with its form."""

    page: AnyPartyMove
    form: DataForm[object]


class PartyView(Protocol):
    """What one party sees; the kind's template shows it."""

    @property
    def offers(self) -> Sequence[Offer]: ...

    @property
    def words(self) -> str:
        """The text that all parties are asked to accept, if there is one."""


class Viewing(Protocol):
    def __call__(
        self,
        *,
        case: Case,
        slot: str,
        now: datetime,
        tried: Mapping[str, DataForm[object]] | None = None,
    ) -> PartyView:
        """Return everything for the page; `tried` are forms that were sent and refused."""


@dataclass(frozen=True)
class PartyPages:
    """What a kind with several parties shows each of them, and which moves they make."""

    template: str
    moves: Mapping[str, AnyPartyMove]
    view: Viewing
    # Details of the timeline that only these pages show, such as which party it was.
    details: frozenset[str] = frozenset()
