"""What other parts show on the page of a site: sections and buttons that they register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.utils.functional import Promise

from bihuan.orgs.models import User
from bihuan.sites.models import Site


@dataclass(frozen=True)
class Section:
    """A part of the page: its template gets `context` as `section`.

    The template has its own heading: `<section aria-labelledby=…><h2 id=…>`.
    """

    template: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """What an officer may do at a site, as a link."""

    label: str | Promise
    url: str
    icon: str = ""


# Each takes the site, the officer and the time, and returns None where there is nothing to show.
ShowSection = Callable[[Site, User, datetime], Section | None]
ShowButton = Callable[[Site, User, datetime], Button | None]

_Show = TypeVar("_Show", ShowSection, ShowButton)

_sections: dict[str, tuple[int, ShowSection]] = {}
_buttons: dict[str, tuple[int, ShowButton]] = {}
# Those that are also on the page that users of the operator have of their site.
_for_operators: set[str] = set()


def register(
    key: str, order: int, function: ShowSection, *, is_for_operators: bool = False
) -> None:
    """Register a section of the page of a site. For `AppConfig.ready`.

    Sections are below the open problems, sorted by `order`; the site's own are 50 (papers) and
    60 (equipment).
    """
    _sections[key] = (order, function)
    if is_for_operators:
        _for_operators.add(key)


def register_button(
    key: str, order: int, function: ShowButton, *, is_for_operators: bool = False
) -> None:
    """Register a button of the page of a site. For `AppConfig.ready`."""
    _buttons[key] = (order, function)
    if is_for_operators:
        _for_operators.add(key)


def of(site: Site, user: User, now: datetime, *, for_operators: bool = False) -> list[Section]:
    found = (function(site, user, now) for function in _ordered(_sections, for_operators))
    return [section for section in found if section is not None]


def buttons_of(
    site: Site, user: User, now: datetime, *, for_operators: bool = False
) -> list[Button]:
    found = (function(site, user, now) for function in _ordered(_buttons, for_operators))
    return [button for button in found if button is not None]


def _ordered(registered: Mapping[str, tuple[int, _Show]], for_operators: bool) -> list[_Show]:
    kept = [each for key, each in registered.items() if not for_operators or key in _for_operators]
    return [function for _order, function in sorted(kept, key=lambda each: each[0])]
