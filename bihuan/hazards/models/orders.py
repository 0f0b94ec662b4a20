"""Orders about a hazard: to rectify it by a day, or to stop work until a review."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.orgs.models import Unit, User


class Order(models.Model):
    """An order to rectify (ENF-3) or to stop work (ENF-4), its re-check (ENF-5), and its end."""

    class Kind(models.TextChoices):
        RECTIFY = "rectify", _("Order to rectify")
        STOP_WORK = "stop_work", _("Stop-work order")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="orders")
    kind = models.CharField(max_length=9, choices=Kind)
    number = models.CharField(max_length=30, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    ordered_at = models.DateTimeField()
    basis = models.CharField(max_length=300)
    place = models.CharField(max_length=200)
    # What is to be rectified, or what is stopped and who leaves.
    what = models.TextField()
    until_date = models.DateField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    is_complied = models.BooleanField(null=True, blank=True)
    findings = models.TextField(blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lifted_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind="stop_work", lifted_at=None),
                name="work_stopped_once_at_a_time",
            ),
            models.CheckConstraint(
                name="order_to_rectify_always_has_a_date",
                condition=Q(kind="stop_work", until_date=None)
                | Q(kind="rectify", until_date__isnull=False, lifted_at=None),
            ),
            models.CheckConstraint(
                name="order_check_always_has_a_result",
                condition=Q(checked_at=None, checked_by=None, is_complied=None)
                | Q(checked_at__isnull=False, checked_by__isnull=False, is_complied__isnull=False),
            ),
            models.CheckConstraint(
                name="stop_work_only_lifted_after_a_check_by_another",
                condition=Q(lifted_at=None, lifted_by=None)
                | (
                    Q(checked_at__isnull=False, checked_by__isnull=False, is_complied=True)
                    & Q(lifted_at__gte=F("checked_at"), lifted_by__isnull=False)
                    & ~Q(lifted_by=F("checked_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number
