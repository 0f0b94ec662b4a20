"""What the tests of signing in ask."""

from django.contrib.auth import get_user
from django.test import Client

from bihuan.journal.models import Entry
from bihuan.orgs.models import User


def acts_of(user: User) -> list[str]:
    return list(
        Entry.objects.filter(chain__subject=user.subject)
        .order_by("seq")
        .values_list("act", flat=True)
    )


def is_signed_in(client: Client) -> bool:
    return get_user(client).is_authenticated
