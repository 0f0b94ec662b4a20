"""The attachments of a subject, as `files/attachments.html` shows them on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from bihuan.files import queries
from bihuan.files.models import Attachment
from bihuan.orgs.models import User
from bihuan.web import subjects


@dataclass(frozen=True)
class Attachments:
    """The attachments, and where this officer may add some ("": nowhere)."""

    rows: Sequence[Attachment]
    add_url: str


def of(subject: str, user: User, now: datetime) -> Attachments:
    """Return the attachments of a subject that this officer may see."""
    return known(subject, may_add=subjects.may_attach(user, subject, now))


def known(subject: str, *, may_add: bool) -> Attachments:
    """Return the same for a page that has already asked what the officer may do."""
    url = reverse("files:attach", args=subjects.parted(subject)) if may_add else ""
    return Attachments(list(queries.attached_to(subject)), url)
