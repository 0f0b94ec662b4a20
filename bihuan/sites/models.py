"""Sites: places that are inspected, with their regulators, papers, equipment and cases.

Nothing here names a person: an operator is an enterprise, certificates of staff are counted.
"""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.cases.models import Case
from bihuan.cases.models.words import Matches, WordsField
from bihuan.core import wordlike
from bihuan.core.places import Point, point
from bihuan.core.shapes import Area, BadShape, read_area
from bihuan.orgs.models import Unit
from bihuan.sites import catalogue

SUBJECT = "site"
PAPER_SUBJECT = "sitepaper"
RARE = 1_000


class SiteQuerySet(models.QuerySet["Site"]):
    def open(self) -> SiteQuerySet:
        return self.filter(closed_at=None)

    def matching(self, words: str) -> SiteQuerySet:
        """Return sites whose name, address, operator or code contain all of these words.

        As for cases, rare words are looked up first; for common ones the order is followed.
        """
        wanted = wordlike.sought(words)
        if not wanted:
            return self.none()
        holds = Matches(F("words"), wanted)
        rare = list(SiteWords.objects.filter(holds).values_list("site_id", flat=True)[: RARE + 1])
        if len(rare) <= RARE:
            return self.filter(pk__in=rare)
        here = SiteWords.objects.filter(site=models.OuterRef("pk"))
        held = here.annotate(holds=holds).values("holds")
        return self.filter(Q(models.Subquery(held, output_field=models.BooleanField())))


class Site(models.Model):
    """A place that is inspected, whose unit in charge is that of the area."""

    # Public and random; part of addresses that people who live there open.
    code = models.CharField(max_length=10, unique=True)
    # A key of `data/kinds.toml`.
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    operator_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # The enterprise or institution, if it is no unit here.
    operator_name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # The grid cell of about one kilometre with the place, see `bihuan.core.places`.
    cell = models.BigIntegerField(null=True, blank=True)
    # A GeoJSON polygon.
    boundary = models.JSONField(null=True, blank=True)
    # By the key of each attribute of its kind.
    attributes = models.JSONField(default=dict, blank=True)
    registered_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # A form that is sent twice registers one site.
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "id"], name="site_by_unit"),
            models.Index(fields=["kind", "id"], name="site_by_kind"),
            models.Index(
                fields=["operator_unit", "id"],
                condition=Q(operator_unit__isnull=False),
                name="site_by_operator",
            ),
            models.Index(fields=["cell"], condition=Q(cell__isnull=False), name="site_by_cell"),
            models.Index(fields=["id"], condition=Q(closed_at__isnull=False), name="site_closed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="site_has_both_coordinates_or_none",
                condition=Q(latitude=None, longitude=None, cell=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    cell__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
            ),
            models.CheckConstraint(
                name="site_never_closed_before_it_was_registered",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("registered_at")),
            ),
            models.CheckConstraint(
                name="site_operator_is_a_unit_or_a_name",
                condition=Q(operator_unit=None) | Q(operator_name=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sites:site", args=[self.pk])

    @property
    def subject(self) -> str:
        """The name of the site's chain in the journal."""
        return f"{SUBJECT}/{self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def site_kind(self) -> catalogue.SiteKind:
        return catalogue.kind(self.kind)

    @property
    def point(self) -> Point | None:
        return point(self.latitude, self.longitude)

    @point.setter
    def point(self, given: Point | None) -> None:
        self.latitude = given.latitude if given else None
        self.longitude = given.longitude if given else None
        self.cell = given.cell if given else None

    @property
    def area(self) -> Area | None:
        """Its outline, if one is known and readable."""
        try:
            return read_area(self.boundary) if self.boundary else None
        except BadShape:
            return None


class SiteWords(models.Model):
    """The search index of a site: code, name, address, operator."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = WordsField()

    def __str__(self) -> str:
        return f"words of {self.site_id}"


class SiteRegulator(models.Model):
    """The unit that regulates a site in a trade, in addition to the unit of the area."""

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="regulators", db_index=False
    )
    # A key of `data/trades.toml`.
    trade = models.CharField(max_length=16)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["unit", "site"], name="site_regulator_by_unit")]
        constraints = [
            models.UniqueConstraint(fields=["site", "trade"], name="one_regulator_for_each_trade")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.trade}"

    @property
    def words(self) -> catalogue.Named:
        return catalogue.trade(self.trade)


class SiteCase(models.Model):
    """A case that concerns a site; one that was taken off stays on record."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    linked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "case"], name="site_cases"),
            models.Index(fields=["case"], name="site_case_by_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at=None), name="case_at_one_site"
            ),
            models.CheckConstraint(
                name="case_never_taken_off_a_site_before_it_was_linked",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("linked_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.case_id}"


class RefusedPlace(models.Model):
    """A place as cases name it that is not this site, as an officer said: not suggested again."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=200)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "place"], name="place_refused_once_for_a_site")
        ]

    def __str__(self) -> str:
        return self.place


class SitePaper(models.Model):
    """A licence, test or permit of a site; a renewed one takes its place and keeps it on record."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="papers", db_index=False)
    # A key of `data/papers.toml`.
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=80, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    issued_date = models.DateField(null=True, blank=True)
    # The first day to expire, if the paper stands for several certificates.
    expires_date = models.DateField(null=True, blank=True)
    # How many certificates it stands for.
    count = models.PositiveIntegerField(null=True, blank=True)
    added_at = models.DateTimeField()
    renewed_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="renews"
    )
    # Since when it no longer counts: renewed, or withdrawn with a reason.
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["site", "id"], name="site_papers"),
            models.Index(
                fields=["expires_date", "site"], condition=Q(ended_at=None), name="paper_expiring"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="paper_never_expires_before_its_issue",
                condition=Q(issued_date=None)
                | Q(expires_date=None)
                | Q(expires_date__gte=F("issued_date")),
            ),
            models.CheckConstraint(
                name="renewed_paper_has_always_ended",
                condition=Q(renewed_by=None) | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_never_renews_itself",
                condition=Q(renewed_by=None) | ~Q(renewed_by=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.paper_kind)

    def get_absolute_url(self) -> str:
        return reverse("sites:paper", args=[self.site_id, self.pk])

    @property
    def subject(self) -> str:
        """The name of its chain in the journal, and of what its clock runs on."""
        return f"{PAPER_SUBJECT}/{self.pk}"

    @property
    def paper_kind(self) -> catalogue.PaperKind:
        return catalogue.paper_kind(self.kind)

    def has_expired(self, on: date) -> bool:
        return self.expires_date is not None and self.expires_date < on


class SiteEquipment(models.Model):
    """Equipment of a site of one type: how many there are, and how many the norm requires."""

    class State(models.TextChoices):
        GOOD = "good", _("In good repair")
        REPAIR = "repair", _("Needs repair")
        OUT = "out", _("Out of order")

    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="equipment", db_index=False
    )
    name = models.CharField(max_length=80)
    count = models.PositiveIntegerField()
    norm = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=6, choices=State, default="good")
    last_used_date = models.DateField(null=True, blank=True)
    next_check_date = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_date", "site"],
                condition=Q(removed_at=None),
                name="equipment_to_check",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "name"],
                condition=Q(removed_at=None),
                name="equipment_once_at_a_site",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_short(self) -> bool:
        """Whether there is less than the norm requires."""
        return self.norm is not None and self.count < self.norm
