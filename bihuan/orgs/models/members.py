"""The officers, and their sign-ins."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from bihuan.orgs import passwords
from bihuan.orgs.models.granted import BY_ANOTHER, CONFIRMED, Granted


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
