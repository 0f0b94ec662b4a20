"""Make a checklist, rename it, retire it and bring it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bihuan.checklists.acts import ChecklistAct
from bihuan.checklists.models import Checklist, Version
from bihuan.checklists.queries import KEEPER
from bihuan.checklists.refusals import NotRetired, Retired, TitleTaken
from bihuan.core import checklist_json
from bihuan.core.checklist import Content
from bihuan.core.refusal import Missing
from bihuan.journal.actions import record
from bihuan.orgs import access
from bihuan.orgs.access import Actor, Console
from bihuan.orgs.models import Unit, User


@transaction.atomic
def make(
    *,
    unit: Unit,
    title: str,
    actor: Actor,
    now: datetime,
    title_en: str = "",
    site_kinds: Collection[str] = (),
    content: Content | None = None,
    origin: str = Checklist.Origin.MADE,
    set_key: str = "",
    edition: str = "",
    form_key: UUID | None = None,
) -> Checklist:
    """Make a list with its first draft, once for each form."""
    require_keeper(actor, unit, now)
    if not title.strip():
        raise Missing("title")
    if made := _made_by(form_key):
        return made
    checklist = Checklist(
        unit=unit,
        **_named(title, title_en, site_kinds),
        origin=origin,
        set_key=set_key,
        created_at=now,
        form_key=form_key,
    )
    _save(checklist)
    Version.objects.create(
        checklist=checklist,
        number=1,
        content=checklist_json.dump(content or Content()),
        edition=edition,
        changed_at=now,
    )
    after = {"title": checklist.title, "unit": unit.pk, "origin": str(origin)}
    record(checklist.subject, ChecklistAct.MAKE, by=by(actor), at=now, after=after)
    return checklist


@transaction.atomic
def rename(
    *,
    checklist: Checklist,
    title: str,
    title_en: str,
    site_kinds: Collection[str],
    actor: User,
    now: datetime,
) -> Checklist:
    """Change the title, and the kinds of sites that the list is for."""
    here = held(checklist, actor, now)
    if not title.strip():
        raise Missing("title")
    before = {"title": here.title, "title_en": here.title_en, "site_kinds": here.site_kinds}
    after = _named(title, title_en, site_kinds)
    for name, value in after.items():
        setattr(here, name, value)
    _save(here)
    if after != before:
        record(here.subject, ChecklistAct.RENAME, by=actor, at=now, before=before, after=after)
    return here


@transaction.atomic
def retire(*, checklist: Checklist, reason: str, actor: User, now: datetime) -> Checklist:
    """Offer the list no longer; inspections with it stay as they are."""
    here = held(checklist, actor, now)
    if not reason.strip():
        raise Missing("reason")
    here.retired_at = now
    here.save(update_fields=["retired_at"])
    record(here.subject, ChecklistAct.RETIRE, by=actor, at=now, note=reason.strip())
    return here


@transaction.atomic
def bring_back(*, checklist: Checklist, actor: User, now: datetime) -> Checklist:
    """Offer a retired list again, unless the unit has another one with its title by now."""
    here = held(checklist, actor, now, retired=True)
    here.retired_at = None
    _save(here)
    record(here.subject, ChecklistAct.BRING_BACK, by=actor, at=now)
    return here


# --------------------------------------------------------------- what all share
def held(checklist: Checklist, actor: Actor, now: datetime, *, retired: bool = False) -> Checklist:
    """Return the list, locked until the transaction ends, if the officer keeps it."""
    locked = Checklist.objects.select_for_update(of=("self",)).select_related("unit")
    here = locked.get(pk=checklist.pk)
    require_keeper(actor, here.unit, now)
    if here.is_retired and not retired:
        raise Retired
    if retired and not here.is_retired:
        raise NotRetired
    return here


def _named(title: str, title_en: str, site_kinds: Collection[str]) -> dict[str, Any]:
    kinds = sorted(set(site_kinds))
    return {"title": title.strip(), "title_en": title_en.strip(), "site_kinds": kinds}


def _save(checklist: Checklist) -> None:
    try:
        with transaction.atomic():
            checklist.save()
    except IntegrityError as clash:
        raise TitleTaken from clash


def require_keeper(actor: Actor, unit: Unit, now: datetime) -> None:
    """The operator's commands need no post."""
    if not isinstance(actor, Console):
        access.require(actor, KEEPER, unit=unit, now=now)


def by(actor: Actor) -> User | None:
    """Return who is written into the journal; for a command, no officer."""
    return None if isinstance(actor, Console) else actor


def _made_by(form_key: UUID | None) -> Checklist | None:
    """Return the list that this form has already made."""
    if form_key is None:
        return None
    return Checklist.objects.filter(form_key=form_key).first()
