"""Reports that begin somewhere else: on the page of a record that the new case is about.

The app of the record registers what the form begins with and what follows the report; the app of a
kind registers its form. Neither knows the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from bihuan.cases.models import Case
from bihuan.core.powers import Power
from bihuan.orgs import access
from bihuan.orgs.models import User
from bihuan.web import subjects


@dataclass(frozen=True)
class Beginning:
    """What a report begins with: the name and address of the record, and values of the form."""

    subject: str
    name: str
    url: str
    initial: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """Records of one type from whose pages cases are reported.

    `begin` returns None if the officer may not see the record; `reported` is called with the key of
    the record and the new case, in the transaction of the report.
    """

    begin: Callable[[User, str, datetime], Beginning | None]
    reported: Callable[[str, Case, User, datetime], None]


_origins: dict[str, Origin] = {}
_forms: dict[str, Collection[Power]] = {}


def register_origin(kind: str, origin: Origin) -> None:
    """Register records "kind/…" as origins of reports. For `AppConfig.ready`."""
    _origins[kind] = origin


def register_form(name: str, powers: Collection[Power]) -> None:
    """Register the URL name of a form that takes `at`, the subject of an origin."""
    _forms[name] = powers


def report_address(user: User, now: datetime) -> str:
    """Return the first such form that the officer may use; empty if there is none."""
    on = localdate(now)
    found = (reverse(name) for name, of in _forms.items() if access.has_somewhere(user, of, on))
    return next(found, "")


def begin(user: User, subject: str, now: datetime) -> Beginning | None:
    """Return what a report about this subject begins with; None for one that is not known."""
    kind, key = subjects.parted(subject)
    if kind not in _origins or "\x00" in key:
        return None
    return _origins[kind].begin(user, key, now)


def reported(beginning: Beginning, case: Case, actor: User, now: datetime) -> None:
    kind, key = subjects.parted(beginning.subject)
    _origins[kind].reported(key, case, actor, now)
