"""The case itself, and its queries."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from bihuan.cases import kinds
from bihuan.cases.models.constraints import CONSTRAINTS
from bihuan.cases.models.facts import CASE_SUBJECT, beside, clocks_of, facts
from bihuan.cases.models.sight import Visibility
from bihuan.cases.models.words import CaseWords, Matches
from bihuan.clocks.models import Clock
from bihuan.core import references, wordlike
from bihuan.core.deadlines import Due
from bihuan.core.places import Point
from bihuan.orgs.models import Post, Unit, User
from bihuan.web import subjects

RARE = 1_000


class CaseQuerySet(models.QuerySet["Case"]):
    def in_sight(self, sight: Visibility) -> CaseQuerySet:
        """Owned, found or assisted by the units in reach, or reported by the officer."""
        cases = self.filter(sight.not_shut())
        if sight.working is not None:
            cases = cases.filter(sight.worked_on(sight.working))
        if sight.units is None:
            return cases
        reach = (
            Q(owner__in=sight.units)
            | Q(origin__in=sight.units)
            | Q(reported_by=sight.members[0])
            | Q(pk__in=sight.assisted)
        )
        # Confidential cases are included only if the officer has access to them.
        return cases.filter(reach if sight.posts is None else reach | Q(is_confidential=True))

    def numbered(self, typed: str) -> list[int]:
        """Return the cases that their ledgers call by this number; few, found by an index."""
        known = Case.objects.filter(source_ref__in=sorted(references.references(typed)))
        # Without the condition of the index it would not be used.
        return list(known.exclude(source_ref="").values_list("pk", flat=True)[:RARE])

    def matching(self, words: str) -> CaseQuerySet:
        """Return cases whose text contains all of these words, or all pairs of their characters;
        and those that a ledger calls by this number.

        Rare words are looked up first, so that few cases are sorted; for common ones the database
        follows the order and checks each text.
        """
        wanted, named = wordlike.sought(words), self.numbered(words)
        if not wanted:
            return self.filter(pk__in=named) if named else self.none()
        holds = Matches(F("words"), wanted)
        holding = CaseWords.objects.filter(holds)
        rare = list(holding.values_list("case_id", flat=True)[: RARE + 1])
        if len(rare) <= RARE:
            return self.filter(pk__in={*rare, *named})
        # A subquery for each row instead of a join allows an ordered scan that ends with the page.
        here = CaseWords.objects.filter(case=OuterRef("pk"))
        held = here.annotate(holds=holds).values("holds")
        holding_here = Q(Subquery(held, output_field=models.BooleanField()))
        return self.filter(holding_here | Q(pk__in=named) if named else holding_here)

    def open(self) -> CaseQuerySet:
        return self.filter(ended_at=None)

    def overdue(self, now: datetime) -> CaseQuerySet:
        return self.open().filter(due_at__lt=now)

    def ending(self, rule_id: str, until: datetime) -> CaseQuerySet:
        """Return those with a running clock of this rule that ends before then, at `ends_at`."""
        soon = {"rule_id": rule_id, "stopped_at": None, "due_at__lt": until}
        named = Clock.objects.filter(**soon).values(number=Substr("subject", len(CASE_SUBJECT) + 1))
        here = clocks_of().filter(**soon).order_by("due_at")
        cases = self.filter(number__in=named).annotate(
            ends_at=Subquery(here.values("due_at")[:1]),
            is_end_provisional=Subquery(here.values("is_provisional")[:1]),
        )
        return cases.order_by("ends_at")

    def with_facts(self) -> CaseQuerySet:
        """Annotate with the facts of related rows that the rules need, in the same query."""
        return self.annotate(**facts(Case))

    def with_beside(self) -> CaseQuerySet:
        """Annotate with what is shown of related rows, so that the page needs no other query."""
        return self.annotate(**beside(Case))


class Case(models.Model):
    """One problem on its way to closure, of any kind."""

    class Channel(models.TextChoices):
        DESK = "desk", _("Entered by an officer")
        IMPORT = "import", _("Imported from a ledger")
        INSPECTION = "inspection", _("Found in an inspection")
        PORTAL = "portal", _("Reported on the portal")
        OPEN311 = "open311", _("Reported through another system")
        PHONE = "phone", _("By telephone")
        LETTER = "letter", _("By letter")
        VISIT = "visit", _("In person")

    class ImportCheck(models.TextChoices):
        WAITING = "waiting", _("Unverified, imported")
        CONFIRMED = "confirmed", _("Imported, confirmed by a second officer")

    number = models.CharField(max_length=32, unique=True)
    # The name of a registered kind (`cases.kinds`).
    kind = models.CharField(max_length=12)
    stage = models.CharField(max_length=16)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    category = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # The grid cell of about one kilometre with the place, see `bihuan.core.places`.
    cell = models.BigIntegerField(null=True, blank=True)

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="cases", db_index=False)
    origin = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases_found", db_index=False
    )
    sender = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Whom the deadline of the fix binds, if not the owner: only a level above may postpone it.
    bound = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reported_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    resolved_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    verified_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    verified_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    # Officers as an imported ledger names them; they need no account here.
    resolver_name = models.CharField(max_length=60, blank=True)
    verifier_name = models.CharField(max_length=60, blank=True)

    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
    )
    duplicate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        db_index=False,
    )
    channel = models.CharField(max_length=12, choices=Channel)
    # According to a ledger it was verified or closed after its unit began to work here: this counts
    # only once a second officer confirms it.
    import_check = models.CharField(
        max_length=10, choices=ImportCheck, blank=True, default="", db_default=""
    )
    import_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    import_checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reported_at = models.DateTimeField()
    # The start of the current round: the report, or the last reopening.
    round_at = models.DateTimeField()
    # When the work of this round was last sent back: only later photos show that it is done.
    returned_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # As of the clock that it comes from.
    is_due_provisional = models.BooleanField(default=False, db_default=False)
    # The only record that it has ended; its kind defines which stages are ends.
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Visible only to the posts on its need-to-know list.
    is_confidential = models.BooleanField(default=False, db_default=False)
    # To be handled before others: the reporter alleges retaliation.
    is_urgent = models.BooleanField(default=False, db_default=False)
    # A form sent twice by the same officer creates one case.
    form_key = models.UUIDField(null=True, blank=True)
    # Its number in the ledger or registry that it came from.
    source_ref = models.CharField(max_length=64, blank=True)
    # Which ledger row this is, and its content when it was last read.
    source_key = models.CharField(max_length=64, blank=True)
    source_digest = models.CharField(max_length=64, blank=True)

    objects = CaseQuerySet.as_manager()

    # Only on cases that were loaded `with_facts()`.
    assigned_at: datetime | None
    has_open_children: bool
    has_after_evidence: bool
    has_open_controls: bool
    contested_by: int | None
    contest_from: str | None
    contest_to: str | None
    extension_asked_by: int | None
    extension_rule: str | None
    is_promised: bool
    # Only on cases that were loaded `with_beside()`.
    has_bars: bool
    has_parts: bool
    has_assists: bool
    has_undoable: bool

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(ended_at=None), name="case_open_by_due"
            ),
            models.Index(fields=["due_at", "id"], name="case_by_due"),
            models.Index(fields=["reported_at", "id"], name="case_by_report"),
            models.Index(
                fields=["reported_at", "id"], condition=Q(ended_at=None), name="case_open_by_report"
            ),
            models.Index(
                fields=["stage", "due_at", "id"],
                condition=Q(ended_at=None),
                name="case_open_by_stage",
            ),
            models.Index(
                fields=["category", "reported_at", "id"],
                condition=~Q(category=""),
                name="case_by_category",
            ),
            models.Index(
                fields=["post", "reported_at", "id"],
                condition=Q(post__isnull=False),
                name="case_by_post",
            ),
            models.Index(fields=["owner", "reported_at", "id"], name="case_by_owner"),
            models.Index(fields=["origin", "reported_at", "id"], name="case_by_origin"),
            # A ledger's row is searched for among the cases of its place or title, around its day.
            models.Index(fields=["place", "reported_at"], name="case_by_place_and_day"),
            models.Index(fields=["title", "reported_at"], name="case_by_title_and_day"),
            models.Index(fields=["cell"], condition=Q(cell__isnull=False), name="case_by_cell"),
            models.Index(
                fields=["reported_by"],
                condition=Q(reported_by__isnull=False),
                name="case_by_reporting_officer",
            ),
            models.Index(
                fields=["post"],
                condition=Q(post__isnull=False, ended_at=None),
                name="case_open_by_post",
            ),
            models.Index(
                fields=["kind", "due_at", "id"],
                condition=Q(ended_at=None),
                name="case_open_by_kind",
            ),
            models.Index(fields=["kind", "reported_at", "id"], name="case_by_kind"),
            # Finds and counts the cases that need not be kept any longer among all ended ones: it
            # covers what retention lists and rights need. Plain columns instead of INCLUDE, which
            # SQLite does not support.
            models.Index(
                fields=[
                    "kind",
                    "ended_at",
                    "stage",
                    "is_confidential",
                    "owner",
                    "origin",
                    "reported_by",
                    "id",
                ],
                condition=Q(ended_at__isnull=False),
                name="case_ended_by_kind",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(is_urgent=True, ended_at=None),
                name="case_urgent",
            ),
            models.Index(
                fields=["source_ref"], condition=~Q(source_ref=""), name="case_by_source_ref"
            ),
            models.Index(
                fields=["ended_at", "id"],
                condition=Q(import_check="waiting"),
                name="case_import_unverified",
            ),
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="case_by_parent"
            ),
            models.Index(
                fields=["duplicate_of"],
                condition=Q(duplicate_of__isnull=False),
                name="case_by_original",
            ),
        ]
        constraints = CONSTRAINTS

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return subjects.url(self.subject)

    @property
    def subject(self) -> str:
        """The name of this case's chain in the journal."""
        return f"{CASE_SUBJECT}{self.number}"

    @property
    def kind_label(self) -> str:
        return str(kinds.label(self.kind))

    @property
    def clocks(self) -> QuerySet[Clock]:
        return Clock.objects.filter(subject=self.subject)

    @property
    def due(self) -> Due | None:
        """When it is due next, as every page and document shows it."""
        return None if self.due_at is None else Due(self.due_at, self.is_due_provisional)

    @property
    def point(self) -> Point | None:
        """Where it is on the map."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)

    @point.setter
    def point(self, point: Point | None) -> None:
        self.latitude = point.latitude if point else None
        self.longitude = point.longitude if point else None
        self.cell = point.cell if point else None

    @property
    def imported(self) -> bool:
        return self.channel == self.Channel.IMPORT
