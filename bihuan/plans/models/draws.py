"""Draws by lot, from the seed to the result."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from bihuan.core import draw
from bihuan.orgs.models import Post, Unit
from bihuan.sites.models import Site

DRAW = "draw"


class Draw(models.Model):
    """A draw by lot (双随机): first its seed is fixed; pool and result are kept."""

    class Purpose(models.TextChoices):
        INSPECT = "inspect", pgettext_lazy("a draw", "Sites to inspect")
        LOOK_BACK = "look_back", pgettext_lazy("a draw", "Closed cases to look back at")

    class Origin(models.TextChoices):
        SYSTEM = "system", pgettext_lazy("a seed", "Drawn by the system, secret until the draw")
        PUBLIC = "public", pgettext_lazy("a seed", "A public number")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(max_length=80)
    purpose = models.CharField(max_length=9, choices=Purpose)
    origin = models.CharField(max_length=6, choices=Origin)
    seed = models.CharField(max_length=80)
    # SHA-256 of the seed, made known when the draw was opened.
    commitment = models.CharField(max_length=64)
    # Where a public number comes from: the drawing of a lottery, its date.
    source = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True, blank=True)
    # JSON with sorted keys: what was asked for, who and what could be drawn, who was not and why,
    # and what was drawn.
    conditions = models.TextField(blank=True)
    pool = models.TextField(blank=True)
    # Drawn by the system once the pool was fixed; empty for draws of an earlier algorithm.
    salt = models.CharField(max_length=32, blank=True)
    excluded = models.TextField(blank=True)
    result = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "id"], name="draw_by_unit")]
        constraints = [
            models.CheckConstraint(
                name="draw_has_a_result_exactly_when_drawn",
                condition=Q(drawn_at=None, result="", pool="", conditions="")
                | Q(drawn_at__isnull=False) & ~Q(result="") & ~Q(pool="") & ~Q(conditions=""),
            ),
            models.CheckConstraint(
                name="draw_cancelled_exactly_with_a_reason",
                condition=Q(cancelled_at=None, reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="public_seed_always_has_a_source",
                condition=Q(origin="public") & ~Q(source="") | Q(origin="system", source=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:draw", args=[self.pk])

    @property
    def subject(self) -> str:
        return f"{DRAW}/{self.pk}"

    @property
    def lots(self) -> str:
        """The seed on the tickets, of which nothing was known before the pool was fixed."""
        return draw.lots(self.seed, self.pool, self.salt) if self.salt else self.seed

    @property
    def is_open(self) -> bool:
        return self.drawn_at is None and self.cancelled_at is None


class Conflict(models.Model):
    """A conflict of interest, declared before the draw: of a post with a site, or with all."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="conflicts")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", db_index=False)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200)
    declared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draw", "post", "site"], name="conflict_declared_once_with_a_site"
            ),
            models.UniqueConstraint(
                fields=["draw", "post"],
                condition=Q(site=None),
                name="conflict_declared_once_with_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} in {self.draw_id}"
