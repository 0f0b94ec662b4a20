"""Links that parts above add to the pages of accounts, in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Link:
    """A page by its url name, and whether this installation offers it."""

    label: str | Promise
    name: str
    is_offered: Callable[[], bool] = _always


_account: list[Link] = []
_member: list[Link] = []
_sign_in: list[Link] = []


def on_account(link: Link) -> None:
    """Lead there from one's own account."""
    _account.append(link)


def on_member(link: Link) -> None:
    """Lead there, with the user name, from an officer's page for administrators."""
    _member.append(link)


def on_sign_in(link: Link) -> None:
    """Offer another way to sign in."""
    _sign_in.append(link)


def of_account() -> list[Link]:
    return [link for link in _account if link.is_offered()]


def of_member() -> list[Link]:
    return [link for link in _member if link.is_offered()]


def of_sign_in() -> list[Link]:
    return [link for link in _sign_in if link.is_offered()]
