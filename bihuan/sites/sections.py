"""What other parts show on the page of a site: sections and buttons that they register."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

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

_sections: dict[str, tuple[int, ShowSection]] = {}
_buttons: dict[str, tuple[int, ShowButton]] = {}


def register(key: str, order: int, function: ShowSection) -> None:
    """Register a section of the page of a site. For `AppConfig.ready`.

    Sections are below the open problems, sorted by `order`; the site's own are 50 (papers) and
    60 (equipment).
    """
    _sections[key] = (order, function)


def register_button(key: str, order: int, function: ShowButton) -> None:
    """Register a button of the page of a site. For `AppConfig.ready`."""
    _buttons[key] = (order, function)


def of(site: Site, user: User, now: datetime) -> list[Section]:
    ordered = sorted(_sections.values(), key=lambda each: each[0])
    found = (function(site, user, now) for _order, function in ordered)
    return [section for section in found if section is not None]


def buttons_of(site: Site, user: User, now: datetime) -> list[Button]:
    ordered = sorted(_buttons.values(), key=lambda each: each[0])
    found = (function(site, user, now) for _order, function in ordered)
    return [button for button in found if button is not None]
