"""Units, posts, the officers who hold them, and their sign-ins."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core import grants
from bihuan.core.powers import Power
from bihuan.orgs import passwords

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
        steps = self.path.rstrip("/").split("/")[:-1]
        return ["/".join(steps[: n + 1]) + "/" for n in range(len(steps))]

    def is_within(self, other: Unit) -> bool:
        return self.path.startswith(other.path)


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


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, name: str, password: str | None = None) -> User:
        user = self.model(username=self.model.normalize_username(username), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, Granted):
    """An officer (member 人员) who signs in. Members of the public have no record here.

    Granted access is a password that another person knows or knew.
    """

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    work_phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    # No longer read: failures are hourly tallies now. The column is dropped in the next release.
    failed_sign_ins = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    # When a temporary password expires.
    password_until_at = models.DateTimeField(null=True, blank=True)
    # When this officer asked not to be shown the tour of the first day any longer.
    tour_ended_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = pgettext_lazy("officer", "member")
        constraints = [
            models.CheckConstraint(name="password_confirmed_by_somebody", condition=CONFIRMED),
            models.CheckConstraint(
                name="nobody_confirms_a_password_they_gave", condition=BY_ANOTHER
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_password",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """The name of this officer in the journal."""
        return f"member/{self.username}"

    def check_password(self, raw_password: str | None) -> bool:
        """Leave a temporary password hashed as it is: the officer must change it anyway."""
        if passwords.is_temporary(self.password):
            return check_password(raw_password, self.password)
        return super().check_password(raw_password)

    def locked_at(self, now: datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def expired_at(self, now: datetime) -> bool:
        """Whether the officer has a temporary password that has expired."""
        until_at = self.password_until_at
        return self.must_change_password and until_at is not None and now >= until_at


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, on: date) -> PostQuerySet:
        """Return the posts that have not ended by this day."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on))


class Post(Granted):
    """A job in a unit; its powers reach over the unit and all units below it.

    Granted access are powers that were added to it.
    """

    Power = Power

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=60)
    title_en = models.CharField(max_length=80, blank=True)
    powers = models.JSONField(default=list)
    end_date = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "title"], name="post_title_once_in_a_unit"),
            models.CheckConstraint(name="powers_confirmed_by_somebody", condition=CONFIRMED),
            models.CheckConstraint(name="nobody_confirms_powers_they_added", condition=BY_ANOTHER),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"

    @property
    def subject(self) -> str:
        """The name of this post in the journal."""
        return f"post/{self.pk}"

    def ended_by(self, on: date) -> bool:
        return self.end_date is not None and self.end_date < on


class TenureQuerySet(models.QuerySet["Tenure"]):
    def in_force(self, on: date) -> TenureQuerySet:
        """Return the tenures that cover this day."""
        return self.not_over(on).filter(start_date__lte=on)

    def not_over(self, on: date) -> TenureQuerySet:
        """Return the tenures that cover this day or begin after it."""
        return self.filter(Q(end_date=None) | Q(end_date__gte=on))

    def in_units(self, paths: Collection[str]) -> TenureQuerySet:
        """Tenures of officers with an open account, in exactly these units and none below."""
        return self.filter(post__unit__path__in=paths, member__is_active=True)

    def acting(self, on: date) -> TenureQuerySet:
        """Return the tenures and stand-ins that cover this day; a stand-in lapses with the tenure
        and the account of the holder.
        """
        holder = Q(holder_tenure__end_date=None) | Q(holder_tenure__end_date__gte=on)
        open_account = Q(holder_tenure__member__is_active=True, stopped_at=None)
        return self.in_force(on).filter(Q(holder_tenure=None) | (holder & open_account))


class HolderManager(models.Manager["Tenure"]):
    """Tenures of holders, without the stand-ins."""

    def get_queryset(self) -> TenureQuerySet:
        return TenureQuerySet(self.model, using=self._db).filter(holder_tenure=None)

    def in_force(self, on: date) -> TenureQuerySet:
        return self.get_queryset().in_force(on)

    def not_over(self, on: date) -> TenureQuerySet:
        return self.get_queryset().not_over(on)


class Tenure(Granted):
    """The period in which an officer holds a post, from the first to the last day inclusive; or
    stands in for its holder, if `holder_tenure` names the holder's own tenure.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tenures")
    start_date = models.DateField()
    end_date = models.DateField(null=True, blank=True)
    # The day until which the officer acted from the post, if the end was entered late. Null if the
    # end was entered in advance.
    acted_until_date = models.DateField(null=True, blank=True)
    holder_tenure = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="stand_ins"
    )
    # When a stand-in was ended before the last day.
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = HolderManager()
    with_stand_ins = TenureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post"], condition=Q(end_date=None), name="post_has_one_open_holder"
            ),
            models.CheckConstraint(
                name="tenure_never_ends_before_it_starts",
                condition=Q(end_date=None) | Q(end_date__gte=F("start_date")),
            ),
            models.CheckConstraint(name="tenure_confirmed_by_somebody", condition=CONFIRMED),
            models.CheckConstraint(
                name="nobody_confirms_an_appointment_they_made", condition=BY_ANOTHER
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_appointment",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("member")),
            ),
            models.CheckConstraint(
                name="post_is_never_left_before_the_day_of_the_entry",
                condition=Q(acted_until_date=None)
                | Q(end_date__isnull=False, acted_until_date__gte=F("end_date")),
            ),
            models.CheckConstraint(
                name="stand_in_always_has_a_last_day",
                condition=Q(holder_tenure=None) | Q(end_date__isnull=False),
            ),
            models.CheckConstraint(
                name="only_a_stand_in_is_stopped",
                condition=Q(stopped_at=None) | Q(holder_tenure__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.post}"

    def is_over(self, on: date) -> bool:
        """Whether it ended before this day; a stand-in also ends with the holder's tenure, the
        holder's account, or when it is stopped.
        """
        if self.end_date is not None and self.end_date < on:
            return True
        held = self.holder_tenure
        if held is None:
            return False
        return self.stopped_at is not None or held.is_over(on) or not held.member.is_active

    @property
    def left_date(self) -> date | None:
        """Return the last day on which the officer could act from the post."""
        return self.acted_until_date or self.end_date


class SignIn(AbstractBaseSession):
    """A signed-in device of an officer; the session that the cookie refers to."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="sign_ins"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    device = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-seen_at"], name="sign_in_by_user")]

    def __str__(self) -> str:
        return self.handle

    @property
    def handle(self) -> str:
        """Identify the session on pages and in the journal without revealing its key."""
        return sha256(self.session_key.encode()).hexdigest()[:16]

    def idle_at(self, now: datetime) -> bool:
        idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
        return self.seen_at is not None and now - self.seen_at > idle
