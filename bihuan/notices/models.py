"""Messages to officers, written in the transaction of the act that causes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from bihuan.orgs.models import User


class Notice(models.Model):
    """One message to one officer about one subject ("case/YH-2026-000001")."""

    member = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    subject = models.CharField(max_length=60)
    what = models.CharField(max_length=30)
    detail = models.JSONField(default=dict)
    # The same cause never notifies the same officer twice.
    cause = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "cause"], name="told_once_of_a_cause")
        ]
        indexes = [
            models.Index(
                fields=["member", "-created_at"], condition=Q(read_at=None), name="notice_unread"
            ),
            models.Index(fields=["member", "-created_at", "-id"], name="notice_by_time"),
            models.Index(
                fields=["read_at"], condition=Q(read_at__isnull=False), name="notice_read"
            ),
            models.Index(fields=["subject", "created_at"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
