"""Keys with which other systems report through the interfaces."""

from __future__ import annotations

from django.db import models

from bihuan.orgs.models import Unit, User


class ApiKey(models.Model):
    """The key of one system; only its hash is kept, and its first characters to tell it apart."""

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    start = models.CharField(max_length=8)
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
