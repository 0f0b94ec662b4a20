"""Units: the tree of the organisation."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bihuan.core import routing

# Codes of units and names of sign-ins, which are parts of addresses.
CODE_PATTERN = r"^\w[\w.-]*\Z"


class UnitQuerySet(models.QuerySet["Unit"]):
    def within(self, *units: Unit) -> UnitQuerySet:
        """Return these units and every unit below them."""
        scope = Q(pk__in=[])
        for unit in units:
            scope |= Q(path__startswith=unit.path)
        return self.filter(scope)

    def above(self, unit: Unit) -> UnitQuerySet:
        """Return the units above this one, nearest first, without the unit itself."""
        return self.filter(path__in=unit.paths_above()).order_by("-depth")

    def in_force(self, on: date) -> UnitQuerySet:
        """Return the units that are not closed on this day."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on))

    def open(self) -> UnitQuerySet:
        """Return the units that may be given new work: those without a closing date."""
        return self.filter(end_date=None)


def steps_of(path: str) -> tuple[int, ...]:
    """Return the ids of the units that the path of a unit consists of, top first."""
    return tuple(int(step) for step in path.rstrip("/").split("/"))


class Unit(models.Model):
    """A node of the organisation tree."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        DEPARTMENT = "department", _("Department")
        TOWN = "town", _("Town")
        VILLAGE = "village", _("Village")
        GRID = "grid", _("Grid")
        SCHOOL = "school", _("School")
        FOREST_FARM = "forest_farm", _("Forest farm")
        ENTERPRISE = "enterprise", _("Enterprise")

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(max_length=32, unique=True)
    division_code = models.CharField(max_length=12, blank=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    is_public = models.BooleanField(default=True)
    # "000001/000042/": the ids of the units above, then its own, so that a subtree is one prefix.
    path = models.CharField(max_length=200, unique=True)
    depth = models.PositiveSmallIntegerField()
    start_date = models.DateField(null=True, blank=True)
    end_date = models.DateField(null=True, blank=True)
    # The unit that took over the open work when this one was closed.
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unit_is_never_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=F("id")),
            ),
            models.CheckConstraint(
                name="only_a_closed_unit_has_a_successor",
                condition=Q(successor=None) | Q(end_date__isnull=False),
            ),
            models.CheckConstraint(
                name="unit_never_succeeds_itself",
                condition=Q(successor=None) | ~Q(successor=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name of this unit in the journal."""
        return f"unit/{self.code}"

    def closed_by(self, on: date) -> bool:
        return self.end_date is not None and self.end_date < on

    def paths_above(self) -> list[str]:
        """Return the paths of the units above this one, top first."""
        return routing.above(self.path)[::-1]

    @property
    def steps(self) -> tuple[int, ...]:
        """The ids of the units above this one and of itself, top first."""
        return steps_of(self.path)

    def is_within(self, other: Unit) -> bool:
        return self.path.startswith(other.path)
