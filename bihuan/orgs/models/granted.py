"""What passwords, powers and appointments have in common: another administrator confirms them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from bihuan.core import grants


class Granted(models.Model):
    """Access that an administrator granted, and whether a second administrator confirmed it.

    Null if it is older than this rule, or was granted while the installation was set up.
    """

    granted_at = models.DateTimeField(null=True, blank=True)
    # Null if granted at the console.
    granted_by = models.ForeignKey(
        "orgs.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "orgs.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True

    @property
    def grant(self) -> grants.Grant:
        return grants.Grant(self.granted_at, self.granted_by_id, self.confirmed_at)


CONFIRMED = Q(confirmed_at=None, confirmed_by=None) | Q(
    confirmed_at__isnull=False, confirmed_by__isnull=False, granted_at__isnull=False
)
BY_ANOTHER = Q(confirmed_by=None) | Q(granted_by=None) | ~Q(confirmed_by=F("granted_by"))
