"""What the tests of the staff's pages share."""

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from bihuan.cases.models import Case
from bihuan.core.hazard import Stage
from bihuan.orgs.models import User
from tests.clock import PRESENT
from tests.factories import Cast, make_case

# Queries, whatever a page shows: two for the acts that can be undone, and two for the officer's
# unread notices, of which those about the case are marked as read.
AT_MOST = 17


def a_case(cast: Cast, stage: Stage = Stage.REPORTED, **options: Any) -> Case:
    """A case of this cast as of now: pages read the real clock."""
    return make_case(cast.post.unit, stage=stage, cast=cast, now=PRESENT, **options)


def offered(page: str) -> set[str]:
    """The moves that the page links to."""
    return set(re.findall(r'<a [^>]*href="/desk/cases/[^/]+/([a-z_]+)/"[^>]*hx-get', page))


def page_of(client: Client, user: User, case: Case) -> str:
    client.force_login(user)
    return client.get(case.get_absolute_url()).content.decode()


def many(cast: Cast, count: int) -> list[Case]:
    """Copies of one case, in groups that are due at the same moment, some without a due time."""
    first, now = a_case(cast), PRESENT
    copies = []
    for number in range(count):
        copy = Case.objects.get(pk=first.pk)
        copy.pk, copy.number = None, f"YH-2026-9{number:05}"
        copy.due_at = None if number % 7 == 0 else now + timedelta(days=number % 5 - 2)
        copy.reported_at = copy.round_at = now - timedelta(hours=number % 3)
        copies.append(copy)
    return Case.objects.bulk_create(copies)
