"""Saved views of the ledger: a personal convenience, so they are not journaled."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from bihuan.cases.models import SavedView
from bihuan.orgs.models import User


def keep_view(*, member: User, name: str, query: str) -> SavedView:
    """Save these filters under a name; an existing name is overwritten."""
    view, _ = SavedView.objects.update_or_create(
        member=member, name=name, defaults={"query": query}
    )
    return view


def rename_view(*, view: SavedView, name: str) -> bool:
    """Rename a view; return whether the name was free."""
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError:
        return False
    return True


def drop_view(*, view: SavedView) -> None:
    view.delete()
